"""Route ``…/components``: a person's word about a component of the checklist of a dossier."""

from __future__ import annotations

from typing import Literal

from fastapi import Depends
from pydantic import Field

from pipeline import corrections
from pipeline.audit import Verb
from pipeline.corrections import Marking
from pipeline.model import MarkKind, Right
from pipeline.versions import Act
from web.api.calls import api_router
from web.api.decided.decisions import Decision, DecisionAnswer, told_changes
from web.people.gate import CurrentAsk, in_scope, needs, own_call
from web.security import DossierId

router = api_router("decisions")


class SentMarking(Decision):
    """What became of a component of the checklist."""

    component: str = Field(min_length=1, max_length=500, description="its name on the checklist")
    position: int | None = Field(
        default=None,
        ge=1,
        le=1_000,
        description="its place on the checklist, from 1; needed where several have that name",
    )
    mark: Literal["on_paper", "shown", "exempt", "none"] = Field(
        description="none: an earlier mark is taken off; exempt needs a reason"
    )
    pages: tuple[int, ...] = Field(
        default=(), max_length=50, description="where it is, of on_paper; numbers from 1"
    )
    seen: int | None = Field(
        default=None, ge=1, description="version that was looked at: who decided since is told"
    )


@router.post(
    "/dossiers/{dossier}/components",
    dependencies=[needs(Right.CORRECT), Depends(own_call), Depends(in_scope)],
)
def mark_component(asked: CurrentAsk, dossier: DossierId, sent: SentMarking) -> DecisionAnswer:
    """Say that a component is on pages, was only shown, or is not digitised; take that back."""
    record = asked.context.record(dossier)
    asked.record(Verb.CORRECT, of=record.dossier, detail={"marked": sent.mark})
    kind = None if sent.mark == "none" else MarkKind(sent.mark)
    marking = Marking(sent.component, kind, sent.pages, sent.position)
    act = Act(asked.visit.name, sent.reason)
    written = corrections.mark_component(
        dossier, marking, asked.context.archive, act, seen=sent.seen
    )
    return told_changes(asked.context, written)
