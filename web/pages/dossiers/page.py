"""Routes ``/ho-so/…/trang/…``: a page's picture beside its text, with hits highlighted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from markupsafe import Markup
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.clock import today
from pipeline.documents.fields import label_of
from pipeline.masking import PictureMask
from pipeline.model import Document, Dossier, Finding, Page, PageNote, Right, View
from web.context import Context, page_note
from web.highlights import (
    LOW_CONFIDENCE,
    Highlight,
    highlight,
    hit_highlights,
    split_into_runs,
    text_html,
)
from web.hits import hit_pages, hit_words
from web.labels import finding_value
from web.masked.sight import Sight, sight_to_hand_out
from web.people.disclosure import Disclosure
from web.people.gate import CurrentVisit, in_scope, needs
from web.people.recording import record_act
from web.pictures import conditional_response
from web.searches.asked import SoughtWords
from web.security import DossierId, PageNumber
from web.urls import dossier_url, page_url

router = APIRouter(prefix="/ho-so/{dossier}/trang/{number}")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What the URL asks to be highlighted on a page: the hits of a search, or a field."""

    text: str = ""
    document: int | None = None  # the field's document, from 1, within the dossier
    field: str = ""


def _page_request(
    text: SoughtWords,
    document: Annotated[int | None, Query(alias="giay")] = None,
    field: Annotated[str, Query(alias="truong", max_length=40)] = "",
) -> PageRequest:
    return PageRequest(text, document, field)


@router.get("", dependencies=[needs(Right.VIEW), Depends(in_scope)])
def page(
    context: Context,
    visit: CurrentVisit,
    dossier: DossierId,
    number: PageNumber,
    page_request: Annotated[PageRequest, Depends(_page_request)],
) -> Response:
    """Show a page with the hits of a search, or the box of a field, highlighted."""
    sight = sight_to_hand_out(context, visit, dossier)
    view = build_page_view(sight, number, page_request)
    purpose = sight.disclosure.purpose
    record_act(context.audit, visit, Verb.VIEW, view.dossier, page=number, purpose=purpose)
    return context.render("page.html", visit=visit, view=view, text=page_request.text)


@router.get("/anh.webp", dependencies=[needs(Right.VIEW), Depends(in_scope)])
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


@router.get("/nho.webp", dependencies=[needs(Right.VIEW), Depends(in_scope)])
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


@dataclass(frozen=True, slots=True)
class PageNavigation:
    """URLs of neighbouring pages; None where there is none."""

    previous: str | None
    following: str | None
    previous_hit: str | None
    following_hit: str | None


@dataclass(frozen=True, slots=True)
class PageView:
    """The page of a dossier's page."""

    dossier: Dossier
    dossier_url: str
    number: int  # within the dossier, from 1
    note: PageNote
    page: Page | None  # None: not read
    picture_url: str | None
    geometry: View | None  # the picture's size in pixels; None without a picture
    hit_highlights: tuple[Highlight, ...]
    field_highlight: Highlight | None
    text_html: Markup
    navigation: PageNavigation
    hit_pages: tuple[int, ...]  # numbers of the dossier's pages that match the search
    document: Document | None  # the document this page belongs to
    disclosure: Disclosure
    picture_mask: PictureMask | None  # None: the picture is shown as it is, or there is none

    @property
    def own_url(self) -> str:
        """The page's own address, without what it highlights."""
        return page_url(self.dossier.id, self.number)

    @property
    def has_unsure_words(self) -> bool:
        """Whether some words were read with low confidence."""
        return self.page is not None and any(
            word.confidence < LOW_CONFIDENCE for word in self.page.text.words
        )


def build_page_view(sight: Sight, number: int, request: PageRequest) -> PageView:
    """Build the view of a page.

    Args:
        sight: the dossier as it is shown.
        number: the page's number within the dossier, from 1.
        request: the words or the field to highlight.

    Raises:
        ObjectMissingError: the dossier has no such page.
    """
    dossier, mask = sight.dossier, sight.mask(number)
    note, page = page_note(dossier, number), sight.page(number)
    url = sight.picture_url(number)
    geometry = page.view if page and url else None
    lines = split_into_runs(page.text, hit_words(page, mask, request.text)) if page else ()
    pages = hit_pages(sight, request.text)
    return PageView(
        dossier=dossier,
        dossier_url=dossier_url(dossier.id, request.text),
        number=number,
        note=note,
        page=page,
        picture_url=url if geometry else None,
        geometry=geometry,
        hit_highlights=hit_highlights(lines, geometry) if geometry else (),
        field_highlight=_field_highlight(dossier, number, request, geometry),
        text_html=text_html(lines),
        navigation=_navigation(dossier, number, request.text, pages),
        hit_pages=pages,
        document=next((paper for paper in dossier.documents if number in paper.pages), None),
        disclosure=sight.disclosure,
        picture_mask=mask.picture if mask else None,
    )


def _field_highlight(
    dossier: Dossier, number: int, request: PageRequest, geometry: View | None
) -> Highlight | None:
    finding = _finding(dossier, request)
    if finding is None or finding.box is None or finding.page != number or geometry is None:
        return None
    value = finding_value(request.field, finding.value)
    return highlight(finding.box, geometry, f"{label_of(request.field)}: {value}")


def _finding(dossier: Dossier, request: PageRequest) -> Finding | None:
    if request.document is None or not 1 <= request.document <= len(dossier.documents):
        return None
    return dossier.documents[request.document - 1].findings.get(request.field)


def _navigation(dossier: Dossier, number: int, text: str, hits: Sequence[int]) -> PageNavigation:
    def url(page: int | None) -> str | None:
        return page_url(dossier.id, page, text) if page else None

    return PageNavigation(
        previous=url(number - 1),
        following=url(number + 1 if number < len(dossier.pages) else None),
        previous_hit=url(max((page for page in hits if page < number), default=None)),
        following_hit=url(min((page for page in hits if page > number), default=None)),
    )
