"""Offices of Hà Nội and the papers they may issue.

Wards and communes are some of the 126 in place since 1 July 2025 (docs/domain.md, Annex A);
unit codes have the form of QĐ 20/2020/QĐ-TTg with H26 for Hà Nội, their numbers are made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_WARDS = (
    "Ba Đình", "Ngọc Hà", "Giảng Võ", "Hoàn Kiếm", "Cửa Nam", "Phú Thượng", "Hồng Hà", "Tây Hồ",
    "Bồ Đề", "Việt Hưng", "Phúc Lợi", "Long Biên", "Nghĩa Đô", "Cầu Giấy", "Yên Hòa",
    "Ô Chợ Dừa", "Láng", "Kim Liên", "Đống Đa", "Hai Bà Trưng", "Vĩnh Tuy", "Bạch Mai",
    "Định Công", "Tương Mai", "Lĩnh Nam", "Hoàng Mai", "Yên Sở", "Khương Đình", "Thanh Xuân",
    "Từ Liêm", "Đông Ngạc", "Xuân Đỉnh", "Phú Diễn", "Tây Mỗ", "Kiến Hưng", "Hà Đông", "Sơn Tây",
)  # fmt: skip
_COMMUNES = (
    "Sóc Sơn", "Đông Anh", "Phúc Thịnh", "Gia Lâm", "Bát Tràng", "Thanh Trì", "Ngọc Hồi",
    "Mê Linh", "Quảng Oai", "Phúc Thọ", "Đan Phượng", "Hoài Đức", "Quốc Oai", "Thạch Thất",
    "Hòa Lạc", "Xuân Mai", "Thanh Oai", "Thường Tín", "Phú Xuyên", "Vân Đình", "Mỹ Đức",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Office:
    """A ward or commune with its one-stop centre."""

    kind: str  # phường, xã
    name: str
    code: str  # mã định danh, e.g. H26.19.25

    @property
    def unit(self) -> str:
        """The ward as it stands in a sentence."""
        return f"{self.kind} {self.name}"

    @property
    def chair(self) -> tuple[str, str]:
        """The people's committee as it stands in a letterhead."""
        return "ỦY BAN NHÂN DÂN", self.unit.upper()


@dataclass(frozen=True, slots=True)
class Signing:
    """How a paper is signed."""

    authority: str  # TM, KT, TL, TM+KT … or empty
    lines: tuple[str, ...]  # as printed above the name; the last one is the title

    @property
    def title(self) -> str:
        """The title of who signs."""
        return self.lines[-1]


@dataclass(frozen=True, slots=True)
class Issuer:
    """A body that issues papers, as its letterhead shows it."""

    parent: tuple[str, ...]
    name: tuple[str, ...]
    symbol: str
    spoken: str  # in a sentence
    sections: tuple[str, ...]  # symbols of the sections that draft for it
    place: str
    signings: tuple[Signing, ...]


_CITY = ("ỦY BAN NHÂN DÂN", "THÀNH PHỐ HÀ NỘI")
_CENTRE = ("TRUNG TÂM PHỤC VỤ", "HÀNH CHÍNH CÔNG")
_CHAIRS = (
    Signing("TM", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
    Signing("TM+KT", ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
    Signing("KT", ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
    Signing("TL", ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
    Signing("TUQ", ("TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG VĂN HÓA - XÃ HỘI")),
)
_DIRECTORS = (
    Signing("", ("GIÁM ĐỐC",)),
    Signing("KT", ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")),
)
_CITY_CENTRE = Issuer(
    _CITY, _CENTRE, "TTPVHCC", "Trung tâm Phục vụ hành chính công thành phố Hà Nội",
    ("HCTH", "KSTTHC", "CNTT"), "Hà Nội", _DIRECTORS,
)  # fmt: skip
_DEPARTMENTS = (
    ("SỞ TƯ PHÁP", "STP", "Sở Tư pháp", ("HCTP", "VP")),
    ("SỞ XÂY DỰNG", "SXD", "Sở Xây dựng", ("CPXD", "VP")),
    ("SỞ NỘI VỤ", "SNV", "Sở Nội vụ", ("CCHC", "VTLT")),
    ("SỞ KHOA HỌC VÀ CÔNG NGHỆ", "SKHCN", "Sở Khoa học và Công nghệ", ("CĐS", "VP")),
)


def make_office(random: Random) -> Office:
    """Choose a ward or commune."""
    names = [("phường", name) for name in _WARDS] + [("xã", name) for name in _COMMUNES]
    at = random.randrange(len(names))
    kind, name = names[at]
    return Office(kind, name, f"H26.{10 + at // 3}.{10 + at}")


def make_issuer(random: Random, office: Office) -> Issuer:
    """Choose a body that may write about a dossier of ``office``."""
    if random.random() < 0.25:
        return _department(random)
    return random.choice((people_committee(office), ward_centre(office), _CITY_CENTRE))


def people_committee(office: Office) -> Issuer:
    """Return the people's committee of a ward or commune."""
    return Issuer(
        (), office.chair, "UBND", f"Ủy ban nhân dân {office.unit}", ("VP", "VHXH", "KT"),
        office.name, _CHAIRS,
    )  # fmt: skip


def ward_centre(office: Office) -> Issuer:
    """Return the one-stop centre of a ward or commune."""
    return Issuer(
        office.chair, _CENTRE, "TTPVHCC", f"Trung tâm Phục vụ hành chính công {office.unit}",
        ("TNTKQ", "HCTH"), office.name, _DIRECTORS,
    )  # fmt: skip


def _department(random: Random) -> Issuer:
    name, symbol, spoken, sections = random.choice(_DEPARTMENTS)
    return Issuer(
        _CITY, (name,), symbol, f"{spoken} thành phố Hà Nội", sections, "Hà Nội", _DIRECTORS
    )
