"""Parses numbers and dates in Vietnamese words, and numbers with letters read for their figures.

Words are folded first, so lost tones do no harm: *mười* and *mươi* fold alike and are told apart
by their position, as are *năm* (five) and *năm* (year). Grammar: docs/domain.md §3.4.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from pipeline.vietnamese.text import canonical, fold

LOOKALIKES = dict(zip("OoIl|!]SŠ§B", "00111115588", strict=True))  # docs/domain.md §6.2
_FIGURES = str.maketrans(LOOKALIKES)
_MOST_FIGURES = 4  # of a number that look-alikes may be: a year
_PHONE = re.compile(r"\+?[\dOoIl|]+(?:[.)-][\dOoIl|]+)*")
_PHONES = frozenset("thoại đt sđt đtdđ tel fax hotline zalo mobile".split())  # their labels
_PHONE_WORDS = 4  # that a phone number stands in, at most
_PHONE_LENGTHS = range(10, 12)  # figures of one that is whole; +84 24 3825 1234 has one more
_UNITS = {
    "khong": 0,
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "tu": 4,
    "nam": 5,
    "lam": 5,
    "nham": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
}
_SCALES = {"nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "ty": 10**9, "ti": 10**9}
_FILLERS = {"linh", "le"}
_WORD = "(?:" + "|".join([*_UNITS, *_SCALES, *_FILLERS, "muoi", "tram"]) + ")"
_RUN = rf"{_WORD}(?:\s+{_WORD})*"
_DATE = re.compile(
    rf"\bngay\s+({_RUN})\s+thang\s+({_RUN})\s+nam\s+((?:mot|hai)\s+(?:nghin|ngan)(?:\s+{_WORD})*)\b"
)


class WordDate(NamedTuple):
    """A date written in words; ``day`` is None when there is no such day."""

    day: date | None
    start: int  # offsets in the text that was searched
    end: int


def number_of_lookalikes(text: str, allowed: range) -> str | None:
    """Return a text as figures when it is figures and letters read for them, of an allowed value.

    Args:
        text: the text as read, such as 2O25.
        allowed: the values that it may have.
    """
    figures = text.translate(_FIGURES)
    is_number = figures.isascii() and figures.isdigit() and len(figures) <= _MOST_FIGURES
    return figures if is_number and int(figures) in allowed else None


def is_mostly_figures(text: str, *, is_counted: bool) -> bool:
    """Tell whether half of an amount are figures, or all but its first are noughts: 1.2OO.

    The first is a letter as well where a unit or millions tell that it is counted: l.2OO đồng.
    """
    signs = [char for char in text if char.isalnum() or char == "|"]
    digits = sum(map(str.isdigit, signs))
    has_noughts = all(char in "Oo" or char.isdigit() for char in signs[1:])
    is_sure = signs[0].isdigit() or (is_counted and digits > 0)
    return 2 * digits >= len(signs) or (is_sure and has_noughts)


def phone_part(before: Sequence[tuple[str, str]], core: str) -> str | None:
    """Return a part of a phone number as figures, behind its label: ĐT: O24 3825 l234.

    The number ends at a comma, and where it has all its figures.

    Args:
        before: the words before it on its line, each without and then with only its punctuation.
        core: the word as read, without punctuation.
    """
    if not _PHONE.fullmatch(core) or not any(map(str.isdigit, core)):
        return None
    earlier: list[str] = []
    for word, tail in reversed(before[-_PHONE_WORDS:]):
        if canonical(word) in _PHONES:
            first = [*earlier, core][0]
            is_phone = first[0] in "0O+1" and len(first) > 2 and _has_room(earlier, core)
            return core.translate(_FIGURES) if is_phone else None
        if not _PHONE.fullmatch(word) or not set(tail).isdisjoint(",;"):
            return None
        earlier.insert(0, word)
    return None


def _has_room(earlier: Sequence[str], part: str) -> bool:
    """Tell whether a phone number goes on behind its earlier parts."""
    length, added = (len(re.sub(r"[+.)-]", "", text)) for text in ("".join(earlier), part))
    most = _PHONE_LENGTHS[-1] + ("+" in earlier[0] if earlier else 0)
    return not earlier or (length < _PHONE_LENGTHS[0] and length + added <= most)


def number_from_words(words: Sequence[str]) -> int | None:
    """Read a whole number from its words, with or without marks; None when they form none."""
    total, hundreds = 0, 0
    pending: int | None = None  # a unit whose weight the next word decides
    for word in map(fold, words):
        if word in _UNITS and pending is None:
            pending = _UNITS[word]
        elif word == "muoi":
            hundreds, pending = hundreds + (10 if pending is None else 10 * pending), None
        elif word == "tram" and pending is not None:
            hundreds, pending = hundreds + 100 * pending, None
        elif word in _SCALES:
            total, hundreds, pending = total + (hundreds + (pending or 0)) * _SCALES[word], 0, None
        elif word not in _FILLERS:
            return None  # not a number word, or two units side by side
    return total + hundreds + (pending or 0) if words else None


def find_word_dates(text: str) -> list[WordDate]:
    """Find dates written as ``ngày … tháng … năm hai nghìn …``; blank forms yield nothing."""
    found = []
    for match in _DATE.finditer(fold(text)):
        day, month, year = (number_from_words(group.split()) for group in match.groups())
        found.append(WordDate(real_date(year, month, day), match.start(), match.end()))
    return found


def real_date(year: int | None, month: int | None, day: int | None) -> date | None:
    """Return the date, or None when a part is missing or the calendar has no such day."""
    if year is None or month is None or day is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
