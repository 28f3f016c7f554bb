"""Route ``/api/v1/owners/papers``: the papers of a person or organisation, and what still holds."""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import islice
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from pipeline import clock
from pipeline.access import check_hand_out
from pipeline.audit import Verb
from pipeline.errors import QueryError
from pipeline.model import Purpose, Right
from pipeline.owners import (
    MOST_PAPERS,
    HeldPaper,
    owner_number,
    owners_of,
    papers_held,
    papers_suggested,
)
from pipeline.owners.validity import without_birthday
from pipeline.people.scopes import is_within
from pipeline.versions import missing_record
from web.api.answers import ApiAnswer, Text
from web.api.calls import api_router
from web.api.dossier_answers import DocumentAnswer, document_answer
from web.masked.sight import sight_in_list
from web.people.gate import Asked, CurrentAsk, needs, own_call
from web.people.lookups import look_up

router = api_router("owners")

SheetPart = Annotated[
    int | None,
    Field(
        ge=1,
        le=1_000,
        description="which part of that page it begins with, from 1, as `parts` of a document says;"
        " needed where several papers begin on the page",
    ),
]


class PaperPlace(BaseModel):
    """Where a paper lies."""

    model_config = ConfigDict(extra="forbid")

    dossier: str = Field(pattern=r"^[0-9a-f]{1,64}$")
    page: int = Field(ge=1, le=1_000_000, description="its first page within the dossier, from 1")
    part: SheetPart = None


class OwnerAsked(BaseModel):
    """Whose papers are wanted; the number is sent in the body, since addresses are logged."""

    model_config = ConfigDict(extra="forbid")

    number: str | None = Field(
        default=None,
        min_length=9,
        max_length=30,
        description="identity number (12 or 9 digits) or tax code",
    )
    of: PaperPlace | None = Field(
        default=None, description="in place of the number: a paper that carries it with certainty"
    )
    purpose: Purpose = Field(description="what the papers are wanted for; it is recorded")
    on: date | None = Field(default=None, description="day on which they are wanted; null: today")


class ValidityAnswer(ApiAnswer):
    """Whether a paper holds on the day; of masked identity cards, whether it holds today."""

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
    suggested: tuple[OwnedPaperAnswer, ...] = Field(
        description="of the same name and birth, without a number: somebody has to look at them"
    )


@router.post("/owners/papers", dependencies=[needs(Right.SEARCH), Depends(own_call)])
def papers_of_owner(asked: CurrentAsk, sent: OwnerAsked) -> OwnedPapersAnswer:
    """Return the papers of the owner of a number; none for a number that nobody has here.

    What is out of scope or withheld is neither told nor counted.
    """
    number, day = _number(asked, sent), sent.on or clock.today()
    context, may_see = asked.context, partial(is_within, asked.visit.scope)
    with look_up(asked):
        found = papers_held(number, context.owners, context.archive, day, may_see)
        held = list(islice(found, MOST_PAPERS))
        alike = papers_suggested(held, context.owners, context.archive, day, may_see)
        suggested = list(islice(alike, MOST_PAPERS))
    told = {"what": "owner", "purpose": sent.purpose.value, "found": len(held)}
    asked.record(Verb.SEARCH, detail=told, words=number)
    shown = (each.record.dossier for each in (*held, *suggested))
    for dossier in {each.id: each for each in shown}.values():
        asked.record(Verb.VIEW, of=dossier)
    return OwnedPapersAnswer(
        on=day,
        papers=tuple(_paper(asked, each) for each in held),
        suggested=tuple(_paper(asked, each) for each in suggested),
    )


def _number(asked: Asked, sent: OwnerAsked) -> str:
    """Return whose papers are wanted.

    Raises:
        ObjectMissingError: the visitor may know of no such paper, or nobody is certain on it.
        QueryError: neither a number nor a paper is named, or both are, or several papers begin
            there.
    """
    if (sent.number is None) == (sent.of is None):
        raise QueryError("Gửi «number» hoặc «of», một trong hai.")
    if sent.number is not None:
        return owner_number(sent.number)
    assert sent.of is not None
    record = asked.context.record(sent.of.dossier)
    if is_within(asked.visit.scope, record):
        check_hand_out(record)
        place = sent.of.page, sent.of.part or 0
        begun = [one for one in record.dossier.documents if one.begins_at(*place)]
        if len(begun) > 1:
            raise QueryError(
                f"Trang {sent.of.page} có {len(begun)} giấy tờ, không biết là của ai.",
                "Gửi thêm «part»: giấy tờ ở phần nào của trang, từ 1.",
            )
        if begun and (found := owners_of(begun[0])):
            return found[0]
    raise missing_record(sent.of.dossier)


def _paper(asked: Asked, held: HeldPaper) -> OwnedPaperAnswer:
    shown = sight_in_list(asked.context, asked.visit, held.record)
    place = held.number - 1
    told = held.validity
    if not shown.is_clear:
        told = without_birthday(held.document, told)
    return OwnedPaperAnswer(
        dossier=shown.dossier.id,
        code=shown.dossier.code,
        version=held.record.sequence,
        document=document_answer(place + 1, shown.dossier.documents[place]),
        validity=ValidityAnswer(state=told.state.value, until=told.until, rule=told.rule),
    )
