"""Shows the facets of a search: each value as a link that sets or removes its filter, counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.documents.units import is_unit_code
from search.text.entries import FOLDED, folded_value
from web import labels
from web.search_filters import COUNTED
from web.search_request import SearchRequest

_MAX_VALUES = 12  # of one facet; the selected one is always among them


@dataclass(frozen=True, slots=True)
class FacetValueView:
    """A value of a facet, as a link that sets or removes its filter."""

    label: str
    count: int
    url: str
    is_selected: bool


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet with its values, the selected one first, then the most frequent."""

    label: str
    values: tuple[FacetValueView, ...]


def facets_of(
    search: SearchRequest, counted: Mapping[str, Mapping[str, int]]
) -> tuple[FacetView, ...]:
    """Return the facets that have values.

    Args:
        search: the search.
        counted: facet -> value -> dossiers, as the index counted them.
    """
    facets = (_facet(search, facet, counted.get(facet, {})) for facet in COUNTED)
    return tuple(facet for facet in facets if facet.values)


def _facet(search: SearchRequest, facet: str, counts: Mapping[str, int]) -> FacetView:
    named = {value: number for value, number in counts.items() if value}
    if facet == "unit":  # one unit, one name: its code alone is no name, though it still filters
        named = {value: number for value, number in named.items() if not is_unit_code(value)}
    selected = _selected(search, facet, named)
    if selected is not None:
        named.setdefault(selected, 0)
    ordered = sorted(named, key=lambda value: (value != selected, *_rank(facet, value, named)))
    values = (
        _facet_value(search, facet, value, named[value], is_selected=value == selected)
        for value in ordered[:_MAX_VALUES]
    )
    return FacetView(COUNTED[facet], tuple(values))


def _selected(search: SearchRequest, facet: str, counts: Mapping[str, int]) -> str | None:
    """Return the value that a facet is filtered by, as it was counted."""
    wanted = search.filters.get(facet)
    if wanted is None or facet not in FOLDED:
        return wanted
    folded = folded_value(wanted)
    return next((value for value in counts if folded_value(value) == folded), wanted)


def _facet_value(
    search: SearchRequest, facet: str, value: str, count: int, *, is_selected: bool
) -> FacetValueView:
    label = labels.dossier_state(value).text if facet == "state" else value
    toggled = search.filters[facet] if is_selected else value
    return FacetValueView(label, count, search.with_filter_toggled(facet, toggled).url, is_selected)


def _rank(facet: str, value: str, counts: Mapping[str, int]) -> tuple[int, str]:
    """Return the sort key of a facet's value: newest year first, of other facets by count."""
    return (-int(value), "") if facet == "year" and value.isdecimal() else (-counts[value], value)
