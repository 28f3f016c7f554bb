"""Routes ``/kho…``: the store of a person or organisation, reuse of papers, suggestions by name.

A number is posted, and then the address names a paper that carries it: dossier and position.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import Response

from pipeline import clock
from pipeline.audit import Verb
from pipeline.errors import QueryError
from pipeline.model import Right
from pipeline.owners import owners_of
from pipeline.owners.counter import number_asked
from web.masked.sight import sight_to_hand_out
from web.pages.owners.owner_view import OpenedBy, build_store, find_held, find_suggested, store_url
from web.people.gate import Asked, CurrentAsk, in_scope, needs, own_post
from web.people.lookups import look_up
from web.people.returning import go_to
from web.security import DossierId, PageNumber

router = APIRouter(prefix="/kho")

OwnerPosition = Annotated[int, Query(alias="chu", ge=1, le=3)]
_LOOKS = [needs(Right.VIEW), Depends(in_scope)]


@router.get("", dependencies=[needs(Right.SEARCH)])
def ask_owner(asked: CurrentAsk) -> Response:
    """Show the box for a number."""
    return _chosen(asked)


@router.post("", dependencies=[needs(Right.SEARCH), Depends(own_post)])
def find_owner(
    asked: CurrentAsk, typed: Annotated[str, Form(alias="so", max_length=1_500)] = ""
) -> Response:
    """Lead to the store of a number, or say that there is none."""
    try:
        number = number_asked(typed)
    except QueryError as error:
        return _chosen(asked, status=HTTPStatus.BAD_REQUEST, error=error)
    with look_up(asked):
        held = find_held(asked, number, clock.today())
    found: dict[str, str | int] = {"what": "owner", "found": len(held)}
    asked.record(Verb.SEARCH, detail=found, words=number)
    if not held:
        return _chosen(asked, is_asked=True)
    first = held[0]
    owner = owners_of(first.document).index(number) + 1
    return go_to(store_url(first.record.dossier.id, first.number, owner))


@router.get("/{dossier}", dependencies=_LOOKS)
def owners_of_dossier(asked: CurrentAsk, dossier: DossierId) -> Response:
    """Lead to the store of the dossier's person; several are shown to choose from."""
    sight = sight_to_hand_out(asked.context, asked.visit, dossier)
    asked.record(Verb.VIEW, of=sight.source.dossier, detail={"what": "owners"})
    found = {
        number: OpenedBy(sight, position, at)
        for position, document in reversed(list(enumerate(sight.source.dossier.documents, 1)))
        for at, number in enumerate(owners_of(document), 1)
    }
    if len(found) == 1:
        return go_to(next(iter(found.values())).url)
    return _chosen(asked, sight=sight, choices=tuple(found.values())[::-1], is_asked=True)


@router.get("/{dossier}/{number}", dependencies=_LOOKS)
def owner_store(
    asked: CurrentAsk,
    dossier: DossierId,
    number: PageNumber,
    owner: OwnerPosition = 1,
    on: Annotated[str, Query(alias="ngay", max_length=20)] = "",
) -> Response:
    """Show the papers of the owner of a paper, and what holds on a day."""
    sight = sight_to_hand_out(asked.context, asked.visit, dossier)
    day, error = _day(on)
    return show_store(asked, OpenedBy(sight, number, owner), day, {"error": error})


def show_store(
    asked: Asked, opened: OpenedBy, day: date, told: Mapping[str, object], status: int = 200
) -> Response:
    """Show a store, after an act as well.

    Args:
        asked: the request.
        opened: the paper through which it was opened.
        day: the day on which papers are wanted.
        told: the words of the page besides: ``error``, ``done``.
        status: the HTTP status.
    """
    number = opened.number
    with look_up(asked):
        held = find_held(asked, number, day)
        suggested = find_suggested(asked, held, day)
    found: dict[str, str | int] = {"what": "owner", "found": len(held)}
    asked.record(Verb.SEARCH, detail=found, words=number)
    view = build_store(asked, opened, held, suggested, day)
    here = opened.sight.source.dossier
    dossiers = {each.record.dossier.id: each.record.dossier for each in (*held, *suggested)}
    for of in (dossiers | {here.id: here}).values():
        asked.record(Verb.VIEW, of=of, detail={"what": "owner"})
    behind = asked.context.owners.is_behind()
    values = {"error": "", "done": None, "today": clock.today(), "is_behind": behind, **told}
    return asked.context.render(
        "owner_store.html", visit=asked.visit, status=status, view=view, **values
    )


def _chosen(asked: Asked, *, status: int = HTTPStatus.OK, **told: object) -> Response:
    shown = {"choices": (), "sight": None, "error": None, "is_asked": False} | told
    return asked.context.render("owners.html", visit=asked.visit, status=status, **shown)


def _day(text: str) -> tuple[date, str]:
    if not text.strip():
        return clock.today(), ""
    try:
        parts = [int(part) for part in text.replace("-", "/").replace(".", "/").split("/")]
        if len(parts) == 3:
            year_first = parts[0] > 31
            return date(*(parts if year_first else parts[::-1])), ""
    except ValueError:
        pass
    return clock.today(), "Ngày chưa đúng: viết dạng 05/03/2026. Đang xem theo hôm nay."
