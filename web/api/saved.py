"""Routes ``/api/v1/searches``: the searches that the account of a token has saved.

They are those of the search page: what a person saves there, programs of the same account read.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path
from pydantic import Field

from pipeline.audit import Verb
from pipeline.errors import ObjectMissingError
from pipeline.model import Right
from pipeline.ports.saved_searches import LONGEST_SEARCH_NAME, SavedSearch
from search.query.parser import check
from web.api.answers import ApiAnswer, Text
from web.api.calls import api_router
from web.api.searching import SearchedFor
from web.people.gate import CurrentAsk, needs, own_call
from web.search_request import SearchRequest, parse_request
from web.searches.own import own_searches

router = api_router("search")

SearchId = Annotated[str, Path(pattern="^[0-9a-f]{1,64}$")]


class SavedAnswer(ApiAnswer):
    """A saved search; ``search`` are parameters of ``GET /api/v1/dossiers``."""

    id: str
    name: Text
    search: SearchedFor


class SavedAnswers(ApiAnswer):
    """The saved searches of the account, by name."""

    searches: tuple[SavedAnswer, ...]


class SavingCall(ApiAnswer):
    """A search to keep; one of the same name is replaced."""

    name: str = Field(min_length=1, max_length=LONGEST_SEARCH_NAME)
    search: SearchedFor


@router.get("/searches", dependencies=[needs(Right.SEARCH)])
def saved_searches(asked: CurrentAsk) -> SavedAnswers:
    """List the saved searches."""
    searches, account = own_searches(asked)
    asked.record(Verb.LIST, detail={"what": "saved searches"})
    return SavedAnswers(searches=tuple(map(_answer, searches.of(account))))


@router.post("/searches", status_code=201, dependencies=[needs(Right.SEARCH), Depends(own_call)])
def save_search(asked: CurrentAsk, call: SavingCall) -> SavedAnswer:
    """Keep a search under a name."""
    searches, account = own_searches(asked)
    wanted = call.search
    kept = SearchRequest(
        wanted.q.strip(), wanted.filters, sort=wanted.sort, only_marked=wanted.only_marked
    )
    check(kept.query)
    asked.record(Verb.MANAGE, detail={"what": "saved search"}, words=kept.text)
    return _answer(searches.keep(account, call.name, kept.parameters))


@router.delete("/searches/{search}", dependencies=[needs(Right.SEARCH), Depends(own_call)])
def remove_search(asked: CurrentAsk, search: SearchId) -> SavedAnswers:
    """Remove a saved search, and list those that are left."""
    searches, account = own_searches(asked)
    asked.record(Verb.MANAGE, detail={"what": "saved search removed"})
    if not searches.remove(account, search):
        raise ObjectMissingError("Không có tìm kiếm đã lưu này.", "Liệt kê lại: GET /searches.")
    return SavedAnswers(searches=tuple(map(_answer, searches.of(account))))


def _answer(one: SavedSearch) -> SavedAnswer:
    kept = parse_request(one.parameters, 1)
    found: dict[str, Any] = {"q": kept.text, **kept.filters, "sort": kept.sort}
    found["only_marked"] = kept.only_marked
    # Not checked again: the page keeps longer values than a call may have.
    return SavedAnswer(id=one.id, name=one.name, search=SearchedFor.model_construct(**found))
