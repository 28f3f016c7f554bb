"""The search page: what its address asks, and the results as they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi import Query as Parameter
from markupsafe import Markup
from starlette.responses import Response

from pipeline.errors import StorageUnavailableError
from pipeline.model import Dossier, Hit, Query, Results
from web import highlights, labels
from web.context import AppContext, Here
from web.urls import dossier_address, page_address, thumbnail_address

PER_PAGE = 20
_PARAMETERS = {"state": "trang-thai", "document_type": "loai", "unit": "don-vi", "year": "nam"}
_CHOICES_SHOWN = 12  # of one facet; a chosen one is always among them


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as its address states it."""

    text: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    page: int = 1

    @property
    def address(self) -> str:
        """The address that asks exactly this."""
        values = {"q": self.text}
        values |= {_PARAMETERS[facet]: self.filters.get(facet, "") for facet in _PARAMETERS}
        values["trang"] = str(self.page) if self.page > 1 else ""
        asked = urlencode({name: value for name, value in values.items() if value})
        return f"/?{asked}" if asked else "/"

    @property
    def query(self) -> Query:
        """The same, as the index understands it."""
        offset = (self.page - 1) * PER_PAGE
        return Query(self.text, dict(self.filters), PER_PAGE, offset)

    def toggled(self, facet: str, value: str) -> SearchRequest:
        """Return the search with a filter set, or taken off when it is set already."""
        filters = {name: kept for name, kept in self.filters.items() if name != facet}
        if self.filters.get(facet) != value:
            filters[facet] = value
        return replace(self, filters=filters, page=1)

    def turned_to(self, page: int) -> SearchRequest:
        """Return the same search at another page of results."""
        return replace(self, page=page)


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """A value of a facet, as a link that sets or takes off its filter."""

    label: str
    count: int
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow the results."""

    label: str
    choices: tuple[FacetChoice, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A dossier found, as it is shown."""

    hit: Hit
    address: str
    page_address: str
    snippet: Markup  # empty when nothing was typed and the title says enough
    more_pages: tuple[tuple[int, str], ...]  # further pages found, with their addresses
    dossier: Dossier | None  # None: the store is away, or the index knows more than it
    pages: int
    thumbnail: str | None


@dataclass(frozen=True, slots=True)
class ResultsShown:
    """The search page."""

    asked: SearchRequest
    results: Results
    cards: tuple[Card, ...]
    facets: tuple[Facet, ...]
    pages: int  # of results
    trouble: str = ""  # why the store says nothing of them; then the index alone speaks

    @property
    def hidden_filters(self) -> dict[str, str]:
        """The filters as fields of the search form, so that a new text keeps them."""
        return {_PARAMETERS[facet]: value for facet, value in self.asked.filters.items()}

    @property
    def without_filters(self) -> SearchRequest:
        """The same text, nothing filtered."""
        return SearchRequest(self.asked.text)


def request_of(parameters: Mapping[str, str], page: int) -> SearchRequest:
    """Read a search from the parameters of its address; unknown ones are ignored."""
    filters = {
        facet: value.strip()
        for facet, name in _PARAMETERS.items()
        if (value := parameters.get(name, "")).strip()
    }
    return SearchRequest(parameters.get("q", "").strip(), filters, page)


def search(context: AppContext, asked: SearchRequest) -> ResultsShown:
    """Ask the index and lay the results out."""
    results = context.index.find(asked.query)
    dossiers, trouble = _known(context, results.hits)
    cards = tuple(_card(asked.text, hit, dossiers.get(hit.dossier)) for hit in results.hits)
    facets = tuple(_facet(asked, facet, results.facets.get(facet, {})) for facet in labels.FACETS)
    shown = tuple(facet for facet in facets if facet.choices)
    return ResultsShown(asked, results, cards, shown, ceil(results.total / PER_PAGE), trouble)


def _known(context: AppContext, hits: Sequence[Hit]) -> tuple[dict[str, Dossier], str]:
    """Return the dossiers found as the store has them, and why it says no more of them."""
    known: dict[str, Dossier] = {}
    for hit in hits:
        try:
            record = context.archive.find_record(hit.dossier)
        except StorageUnavailableError as error:
            return known, str(error)
        if record:
            known[hit.dossier] = record.dossier
    return known, ""


def _facet(asked: SearchRequest, facet: str, counts: Mapping[str, int]) -> Facet:
    chosen = asked.filters.get(facet)
    named = {value: number for value, number in counts.items() if value}
    if chosen is not None:
        named.setdefault(chosen, 0)
    ordered = sorted(named, key=lambda value: (value != chosen, *_rank(facet, value, named)))
    choices = (_choice(asked, facet, value, named[value]) for value in ordered[:_CHOICES_SHOWN])
    return Facet(labels.FACETS[facet], tuple(choices))


def _choice(asked: SearchRequest, facet: str, value: str, count: int) -> FacetChoice:
    label = labels.dossier_state(value).text if facet == "state" else value
    is_chosen = asked.filters.get(facet) == value
    return FacetChoice(label, count, asked.toggled(facet, value).address, is_chosen)


def _rank(facet: str, value: str, counts: Mapping[str, int]) -> tuple[int, str]:
    """Newest year first; everything else by how much it holds."""
    return (-int(value), "") if facet == "year" and value.isdecimal() else (-counts[value], value)


def _card(text: str, hit: Hit, dossier: Dossier | None) -> Card:
    is_unnamed = dossier is None or dossier.title == dossier.name
    further = tuple(page for page in hit.pages if page != hit.page)[:8] if text else ()
    return Card(
        hit,
        dossier_address(hit.dossier, text),
        page_address(hit.dossier, hit.page, text),
        highlights.snippet(hit.snippet) if text or is_unnamed else Markup(),
        tuple((page, page_address(hit.dossier, page, text)) for page in further),
        dossier,
        len(dossier.page_refs()) if dossier else 0,
        thumbnail_address(dossier, hit.page) if dossier else None,
    )


router = APIRouter()

_LAST = 500  # pages of results anybody may turn to; further on, filters help more


@router.get("/")
def results(
    request: Request,
    context: Here,
    q: Annotated[str, Parameter(max_length=300)] = "",
    page: Annotated[int, Parameter(alias="trang", ge=1, le=_LAST)] = 1,
) -> Response:
    """Show what a search finds."""
    shown = search(context, request_of({**request.query_params, "q": q}, page))
    return context.show("results.html", shown=shown, text=q)
