"""Finds lines that no Vietnamese paper can have: dates of no calendar, syllables no rule allows.

A font whose table of letters is wrong exchanges figures or tones; its words still look Vietnamese.
Slips of a writer are single; so few strange syllables say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.vietnamese.language_model import can_be_spelled, is_attested, is_legal
from pipeline.vietnamese.spelling import TokenKind, parse_word
from pipeline.vietnamese.text import fold, has_mark

_DATE = re.compile(r"\bngày (\d{1,3}) tháng (\d{1,3})(?: năm (\d{4}))?\b", re.IGNORECASE)
_SHORT_DATE = re.compile(r"(?<![\w/.-])(?!00/00/)(\d{2})/(\d{2})/(\d{4})(?![\w/-])")
_DAYS, _MONTHS, _YEARS = range(1, 32), range(1, 13), range(1800, 2200)
_LEAST = 3  # strange syllables of a page
_SHARE = 0.04  # of its syllables with marks, from which its letters are wrong
_LEAST_DATES = 0.5  # share of a page's dates that are impossible


def impossible_lines(lines: Sequence[Sequence[str]]) -> list[int]:
    """Return which lines of a page speak against its letters or figures; none for single slips.

    Args:
        lines: the words of the page in NFC, line by line.
    """
    dates = {at: found for at, line in enumerate(lines) if (found := _dates(" ".join(line)))}
    wrong_dates = [at for at, found in dates.items() if not all(found)]
    if len(wrong_dates) <= _LEAST_DATES * len(dates):
        wrong_dates = []
    strange = [_strange(line) for line in lines]
    count, marked = (sum(each[part] for each in strange) for part in (0, 1))
    is_wrong = count >= _LEAST and count > _SHARE * marked
    return [
        at for at, each in enumerate(strange) if at in wrong_dates or (is_wrong and each[0] > 0)
    ]


def _dates(text: str) -> list[bool]:
    """Tell of each date of a text whether it can be one; a month may stand before its day.

    00/00/1955 says nothing: of that birthday only the year is known.
    """
    found = []
    for day, month, year in _DATE.findall(text):
        is_year = not year or int(year) in _YEARS
        found.append(int(day) in _DAYS and int(month) in _MONTHS and is_year)
    for day, month, year in _SHORT_DATE.findall(text):
        low, high = sorted((int(day), int(month)))
        found.append(low in _MONTHS and high in _DAYS and int(year) in _YEARS)
    return found


def _strange(words: Sequence[str]) -> tuple[int, int]:
    """Return how many syllables of a line no rule allows, and how many have marks."""
    parsed = [each for word in words if (each := parse_word(word)).kind is TokenKind.SYLLABLE]
    marked = [each for each in parsed if has_mark(each.core) and len(each.core) > 1]
    return sum(_is_strange(each.syllable) for each in marked), len(marked)


def _is_strange(syllable: str) -> bool:
    """Tell whether a syllable has marks that no rule allows; names (Kđăm, Ngọk) follow none."""
    if is_attested(syllable) or is_legal(syllable):
        return False
    return can_be_spelled(fold(syllable)) and not syllable.endswith("k")
