"""Route ``/tro-giup``: how to search, and the keys of the reading room."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from pipeline.model import Right
from web.context import Context
from web.people.gate import CurrentVisit, needs

router = APIRouter()


@router.get("/tro-giup", dependencies=[needs(Right.SEARCH)])
def help_page(context: Context, visit: CurrentVisit) -> Response:
    """Show how to type what is looked for, and which keys there are; no data of anybody."""
    return context.render("help.html", visit=visit)
