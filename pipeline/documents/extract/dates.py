"""Finds dates, in digits and in words, and the place name before them (docs/domain.md §3.4)."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from pipeline.documents.confusions import (
    DIGIT_LIKE,
    as_digits,
    normalise_punctuation,
    remove_spaces,
)
from pipeline.vietnamese.numbers import find_word_dates, real_date

# Tesseract loses or swaps the marks of ngày, tháng, năm; their letters mostly survive.
_DAY, _MONTH, _YEAR = "[Nn]g[àaảáạã]y", "th[áaảạàã]ng", "n[ăaâắáấầằẵẫặậạảẳ]m"
_LONG = re.compile(
    rf"{_DAY}\s*(\d\s?\d?)\s*{_MONTH}\s*(\d\s?\d?)\s*{_YEAR}\s*(\d\s?\d\s?\d\s?\d)(?!\d)"
)
_DOUBTFUL = re.compile(
    rf"{_DAY}\s*([{DIGIT_LIKE}]\s?[{DIGIT_LIKE}]?)\s*{_MONTH}\s*"
    rf"([{DIGIT_LIKE}]\s?[{DIGIT_LIKE}]?)\s*{_YEAR}\s*([{DIGIT_LIKE}](?:\s?[{DIGIT_LIKE}]){{3}})"
)
# Between its strokes a month may be torn apart: 23/1 1/2002.
_SHORT = re.compile(r"(?<![\d/.-])(\d{1,2})\s?([/.-])\s?(\d\s?\d?)\s?\2\s?(\d{4})(?![\d/])")
# Handwriting beside it spoils ngày as well (ngàu); the month keeps the anchor honest.
_PLACE = re.compile(rf"[,.;]?\s*\bng[àaảáạã]\w(?=.{{0,14}}{_MONTH})")
_LOWER_IN_PLACES = {"phố", "tỉnh", "quận", "huyện", "xã", "phường", "thị", "trấn", "đặc", "khu"}


class FoundDate(NamedTuple):
    """A date as printed; ``day`` is None when the calendar has no such day."""

    day: date | None
    start: int  # offsets in the text with normalised punctuation
    end: int
    doubtful: bool = False  # read through look-alikes of digits


def find_dates(text: str) -> list[FoundDate]:
    """Find all dates in reading order; blank forms (``ngày … tháng …``) yield nothing."""
    text = normalise_punctuation(text)
    found = find_dates_in_digits(text)
    found += [FoundDate(*match) for match in find_word_dates(text)]
    return sorted(found, key=lambda found_date: found_date.start)


def find_dates_in_digits(text: str) -> list[FoundDate]:
    """Find the dates whose numbers are digits, in a text with normalised punctuation."""
    found = [_in_digits(match) for match in _LONG.finditer(text)]
    found += [FoundDate(_real_day(m), m.start(), m.end()) for m in _SHORT.finditer(text)]
    return found


def _real_day(match: re.Match[str]) -> date | None:
    return real_date(int(match[4]), int(remove_spaces(match[3])), int(match[1]))


def find_issue_date(text: str) -> FoundDate | None:
    """Find the date of issue in a letterhead; look-alikes of digits count where a digit must be."""
    text = normalise_punctuation(text)
    if match := _LONG.search(text):
        return _in_digits(match)
    if match := _DOUBTFUL.search(text):
        parts = [as_digits(match[group]) for group in (3, 2, 1)]
        return FoundDate(real_date(*map(int, parts)), match.start(), match.end(), doubtful=True)
    return None


def find_place(text: str) -> tuple[str, int, int] | None:
    """Return the place name before ``, ngày … tháng``, and where it begins and ends.

    The offsets are those of the text with normalised punctuation.
    """
    text = normalise_punctuation(text)
    anchor = _PLACE.search(text)
    if anchor is None:
        return None
    start = end = len(text[: anchor.start()].rstrip())
    for word in reversed(list(re.finditer(r"\S+", text[:end]))):
        if not _may_name_a_place(word[0]):
            break
        start = word.start()
    place = text[start:end].strip(" -")
    return (place, start, end) if place and place[0].isupper() else None


def _in_digits(match: re.Match[str]) -> FoundDate:
    day, month, year = (int(remove_spaces(match[group])) for group in (1, 2, 3))
    return FoundDate(real_date(year, month, day), *match.span())


def _may_name_a_place(word: str) -> bool:
    if word == "-" or word in _LOWER_IN_PLACES or word.upper() in {"TP.", "TP", "TX.", "TT."}:
        return True
    letters = word.strip(".,'’")
    return letters.isalpha() and letters[0].isupper() and letters[1:] == letters[1:].lower()
