"""Routes that change single pages: turned, left out, replaced, moved, cut apart, words mended.

Each writes a version of the dossier and leads back to the page, where one button takes it back.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from pipeline import corrections
from pipeline.audit import Verb
from pipeline.corrections import PageSeen
from pipeline.errors import CorrectionRefusedError
from pipeline.model import Record, Right
from pipeline.versions import Act
from web.context import AppContext
from web.masked.sight import sight_to_hand_out
from web.pages.dossiers.page_view import PageRequest, build_page_view
from web.pages.mending.fields import back_to, publish_or_queue
from web.people.disclosure import check_clear
from web.people.gate import Asked, CurrentAsk, in_scope, needs, own_post
from web.security import DossierId, PageNumber

router = APIRouter(prefix="/ho-so/{dossier}")

_DECIDES = [needs(Right.CORRECT), Depends(own_post), Depends(in_scope)]
_MOST_LINES = 500
Seen = Annotated[int, Form(alias="ban", ge=1)]  # the version that the person looked at
Reason = Annotated[str, Form(alias="ly-do", max_length=500)]


def _page(dossier: DossierId, number: PageNumber, seen: Seen) -> PageSeen:
    return PageSeen(dossier, number, seen)


CurrentPage = Annotated[PageSeen, Depends(_page)]


@router.post("/trang/{number}/xoay", dependencies=_DECIDES)
def turn(
    asked: CurrentAsk,
    page: CurrentPage,
    degrees: Annotated[Literal["90", "180", "270"], Form(alias="do")],
) -> Response:
    """Turn a page from how it is shown; it is read anew."""
    act = _act(asked, page, turned_page=page.page)
    written = corrections.turn_page(page, int(degrees), asked.context.archive, act)
    return _done(asked.context, written, page.page)


@router.post("/trang/{number}/bo", dependencies=_DECIDES)
def leave_out(asked: CurrentAsk, page: CurrentPage, reason: Reason = "") -> Response:
    """Leave a page out of the dossier, for a reason; its file stays as it is."""
    act = _act(asked, page, reason, left_out_page=page.page)
    written = corrections.leave_out(page, asked.context.archive, act)
    return _done(asked.context, written, page.page)


@router.post("/trang/{number}/thay", dependencies=_DECIDES)
def replace(
    asked: CurrentAsk,
    page: CurrentPage,
    by: Annotated[int, Form(alias="bang", ge=1, le=1_000_000)],
    reason: Reason = "",
) -> Response:
    """Have another page of the dossier stand in the place of a page, for a reason."""
    act = _act(asked, page, reason, replaced_page=page.page, by_page=by)
    written = corrections.replace_page(page, by, asked.context.archive, act)
    return _done(asked.context, written, page.page)


@router.post("/trang/{number}/chuyen", dependencies=_DECIDES)
def move(
    asked: CurrentAsk,
    page: CurrentPage,
    to: Annotated[int, Form(alias="den", ge=1, le=1_000_000)],
) -> Response:
    """Move a page to another place in the dossier; the others close up."""
    act = _act(asked, page, moved_page=page.page, to_page=to)
    count = len(asked.context.record_to_hand_out(page.dossier).dossier.pages)
    if not 1 <= to <= count or page.page > count:
        raise CorrectionRefusedError(
            f"Hồ sơ không có chỗ thứ {to}.", f"Chọn một số từ 1 đến {count}."
        )
    order = [each for each in range(1, count + 1) if each != page.page]
    order.insert(to - 1, page.page)
    archive = asked.context.archive
    written = corrections.reorder(page.dossier, order, archive, act, seen=page.seen)
    return _done(asked.context, written, to)


@router.post("/trang/{number}/chu", dependencies=_DECIDES)
def mend_words(
    asked: CurrentAsk,
    page: CurrentPage,
    numbers: Annotated[list[int], Form(alias="dong", max_length=_MOST_LINES)],
    texts: Annotated[list[str], Form(alias="chu", max_length=_MOST_LINES)],
) -> Response:
    """Write lines of a page anew, or show them again as they were typed, with what is wrong."""
    context = asked.context
    check_clear(context, asked.visit, page.dossier)  # what is masked cannot be mended
    typed = dict(zip(numbers, texts, strict=False))
    act = _act(asked, page, words_of_page=page.page)
    try:
        written = corrections.mend_words(page, typed, context.archive, act)
    except CorrectionRefusedError as error:
        sight = sight_to_hand_out(context, asked.visit, page.dossier)
        view = build_page_view(sight, page.page, PageRequest(mends_words=True))
        shown: dict[str, Any] = {
            "view": view,
            "text": "",
            "done": 0,
            "typed": typed,
            "error": error,
        }
        return context.render("page.html", visit=asked.visit, status=409, **shown)
    return _done(context, written, page.page)


class _Cut(NamedTuple):
    """Between which pages papers are cut, or joined."""

    page: int
    begins: bool
    seen: int
    back: int  # number of the page to return to


def _cut(
    seen: Seen,
    begins: Annotated[int, Form(alias="tach", ge=0, le=1_000_000)] = 0,
    continues: Annotated[int, Form(alias="noi", ge=0, le=1_000_000)] = 0,
    back: Annotated[int, Form(alias="ve", ge=0, le=1_000_000)] = 0,
) -> _Cut:
    return _Cut(begins or continues, bool(begins), seen, back)


@router.post("/ranh-gioi", dependencies=_DECIDES)
def cut_between(
    asked: CurrentAsk, dossier: DossierId, wanted: Annotated[_Cut, Depends(_cut)]
) -> Response:
    """Have a page begin a paper, or continue the one before it: one button for each."""
    seen, number = wanted.seen, wanted.page
    act = _act(asked, PageSeen(dossier, number, seen), boundary=number)
    decide = corrections.begin_paper if wanted.begins else corrections.continue_paper
    written = decide(dossier, number, asked.context.archive, act, seen=seen)
    return _done(asked.context, written, wanted.back)


def _act(asked: Asked, page: PageSeen, reason: str = "", **told: int) -> Act:
    """Record what is about to be decided; return who decides, and why."""
    asked.record(Verb.CORRECT, of=asked.context.record(page.dossier).dossier, detail=told)
    return Act(asked.visit.name, reason)


def _done(context: AppContext, written: Record, page: int) -> Response:
    publish_or_queue(context, written)
    return back_to(written, page)
