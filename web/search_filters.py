"""Shows the filters of a search: what the form holds, and a chip for each that is in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from pipeline import clock
from search.query.filters import DAYS, DUPLICATE
from search.query.receptions_typed import FROM, TO, WITHOUT
from web import labels
from web.search_request import PARAMETERS, PERIODS, SearchRequest
from web.searches import names
from web.searches.periods import common_spans, named_span, periods_of, without_periods

COUNTED = names.FACETS | names.OTHER_FILTERS  # facets shown beside the results
_MOST_VALUES = 20  # offered in a field of the form
_MARKS = "Chỉ đúng dấu"
_MISSING = "Còn thiếu thành phần"
_DUPLICATE = "Có thể trùng"
_NO_RECEPTION = "Không rõ ngày tiếp nhận"


class Chip(NamedTuple):
    """A filter in force, as a link that removes it."""

    name: str  # empty when the value says it all
    value: str
    url: str


class QuickSpan(NamedTuple):
    """A span of days that people ask for often, as a link that sets or removes it."""

    name: str
    url: str
    is_selected: bool = False


class KnownValues(NamedTuple):
    """Values that the dossiers found have, to choose from in the filter form; frequent ones."""

    issuers: tuple[str, ...]
    procedures: tuple[str, ...]


def unshown_parameters(search: SearchRequest) -> dict[str, str]:
    """Return what the form keeps of a search without showing a field for it, by parameter."""
    facets = {PARAMETERS[facet]: search.filters.get(facet, "") for facet in names.FACETS}
    order = {name: value for name, value in search.other_parameters.items() if name == "sap-xep"}
    kept = facets | order | {PERIODS: " ".join(search.periods)}
    return {name: value for name, value in kept.items() if value}


def chips_of(search: SearchRequest) -> tuple[Chip, ...]:
    """Return a chip for each filter in force, in the order of the form."""
    return tuple(_chips(search))


def quick_spans(search: SearchRequest, column: str) -> tuple[QuickSpan, ...]:
    """Return the common spans of the days of scanning or reception.

    Of reception also the dates that were typed: they mean any day that a paper names, and one
    step makes them the day of reception.

    Args:
        search: the search.
        column: one of ``DAY_COLUMNS``.
    """
    spans = []
    for name, days in common_spans(clock.today()).items():
        first, last = (day.isoformat() for day in days)
        filters = search.filters.get(f"{column}_from"), search.filters.get(f"{column}_to")
        is_selected = filters == (first, last)
        narrowed = search.with_days(column, *(("", "") if is_selected else (first, last)))
        spans.append(QuickSpan(name, narrowed.url, is_selected))
    typed = periods_of(search.text) if column == "reception" else ()
    for one in typed:
        if one.days:
            first, last = (day.isoformat() for day in one.days)
            kept = search.for_text(without_periods(search.text, one.typed))
            spans.append(
                QuickSpan(named_span(first, last), kept.with_days(column, first, last).url)
            )
    return tuple(spans)


def known_values(facets: Mapping[str, Mapping[str, int]]) -> KnownValues:
    """Return the issuers and procedures that the index counted; a withheld dossier has none.

    Args:
        facets: the facets of the results.
    """
    return KnownValues(*(_first(facets.get(name, {})) for name in ("issuer", "procedure")))


def _first(counts: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(list(counts)[:_MOST_VALUES]))


def _chips(search: SearchRequest) -> Iterator[Chip]:
    for period in search.periods:
        kept = search.for_text(without_periods(search.text, period))
        yield Chip("Thời gian", period, kept.url)
    reception = tuple(search.filters.get(name, "") for name in (FROM, TO))
    if any(reception):
        without = search.with_days("reception", "", "")
        yield Chip("Tiếp nhận", named_span(*reception), without.url)
    for name, value in search.filters.items():
        if name in (FROM, TO):
            continue
        shown = _shown(name, value)
        yield Chip(*shown, search.with_filter_toggled(name, value).url)
    if search.only_marked:
        yield Chip("", _MARKS, search.with_marks_toggled().url)


def _shown(name: str, value: str) -> tuple[str, str]:
    """Return what a chip calls a filter, and its value."""
    if name == "missing":
        return "", _MISSING
    if name == DUPLICATE:
        return "", _DUPLICATE
    if name == WITHOUT:
        return "", _NO_RECEPTION
    if name in DAYS:
        return names.DAY_FILTERS[name].capitalize(), labels.day(date.fromisoformat(value))
    if name == "state":
        return names.FACETS[name], labels.dossier_state(value).text
    return (names.FACETS | names.OTHER_FILTERS)[name], value
