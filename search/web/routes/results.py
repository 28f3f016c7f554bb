"""``/``: search, and the newest dossiers when nothing is asked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from search.web.results import asked_of, search
from search.web.room import Here

router = APIRouter()

_LAST = 500  # pages of results anybody may turn to; further on, filters help more


@router.get("/")
def results(
    request: Request,
    room: Here,
    q: Annotated[str, Query(max_length=300)] = "",
    page: Annotated[int, Query(alias="trang", ge=1, le=_LAST)] = 1,
) -> Response:
    """Show what a search finds."""
    shown = search(room, asked_of({**request.query_params, "q": q}, page))
    return room.show("results.html", shown=shown, text=q)
