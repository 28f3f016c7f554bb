"""Routes ``/api/v1/dossiers`` and ``/api/v1/codes/…``: what a search finds, and who has a code."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from pipeline.access import may_hand_out
from pipeline.audit import Verb
from pipeline.duplicates.told import with_duplicates
from pipeline.joining.codes import dossiers_of
from pipeline.model import EVERYTHING, Dossier, Hit, Record, Right, Scope, Sort
from pipeline.model import Query as Search
from search.query.filters import FILTERS
from search.text.entries import WAITING, heading
from web.api.answers import ApiAnswer, Moment, Text
from web.api.calls import api_router
from web.context import AppContext
from web.masked.hits import shown_hit
from web.masked.sight import sight_in_list
from web.people.gate import Asked, CurrentAsk, needs
from web.scoped_search import count_undated, find_within
from web.searches.cards import fetch_records, may_show
from web.searches.did_you_mean import better_text
from web.searches.reasons import Sought
from web.urls import SoughtText

router = api_router("search")

_MOST = 100  # dossiers in one answer
_PATIENCE = 0.25  # seconds that a search waits for the number of queued dossiers


class HitAnswer(ApiAnswer):
    """A dossier that was found."""

    dossier: str
    code: Text | None
    title: Text
    page: int = Field(description="the page that fits best, from 1")
    pages: tuple[int, ...] = Field(description="all pages that fit, best first")
    snippet: Text = Field(description="plain text; the hit words between ⟦ and ⟧")
    score: float = Field(description="higher is better; compare within one answer only")
    state: str | None = Field(description="WAITING, COMPLETE, PARTIAL, FAILED; null: not known")
    unit: Text | None
    received: Moment | None = Field(description="when it was scanned")
    reception: date | None = Field(description="the day of reception that its receipt names")
    matched: str = Field(description="Vietnamese: where it shows what was sought; empty: its page")
    missing: int = Field(description="papers of its checklist that it lacks")
    duplicate: bool = Field(description="what it holds may be held twice: …/duplicates lists it")


class SearchAnswer(ApiAnswer):
    """What a search found."""

    total: int = Field(description="dossiers found, within the scope of the token")
    took_ms: float
    hits: tuple[HitAnswer, ...]
    facets: dict[str, dict[str, int]] = Field(description="facet -> value -> dossiers")
    approximate: bool = Field(description="no dossier has all words: these are near it")
    given_up: tuple[Text, ...] = Field(description="words that the hits need not have")
    never_so_marked: tuple[Text, ...] = Field(description="typed with marks that stand nowhere")
    waiting: int | None = Field(
        description="dossiers that wait to be read and may be missing; null: not known, or not all"
        " dossiers are in the scope of the token"
    )
    undated: int | None = Field(
        description="dossiers that a filter by reception leaves out because theirs is not known;"
        " no_reception=1 finds them; null: there is no such filter"
    )
    instead: Text | None = Field(description="q that may have been meant; null: none is nearer")
    next: str = Field(description="parameter after of the next hits; empty behind the last")


class CarrierAnswer(ApiAnswer):
    """A dossier that carries a code."""

    dossier: str
    code: Text | None
    title: Text
    state: str
    unit: Text | None
    received: Moment


class CodeAnswer(ApiAnswer):
    """The dossiers that carry a code, the oldest first; an office gives a code to one."""

    code: Text
    dossiers: tuple[CarrierAnswer, ...]


_VALUE = Field(default="", max_length=200)
_DAY = Field(default="", max_length=10, description="a day as 2024-03-05, which counts as well")


class SearchedFor(BaseModel):
    """What a search looks for; the filters are those of the reading room."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(default="", max_length=300, description="words, as typed in the reading room")
    state: str = Field(default="", max_length=20, description="WAITING, COMPLETE, PARTIAL, FAILED")
    document_type: str = _VALUE
    unit: str = _VALUE
    year: str = Field(default="", max_length=4)
    received_from: str = _DAY
    received_to: str = _DAY
    reception_from: str = _DAY
    reception_to: str = _DAY
    issued_from: str = _DAY
    issued_to: str = _DAY
    procedure: str = _VALUE
    issuer: str = _VALUE
    missing: str = Field(default="", pattern="^1?$", description="1: papers are missing")
    duplicate: str = Field(
        default="", pattern="^1?$", description="1: what they hold may be held a second time"
    )
    no_reception: str = Field(
        default="", pattern="^1?$", description="1: no day of reception is known for certain"
    )
    sort: Sort = "relevance"
    only_marked: bool = Field(default=False, description="typed marks count")

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, by name."""
        given = {name: " ".join(getattr(self, name).split()) for name in FILTERS}
        return {name: value for name, value in given.items() if value}


class SearchParameters(SearchedFor):
    """What a search asks for, and which hits of it."""

    limit: int = Field(default=20, ge=1, le=_MOST)
    after: str = Field(default="", max_length=400, description="next of the answer before")


@router.get("/dossiers", dependencies=[needs(Right.SEARCH)])
def search_dossiers(
    asked: CurrentAsk, wanted: Annotated[SearchParameters, Query()]
) -> SearchAnswer:
    """Search; without words the newest dossiers. What is out of scope is not counted either."""
    context, scope = asked.context, asked.visit.scope
    text, filters = wanted.q.strip(), wanted.filters
    search = Search(
        text,
        filters,
        wanted.limit,
        only_marked=wanted.only_marked,
        sort=wanted.sort,
        after=wanted.after,
        parts_of_numbers=Right.UNMASK in asked.visit.rights,
    )
    found = find_within(context, search, scope)
    records, _ = fetch_records(context, found.hits)
    hits = [hit for hit in found.hits if may_show(scope, records.get(hit.dossier))]
    words = urlencode({"q": text, **filters}) if filters else text
    told = {"shown": len(hits), "found": found.total}
    asked.record(Verb.SEARCH if words else Verb.LIST, detail=told, words=words)
    sought = Sought.of(SoughtText(text))
    twice = with_duplicates(
        [hit.dossier for hit in hits], scope, context.archive, context.duplicates
    )
    shown = tuple(_hit(asked, hit, records.get(hit.dossier), sought, twice) for hit in hits)
    better = better_text(text, found.given_up, [one for _, one in shown]) if text else ""
    return SearchAnswer(
        total=found.total,
        took_ms=round(found.took_ms, 2),
        hits=tuple(answer for answer, _ in shown),
        facets=found.facets,
        approximate=found.approximate,
        given_up=found.given_up,
        never_so_marked=found.never_so_marked,
        waiting=_waiting(context, scope),
        undated=count_undated(context, search, scope),
        instead=better or None,
        next=found.next,
    )


@router.get("/codes/{code}", dependencies=[needs(Right.SEARCH)])
def dossiers_of_code(
    asked: CurrentAsk, code: Annotated[str, Path(min_length=3, max_length=60)]
) -> CodeAnswer:
    """Return the dossiers that carry a dossier code; an empty list when nobody may know of one."""
    context, visit = asked.context, asked.visit
    carriers = dossiers_of(code, context.archive, context.index)
    # A withheld dossier is found by nobody, so its code does not find it either.
    known = [record for record in carriers if may_hand_out(record)]
    mine = [record for record in known if may_show(visit.scope, record)]
    asked.record(Verb.SEARCH, detail={"what": "code", "found": len(mine)}, words=code)
    return CodeAnswer(code=code, dossiers=tuple(_carrier(asked, record) for record in mine))


def _waiting(context: AppContext, scope: Scope) -> int | None:
    return context.waiting.number(_PATIENCE) if scope == EVERYTHING else None


def _hit(
    asked: Asked, hit: Hit, record: Record | None, sought: Sought, twice: Collection[str]
) -> tuple[HitAnswer, Hit]:
    """Return a hit as it is answered, and masked as it is shown."""
    sight = sight_in_list(asked.context, asked.visit, record) if record else None
    hit, is_closed = shown_hit(hit, sight, asked.visit)
    dossier = sight.dossier if sight else None
    answer = HitAnswer(
        dossier=hit.dossier,
        code=hit.code,
        title=hit.title,
        page=hit.page,
        pages=hit.pages,
        snippet=hit.snippet,
        score=round(hit.score, 4),
        state=str(dossier.outcome or WAITING) if dossier else None,
        unit=dossier.unit if dossier and not is_closed else None,
        received=dossier.received if dossier else None,
        reception=_reception(dossier) if dossier and not is_closed else None,
        matched="" if is_closed else sought.reason(hit, dossier),
        missing=len(dossier.lacking) if dossier and not is_closed else 0,
        duplicate=hit.dossier in twice,
    )
    return answer, hit


def _reception(dossier: Dossier) -> date | None:
    day = dossier.find_day("received_on")
    return date.fromisoformat(day) if day else None


def _carrier(asked: Asked, record: Record) -> CarrierAnswer:
    dossier = sight_in_list(asked.context, asked.visit, record).dossier
    told = heading(dossier)
    return CarrierAnswer(
        dossier=dossier.id,
        code=told.code,
        title=told.title,
        state=str(dossier.outcome or WAITING),
        unit=dossier.unit,
        received=dossier.received,
    )
