"""Routes ``/ho-so/…/trang/…``: a page's picture beside its text, with hits highlighted."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from pipeline.audit import Verb
from pipeline.clock import today
from pipeline.model import Right
from web.context import Context, page_note
from web.masked.sight import sight_to_hand_out
from web.pages.dossiers.dossier import CurrentDone
from web.pages.dossiers.page_view import PageRequest, build_page_view
from web.people.gate import CurrentAsk, CurrentVisit, in_scope, needs
from web.people.recording import record_act
from web.pictures import conditional_response
from web.searches.asked import SoughtWords
from web.security import DossierId, PageNumber
from web.urls import page_url

router = APIRouter(prefix="/ho-so/{dossier}/trang")


def _page_request(
    text: SoughtWords,
    document: Annotated[int | None, Query(alias="giay")] = None,
    field: Annotated[str, Query(alias="truong", max_length=40)] = "",
    mends_words: Annotated[str, Query(alias="sua-chu", max_length=1)] = "",
    everywhere: Annotated[str, Query(alias="ca", max_length=1)] = "",
) -> PageRequest:
    return PageRequest(text, document, field, bool(mends_words), bool(everywhere))


@router.get("", dependencies=[needs(Right.VIEW), Depends(in_scope)])
def go_to(
    dossier: DossierId,
    number: Annotated[int, Query(alias="so", ge=1, le=1_000_000)],
    text: SoughtWords,
) -> Response:
    """Lead to the page whose number was typed."""
    return RedirectResponse(page_url(dossier, number, text), status_code=303)


@router.get("/{number}", dependencies=[needs(Right.VIEW), Depends(in_scope)])
def page(
    asked: CurrentAsk,
    dossier: DossierId,
    number: PageNumber,
    page_request: Annotated[PageRequest, Depends(_page_request)],
    told: CurrentDone,
) -> Response:
    """Show a page with the hits of a search, or the box of a field, highlighted."""
    sight = sight_to_hand_out(asked.context, asked.visit, dossier)
    view = build_page_view(sight, number, page_request)
    asked.record(Verb.VIEW, of=view.dossier, page=number, purpose=sight.disclosure.purpose)
    shown: dict[str, Any] = {
        "view": view,
        "text": page_request.text,
        "done": told.version,
        "typed": {},
    }
    return asked.context.render("page.html", visit=asked.visit, error=None, **shown)


@router.get("/{number}/anh.webp", dependencies=[needs(Right.VIEW), Depends(in_scope)])
def picture(
    request: Request,
    context: Context,
    visit: CurrentVisit,
    dossier: DossierId,
    number: PageNumber,
) -> Response:
    """Return the picture of a page."""
    sight = sight_to_hand_out(context, visit, dossier)
    note = page_note(sight.dossier, number)
    sight.check_picture(number)
    told, purpose = {"what": "picture"}, sight.disclosure.purpose
    record_act(context.audit, visit, Verb.VIEW, sight.dossier, told, page=number, purpose=purpose)
    return conditional_response(request, note, sight.level, lambda: sight.picture_bytes(number))


@router.get("/{number}/nho.webp", dependencies=[needs(Right.VIEW), Depends(in_scope)])
def thumbnail(
    request: Request,
    context: Context,
    visit: CurrentVisit,
    dossier: DossierId,
    number: PageNumber,
) -> Response:
    """Return the thumbnail of a page; recorded once a session or token, dossier and day."""
    sight = sight_to_hand_out(context, visit, dossier)
    note = page_note(sight.dossier, number)
    sight.check_picture(number)

    def leaf() -> bool:
        told, purpose = {"what": "thumbnails"}, sight.disclosure.purpose
        record_act(context.audit, visit, Verb.VIEW, sight.dossier, told, purpose=purpose)
        return True

    who = visit.held.id if visit.held else visit.name
    context.leafed.get_or_fetch((f"{who} {today()}", dossier + sight.level), leaf)
    return conditional_response(request, note, sight.level, lambda: sight.thumbnail_bytes(number))
