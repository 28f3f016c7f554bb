"""Route ``/``: search results with facets, built from the parameters of the URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi import Query as Parameter
from markupsafe import Markup
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.documents.units import is_unit_code
from pipeline.errors import StorageUnavailableError
from pipeline.model import EVERYTHING, Dossier, Hit, Record, Results, Right, Scope
from pipeline.people.scopes import is_within
from search.text.entries import FOLDED, folded_value
from web import labels
from web.context import AppContext, Context
from web.highlights import snippet_html
from web.masked.hits import shown_hit
from web.masked.sight import Sight, sight_in_list
from web.people.gate import CurrentVisit, needs
from web.people.recording import record_act
from web.people.visits import Visit
from web.scoped_search import find_within
from web.search_filters import (
    COUNTED,
    Chip,
    KnownValues,
    chips_of,
    known_values,
    unshown_parameters,
)
from web.search_request import PER_PAGE, SearchRequest, parse_request
from web.urls import dossier_url, page_url

router = APIRouter()

_LAST_PAGE = 500  # of results; further on, filters help more
_PATIENCE = 0.25  # seconds that a search waits for the number of queued dossiers
_MAX_VALUES = 12  # of one facet; the selected one is always among them
_MAX_MORE_PAGES = 8  # of one dossier


@router.get("/", dependencies=[needs(Right.SEARCH)])
def results(
    request: Request,
    context: Context,
    visit: CurrentVisit,
    q: Annotated[str, Parameter(max_length=300)] = "",
    page: Annotated[int, Parameter(alias="trang", ge=1, le=_LAST_PAGE)] = 1,
) -> Response:
    """Show the results of a search; without a text, the newest dossiers."""
    search = parse_request({**request.query_params, "q": q}, page)
    view = build_results_view(context, search, visit)
    verb = Verb.SEARCH if q or search.filters else Verb.LIST
    words = urlencode({"q": q, **search.filters}) if search.filters else q
    told = {"page": page, "found": view.results.total}
    record_act(context.audit, visit, verb, detail=told, words=words)
    return context.render("results.html", visit=visit, view=view, text=q)


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


@dataclass(frozen=True, slots=True)
class ResultView:
    """A dossier among the results."""

    hit: Hit
    url: str
    page_url: str
    snippet: Markup  # empty when nothing was typed and the title says enough
    more_pages: tuple[tuple[int, str], ...]  # numbers and URLs of further pages that match
    dossier: Dossier | None  # None: the store does not answer, or the index knows more than it
    page_count: int
    thumbnail_url: str | None


@dataclass(frozen=True, slots=True)
class ResultsView:
    """The search page."""

    search: SearchRequest
    results: Results
    dossiers: tuple[ResultView, ...]
    facets: tuple[FacetView, ...]
    page_count: int  # pages of results
    store_error: str = ""  # why the store does not answer; results then come from the index alone
    waiting: int | None = None  # queued dossiers; None while the store does not answer

    @property
    def hidden_fields(self) -> dict[str, str]:
        """What the search form has no field for, so that a new text keeps it."""
        return unshown_parameters(self.search)

    @property
    def chips(self) -> tuple[Chip, ...]:
        """The filters in force, each with the URL that removes it."""
        return chips_of(self.search)

    @property
    def has_form_filters(self) -> bool:
        """Whether a filter is set, or was set wrong, that the form shows."""
        return bool(self.search.problems) or bool(set(self.search.filters) - set(labels.FACETS))

    @property
    def sort(self) -> str:
        """The order of the results; without a text the newest come first."""
        return self.search.sort if self.search.sort in self.sorts else "received"

    @property
    def sorts(self) -> dict[str, str]:
        """The names of the orders to choose from: nothing is relevant to no text."""
        return {
            sort: name
            for sort, name in labels.SORTS.items()
            if self.search.text or sort != "relevance"
        }

    @property
    def known_values(self) -> KnownValues:
        """Values of the dossiers found that filters may be set to."""
        return known_values(self.results.facets)

    @property
    def without_filters(self) -> SearchRequest:
        """The search for the same text without filters, at page 1."""
        return replace(self.search, filters={}, only_marked=False, page=1)


def build_results_view(context: AppContext, search: SearchRequest, visit: Visit) -> ResultsView:
    """Run a search and build the page of its results, as far as the visit may see them.

    When the store does not answer, results are shown as far as the index knows them.

    Raises:
        SearchUnavailableError: the index does not answer.
        QueryError: the index does not understand the search.
    """
    scope = visit.scope
    query = replace(search.query, parts_of_numbers=Right.UNMASK in visit.rights)
    results = find_within(context, query, scope)
    records, store_error = fetch_records(context, results.hits)
    # The index may be behind: who is out of whose scope is decided by the newest record.
    shown = [hit for hit in results.hits if may_show(scope, records.get(hit.dossier))]
    sights = {one: sight_in_list(context, visit, record) for one, record in records.items()}
    facets = (_facet(search, facet, results.facets.get(facet, {})) for facet in COUNTED)
    return ResultsView(
        search=search,
        results=results,
        dossiers=tuple(_result(search.text, hit, sights.get(hit.dossier), visit) for hit in shown),
        facets=tuple(facet for facet in facets if facet.values),
        page_count=ceil(results.total / PER_PAGE),
        store_error=store_error,
        waiting=context.waiting.number(_PATIENCE) if scope == EVERYTHING else None,
    )


def may_show(scope: Scope, record: Record | None) -> bool:
    """Tell whether a dossier that the index found is within a scope by its newest record."""
    return record is None or is_within(scope, record)


def fetch_records(context: AppContext, hits: Sequence[Hit]) -> tuple[dict[str, Record], str]:
    """Return the records of the hits by id, and why the store stopped answering, if it did."""
    records: dict[str, Record] = {}
    for hit in hits:
        try:
            record = context.archive.find_record(hit.dossier)
        except StorageUnavailableError as error:
            return records, str(error)
        if record:
            records[hit.dossier] = record
    return records, ""


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


def _result(text: str, hit: Hit, sight: Sight | None, visit: Visit) -> ResultView:
    dossier = sight.dossier if sight else None
    hit, is_closed = shown_hit(hit, sight, visit)
    text = "" if is_closed else text
    has_title = dossier is not None and dossier.title != dossier.name
    more = [page for page in hit.pages if page != hit.page][:_MAX_MORE_PAGES] if text else []
    return ResultView(
        hit=hit,
        url=dossier_url(hit.dossier, text),
        page_url=dossier_url(hit.dossier) if is_closed else page_url(hit.dossier, hit.page, text),
        snippet=snippet_html(hit.snippet) if text or not has_title else Markup(),
        more_pages=tuple((page, page_url(hit.dossier, page, text)) for page in more),
        dossier=dossier,
        page_count=len(dossier.page_refs()) if dossier else 0,
        thumbnail_url=sight.thumbnail_url(hit.page) if sight else None,
    )
