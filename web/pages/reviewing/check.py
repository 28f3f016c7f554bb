"""Routes ``/kiem-tra``: one doubtful field or page at a time, decided by keys."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import JSONResponse, Response

from pipeline.audit import Verb
from pipeline.errors import CorrectionRefusedError, EditConflictError, SohoaError
from pipeline.model import Right
from pipeline.review.item_names import ItemName, parsed_name
from pipeline.review.items import ReviewItem, page_at
from web.context import page_note
from web.labels import number
from web.masked.sight import Sight
from web.people.gate import Asked, CurrentAsk, in_scope, needs, own_post
from web.people.returning import go_to
from web.pictures import conditional_response
from web.reviewing.cutting import cut_out, cutting_of
from web.reviewing.deeds import decide, give_back, take_back
from web.reviewing.desk import wanted_by
from web.reviewing.forms import ItemPath, SentAnswer, last_answer, sent_answer
from web.reviewing.rounds import begin_round, end_round, item_sight, round_of
from web.reviewing.shown import ItemView, show_item
from web.security import DossierId

router = APIRouter(prefix="/kiem-tra")

_LOOKS = [needs(Right.CORRECT)]
_LOOKS_AT = [needs(Right.CORRECT), Depends(in_scope)]
_DECIDES = [needs(Right.CORRECT), Depends(own_post)]
_DECIDES_AT = [*_DECIDES, Depends(in_scope)]
_MOST_IN_HAND = 8
OnlyDossier = Annotated[str, Query(alias="ho-so", pattern=r"^[0-9a-f]{0,64}$")]
OnlyOf = Annotated[str, Form(alias="ho-so", pattern=r"^[0-9a-f]{0,64}$")]


@router.get("", dependencies=_LOOKS)
def check(
    asked: CurrentAsk,
    dossier: OnlyDossier = "",
    done: Annotated[str, Query(alias="xong", max_length=150)] = "",
    deed: Annotated[str, Query(alias="viec", max_length=20)] = "",
) -> Response:
    """Show the next item of the visitor, and what became of the one before."""
    is_building = asked.context.review.keep_fresh()
    view = _next(asked, dossier)
    return _page(asked, view, dossier, last=last_answer(done, deed), is_building=is_building)


@router.get("/ke-tiep", dependencies=_LOOKS)
def following(
    asked: CurrentAsk,
    dossier: OnlyDossier = "",
    besides: Annotated[list[str] | None, Query(alias="ngoai", max_length=_MOST_IN_HAND)] = None,
) -> Response:
    """Show the item after those that the visitor has in hand, for the script to keep ready."""
    names = [name for each in besides or () if (name := parsed_name(each))]
    return _fragment(asked, _next(asked, dossier, names), dossier)


@router.get("/{dossier}/{item}", dependencies=_LOOKS_AT)
def one(asked: CurrentAsk, dossier: DossierId, item: ItemPath, only: OnlyDossier = "") -> Response:
    """Show one item, which is the visitor's from now on unless somebody else has it."""
    asked.context.record_to_hand_out(dossier)
    reviewing = asked.context.review.reviewing
    try:
        taken = reviewing.claim(reviewing.item(f"{dossier}-{item}"), asked.visit.name)
    except CorrectionRefusedError as error:
        return _refused(asked, _next(asked, only), only, error)
    view = show_item(asked, taken)
    is_script = _is_script(asked.request)
    return _fragment(asked, view, only) if is_script else _page(asked, view, only)


@router.post("/{dossier}/{item}", dependencies=_DECIDES_AT)
def answer(
    asked: CurrentAsk,
    dossier: DossierId,
    item: ItemPath,
    sent: Annotated[SentAnswer, Depends(sent_answer)],
    only: OnlyOf = "",
) -> Response:
    """Write what the visitor says of an item, and go on to the next."""
    reviewing = asked.context.review.reviewing
    found = reviewing.item(f"{dossier}-{item}")
    try:
        said = sent.answer(found, reviewing.found(found))
        decide(asked, found, said)
    except CorrectionRefusedError as error:
        is_lost = isinstance(error, EditConflictError)
        if _is_script(asked.request):
            return _told(error, is_conflict=is_lost)
        view = _next(asked, only) if is_lost else _again(asked, found)
        return _refused(asked, view, only, error, "" if is_lost else sent.typed)
    if _is_script(asked.request):
        waiting = asked.context.review.count(asked.visit, wanted_by(asked.visit, only))
        return JSONResponse({"left": waiting.text, "total": number(waiting.total)})
    return _go_on(only, xong=found.name, viec=said.deed)


