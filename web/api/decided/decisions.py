"""Routes ``…/join`` and ``…/separate``: a person's decision about a later drop of the same code."""

from __future__ import annotations

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from pipeline import corrections
from pipeline.audit import Verb
from pipeline.errors import CorrectionRefusedError
from pipeline.model import Record, Right
from pipeline.people.scopes import is_within
from pipeline.versions import Act, missing_record
from web.api.answers import ApiAnswer
from web.api.calls import api_router
from web.context import AppContext
from web.pages.mending.fields import publish_or_queue
from web.people.gate import Asked, CurrentAsk, in_scope, needs, own_call
from web.security import DossierId

router = api_router("decisions")


class Decision(BaseModel):
    """What a person decided; nothing else may be said."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: str = Field(default="", max_length=500, description="kept in the history")


class JoinDecision(Decision):
    """That a dossier belongs to an earlier one."""

    into: str | None = Field(
        default=None,
        pattern=r"^[0-9a-f]{1,64}$",
        description="id of the dossier that gets the files; null: the proposed one",
    )
    replace_file: str | None = Field(
        default=None,
        max_length=400,
        description="the only new file takes the place of this one; null: all are appended",
    )
    seen: int | None = Field(
        default=None,
        ge=1,
        description="version of the receiving dossier: who changed it since is told",
    )


class ChangedAnswer(ApiAnswer):
    """A dossier that the decision changed."""

    dossier: str
    sequence: int
    action: str
    joined_into: str | None


class DecisionAnswer(ApiAnswer):
    """What the decision changed."""

    changed: tuple[ChangedAnswer, ...]


@router.post(
    "/dossiers/{dossier}/join",
    dependencies=[needs(Right.JOIN), Depends(own_call), Depends(in_scope)],
)
def join_dossier(asked: CurrentAsk, dossier: DossierId, decision: JoinDecision) -> DecisionAnswer:
    """Hand the files of a dossier over to an earlier one, which is read again."""
    newer = asked.context.record(dossier).dossier
    older = decision.into or newer.joined_into or newer.proposed_join
    if older is None:
        raise CorrectionRefusedError(
            f"Hồ sơ {dossier} không chờ nhập vào hồ sơ nào.", "Nói rõ hồ sơ nhận ở «into»."
        )
    _record(asked, Verb.JOIN, dossier, older)
    act = Act(asked.visit.name, decision.reason)
    replaces = decision.replace_file or ""
    corrections.check_dossier_seen(older, decision.seen, asked.context.archive)
    done = corrections.join(dossier, older, asked.context.archive, act, replaces=replaces)
    return told_changes(asked.context, done.older, done.newer)


@router.post(
    "/dossiers/{dossier}/separate",
    dependencies=[needs(Right.JOIN), Depends(own_call), Depends(in_scope)],
)
def separate_dossier(asked: CurrentAsk, dossier: DossierId, decision: Decision) -> DecisionAnswer:
    """Say that a dossier is another one than that of its code; take it out where it was joined."""
    newer, archive = asked.context.record(dossier).dossier, asked.context.archive
    act = Act(asked.visit.name, decision.reason)
    if newer.joined_into:
        _record(asked, Verb.SEPARATE, dossier, newer.joined_into)
        done = corrections.part(dossier, archive, act)
        return told_changes(asked.context, done.older, done.newer)
    asked.record(Verb.SEPARATE, of=newer)
    return told_changes(asked.context, corrections.separate(dossier, archive, act))


def _record(asked: Asked, verb: Verb, newer: str, older: str) -> None:
    """Record what happens to two dossiers, at each of them.

    Raises:
        ObjectMissingError: the visitor may not know the older one.
    """
    records = {dossier: asked.context.record(dossier) for dossier in (newer, older)}
    if not is_within(asked.visit.scope, records[older]):
        raise missing_record(older)
    for record in records.values():
        asked.record(verb, of=record.dossier, detail={"newer": newer, "older": older})


def told_changes(context: AppContext, *records: Record) -> DecisionAnswer:
    """Bring the changed dossiers to the index, and tell what changed.

    One that waits to be read is published when it is.
    """
    for record in records:
        if record.dossier.outcome is not None or record.dossier.joined_into:
            publish_or_queue(context, record)
    return DecisionAnswer(
        changed=tuple(
            ChangedAnswer(
                dossier=record.dossier.id,
                sequence=record.sequence,
                action=record.action,
                joined_into=record.dossier.joined_into,
            )
            for record in records
        )
    )
