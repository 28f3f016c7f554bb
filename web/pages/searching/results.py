"""Routes ``/`` and ``/tim``: the search page, and where its form is sent.

The form is posted, so that what was typed stands in no address; the answer leads on to ``/?tim=…``
(POST, redirect, GET: going back asks nobody to send a form again). ``/?q=…`` of older links works.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi import Query as Parameter
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.model import EVERYTHING, Results, Right
from search.query.receptions_typed import FROM, TO, WITHOUT
from web.context import AppContext, Context
from web.pages.first_steps import find_first_steps
from web.people.gate import CurrentAsk, CurrentVisit, needs, own_post
from web.people.returning import go_to
from web.people.visits import Visit
from web.scoped_search import count_undated, find_within
from web.search_filters import (
    Chip,
    KnownValues,
    QuickSpan,
    chips_of,
    known_values,
    quick_spans,
    unshown_parameters,
)
from web.search_request import PER_PAGE, SearchRequest, parse_request
from web.searches import names
from web.searches.asked import Sealed
from web.searches.cards import ResultCard, cards_of
from web.searches.did_you_mean import better_text
from web.searches.export import MOST
from web.searches.facets import FacetView, facets_of
from web.urls import SEALED

router = APIRouter()

_LAST_PAGE = 500  # of results that a number leads to; from there on each page leads to the next
_PATIENCE = 0.25  # seconds that a search waits for the number of queued dossiers
_LONGEST_FORM = 4_000  # characters of a field
_EXPIRED = (
    "Liên kết tìm kiếm này đã hết hạn hoặc của phiên đăng nhập khác, nên không mở được. "
    "Hãy gõ lại điều cần tìm."
)


@router.get("/", dependencies=[needs(Right.SEARCH)])
def results(
    asked: CurrentAsk,
    q: Annotated[str, Parameter(max_length=300)] = "",
    page: Annotated[int, Parameter(alias="trang", ge=1, le=_LAST_PAGE)] = 1,
    sealed: Sealed = "",
) -> Response:
    """Show the results of a search; without a text, the newest dossiers."""
    context, visit = asked.context, asked.visit
    told: Mapping[str, str] | None = {**asked.request.query_params, "q": q}
    if sealed:
        told = context.search_links.open(visit, sealed)
        page = _page(told or {})
    search = parse_request(told or {}, page, context.search_links.sealer(visit))
    if told is None:
        search = replace(search, problems=(_EXPIRED,))
    view = build_results_view(context, search, visit)
    verb = Verb.SEARCH if search.text or search.filters else Verb.LIST
    words = urlencode({"q": search.text, **search.filters}) if search.filters else search.text
    detail = {"page": search.page, "found": view.results.total}
    asked.record(verb, detail=detail, words=words)
    text = search.sought
    is_bare = search.is_plain and not view.results.total
    steps = find_first_steps(context, visit) if is_bare else None
    return context.render(
        "results.html", visit=visit, view=view, text=text, most_exported=MOST, steps=steps
    )


async def _form(request: Request) -> dict[str, str]:
    """Return the fields of the search form that are filled in."""
    fields = await request.form()
    given = {name: value for name, value in fields.items() if isinstance(value, str)}
    return {name: value[:_LONGEST_FORM] for name, value in given.items() if value.strip()}


@router.post("/tim", dependencies=[needs(Right.SEARCH), Depends(own_post)])
def search(
    context: Context, visit: CurrentVisit, fields: Annotated[dict[str, str], Depends(_form)]
) -> Response:
    """Lead on to the results of what was typed; they are recorded when they are shown."""
    told = {name: value for name, value in fields.items() if name != "khoa"}
    seal = context.search_links.sealer(visit)
    asked = parse_request(told, 1, seal)
    # What made no sense is told on the page of results, so it travels as it was typed.
    return go_to(f"/?{urlencode({SEALED: seal(told)})}" if asked.problems else asked.url)


class SavedLink(NamedTuple):
    """A saved search, as a link to what it finds now."""

    id: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class ResultsView:
    """The search page."""

    search: SearchRequest
    results: Results
    dossiers: tuple[ResultCard, ...]
    facets: tuple[FacetView, ...]
    page_count: int  # pages of results that a number leads to
    store_error: str = ""  # why the store does not answer; results then come from the index alone
    waiting: int | None = None  # queued dossiers; None while the store does not answer
    saved: tuple[SavedLink, ...] = ()  # of whoever is signed in
    undated: int = 0  # dossiers that a filter by reception leaves out for want of a day

    @property
    def hidden_fields(self) -> dict[str, str]:
        """What the search form has no field for, so that a new text keeps it."""
        return unshown_parameters(self.search)

    @property
    def chips(self) -> tuple[Chip, ...]:
        """The filters in force, each with the URL that removes it."""
        return chips_of(self.search)

    @property
    def quick_spans(self) -> dict[str, tuple[QuickSpan, ...]]:
        """Spans of days of scanning and of reception that people ask for often."""
        return {column: quick_spans(self.search, column) for column in ("received", "reception")}

    @property
    def has_form_filters(self) -> bool:
        """Whether a filter is set, or was set wrong, that the form shows."""
        return bool(self.search.problems) or bool(
            set(self.search.filters) - {*names.FACETS, FROM, TO}
        )

    @property
    def sort(self) -> str:
        """The order of the results; without a text the newest come first."""
        return self.search.sort if self.search.sort in self.sorts else "received"

    @property
    def sorts(self) -> dict[str, str]:
        """The names of the orders to choose from: nothing is relevant to no text."""
        return {
            sort: name
            for sort, name in names.SORTS.items()
            if self.search.text or sort != "relevance"
        }

    @property
    def known_values(self) -> KnownValues:
        """Values of the dossiers found that filters may be set to."""
        return known_values(self.results.facets)

    @property
    def without_filters(self) -> SearchRequest:
        """The search for the same text without filters, at page 1."""
        kept = self.search.for_text(self.search.typed or self.search.text)
        return replace(kept, filters={}, only_marked=False)

    @property
    def those_undated(self) -> SearchRequest:
        """The search for the dossiers that are left out for want of a day of reception."""
        return self.search.with_days("reception", "", "").with_filter_toggled(WITHOUT, "1")

    @property
    def following(self) -> str:
        """The URL of the next page of results; empty behind the last."""
        after = self.results.next
        return self.search.following(after).url if after else ""

    @property
    def better(self) -> SearchRequest | None:
        """The search for what may have been meant; None where nothing is nearer."""
        if not self.results.approximate:
            return None
        hits = (one.hit for one in self.dossiers)
        text = better_text(self.search.text, self.results.given_up, hits)
        return self.search.for_text(text) if text else None


def build_results_view(context: AppContext, search: SearchRequest, visit: Visit) -> ResultsView:
    """Run a search and build the page of its results, as far as the visit may see them.

    When the store does not answer, results are shown as far as the index knows them.

    Raises:
        SearchUnavailableError: the index does not answer.
        QueryError: the index does not understand the search.
    """
    query = replace(search.query, parts_of_numbers=Right.UNMASK in visit.rights)
    results = find_within(context, query, visit.scope)
    found = cards_of(context, visit, search.sought, results)
    return ResultsView(
        search=search,
        results=results,
        dossiers=found.cards,
        facets=facets_of(search, results.facets),
        page_count=min(ceil(results.total / PER_PAGE), _LAST_PAGE),
        store_error=found.store_error,
        waiting=context.waiting.number(_PATIENCE) if visit.scope == EVERYTHING else None,
        saved=_saved(context, visit),
        undated=count_undated(context, query, visit.scope) or 0,
    )


def _saved(context: AppContext, visit: Visit) -> tuple[SavedLink, ...]:
    """Return the searches that whoever is signed in has saved; the demonstration has none."""
    accounts, seal = context.visits.accounts(), context.search_links.sealer(visit)
    if accounts is None or visit.session is None:
        return ()
    saved = accounts.searches.of(visit.session.account.id)
    return tuple(
        SavedLink(one.id, one.name, f"/?{urlencode({SEALED: seal(one.parameters)})}")
        for one in saved
    )


def _page(told: Mapping[str, str]) -> int:
    """Return the page of results; one that a number leads to is bounded, for it costs its way."""
    number = told.get("trang", "")
    page = int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 1
    return max(1, page if told.get("sau") else min(page, _LAST_PAGE))
