"""Routes ``…/fields``, ``…/boundaries`` and ``…/undo``: what a person mends of what was read."""

from __future__ import annotations

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from pipeline import corrections
from pipeline.audit import Verb
from pipeline.corrections import FieldAct, FieldChange
from pipeline.model import Right
from pipeline.versions import Act
from web.api.calls import api_router
from web.api.decided.decisions import Decision, DecisionAnswer, told_changes
from web.people.gate import CurrentAsk, in_scope, needs, own_call
from web.security import DossierId

router = api_router("corrections")

_DECIDES = [needs(Right.CORRECT), Depends(own_call), Depends(in_scope)]
_MOST_CHANGES = 100


class SentChange(BaseModel):
    """A decision about one field of one document."""

    model_config = ConfigDict(extra="forbid")

    document: int = Field(ge=1, le=100_000, description="its number within the dossier")
    field: str = Field(max_length=40, description="name of the field, such as issued_on")
    act: FieldAct = Field(description="confirm, correct (to value), reject: there is none")
    value: str = Field(default="", max_length=2_000, description="as people write it")


class SentChanges(Decision):
    """Decisions about fields: all of them are written, or none."""

    changes: tuple[SentChange, ...] = Field(min_length=1, max_length=_MOST_CHANGES)
    seen: int | None = Field(
        default=None,
        ge=1,
        description="version that was looked at: who decided about the same since is told",
    )


class SentBoundary(Decision):
    """Whether a page begins a document or continues the one before it."""

    page: int = Field(ge=1, le=1_000_000)
    begins: bool


class TakenBack(Decision):
    """The version whose decisions are taken back."""

    version: int = Field(ge=1, le=1_000_000)


@router.post("/dossiers/{dossier}/fields", dependencies=_DECIDES)
def mend_fields(asked: CurrentAsk, dossier: DossierId, sent: SentChanges) -> DecisionAnswer:
    """Confirm, correct or reject fields; no later reading changes what was decided."""
    record = asked.context.record(dossier)
    told = {"fields": ", ".join(change.field for change in sent.changes)}
    asked.record(Verb.CORRECT, of=record.dossier, detail=told)
    changes = [
        FieldChange(change.document, change.field, change.act, change.value)
        for change in sent.changes
    ]
    act, archive = Act(asked.visit.name, sent.reason), asked.context.archive
    written = corrections.amend(dossier, changes, archive, act, seen=sent.seen)
    return told_changes(asked.context, written)


@router.post("/dossiers/{dossier}/boundaries", dependencies=_DECIDES)
def cut_documents(asked: CurrentAsk, dossier: DossierId, sent: SentBoundary) -> DecisionAnswer:
    """Have a page begin a document, or continue the one before it."""
    record = asked.context.record(dossier)
    asked.record(Verb.CORRECT, of=record.dossier, detail={"boundary": sent.page})
    decide = corrections.begin_paper if sent.begins else corrections.continue_paper
    act = Act(asked.visit.name, sent.reason)
    return told_changes(asked.context, decide(dossier, sent.page, asked.context.archive, act))


@router.post("/dossiers/{dossier}/undo", dependencies=_DECIDES)
def take_back_version(asked: CurrentAsk, dossier: DossierId, sent: TakenBack) -> DecisionAnswer:
    """Take back what a version decided about fields or boundaries."""
    record = asked.context.record(dossier)
    asked.record(Verb.CORRECT, of=record.dossier, detail={"undone": sent.version})
    act = Act(asked.visit.name, sent.reason)
    done = corrections.undo(dossier, sent.version, asked.context.archive, act)
    return told_changes(asked.context, done)
