"""Sorts file names as people number their pages: natural order of stems, then of extensions.

«Scan, Scan 2, Scan 10»: what stands before the extension is compared first, its numbers by value
and its letters without their marks, as Vietnamese alphabetical order does.
"""

from __future__ import annotations

import re
import unicodedata

from pipeline.vietnamese.numbers import number_from_words
from pipeline.vietnamese.text import fold

# Text and numbers in turns, text first: parts of the same position are of the same kind.
_Parts = tuple[str | int, ...]
OrderKey = tuple[_Parts, _Parts, str]

_EXTENSION = re.compile(r"(?=\d*[^\W\d])[^\W_]{1,5}")  # «pdf», «7z», but not the «25» of a code
_NUMBER = re.compile(r"(\d+)")
_BETWEEN = re.compile(r"[\s_.,()\[\]‐-―-]+")  # «Scan_2», «Scan-2» and «Scan (2)» are of one row
_WORD = "không|một|mốt|hai|ba|bốn|tư|năm|lăm|nhăm|sáu|bảy|bẩy|tám|chín|mười|mươi|linh|lẻ|trăm"
_WORD_SET = frozenset(_WORD.split("|"))
_WORDS = rf"(?:{_WORD})(?:[\s_-]+(?:{_WORD}))*"
_ONLY_WORDS = re.compile(_WORDS)
# Elsewhere such a word is a name or a year: «Nguyễn Văn Ba», «Hai Bà Trưng», «năm 2026».
_COUNTED = re.compile(
    r"\b(?P<what>(?:trang|tờ|mặt|bản|tệp|tập|quyển|phần|chương|mục|điều|số|hộp|ảnh|hình|phụ lục"
    rf"|lần|kỳ|đợt|scan|page)[\s_-]+)(?:thứ[\s_-]+)?(?P<words>{_WORDS})(?![^\W_]|[\s_-]*\d)"
)


def reading_order(name: str) -> OrderKey:
    """Return what sorts the names of one folder: «trang 2», «trang ba», «trang 10».

    The order is total: keys of different names differ.

    Args:
        name: a file name, bytes that are no UTF-8 as ``os.fsdecode`` gives them.
    """
    plain = name if name.isascii() else unicodedata.normalize("NFKC", name)
    stem, _, extension = plain.casefold().rpartition(".")
    if not stem or not _EXTENSION.fullmatch(extension):
        stem, extension = plain.casefold(), ""
    stem = _with_digits(stem)
    return _parts(stem if stem.isascii() else fold(stem)), _parts(extension), name


def _parts(text: str) -> _Parts:
    return tuple(
        int(piece) if place % 2 else _BETWEEN.sub(" ", piece).strip()
        for place, piece in enumerate(_NUMBER.split(text))
    )


def _with_digits(stem: str) -> str:
    """Write numbers in words as digits, where they count something or are all there is."""
    if _WORD_SET.isdisjoint(stem.replace("_", " ").replace("-", " ").split()):
        return stem
    if _ONLY_WORDS.fullmatch(stem):
        return _in_digits(stem)
    return _COUNTED.sub(lambda match: match["what"] + _in_digits(match["words"]), stem)


def _in_digits(words: str) -> str:
    number = number_from_words(re.split(r"[\s_-]+", words))
    return words if number is None else str(number)
