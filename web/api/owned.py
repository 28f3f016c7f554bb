"""Route ``/api/v1/owners/papers``: the papers of a person or organisation, and what still holds."""

from __future__ import annotations

from datetime import date
from itertools import islice

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from pipeline import clock
from pipeline.audit import Verb
from pipeline.model import Purpose, Right
from pipeline.owners import MOST_PAPERS, HeldPaper, owner_number, papers_held
from pipeline.owners.validity import tells_birthday
from pipeline.people.scopes import is_within
from web.api.answers import ApiAnswer, Text
from web.api.calls import api_router
from web.api.dossier_answers import DocumentAnswer, document_answer
from web.masked.sight import sight_in_list
from web.people.gate import Asked, CurrentAsk, needs, own_call

router = api_router("owners")


class OwnerAsked(BaseModel):
    """Whose papers are wanted; the number is sent in the body, since addresses are logged."""

    model_config = ConfigDict(extra="forbid")

    number: str = Field(
        min_length=9, max_length=30, description="identity number (12 or 9 digits) or tax code"
    )
    purpose: Purpose = Field(description="what the papers are wanted for; it is recorded")
    on: date | None = Field(default=None, description="day on which they are wanted; null: today")


class ValidityAnswer(ApiAnswer):
    """Whether a paper holds on the day."""

    state: str = Field(description="valid, expired, lasting (no term) or unknown")
    until: date | None = Field(description="the last day on which it holds")
    rule: Text = Field(description="Vietnamese, with its source")


class OwnedPaperAnswer(ApiAnswer):
    """A paper that carries the number with certainty."""

    dossier: str
    code: Text | None
    version: int
    document: DocumentAnswer
    validity: ValidityAnswer


class OwnedPapersAnswer(ApiAnswer):
    """The papers of an owner within the scope of the token, of the newest dossiers first."""

    on: date
    papers: tuple[OwnedPaperAnswer, ...]


@router.post("/owners/papers", dependencies=[needs(Right.SEARCH), Depends(own_call)])
def papers_of_owner(asked: CurrentAsk, sent: OwnerAsked) -> OwnedPapersAnswer:
    """Return the papers of the owner of a number; none for a number that nobody has here.

    What is out of scope or withheld is neither told nor counted.
    """
    context, scope = asked.context, asked.visit.scope
    number = owner_number(sent.number)
    day = sent.on or clock.today()
    found = papers_held(
        number, context.owners, context.archive, day, lambda record: is_within(scope, record)
    )
    held = list(islice(found, MOST_PAPERS))
    told = {"what": "owner", "purpose": sent.purpose.value, "found": len(held)}
    asked.record(Verb.SEARCH, detail=told, words=number)
    for dossier in {each.record.dossier.id: each.record.dossier for each in held}.values():
        asked.record(Verb.VIEW, of=dossier)
    return OwnedPapersAnswer(on=day, papers=tuple(_paper(asked, each) for each in held))


def _paper(asked: Asked, held: HeldPaper) -> OwnedPaperAnswer:
    shown = sight_in_list(asked.context, asked.visit, held.record)
    place = held.record.dossier.documents.index(held.document)
    is_hidden = not shown.is_clear and tells_birthday(held.document)
    return OwnedPaperAnswer(
        dossier=shown.dossier.id,
        code=shown.dossier.code,
        version=held.record.sequence,
        document=document_answer(place + 1, shown.dossier.documents[place]),
        validity=ValidityAnswer(
            state=held.validity.state.value,
            until=None if is_hidden else held.validity.until,
            rule=held.validity.rule,
        ),
    )
