"""Restores Vietnamese marks that OCR lost in names of agencies, from a gazetteer of known names.

Provinces are those of docs/domain.md §4.1 (63 before 1/7/2025, still right on older papers),
wards and communes of Hà Nội those of its Annex A; the other phrases are ordinary office words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple
from unicodedata import category, normalize

from pipeline.vietnamese import canonical, fold, is_attested, parse_word

_PROVINCES = """
Hà Nội, Hà Giang, Cao Bằng, Bắc Kạn, Tuyên Quang, Lào Cai, Điện Biên, Lai Châu, Sơn La, Yên Bái,
Hòa Bình, Thái Nguyên, Lạng Sơn, Quảng Ninh, Bắc Giang, Phú Thọ, Vĩnh Phúc, Bắc Ninh, Hải Dương,
Hải Phòng, Hưng Yên, Thái Bình, Hà Nam, Nam Định, Ninh Bình, Thanh Hóa, Nghệ An, Hà Tĩnh,
Quảng Bình, Quảng Trị, Thừa Thiên Huế, Đà Nẵng, Quảng Nam, Quảng Ngãi, Bình Định, Phú Yên,
Khánh Hòa, Ninh Thuận, Bình Thuận, Kon Tum, Gia Lai, Đắk Lắk, Đắk Nông, Lâm Đồng, Bình Phước,
Tây Ninh, Bình Dương, Đồng Nai, Bà Rịa - Vũng Tàu, Hồ Chí Minh, Long An, Tiền Giang, Bến Tre,
Trà Vinh, Vĩnh Long, Đồng Tháp, An Giang, Kiên Giang, Cần Thơ, Hậu Giang, Sóc Trăng, Bạc Liêu,
Cà Mau
"""
_HANOI = """
Ba Đình, Ngọc Hà, Giảng Võ, Hoàn Kiếm, Cửa Nam, Phú Thượng, Hồng Hà, Tây Hồ, Bồ Đề, Việt Hưng,
Phúc Lợi, Long Biên, Nghĩa Đô, Cầu Giấy, Yên Hòa, Ô Chợ Dừa, Văn Miếu - Quốc Tử Giám,
Kim Liên, Đống Đa, Hai Bà Trưng, Vĩnh Tuy, Bạch Mai, Vĩnh Hưng, Định Công, Tương Mai, Lĩnh Nam,
Hoàng Mai, Hoàng Liệt, Yên Sở, Phương Liệt, Khương Đình, Thanh Xuân, Từ Liêm, Thượng Cát,
Đông Ngạc, Xuân Đỉnh, Tây Tựu, Phú Diễn, Xuân Phương, Tây Mỗ, Đại Mỗ, Thanh Liệt, Kiến Hưng,
Hà Đông, Yên Nghĩa, Phú Lương, Sơn Tây, Tùng Thiện, Dương Nội, Chương Mỹ, Sóc Sơn, Kim Anh,
Trung Giã, Đa Phúc, Nội Bài, Đông Anh, Phúc Thịnh, Thư Lâm, Thiên Lộc, Vĩnh Thanh, Phù Đổng,
Thuận An, Gia Lâm, Bát Tràng, Thanh Trì, Đại Thanh, Ngọc Hồi, Nam Phù, Yên Xuân, Quang Minh,
Yên Lãng, Tiến Thắng, Mê Linh, Đoài Phương, Quảng Oai, Cổ Đô, Minh Châu, Vật Lại, Bất Bạt,
Suối Hai, Ba Vì, Yên Bài, Phúc Thọ, Phúc Lộc, Hát Môn, Đan Phượng, Liên Minh, Ô Diên, Hoài Đức,
Dương Hòa, Sơn Đồng, An Khánh, Quốc Oai, Kiều Phú, Hưng Đạo, Phú Cát, Thạch Thất, Hạ Bằng,
Hòa Lạc, Tây Phương, Phú Nghĩa, Xuân Mai, Quảng Bị, Trần Phú, Hòa Phú, Thanh Oai, Bình Minh,
Tam Hưng, Dân Hòa, Thường Tín, Hồng Vân, Thượng Phúc, Chương Dương, Phú Xuyên, Phượng Dực,
Chuyên Mỹ, Đại Xuyên, Vân Đình, Ứng Thiên, Ứng Hòa, Hòa Xá, Mỹ Đức, Phúc Sơn, Hồng Sơn,
Hương Sơn, Bắc Từ Liêm, Nam Từ Liêm
"""
# A name of one syllable counts only after its level, which tells it from "Lang" in other names.
_SHORT_HANOI = "phường Láng"
_OFFICES = """
Ủy ban nhân dân, Hội đồng nhân dân, thành phố, tỉnh, quận, huyện, phường, xã, thị xã, thị trấn,
Trung tâm, Phục vụ hành chính công, chi nhánh, văn phòng, phòng, ban, bộ, sở, cục, chi cục,
tổng cục, viện, học viện, trường, đại học, cao đẳng, thủ tướng, chính phủ, quốc hội, Chủ tịch,
Giám đốc, Tư pháp, Nội vụ, Ngoại giao, Tài chính, Kế hoạch và Đầu tư, Công thương, Xây dựng, Y tế,
Giáo dục và Đào tạo, Khoa học và Công nghệ, Thông tin và Truyền thông, Giao thông vận tải,
Tài nguyên và Môi trường, Nông nghiệp và Môi trường, Nông nghiệp và Phát triển nông thôn,
Văn hóa, Thể thao và Du lịch, Lao động - Thương binh và Xã hội, Dân tộc và Tôn giáo, Công an,
Quốc phòng, Thanh tra, Kho bạc nhà nước, Ngân hàng nhà nước, Bảo hiểm xã hội, Việt Nam,
Tòa án nhân dân, Viện kiểm sát nhân dân, Đăng ký đất đai, Đăng ký kinh doanh, Quản lý đô thị,
Kinh tế, Hạ tầng và Đô thị, Văn hóa - Xã hội, Ban quản lý, dự án, Ban chỉ đạo, Hội đồng,
Mặt trận Tổ quốc, Liên đoàn Lao động, Hội Liên hiệp Phụ nữ, Đảng ủy, Thành ủy, Tỉnh ủy, Huyện ủy,
UBND tỉnh, UBND thành phố, UBND quận, UBND huyện, UBND phường, UBND xã,
Chủ nhiệm, Bộ trưởng, Thứ trưởng, Cục trưởng, Chi cục trưởng, Vụ trưởng, Hiệu trưởng, Viện trưởng,
Trưởng phòng, Trưởng ban, Chánh Văn phòng, Phó Chánh Văn phòng, Phó Chủ tịch, Phó Giám đốc,
Phó Trưởng phòng, Phó Trưởng ban, Phó Hiệu trưởng, Phó Cục trưởng, Phó Chủ nhiệm, Tổng Giám đốc,
Trung tâm y tế, bệnh viện, đa khoa, trạm y tế, công ty, trách nhiệm hữu hạn, cổ phần, tập đoàn
"""

_LEVELS = frozenset({"phuong", "xa", "quan", "huyen", "thi", "tinh", "thanh"})
_VOWELS = frozenset("aeiouy")
_SURE = 3  # words of a name that no other name spells alike


class RestoredPhrase(NamedTuple):
    """A phrase with its marks restored."""

    words: tuple[str, ...]
    known: tuple[bool, ...]  # for each word, whether it is part of a known name

    @property
    def text(self) -> str:
        """The words, one space between them."""
        return " ".join(self.words)


def restore_marks(words: Sequence[str], *, as_listed: bool = False) -> RestoredPhrase:
    """Restore the marks of the longest known names in a phrase, keeping the case of each word.

    Only marks change, never letters. OCR engines lose marks more than they invent them, so a short
    name may not take marks away; where two known names differ by marks alone, nothing changes.

    Args:
        words: the words of the phrase, as printed.
        as_listed: write known names with the capitals they have on the list.
    """
    folded = [fold(word).strip(".,;:") for word in words]
    result, known, index = list(words), [False] * len(words), 0
    while index < len(words):
        size, name = _longest(folded, index)
        if not _may_replace(name, words[index : index + size]):
            size = 0
        for offset in range(size):
            printed = words[index + offset]
            result[index + offset] = name[offset] if as_listed else _cased(name[offset], printed)
            known[index + offset] = True
        index += max(size, 1)
    return RestoredPhrase(tuple(result), tuple(known))


def doubtful_syllables(text: str) -> set[str]:
    """Return what may be a part of a word of a name, or misread, in canonical form.

    These are single letters and unattested syllables that are in no known name; abbreviations
    have no vowel.
    """
    words = text.split()
    unknown = [w for w, known in zip(words, restore_marks(words).known, strict=True) if not known]
    parsed = [word for word in map(parse_word, unknown) if word.core.isalpha()]
    return {
        word.syllable
        for word in parsed
        if len(word.core) == 1
        or (_VOWELS & set(fold(word.core)) and not is_attested(word.syllable))
    }


def _longest(folded: Sequence[str], index: int) -> tuple[int, Sequence[str]]:
    known = _names()
    for size in range(min(_widest(), len(folded) - index), 0, -1):
        names = known.get(tuple(folded[index : index + size]), ())
        if len(names) == 1:
            return size, names[0]
    return 0, ()


def _may_replace(name: Sequence[str], printed: Sequence[str]) -> bool:
    """Tell whether a name is surer than its printed marks: marks were lost, or it is long.

    A letter that was read with a mark of its own («Quán Thánh», «Quán Cầu Giấy») is another letter,
    unless all other words of a long name are there. What stands before the name of a place may be
    any word, so that is never changed.
    """
    others = [at for at, word in enumerate(name) if _is_other(word, printed[at])]
    if others:
        is_level = others == [0] and fold(name[0]) in _LEVELS
        return len(name) >= _SURE and len(others) == 1 and not is_level
    if len(name) >= _SURE or canonical(" ".join(name)) == canonical(" ".join(printed)):
        return True
    lost = _marks(name) - _marks(printed)
    return lost > 0 if len(name) == 1 else lost >= 0


def _is_other(name: str, printed: str) -> bool:
    """Tell whether a letter of a printed word has a mark that the name has not there."""
    pairs = zip(canonical(printed), canonical(name), strict=False)  # punctuation may follow
    return any(_marks_of(one) - _marks_of(other) for one, other in pairs)


def _marks_of(letter: str) -> set[str]:
    return {char for char in normalize("NFD", letter) if category(char) == "Mn"}


def _marks(words: Sequence[str]) -> int:
    return sum(category(char) == "Mn" for char in normalize("NFD", "".join(words)))


def _cased(name: str, printed: str) -> str:
    tail = printed[len(printed.rstrip(".,;:")) :]
    if canonical(name) == canonical(printed.rstrip(".,;:")):
        return printed  # the same word; its tone may stand on the other vowel
    if printed.isupper():
        return name.upper() + tail
    return (name.capitalize() if printed[:1].isupper() else name.lower()) + tail


def _index(names: Iterable[str]) -> dict[tuple[str, ...], list[Sequence[str]]]:
    index: dict[tuple[str, ...], dict[str, Sequence[str]]] = defaultdict(dict)
    for name in names:
        words = name.split()
        index[tuple(fold(word).strip(",") for word in words)][canonical(name)] = words
    return {key: list(same.values()) for key, same in index.items()}


def _listed(names: str) -> list[str]:
    return " ".join(names.split()).split(", ")


PROVINCES = tuple(_listed(_PROVINCES))
HANOI_UNITS = tuple(_listed(_HANOI))


@cache
def _names() -> dict[tuple[str, ...], list[Sequence[str]]]:
    """Return the known names by their folded words; made when first asked for, in 20 ms."""
    levels = ("phường", "xã", "quận", "huyện", "thị xã")
    return _index(
        [
            *_listed(_OFFICES),
            *PROVINCES,
            *HANOI_UNITS,
            *_listed(_SHORT_HANOI),
            *(f"{level} {name}" for level in ("tỉnh", "thành phố") for name in PROVINCES),
            *(f"{level} {name}" for level in levels for name in HANOI_UNITS),
        ]
    )


@cache
def _widest() -> int:
    return max(map(len, _names()))
