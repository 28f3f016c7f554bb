"""Takes dates, months and quarters out of a typed text, to show each as a chip of its own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from pipeline.documents.confusions import normalise_punctuation
from search.query.dates_typed import typed_dates
from search.query.operators import QUOTED, split_excluded


class Period(NamedTuple):
    """A stretch of a text that names a day, a month or a quarter."""

    start: int  # offsets in the text
    end: int
    typed: str


def periods_of(text: str) -> tuple[Period, ...]:
    """Return the periods of a text in order; none of one with quotes or words that are left out.

    There the order of the words matters, so they stay where they were typed.
    """
    even = normalise_punctuation(text)
    if len(even) != len(text) or QUOTED.search(text) or split_excluded(text)[1]:
        return ()
    found = typed_dates(even)
    return tuple(Period(one.start, one.end, text[one.start : one.end].strip()) for one in found)


def without_periods(text: str, only: str = "") -> str:
    """Return a text without its periods.

    Args:
        text: the text as typed.
        only: the one period that is taken out; empty: all are.
    """
    kept, end = "", 0
    for period in periods_of(text):
        if only in ("", period.typed):
            kept += text[end : period.start] + " "
            end = period.end
    return " ".join((kept + text[end:]).split())


def common_spans(today: date) -> dict[str, tuple[date, date]]:
    """Return the spans of days that people ask for most, by their Vietnamese names."""
    monday = today - timedelta(days=today.weekday())
    return {
        "hôm nay": (today, today),
        "tuần này": (monday, today),
        "tháng này": (today.replace(day=1), today),
    }
