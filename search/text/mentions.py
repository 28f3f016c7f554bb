"""Finds what a page's text mentions and people type otherwise: numbers, dates, codes.

Words of the text are indexed as they stand. What is typed without the gaps, or in another
spelling, is found by keywords of the normal form. Bounded in number, so no page of tables makes
the index grow. Only the stretches around digits are looked at: this runs for every page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice

from pipeline.documents.confusions import normalise_punctuation
from pipeline.documents.extract.dates import find_dates, find_dates_in_digits
from pipeline.documents.extract.identifiers import (
    find_document_numbers,
    find_dossier_codes,
    full_number,
)
from pipeline.masking import HIDDEN
from pipeline.vietnamese.numbers import find_word_dates, real_date
from search.text.keywords import day_keys, said_code, said_number
from search.text.numbers import find_numbers, find_serials

MOST = 256  # keywords of a page

_HAS_DIGIT = re.compile(r"\d")
# Characters before and after what matches, in which the whole stands.
_AROUND_MIDDLE, _AROUND_SLASH, _AROUND_YEAR, _AROUND_THOUSAND = (
    (32, 12),
    (12, 40),
    (32, 8),
    (48, 48),
)
_OTHER_PUNCTUATION = re.compile(
    "[\u00a0\u00ad\u2009\u200b-\u200d\u2010-\u2014\u202f\u2044\u2060\u2212\u2215\ufeff\t]"
)
_CODE_MIDDLE = re.compile(r"-\s?\d[\d ]{5,10}-")  # the day in a dossier code
_SLASH = re.compile(
    r"\d(?:[a-z]?\s?/\s?(?:(?:19|20)\d\d\s?/\s?)?[^\W\d_]|-[A-ZĐ][A-Za-zĐ]{1,3}\s?/)"
)
_YEAR = re.compile(r"[12][09]\d\d(?!\d)")
_THOUSAND = re.compile(r"ng(?:h[ìi]|[àa])n")  # of a year in words
_GOES_ON = re.compile(r"[.-]\d")  # a number with gaps, not a date
_YEAR_FIRST = re.compile(
    r"(?<![\w/.-])((?:19|20)\d\d)([/.-])(\d{1,2})\2(\d{1,2})(?![^\W_]|[/.-]\d)"
)


def mention_keys(text: str, bare: str = "") -> list[str]:
    """Return at most ``MOST`` different keywords of what a page's text mentions, NFC.

    Args:
        text: the text.
        bare: the same with dots for numbers of people; empty where there are none.
    """
    bare = bare or text
    if not (_HAS_DIGIT.search(text) or _THOUSAND.search(text)):
        return []
    if _OTHER_PUNCTUATION.search(text):
        text, bare = normalise_punctuation(text), normalise_punctuation(bare)
    return list(islice(dict.fromkeys(_mentions(text, bare)), MOST))


def days_in(text: str) -> Iterator[tuple[date, int, int]]:
    """Yield the days that a text names, in digits or words, each with its start and end.

    Args:
        text: the text with normalised punctuation.
    """
    for found in find_dates(text):
        if found.day and not _GOES_ON.match(text, found.end):
            yield found.day, found.start, found.end
    yield from year_first_days(text)


def year_first_days(text: str) -> Iterator[tuple[date, int, int]]:
    """Yield the days written 2025-07-01, 2025/7/1 or 2025.7.1, each with its start and end."""
    for match in _YEAR_FIRST.finditer(text):
        if day := real_date(int(match[1]), int(match[3]), int(match[4])):
            yield day, *match.span()


def _mentions(text: str, bare: str) -> Iterator[str]:
    for stretch in _stretches(_CODE_MIDDLE, bare, _AROUND_MIDDLE):
        yield from (said_code(code.text) for code in find_dossier_codes(stretch))
    for stretch in _stretches(_SLASH, bare, _AROUND_SLASH):
        for number in find_document_numbers(stretch):
            yield said_code(f"{full_number(number).lstrip('0')}{number.symbol}")
    for day in _days(bare):
        yield from day_keys("said", day.isoformat())
    for printed in find_numbers(text, with_joined=False):
        # What stands as one word is found as a word; numbers of people by their hashes.
        if not printed.is_joined and HIDDEN not in bare[printed.start : printed.end]:
            yield said_number(printed.normal)
    yield from map(said_code, find_serials(bare))


def _days(text: str) -> Iterator[date]:
    for stretch in map(str.lower, _stretches(_YEAR, text, _AROUND_YEAR)):
        for found in find_dates_in_digits(stretch):
            if found.day and not _GOES_ON.match(stretch, found.end):
                yield found.day
        yield from (day for day, _, _ in year_first_days(stretch))
    if "nghìn" in text or "ngàn" in text or "nghin" in text:
        for stretch in _stretches(_THOUSAND, text, _AROUND_THOUSAND):
            yield from (found.day for found in find_word_dates(stretch) if found.day)


def _stretches(pattern: re.Pattern[str], text: str, around: tuple[int, int]) -> Iterator[str]:
    """Yield the stretches of text around what matches, those that overlap as one.

    Args:
        pattern: the pattern that matches each stretch.
        text: the text that is searched.
        around: characters before and after a match that belong to its stretch.
    """
    before, after = around
    start = end = 0
    for match in pattern.finditer(text):
        if match.start() - before > end:
            if end:
                yield text[start:end]
            start = match.start() - before
        end = match.end() + after
    if end:
        yield text[start:end]
