"""``/ho-so/…/trang/…``: a page beside its text, and its pictures."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from web.context import Here, page_note
from web.pages.page_view import PageRequest, show_page
from web.pictures import keepable, large_picture, small_picture
from web.security import DossierId, PageNumber

router = APIRouter(prefix="/ho-so/{dossier}/trang/{number}")


def _asked(
    q: Annotated[str, Query(max_length=300)] = "",
    document: Annotated[int | None, Query(alias="giay")] = None,
    field: Annotated[str, Query(alias="truong", max_length=40)] = "",
) -> PageRequest:
    return PageRequest(q, document, field)


@router.get("")
def page(
    context: Here,
    dossier: DossierId,
    number: PageNumber,
    asked: Annotated[PageRequest, Depends(_asked)],
) -> Response:
    """Show a page with the hits of a search, or the place of a field, framed."""
    shown = show_page(context, dossier, number, asked)
    return context.show("page.html", shown=shown, text=asked.text)


@router.get("/anh.webp")
def large(request: Request, context: Here, dossier: DossierId, number: PageNumber) -> Response:
    """Hand out the picture of a page."""
    held = context.record(dossier).dossier
    note = page_note(held, number)
    return keepable(request, note, lambda: large_picture(context, held, note))


@router.get("/nho.webp")
def small(request: Request, context: Here, dossier: DossierId, number: PageNumber) -> Response:
    """Hand out the small picture of a page."""
    held = context.record(dossier).dossier
    note = page_note(held, number)
    return keepable(request, note, lambda: small_picture(context, held, note))
