"""``/van-de``: what needs a person."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from search.web.problems import show_problems
from search.web.room import Here

router = APIRouter()


@router.get("/van-de")
def problems(
    room: Here, notice: Annotated[str, Query(alias="bao", max_length=20)] = ""
) -> Response:
    """Show dossiers that are not whole and files that were refused."""
    return room.show("problems.html", shown=show_problems(room), notice=notice)
