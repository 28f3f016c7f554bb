"""Route ``/goi-y``: what the text typed so far may become, as JSON, for the search box."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi import Query as Parameter
from starlette.responses import JSONResponse, Response

from pipeline.audit import Verb
from pipeline.model import Right, Suggestion
from web.context import AppContext, Context
from web.people.gate import CurrentVisit, needs, own_post
from web.people.recording import record_act
from web.people.visits import Visit
from web.scoped_search import suggest_within
from web.search_request import SearchRequest
from web.searches.links import Seal

router = APIRouter()

_KINDS = {"code": "Mã hồ sơ", "unit": "Đơn vị", "procedure": "Thủ tục", "title": "Hồ sơ"}
_FILTERS = {"unit", "procedure"}  # kinds that a search is filtered by; others are its text


@router.get("/goi-y", dependencies=[needs(Right.SEARCH)])
def suggestions(
    context: Context,
    visit: CurrentVisit,
    q: Annotated[str, Parameter(max_length=300)] = "",
) -> Response:
    """Answer a program that names the text in the address; pages send it in a form."""
    return _answer(context, visit, q)


@router.post("/goi-y", dependencies=[needs(Right.SEARCH), Depends(own_post)])
def suggestions_for_form(
    context: Context,
    visit: CurrentVisit,
    q: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Answer the search box, whose text stands in no address."""
    return _answer(context, visit, q)


def _answer(context: AppContext, visit: Visit, q: str) -> Response:
    """Return values of dossiers in the visitor's scope, each with the search for it.

    What was typed is not recorded: the search that follows is. One entry stands for the
    suggestions of a session, until many were asked for or some time has passed.
    """
    found = suggest_within(context, q, visit.scope)
    key = visit.session.id if visit.session else visit.visitor.address
    if asked := context.suggested.due(key, time.monotonic()):
        record_act(context.audit, visit, Verb.SEARCH, detail={"suggestions": asked})
    seal = context.search_links.sealer(visit)
    return JSONResponse({"suggestions": [_row(one, seal) for one in found]})


def _row(one: Suggestion, seal: Seal) -> dict[str, str]:
    is_filter = one.kind in _FILTERS
    filters: dict[str, str] = {one.kind: one.text} if is_filter else {}
    search = SearchRequest("" if is_filter else one.text, filters, seal=seal)
    return {"kind": _KINDS[one.kind], "text": one.text, "url": search.url}
