"""Tells names of people from other words, and how sure a name was read (docs/domain.md §10, V12).

A name is two to six words of letters. Lists lower the confidence only: there are names that no
list has (H'Hen Niê), and OCR engines lose marks, which no list of words brings back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from pipeline.documents.fuzzy import folded_text, upper_share
from pipeline.documents.rows import Token
from pipeline.vietnamese import canonical, fold, has_mark

MOST_WORDS = 6
# With their marks: an engine that loses them makes Trân of Trần.
SURNAMES = frozenset(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý lí đinh trịnh mai đào "
    "đoàn lương trương hà cao tạ phùng chu lâm thái tống quách lưu tô vương kiều la nghiêm thạch "
    "đàm triệu lại tăng thân âu bạch ông nông hứa mạc vi lò giáp khuất cù ninh quan tiêu đồng lục "
    "văn từ trang phí phó doãn thiều viên cấn ngọc hàn mã kim châu tôn cung ứng hầu".split()
)
# Surnames that share their letters with none that anybody bears, so lost marks can be put back;
# Phan has Phàn beside it, Hồ has Hờ, Vũ has Vừ.
_UNMISTAKABLE = {
    fold(name): name
    for name in "nguyễn trần lê phạm hoàng huỳnh bùi ngô đinh trịnh quách nghiêm".split()
}
_COURTESY = re.compile(r"^(?:ông/bà|ông|bà|anh|chị|cháu)\s*[:.(]?\s*", re.IGNORECASE)
_BODIES = re.compile(  # how bodies' names begin; Trường, Quý and Hội are given names as well
    r"^(?:cong ty|hop tac xa|ho kinh doanh|trung tam|truong (?:mam|tieu|trung|dai|cao|thpt|thcs)|"
    r"benh vien|van phong|hoi (?:nguoi|lien|cuu|chu)|chi nhanh|doanh nghiep|uy ban|ngan hang|"
    r"to hop tac|nha may|cua hang|quy tin dung|lien hiep|to chuc)\b|\b(?:tnhh|co phan)\b"
)
_OTHER_WORDS = frozenset("nguoi ky ghi ho so ngay thang nam sinh can bo".split())
# What stands over signatures, and in the place of a name where a row of them is one.
_ROLE = re.compile(
    r"^(?:nguoi (?:tiep|nop|yeu|khai|ke|de|nhan|lam|viet|duoc|dai|giao|lap)|dai dien|chu tich|"
    r"can bo (?:tiep|nhan|mot|tra|thu)|cong chuc (?:tiep|tu|dia|nhan)|bo phan|thu truong|giam doc|"
    r"pho (?:chu tich|giam doc|truong)|truong (?:phong|ban|bo phan)|ben (?:nhan|giao|ban|mua))\b"
)
_RESTORED = "Dấu của họ đọc không rõ, được điền theo họ thường gặp."
_MIXED = "Không giống họ tên: có thể đọc lẫn chữ khác."
_UNLIKELY = 2  # of these words in what stands for a name make it none
_MORE_PEOPLE = re.compile(r"\s(?:và|vợ|chồng|cùng)\s|[;&+]", re.IGNORECASE)
# Closed lists of docs/domain.md §10: onsets, and what may end a syllable; vowels stand between.
_SYLLABLE = re.compile(
    r"(?:b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x)?"
    r"[aăâeêioôơuưy]{1,3}(?:ch|c|m|ng|nh|n|p|t)?"
)


class PersonName(NamedTuple):
    """A name and what is doubtful about it."""

    value: str  # in normal case, one space between its words
    doubts: tuple[str, ...]  # Vietnamese, for people; empty where nothing speaks against it


def read_name(tokens: Sequence[Token]) -> PersonName | None:
    """Return the name that tokens print; None where they print no name, as on a blank form."""
    text = " ".join(token.text for token in tokens)
    text = _COURTESY.sub("", _COURTESY.sub("", text)).strip(" .,:;-()")
    printed = text.split()
    words = list(takewhile(lambda word: any(c.isalpha() for c in word), printed))
    if len(words) < 2:
        return None
    if _ROLE.match(folded_text(" ".join(words))):
        return None
    if sum(folded_text(word) in _OTHER_WORDS for word in words) >= _UNLIKELY:
        return None  # (Ký và ghi rõ họ tên), NGƯỜI TIẾP NHẬN HỒ SƠ
    surname = restored_surname(words)
    named = [surname or words[0], *words[1:]]
    value = " ".join(_in_normal_case(word) for word in named)
    doubts = _doubts(value, named) or [_MIXED] * (len(words) < len(printed))
    return PersonName(value, (*doubts, *[_RESTORED] * bool(surname)))


def restored_surname(words: Sequence[str]) -> str:
    """Return the surname of a name whose marks were lost or misread; empty where none were.

    A name that is printed without any marks keeps its own.

    Args:
        words: the words of the name, in capitals or not.
    """
    surname = _UNMISTAKABLE.get(fold(words[0]), "")
    if not surname or canonical(words[0]) == canonical(surname) or not any(map(has_mark, words)):
        return ""
    return surname.upper() if upper_share(words[0]) == 1 else surname.capitalize()


def is_organisation(text: str) -> bool:
    """Tell whether a text names a body, not a person."""
    return bool(_BODIES.search(folded_text(text)))


def is_name_like(text: str) -> bool:
    """Tell whether words have the shape of a name: two to six, each begun by a capital."""
    words = text.split()
    shaped = all(word.replace("'", "").isalpha() and word[0].isupper() for word in words)
    return shaped and 2 <= len(words) <= MOST_WORDS


def _doubts(value: str, words: Sequence[str]) -> list[str]:
    doubts = []
    if _MORE_PEOPLE.search(" ".join(words)):
        doubts.append("Có hơn một người đứng tên.")
    elif len(words) > MOST_WORDS or not is_name_like(value):
        doubts.append(_MIXED)
    elif not any(has_mark(word) for word in words):
        doubts.append("Họ tên in không dấu.")
    elif canonical(words[0]) not in SURNAMES:
        doubts.append("Họ không có trong danh sách họ thường gặp.")
    elif not all(_SYLLABLE.fullmatch(_bare_tone(word)) for word in words):
        doubts.append("Có âm tiết không đúng chính tả tiếng Việt.")
    return doubts


def _bare_tone(word: str) -> str:
    return fold(word).replace("đ", "d")


def _in_normal_case(word: str) -> str:
    if upper_share(word) < 1:
        return word
    return "'".join(part.capitalize() for part in word.split("'"))
