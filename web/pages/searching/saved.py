"""Routes ``/tim/luu`` and ``/tim/bo``: keep a search under a name, and remove it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.model import Right
from pipeline.people.errors import AccountRefusedError
from web.people.gate import CurrentAsk, needs, own_post
from web.people.returning import go_to
from web.searches.links import LONGEST
from web.searches.own import own_searches
from web.urls import SEALED

router = APIRouter()

_PLACE = "#da-luu"  # of the list on the search page


@router.post("/tim/luu", dependencies=[needs(Right.SEARCH), Depends(own_post)])
def save_search(
    asked: CurrentAsk,
    sealed: Annotated[str, Form(alias=SEALED, max_length=LONGEST)] = "",
    name: Annotated[str, Form(alias="ten", max_length=400)] = "",
) -> Response:
    """Keep a search for the account that asks, and show it again with the list of all."""
    searches, account = own_searches(asked)
    told = asked.context.search_links.open(asked.visit, sealed)
    if told is None:
        raise AccountRefusedError("Tìm kiếm này đã hết hạn nên không lưu được.", "Hãy tìm lại.")
    kept = {one: value for one, value in told.items() if one not in ("trang", "sau")}
    asked.record(Verb.MANAGE, detail={"what": "saved search"}, words=kept.get("q", ""))
    searches.keep(account, name, kept)
    return go_to(f"/?{urlencode({SEALED: sealed})}{_PLACE}")


@router.post("/tim/bo", dependencies=[needs(Right.SEARCH), Depends(own_post)])
def remove_search(
    asked: CurrentAsk, search: Annotated[str, Form(alias="muc", pattern="^[0-9a-f]{1,64}$")]
) -> Response:
    """Remove a search of the account that asks; one that is gone already is fine."""
    searches, account = own_searches(asked)
    if searches.remove(account, search):
        asked.record(Verb.MANAGE, detail={"what": "saved search removed"})
    return go_to(f"/{_PLACE}")
