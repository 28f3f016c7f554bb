"""People who do not exist: names, numbers, addresses.

Family names are weighted as they occur (docs/domain.md §11); given names are common ones from
the MIT-licensed Vietnamese name lists. Nobody can be meant: identity numbers carry the century
digit 8 or 9 (born after 2299), streets are invented, and those who sign for an office have given
names nobody bears.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

_FAMILIES = {
    "Nguyễn": 38, "Trần": 11, "Lê": 9.5, "Phạm": 7, "Hoàng": 3, "Huỳnh": 2, "Phan": 4.5,
    "Vũ": 3, "Võ": 1, "Đặng": 2, "Bùi": 2, "Đỗ": 1.4, "Hồ": 1.3, "Ngô": 1.3, "Dương": 1,
    "Lý": 0.5, "Đinh": 1, "Trịnh": 0.8, "Mai": 0.6, "Tạ": 0.5, "Quách": 0.3, "Nghiêm": 0.3,
}  # fmt: skip
_MIDDLE_MEN = ("Văn", "Hữu", "Đức", "Minh", "Quang", "Xuân", "Đình", "Công", "Thế", "Ngọc")
_MIDDLE_WOMEN = ("Thị", "Thị", "Thị", "Ngọc", "Thu", "Thanh", "Minh", "Phương", "Khánh", "Thùy")
# Pairs that differ by a tone only (Thủy/Thùy, Hà/Hạ, Dũng/Dựng …) are here on purpose.
_GIVEN_MEN = (
    "An", "Anh", "Bách", "Bảo", "Bình", "Chiến", "Cường", "Duy", "Dũng", "Dương", "Đạt", "Đức",
    "Giang", "Hải", "Hiếu", "Hoàn", "Hoàng", "Huy", "Hùng", "Khoa", "Kiên", "Lâm", "Long", "Lộc",
    "Minh", "Nam", "Nghĩa", "Phong", "Phúc", "Quân", "Quý", "Sơn", "Tài", "Thành", "Thắng",
    "Thịnh", "Tiến", "Toàn", "Trung", "Tuấn", "Tùng", "Việt", "Vĩnh", "Vượng",
)  # fmt: skip
_GIVEN_WOMEN = (
    "Anh", "Ánh", "Bích", "Chi", "Diệp", "Dung", "Duyên", "Giang", "Hà", "Hạ", "Hằng", "Hạnh",
    "Hiền", "Hoa", "Hòa", "Huệ", "Huyền", "Hương", "Hường", "Lan", "Liên", "Linh", "Loan", "Ly",
    "Mai", "My", "Nga", "Ngân", "Ngọc", "Nguyệt", "Nhung", "Oanh", "Phương", "Phượng", "Quyên",
    "Quỳnh", "Thảo", "Thủy", "Thùy", "Trang", "Trâm", "Tuyết", "Uyên", "Vân", "Yến",
)  # fmt: skip
_GIVEN_SIGNERS = (
    "Giả",
    "Giả Lập",
    "Kiểm Thử",
    "Minh Họa",
    "Thí Dụ",
    "Mẫu",
    "Mô Phỏng",
    "Phỏng Tạo",
)
_STREETS = (
    "phố Giả Định", "phố Minh Họa", "đường Thử Nghiệm", "phố Ví Dụ", "đường Mô Phỏng",
    "phố Tưởng Tượng", "đường Giả Lập", "phố Kiểm Thử",
)  # fmt: skip
_BIRTHPLACES = {
    "Thành phố Hà Nội": "001", "tỉnh Bắc Ninh": "027", "tỉnh Hưng Yên": "033",
    "tỉnh Phú Thọ": "025", "tỉnh Ninh Bình": "037", "tỉnh Thanh Hóa": "038",
    "tỉnh Nghệ An": "040", "thành phố Hải Phòng": "031", "tỉnh Thái Nguyên": "019",
}  # fmt: skip
_PEOPLES = {"Kinh": 90, "Tày": 3, "Mường": 4, "Thái": 2, "Nùng": 1}
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)  # docs/domain.md §4.3


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody made up."""

    name: str
    woman: bool
    born: date
    birthplace: str
    people: str  # dân tộc
    personal_id: str
    phone: str
    address: str

    @property
    def sex(self) -> str:
        """The sex as printed."""
        return "Nữ" if self.woman else "Nam"

    @property
    def courtesy(self) -> str:
        """How an office addresses the person."""
        return "bà" if self.woman else "ông"


def make_person(
    random: Random,
    unit: str,
    *,
    years: tuple[int, int] = (1958, 2004),
    family: str | None = None,
    woman: bool | None = None,
) -> Person:
    """Make a person who lives in ``unit`` (e.g. “phường Cầu Giấy”).

    Args:
        random: where chance comes from.
        unit: ward or commune of the address.
        years: first and last year of birth.
        family: family name; a weighted one when None.
        woman: sex; by chance when None.
    """
    female = random.random() < 0.5 if woman is None else woman
    born = date.fromordinal(
        random.randint(date(years[0], 1, 1).toordinal(), date(years[1], 12, 28).toordinal())
    )
    birthplace = random.choice(list(_BIRTHPLACES))
    tail = f"{random.randint(0, 999_999):06d}"
    return Person(
        name=_name(random, family, woman=female),
        woman=female,
        born=born,
        birthplace=birthplace,
        people=random.choices(list(_PEOPLES), list(_PEOPLES.values()))[0],
        personal_id=f"{_BIRTHPLACES[birthplace]}{9 if female else 8}{born:%y}{tail}",
        phone=f"0900000{random.randint(100, 999)}",
        address=make_address(random, unit),
    )


def make_signer(random: Random) -> str:
    """Make the name of someone who signs for an office and cannot exist."""
    family = random.choices(list(_FAMILIES), list(_FAMILIES.values()))[0]
    middle = random.choice(("Văn", "Thị", "Đức", "Hữu"))
    return f"{family} {middle} {random.choice(_GIVEN_SIGNERS)}"


def make_address(random: Random, unit: str) -> str:
    """Make an address in an invented street of a real ward."""
    house = f"số {random.randint(1, 240)}"
    if random.random() < 0.5:
        house += f" ngõ {random.randint(2, 190)}"
    return f"{house} {random.choice(_STREETS)}, {unit}, thành phố Hà Nội"


def make_tax_code(random: Random) -> str:
    """Make a tax code with a right check digit (never one of the disputed ones)."""
    while True:
        body = f"01{random.randint(0, 9_999_999):07d}"
        rest = sum(int(d) * w for d, w in zip(body, _TAX_WEIGHTS, strict=True)) % 11
        if rest:
            return f"{body}{10 - rest}"


def _name(random: Random, family: str | None, *, woman: bool) -> str:
    chosen = family or random.choices(list(_FAMILIES), list(_FAMILIES.values()))[0]
    middle = random.choice(_MIDDLE_WOMEN if woman else _MIDDLE_MEN)
    given = random.choice(_GIVEN_WOMEN if woman else _GIVEN_MEN)
    while given == middle:
        given = random.choice(_GIVEN_WOMEN if woman else _GIVEN_MEN)
    return f"{chosen} {middle} {given}"
