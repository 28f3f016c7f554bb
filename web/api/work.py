"""Routes of what waits to be read: the queue, the state of a dossier, asking for a reading."""

from __future__ import annotations

from fastapi import Depends
from pydantic import Field

from pipeline.access import may_hand_out
from pipeline.audit import Verb
from pipeline.model import Right
from pipeline.stages import ask_again
from search.text.entries import WAITING, heading
from web.api.answers import ApiAnswer, Moment, Text
from web.api.calls import api_router
from web.context import AppContext
from web.labels import Label
from web.masked.sight import sight_in_list
from web.pages.desk.queue import LABELS, JobView, build_queue_view, find_job
from web.people.gate import CurrentAsk, in_scope, needs, own_call
from web.people.visits import Visit
from web.security import DossierId

router = api_router("work")

_STEPS: dict[Label, str] = dict(zip(LABELS, ("waiting", "reading", "silent"), strict=True))


class JobAnswer(ApiAnswer):
    """How far the reading of a dossier is."""

    since: Moment
    step: str = Field(description="waiting, reading, or silent: its worker gave no sign of life")
    attempts: int = Field(description="since somebody last asked, the one under way included")
    last_error: Text = Field(description="what stopped the attempt before; empty: nothing did")
    pages_done: int | None = Field(description="null: not known")
    pages: int
    run: str | None = Field(
        description="page of its run in Prefect; null: not known, or no right view_operation"
    )


class StateAnswer(ApiAnswer):
    """What became of a dossier so far."""

    dossier: str
    code: Text | None
    title: Text
    state: str = Field(description="WAITING, COMPLETE, PARTIAL, FAILED")
    queued: bool
    job: JobAnswer | None = Field(description="null: it does not wait to be read")
    reasons: tuple[Text, ...]


class QueuedAnswer(ApiAnswer):
    """A dossier that waits to be read."""

    dossier: str
    code: Text | None
    title: Text
    job: JobAnswer


class QueueAnswer(ApiAnswer):
    """The work queue, the oldest first; at most a hundred are listed."""

    total: int
    dossiers: tuple[QueuedAnswer, ...]


@router.get("/queue", dependencies=[needs(Right.VIEW_RECEIPTS)])
def work_queue(asked: CurrentAsk) -> QueueAnswer:
    """List the dossiers that wait to be read."""
    view = build_queue_view(asked.context, asked.visit)
    asked.record(Verb.LIST, detail={"what": "queue"})
    return QueueAnswer(total=view.total, dossiers=tuple(map(_queued, view.jobs)))


@router.get(
    "/dossiers/{dossier}/state", dependencies=[needs(Right.VIEW_RECEIPTS), Depends(in_scope)]
)
def dossier_state(asked: CurrentAsk, dossier: DossierId) -> StateAnswer:
    """Tell how a dossier ended, or how far it is; for whoever handed it in."""
    answer = _state(asked.context, asked.visit, dossier)
    asked.record(Verb.LIST, dossier=dossier, detail={"what": "state"})
    return answer


@router.post(
    "/dossiers/{dossier}/retry",
    status_code=202,
    dependencies=[needs(Right.RETRY), Depends(own_call), Depends(in_scope)],
)
def retry_dossier(asked: CurrentAsk, dossier: DossierId) -> StateAnswer:
    """Queue a dossier for another reading."""
    asked.record(Verb.RETRY, of=asked.context.record(dossier).dossier)
    ask_again(dossier, asked.context.archive, actor=asked.visit.actor)
    return _state(asked.context, asked.visit, dossier)


def _job(job: JobView) -> JobAnswer:
    return JobAnswer(
        since=job.entry.since,
        step=_STEPS[job.state],
        attempts=job.attempts,
        last_error=job.last_error,
        pages_done=job.done,
        pages=job.total,
        run=job.run or None,
    )


def _queued(job: JobView) -> QueuedAnswer:
    told = job.heading
    return QueuedAnswer(dossier=job.entry.dossier, code=told.code, title=told.title, job=_job(job))


def _state(context: AppContext, visit: Visit, dossier: str) -> StateAnswer:
    found = sight_in_list(context, visit, context.record(dossier)).dossier
    told, job = heading(found), find_job(context, visit, dossier)
    return StateAnswer(
        dossier=found.id,
        code=told.code,
        title=told.title,
        state=str(found.outcome or WAITING),
        queued=job is not None,
        job=_job(job) if job else None,
        reasons=found.reasons if may_hand_out(found) else (),
    )
