"""Routes ``/quay…``: who comes to the counter is answered from one card, and takes a slip along.

Numbers are posted and stand in no address; the answer is shown on the spot, so none is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from pipeline import clock
from pipeline.audit import Verb
from pipeline.errors import QueryError
from pipeline.model import Record, Right
from pipeline.owners.counter import CounterQuestion, find_asked
from pipeline.people.scopes import is_within
from search.text.entries import heading
from web.masked.sight import sight_in_list, sight_to_hand_out
from web.pages.counter.answer_card import AnswerCard, build_card, card_url
from web.people.gate import Asked, CurrentAsk, in_scope, needs, own_post
from web.people.lookups import look_up
from web.security import DossierId

router = APIRouter(prefix="/quay")

_MOST_LISTED = 30


@dataclass(frozen=True, slots=True)
class ListedDossier:
    """One of several dossiers that fit."""

    title: str
    code: str
    state: str | None
    lacks: bool
    details: tuple[str, ...]  # days of reception and return
    url: str


@router.get("", dependencies=[needs(Right.SEARCH)])
def ask(asked: CurrentAsk) -> Response:
    """Show the boxes."""
    return _page(asked)


@router.post("", dependencies=[needs(Right.SEARCH), Depends(own_post)])
def answer(
    asked: CurrentAsk,
    number: Annotated[str, Form(alias="so", max_length=1_500)] = "",
    phone: Annotated[str, Form(alias="dien-thoai", max_length=40)] = "",
    name: Annotated[str, Form(alias="ho-ten", max_length=250)] = "",
    born: Annotated[str, Form(alias="ngay-sinh", max_length=20)] = "",
) -> Response:
    """Show the card of the one dossier that fits, or a list of several."""
    question = CounterQuestion(number, phone, name, born)
    scope, context = asked.visit.scope, asked.context
    try:
        with look_up(asked):
            found = find_asked(
                question, context.owners, context.archive, lambda record: is_within(scope, record)
            )
    except QueryError as error:
        return _page(asked, status=HTTPStatus.BAD_REQUEST, error=error)
    told: dict[str, str | int] = {"what": "counter", "by": question.kinds, "found": len(found)}
    asked.record(Verb.SEARCH, detail=told, words=question.words)
    if len(found) == 1:
        return _card(asked, found[0].dossier.id)
    listed = tuple(_listed(asked, record) for record in found[:_MOST_LISTED])
    return _page(asked, listed=listed, more=len(found) - len(listed), is_asked=True)


@router.get("/ho-so/{dossier}", dependencies=[needs(Right.VIEW), Depends(in_scope)])
def card(asked: CurrentAsk, dossier: DossierId) -> Response:
    """Show the card of a dossier."""
    return _card(asked, dossier)


@router.get("/ho-so/{dossier}/phieu", dependencies=[needs(Right.VIEW), Depends(in_scope)])
def slip(asked: CurrentAsk, dossier: DossierId) -> Response:
    """Show the slip of one sheet: office, code, state and days, and nothing of the person."""
    card = _built(asked, dossier, "slip")
    return asked.context.render(
        "counter_slip.html", visit=asked.visit, card=card, printed=clock.now()
    )


def _card(asked: Asked, dossier: str) -> Response:
    return _page(asked, card=_built(asked, dossier, "counter card"), is_asked=True)


def _built(asked: Asked, dossier: str, what: str) -> AnswerCard:
    sight = sight_to_hand_out(asked.context, asked.visit, dossier)
    purpose = sight.disclosure.purpose
    asked.record(Verb.VIEW, of=sight.source.dossier, purpose=purpose, detail={"what": what})
    return build_card(sight)


def _listed(asked: Asked, record: Record) -> ListedDossier:
    sight = sight_in_list(asked.context, asked.visit, record)
    asked.record(Verb.VIEW, of=record.dossier, detail={"what": "counter list"})
    dossier = sight.dossier
    return ListedDossier(
        heading(dossier).title,
        heading(dossier).code or "",
        dossier.outcome,
        bool(dossier.lacking),
        dossier.days,
        card_url(dossier.id),
    )


def _page(asked: Asked, *, status: int = HTTPStatus.OK, **told: object) -> Response:
    shown = {"card": None, "listed": (), "more": 0, "error": None, "is_asked": False} | told
    behind = asked.context.owners.is_behind()
    return asked.context.render(
        "counter.html", visit=asked.visit, status=status, is_behind=behind, **shown
    )
