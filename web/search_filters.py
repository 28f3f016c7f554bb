"""Shows the filters of a search: what the form holds, and a chip for each that is in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from search.query.filters import DAYS
from web import labels
from web.search_request import PARAMETERS, SearchRequest

COUNTED = labels.FACETS | labels.OTHER_FILTERS  # facets shown beside the results
_MOST_VALUES = 20  # offered in a field of the form
_MARKS = "Chỉ đúng dấu"
_MISSING = "Còn thiếu thành phần"


class Chip(NamedTuple):
    """A filter in force, as a link that removes it."""

    name: str  # empty when the value says it all
    value: str
    url: str


class KnownValues(NamedTuple):
    """Values that the dossiers found have, to choose from in the filter form; frequent ones."""

    issuers: tuple[str, ...]
    procedures: tuple[str, ...]


def unshown_parameters(search: SearchRequest) -> dict[str, str]:
    """Return what the form keeps of a search without showing a field for it, by parameter."""
    facets = {PARAMETERS[facet]: search.filters.get(facet, "") for facet in labels.FACETS}
    order = {name: value for name, value in search.other_parameters.items() if name == "sap-xep"}
    return {name: value for name, value in (facets | order).items() if value}


def chips_of(search: SearchRequest) -> tuple[Chip, ...]:
    """Return a chip for each filter in force, in the order of the form."""
    return tuple(_chips(search))


def known_values(facets: Mapping[str, Mapping[str, int]]) -> KnownValues:
    """Return the issuers and procedures that the index counted; a withheld dossier has none.

    Args:
        facets: the facets of the results.
    """
    return KnownValues(*(_first(facets.get(name, {})) for name in ("issuer", "procedure")))


def _first(counts: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(list(counts)[:_MOST_VALUES]))


def _chips(search: SearchRequest) -> Iterator[Chip]:
    for name, value in search.filters.items():
        shown = _shown(name, value)
        yield Chip(*shown, search.with_filter_toggled(name, value).url)
    if search.only_marked:
        yield Chip("", _MARKS, search.with_marks_toggled().url)


def _shown(name: str, value: str) -> tuple[str, str]:
    """Return what a chip calls a filter, and its value."""
    if name == "missing":
        return "", _MISSING
    if name in DAYS:
        return labels.DAY_FILTERS[name].capitalize(), labels.day(date.fromisoformat(value))
    if name == "state":
        return labels.FACETS[name], labels.dossier_state(value).text
    return (labels.FACETS | labels.OTHER_FILTERS)[name], value
