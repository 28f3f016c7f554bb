"""Route ``/api/v1/owners/dossiers``: the dossiers that somebody at the counter asks for."""

from __future__ import annotations

from datetime import date
from functools import partial

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from pipeline import clock
from pipeline.audit import Verb
from pipeline.model import Purpose, Record, Right
from pipeline.owners.counter import CounterQuestion, find_asked, standing_of
from pipeline.people.scopes import is_within
from search.text.entries import heading
from web.api.answers import ApiAnswer, Text
from web.api.calls import api_router
from web.masked.sight import sight_in_list
from web.people.gate import Asked, CurrentAsk, needs, own_call
from web.people.lookups import look_up

router = api_router("owners")


class CounterAsked(BaseModel):
    """What is asked by; all that is given must fit."""

    model_config = ConfigDict(extra="forbid")

    number: str = Field(
        default="",
        max_length=1_500,
        description="identity number, tax code, dossier code, or the text of a card's QR",
    )
    phone: str = Field(default="", max_length=40)
    name: str = Field(default="", max_length=250, description="with the day of birth")
    born: date | None = Field(default=None, description="day of birth, with the name")
    purpose: Purpose = Field(description="what it is asked for; it is recorded")


class StandingAnswer(ApiAnswer):
    """How a dossier stands."""

    dossier: str
    code: Text | None
    title: Text
    unit: Text | None
    state: str | None = Field(description="COMPLETE, PARTIAL, FAILED; null while it waits")
    received_on: date | None
    due_on: date | None
    overdue_days: int = Field(description="since it was due, while the store has no result")
    papers: tuple[Text, ...] = Field(description="types of the papers that were handed in")
    results: tuple[Text, ...] = Field(description="types of the papers that may be the result")
    missing: tuple[Text, ...] = Field(description="components that the checklist wants")


class StandingsAnswer(ApiAnswer):
    """The dossiers within the scope of the token, the newest first."""

    dossiers: tuple[StandingAnswer, ...]


@router.post("/owners/dossiers", dependencies=[needs(Right.SEARCH), Depends(own_call)])
def dossiers_of_asker(asked: CurrentAsk, sent: CounterAsked) -> StandingsAnswer:
    """Return the dossiers of whoever asks, masked; none where nobody has them here."""
    born = f"{sent.born:%d/%m/%Y}" if sent.born else ""
    question = CounterQuestion(sent.number, sent.phone, sent.name, born)
    context = asked.context
    with look_up(asked):
        found = find_asked(
            question, context.owners, context.archive, partial(is_within, asked.visit.scope)
        )
    told: dict[str, str | int] = {"what": "counter", "by": question.kinds, "found": len(found)}
    told["purpose"] = sent.purpose.value
    asked.record(Verb.SEARCH, detail=told, words=question.words)
    for record in found:
        asked.record(Verb.VIEW, of=record.dossier)
    return StandingsAnswer(dossiers=tuple(_standing(asked, record) for record in found))


def _standing(asked: Asked, record: Record) -> StandingAnswer:
    dossier = sight_in_list(asked.context, asked.visit, record).dossier
    standing, head = standing_of(dossier, clock.today()), heading(dossier)
    types = [document.type for document in dossier.documents]
    return StandingAnswer(
        dossier=dossier.id,
        code=head.code,
        title=head.title,
        unit=dossier.unit,
        state=str(dossier.outcome) if dossier.outcome else None,
        received_on=standing.received,
        due_on=standing.due,
        overdue_days=standing.overdue,
        papers=tuple(types[at - 1] for at in standing.papers),
        results=tuple(types[at - 1] for at in standing.results),
        missing=standing.missing,
    )
