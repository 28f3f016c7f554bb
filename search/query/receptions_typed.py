"""Finds «tiếp nhận tháng 11/2025» in a query: the days on which a counter took the papers.

A day, a month, a quarter, a year, or from–to behind the words «tiếp nhận» is a filter by the day of
reception; a beginning without a year lies before the end. In quotes, behind a minus, denied («chưa
tiếp nhận …»), or as the name of a paper or an office («phiếu tiếp nhận …») they stay the words that
they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from pipeline import clock
from pipeline.documents.confusions import normalise_punctuation
from pipeline.model import Query
from pipeline.vietnamese import nfc
from pipeline.vietnamese.numbers import real_date
from search.query.dates_typed import months, typed_dates
from search.query.operators import QUOTED
from search.query.spelled import Spelled, apart

Span = tuple[date, date]
FROM, TO, WITHOUT = RECEPTION = ("reception_from", "reception_to", "no_reception")

_DAY_WORD = r"(?:ng[aà]y\s*)?"
_END = r"(?:đến|den|tới|toi)\s*(?:hết|het)?"
_UNTIL = rf"(?:{_END}|[-–>]+)\s*{_DAY_WORD}"
_WORDS = re.compile(r"(?<![\w-])(?:ng[aà]y\s+)?ti[eêế]p\s+nh[aâậ]n(?!\w)")
_NAMED = re.compile(
    r"(?<!\w)(?:"
    r"phi[eế]u|gi[aấ]y|(?<!h[oồ] )s[oổ]|b[oộ] ph[aậ]n|n[oơ]i|trung t[aâ]m|c[aá]n b[oộ]"
    r"|ng[uư][oờ]i|ban|quy[eế]t [dđ][iị]nh|bi[eê]n b[aả]n|th[oô]ng b[aá]o|c[oô]ng v[aă]n"
    r"|t[oờ] tr[iì]nh|v[aă]n b[aả]n"
    r"|(?:ch[uư]a|kh[oô]ng|ch[aẳ]ng|t[uừ] ch[oố]i|ng[uừ]ng|dừng)"
    r"(?:\s+(?:[dđ][uư][oợ]c|c[oó]|h[eề]|t[uừ]ng|r[oõ]))*"
    r")\s+$"
)
_BEFORE = re.compile(
    rf"\s*:?\s*(?:trong|vào|vao)?\s*(?P<how>từ|tu|{_END})?\s*{_DAY_WORD}"
    rf"(?:(?:(?P<day>\d{{1,2}})[/.-](?P<month>\d{{1,2}})|th[aá]ng\s*(?P<only>\d{{1,2}}))\s*{_UNTIL})?"
)
_BETWEEN = re.compile(rf"\s*{_UNTIL}")
_YEAR = re.compile(r"(?<![\w/.,-])(?:n[aă]m\s*)?((?:19|20)\d\d)(?![^\W_]|[/.,-][^\W_])")
_NOW: dict[str, Callable[[date], Span]] = {
    r"h[oô]m nay": lambda today: (today, today),
    r"h[oô]m qua": lambda today: (today - timedelta(1), today - timedelta(1)),
    r"tu[aầ]n n[aà]y": lambda today: (today - timedelta(today.weekday()), today),
    r"th[aá]ng n[aà]y": lambda today: (today.replace(day=1), today),
    r"th[aá]ng tr[uư][oớ]c": lambda today: _month_before(today),
    r"n[aă]m nay": lambda today: (today.replace(month=1, day=1), today),
}


class TypedReception(NamedTuple):
    """A stretch of a query that names days of reception."""

    start: int  # offsets in the text in NFC
    end: int
    first: date | None  # both count; None: as early, or as late, as there is
    last: date | None

    @property
    def filters(self) -> dict[str, str]:
        """The filters that it stands for; empty ones are left out."""
        days = {FROM: self.first, TO: self.last}
        return {name: day.isoformat() for name, day in days.items() if day}


def typed_reception(text: str) -> TypedReception | None:
    """Return the first days of reception that a text names; None where it names none.

    Args:
        text: the text as typed, in NFC.
    """
    lowered = normalise_punctuation(text).lower()
    if len(lowered) != len(text) or "nh" not in lowered:  # most queries: nothing else is looked at
        return None
    quoted = [match.span() for match in QUOTED.finditer(lowered)]
    words = [
        match
        for match in _WORDS.finditer(lowered)
        if not _NAMED.search(lowered[: match.start()])
        and not any(start <= match.start() < end for start, end in quoted)
    ]
    if not words:
        return None
    dates = [*typed_dates(lowered), *_years(lowered), *_now(lowered)]
    periods = list(apart(one for one in dates if one.days))
    found = (_behind(lowered, match, periods) for match in words)
    return next(filter(None, found), None)


def without_reception(text: str) -> tuple[str, dict[str, str]]:
    """Return a text without the days of reception that it names, and the filters of these."""
    text = nfc(text)
    if not (found := typed_reception(text)):
        return text, {}
    return " ".join(f"{text[: found.start]} {text[found.end :]}".split()), found.filters


def with_typed_reception(query: Query) -> Query:
    """Return a query whose typed days of reception are filters, beside those that it has."""
    text, typed = without_reception(query.text)
    if not typed:
        return query
    firsts = [days[FROM] for days in (query.filters, typed) if days.get(FROM)]
    lasts = [days[TO] for days in (query.filters, typed) if days.get(TO)]
    days = {FROM: max(firsts, default=""), TO: min(lasts, default="")}
    return replace(query, text=text, filters={**query.filters, **days})


def without_a_day(query: Query) -> Query | None:
    """Return the query for the dossiers that a filter by reception leaves out for want of a day.

    Returns:
        None where the query has no such filter.
    """
    query = with_typed_reception(query)
    others = {name: value for name, value in query.filters.items() if name not in (FROM, TO)}
    if others.get(WITHOUT) or not (query.filters.get(FROM) or query.filters.get(TO)):
        return None
    return replace(query, filters={**others, WITHOUT: "1"}, limit=1, offset=0, after="")


def _behind(lowered: str, words: re.Match[str], periods: list[Spelled]) -> TypedReception | None:
    """Return the days that stand behind the words «tiếp nhận»."""
    at, one = next(
        ((at, one) for at, one in enumerate(periods) if one.start >= words.end()), (0, None)
    )
    before = one and _BEFORE.fullmatch(lowered, words.end(), one.start)
    if not one or not before or not one.days:
        return None
    first, last = one.days
    how = before["how"] or ""
    if before["day"] or before["only"]:  # «từ 01/11 đến 15/11/2025», «từ tháng 10 đến …»
        begun = _begun(last, before)
        return TypedReception(words.start(), one.end, begun, last) if begun else None
    following = periods[at + 1] if at + 1 < len(periods) else None
    if following and following.days and _BETWEEN.fullmatch(lowered, one.end, following.start):
        return TypedReception(words.start(), following.end, first, following.days[1])
    if how in ("từ", "tu"):
        return TypedReception(words.start(), one.end, first, None)
    return TypedReception(words.start(), one.end, None if how else first, last)


def _begun(last: date, before: re.Match[str]) -> date | None:
    """Return the day of a beginning without a year: «từ 15/12 đến 10/01/2026» begins in 2025."""
    month, day = int(before["only"] or before["month"]), int(before["day"] or 1)
    is_of_year_before = (month, day) > (last.month, last.day)
    return real_date(last.year - is_of_year_before, month, day)


def _years(lowered: str) -> Iterator[Spelled]:
    for match in _YEAR.finditer(lowered):
        yield Spelled(*match.span(), (), days=months(int(match[1]), 1, 12))


def _now(lowered: str) -> Iterator[Spelled]:
    today = clock.today()
    for pattern, days in _NOW.items():
        for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", lowered):
            yield Spelled(*match.span(), (), days=days(today))


def _month_before(today: date) -> Span:
    last = today.replace(day=1) - timedelta(1)
    return last.replace(day=1), last
