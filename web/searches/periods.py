"""Takes dates, months and quarters out of a typed text, to show each as a chip of its own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from pipeline.documents.confusions import normalise_punctuation
from search.query.dates_typed import months, typed_dates
from search.query.operators import QUOTED, split_excluded
from web import labels


class Period(NamedTuple):
    """A stretch of a text that names a day, a month or a quarter."""

    start: int  # offsets in the text
    end: int
    typed: str
    days: tuple[date, date] | None = None  # None: of any year


def periods_of(text: str) -> tuple[Period, ...]:
    """Return the periods of a text in order; none of one with quotes or words that are left out.

    There the order of the words matters, so they stay where they were typed.
    """
    even = normalise_punctuation(text)
    if len(even) != len(text) or QUOTED.search(text) or split_excluded(text)[1]:
        return ()
    found = typed_dates(even)
    return tuple(
        Period(one.start, one.end, text[one.start : one.end].strip(), one.days) for one in found
    )


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


def named_span(first: str, last: str) -> str:
    """Return what people call a span of days: «tháng 11/2025», «quý IV/2025», or from and to.

    Args:
        first: the first day (ISO); empty: none.
        last: the last day (ISO); empty: none.
    """
    ends = {"từ": first, "đến": last}
    days = {end: date.fromisoformat(day) for end, day in ends.items() if day}
    if len(days) == 2:
        begin, end = days.values()
        if begin == end:
            return labels.day(begin)
        for length, name in _WHOLE.items():
            if begin.month % length == 1 % length and _is_whole(begin, end, length):
                quarter = ("I", "II", "III", "IV")[begin.month // 3]
                return name.format(month=f"{begin.month:02}", quarter=quarter, year=begin.year)
    return " ".join(f"{end} {labels.day(day)}" for end, day in days.items())


_WHOLE = {1: "tháng {month}/{year}", 3: "quý {quarter}/{year}", 12: "năm {year}"}


def _is_whole(begin: date, end: date, length: int) -> bool:
    return (begin, end) == months(begin.year, begin.month, begin.month + length - 1)
