"""Routes ``…/reuse`` and ``…/owner``: a held paper is used again; whose a paper is."""

from __future__ import annotations

from datetime import date

from fastapi import Depends
from pydantic import Field

from pipeline import clock, corrections
from pipeline.audit import Verb
from pipeline.corrections import PaperSeen, Reuse
from pipeline.model import OwnedPaper, Right
from pipeline.people.scopes import is_within
from pipeline.versions import Act, missing_record
from web.api.calls import api_router
from web.api.decided.decisions import Decision, DecisionAnswer, told_changes
from web.api.owners.owned import PaperPlace, SheetPart
from web.people.gate import CurrentAsk, in_scope, needs, own_call
from web.security import DossierId

router = api_router("owners")

_DECIDES = [needs(Right.CORRECT), Depends(own_call), Depends(in_scope)]


class SentReuse(Decision):
    """That a paper of another dossier of the same owner stands for a component."""

    component: str = Field(min_length=1, max_length=500, description="its name on the checklist")
    position: int | None = Field(
        default=None,
        ge=1,
        le=1_000,
        description="its place on the checklist, from 1; needed where several have that name",
    )
    held: PaperPlace = Field(description="where the paper lies")
    on: date | None = Field(default=None, description="day on which it must hold; null: today")


class SentOwner(Decision):
    """Whose a paper without a number is, or whose it is not."""

    page: int = Field(ge=1, le=1_000_000, description="its first page within the dossier")
    part: SheetPart = None
    seen: int | None = Field(
        default=None,
        ge=1,
        description="version in which it was suggested: who changed the paper since is told",
    )
    number: str = Field(min_length=9, max_length=30, description="identity number or tax code")
    is_theirs: bool = Field(description="false: it is no more suggested to anybody of that name")


@router.post("/dossiers/{dossier}/reuse", dependencies=_DECIDES)
def reuse_held_paper(asked: CurrentAsk, dossier: DossierId, sent: SentReuse) -> DecisionAnswer:
    """Have a held paper stand for a component that the dossier lacks; undo takes it back."""
    record, source = (asked.context.record(one) for one in (dossier, sent.held.dossier))
    if not is_within(asked.visit.scope, source):
        raise missing_record(sent.held.dossier)
    asked.record(Verb.VIEW, of=source.dossier, detail={"what": "reused"})
    asked.record(Verb.CORRECT, of=record.dossier, detail={"reused": sent.held.dossier})
    place = OwnedPaper(sent.held.dossier, sent.held.page, sent.held.part or 0)
    reuse = Reuse(sent.component, place, sent.on or clock.today(), sent.position)
    act = Act(asked.visit.name, sent.reason)
    written = corrections.reuse_paper(dossier, reuse, asked.context.archive, act)
    return told_changes(asked.context, written)


@router.post("/dossiers/{dossier}/owner", dependencies=_DECIDES)
def decide_paper_owner(asked: CurrentAsk, dossier: DossierId, sent: SentOwner) -> DecisionAnswer:
    """Say whose a paper is that carries no number; undo takes it back."""
    record = asked.context.record(dossier)
    told = {"owner": "confirmed" if sent.is_theirs else "rejected"}
    asked.record(Verb.CORRECT, of=record.dossier, detail=told)
    paper = PaperSeen(dossier, sent.page, sent.part or 0, sent.seen)
    act = Act(asked.visit.name, sent.reason)
    written = corrections.decide_owner(
        paper, sent.number, asked.context.archive, act, is_theirs=sent.is_theirs
    )
    return told_changes(asked.context, written)
