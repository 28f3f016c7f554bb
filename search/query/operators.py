"""Splits off the words of a query that a minus before them leaves out.

A minus is an operator only right before a word or a quote and behind a space: ``QĐ-UBND``,
``01-02-2024`` and ``- gạch đầu dòng`` have none. Gaps in numbers, codes and dates are none either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.documents import find_document_numbers, find_dossier_codes
from pipeline.documents.confusions import normalise_punctuation
from search.query.dates_typed import typed_dates
from search.text.numbers import find_numbers

_MARK = '["“”„«»]'
_INSIDE = '[^"“”„«»]'
QUOTED = re.compile(rf"{_MARK}({_INSIDE}*){_MARK}")

_EXCLUDED_OR_QUOTED = re.compile(
    rf"(?P<excluded>(?<!\S)-(?:{_MARK}{_INSIDE}*{_MARK}|(?!_)\w[^\s\"“”„«»]*))|{QUOTED.pattern}"
)
_BULLET = re.compile("(?<!\\S)[\u2012-\u2015]+(?=\\S)")  # dashes of a list, which nobody types


def split_excluded(text: str) -> tuple[str, list[str]]:
    """Return a query without the words that are left out, and these, without their minus.

    Returns:
        Both with normalised punctuation; a phrase that is left out keeps its quotes.
    """
    text = normalise_punctuation(_BULLET.sub(" ", text))
    matches = [m for m in _EXCLUDED_OR_QUOTED.finditer(text) if m["excluded"]]
    taken = list(_wholes(text)) if matches else []
    kept, left_out, end = "", [], 0
    for match in matches:
        if any(start < match.start() < stop for start, stop in taken):
            continue
        kept += text[end : match.start()]
        left_out.append(match["excluded"][1:])
        end = match.end()
    return kept + text[end:], left_out


def _wholes(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of what is one thing though a minus stands in it."""
    upper = text.upper()
    if len(upper) == len(text):
        yield from ((code.start, code.end) for code in find_dossier_codes(upper))
        yield from ((number.start, number.end) for number in find_document_numbers(upper))
    yield from ((date.start, date.end) for date in typed_dates(text))
    yield from ((number.start, number.end) for number in find_numbers(text) if number.is_sure)