@router.post("/{dossier}/{item}/hoan-tac", dependencies=_DECIDES_AT)
def take_it_back(
    asked: CurrentAsk, dossier: DossierId, item: ItemPath, only: OnlyOf = ""
) -> Response:
    """Take back the visitor's own decision about an item, and show it again."""
    found = asked.context.review.reviewing.item(f"{dossier}-{item}")
    try:
        take_back(asked, found)
    except CorrectionRefusedError as error:
        if _is_script(asked.request):
            return _told(error)
        return _refused(asked, _next(asked, only), only, error)
    if _is_script(asked.request):
        return JSONResponse({})
    return go_to(f"/kiem-tra/{dossier}/{item}" + (f"?ho-so={only}" if only else ""))


@router.get("/{dossier}/{item}/giay.webp", dependencies=_LOOKS_AT)
def paper(asked: CurrentAsk, dossier: DossierId, item: ItemPath) -> Response:
    """Return the place of an item cut out of its page's picture; of a page the whole picture."""
    context, reviewing = asked.context, asked.context.review.reviewing
    record = context.record_to_hand_out(dossier)
    found = reviewing.item(f"{dossier}-{item}")
    is_held = context.review.queue.holder(found) == asked.visit.name
    sight = item_sight(context, asked.visit, record, is_held=is_held)
    return _cut(asked, sight, found)


@router.post("/xem-khong-che", dependencies=[*_DECIDES, needs(Right.UNMASK)])
def unmask(asked: CurrentAsk, only: OnlyOf = "") -> Response:
    """Unmask what the visitor is given to look at, for half an hour."""
    begin_round(asked)
    return _go_on(only)


@router.post("/che-lai", dependencies=_DECIDES)
def mask_again(asked: CurrentAsk, only: OnlyOf = "") -> Response:
    """Mask it again before the half hour is over."""
    end_round(asked)
    return _go_on(only)


@router.post("/nghi", dependencies=_DECIDES)
def rest(asked: CurrentAsk) -> Response:
    """Give back all that the visitor has, so that others are given it at once."""
    give_back(asked, None)
    return go_to(asked.visit.home)


def _next(asked: Asked, dossier: str, besides: list[ItemName] | None = None) -> ItemView | None:
    wanted = wanted_by(asked.visit, dossier)._replace(besides=tuple(besides or ()))
    taken = asked.context.review.reviewing.take(asked.visit.name, wanted)
    return show_item(asked, taken) if taken else None


def _again(asked: Asked, item: ReviewItem) -> ItemView | None:
    """Return an item that could not be decided so, for another try."""
    try:
        return show_item(asked, asked.context.review.reviewing.claim(item, asked.visit.name))
    except EditConflictError:
        return None


def _cut(asked: Asked, sight: Sight, item: ReviewItem) -> Response:
    kept = None if item.is_page else asked.context.review.reviewing.found(item)
    at = (kept.page if kept else None) or page_at(sight.source.dossier, item.place) or 1
    page, note = sight.page(at), page_note(sight.source.dossier, at)
    sight.check_picture(at)
    told, purpose = {"what": "picture", "review": item.field}, sight.disclosure.purpose
    asked.record(Verb.VIEW, of=sight.source.dossier, detail=told, page=at, purpose=purpose)
    cutting = cutting_of(kept.box, page.view) if kept and kept.box and page and page.view else None
    level = sight.level + (f"-{cutting.version}" if cutting else "")

    def picture() -> bytes:
        whole = sight.picture_bytes(at)
        return (cut_out(whole, cutting) or whole) if cutting else whole

    return conditional_response(asked.request, note, level, picture)


def _is_script(request: Request) -> bool:
    return request.headers.get("accept", "").startswith("application/json")


def _told(error: SohoaError, *, is_conflict: bool = False) -> Response:
    told = {"message": error.message, "remedy": error.remedy, "conflict": is_conflict}
    return JSONResponse(told, HTTPStatus.CONFLICT)


def _go_on(only: str, **told: str) -> Response:
    query = urlencode({name: text for name, text in {"ho-so": only, **told}.items() if text})
    return go_to("/kiem-tra" + (f"?{query}" if query else ""))


def _refused(
    asked: Asked, view: ItemView | None, only: str, error: SohoaError, typed: str = ""
) -> Response:
    return _page(asked, view, only, status=HTTPStatus.CONFLICT, error=error, typed=typed)


def _page(
    asked: Asked,
    view: ItemView | None,
    only: str,
    *,
    status: int = HTTPStatus.OK,
    **told: object,
) -> Response:
    waiting = asked.context.review.count(asked.visit, wanted_by(asked.visit, only))
    values: dict[str, object] = {"last": None, "error": None, "typed": "", "is_building": False}
    values |= {"view": view, "waiting": waiting, "only": only, **told}
    values["round"] = round_of(asked.context, asked.visit)
    return asked.context.render("check.html", visit=asked.visit, status=status, **values)


def _fragment(asked: Asked, view: ItemView | None, only: str) -> Response:
    values: dict[str, object] = {"view": view, "only": only, "typed": "", "error": None}
    return asked.context.render("check_item.html", visit=asked.visit, status=200, **values)
