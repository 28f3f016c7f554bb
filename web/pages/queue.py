"""The queue: what is still queued, who reads it, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from starlette.responses import Response

from pipeline.intake import last_heartbeat
from pipeline.model import Dossier, Lease, Query, QueueEntry
from web.context import AppContext, Here
from web.labels import Label

SHOWN = 100  # oldest first; each costs a look at its record and lease

_WAITING = Label("Đang chờ", "quiet")
_READING = Label("Đang đọc", "good")
_SILENT = Label("Mất tín hiệu", "warn")


@dataclass(frozen=True, slots=True)
class Job:
    """A dossier in the queue."""

    entry: QueueEntry
    dossier: Dossier | None  # None: a marker without a record, which `sohoa doctor` explains
    lease: Lease | None  # of the attempt under way
    attempts: int  # since it was last asked for, the one under way included
    trouble: str  # what stopped the attempt before, for people
    state: Label
    done: int | None  # pages with a result; None while nobody can tell

    @property
    def total(self) -> int:
        """Pages of the dossier."""
        return len(self.dossier.page_refs()) if self.dossier else 0


@dataclass(frozen=True, slots=True)
class QueueShown:
    """The queue, oldest first."""

    jobs: tuple[Job, ...]
    total: int
    is_watched: bool  # whether a watcher gave a sign of life lately

    @property
    def hidden(self) -> int:
        """How many jobs are not listed."""
        return self.total - len(self.jobs)


def show_queue(context: AppContext) -> QueueShown:
    """Lay the queue out."""
    queued = context.archive.queued()
    leases = [(entry, context.archive.find_lease(entry.dossier)) for entry in queued[:SHOWN]]
    recipe = _latest_recipe(context) if any(lease for _, lease in leases) else ""
    jobs = tuple(_job(context, entry, lease, recipe) for entry, lease in leases)
    pulse = last_heartbeat(context.settings.home)
    return QueueShown(jobs, len(queued), pulse is not None and not pulse.is_silent)


def lease_state(lease: Lease | None, silence: timedelta) -> Label:
    """Tell whether owed work waits, is being read, or its worker fell silent.

    Args:
        lease: the newest since somebody last asked for the work.
        silence: after which a worker counts as lost.
    """
    if lease is None or lease.released:
        return _WAITING
    return _READING if datetime.now(UTC) - lease.beat < silence else _SILENT


def _job(context: AppContext, entry: QueueEntry, lease: Lease | None, recipe: str) -> Job:
    record = context.archive.find_record(entry.dossier)
    dossier = record.dossier if record else None
    is_recent = lease and lease.attempt > context.archive.open_entry(entry).attempts_before
    recent = lease if is_recent else None  # taken since somebody last asked for the work
    current = recent if recent and not recent.released else None
    silence = timedelta(seconds=context.settings.runs.lease_seconds)
    return Job(
        entry,
        dossier,
        current,
        recent.strikes + 1 if recent else 0,
        recent.trouble if recent else "",
        lease_state(recent, silence),
        _pages_done(context, dossier, recipe) if dossier and current and recipe else None,
    )


def _pages_done(context: AppContext, dossier: Dossier, recipe: str) -> int:
    return sum(context.archive.has_page(ref, recipe) for ref in dossier.page_refs())


def _latest_recipe(context: AppContext) -> str:
    """Return the recipe pages are read under now, as the newest digitised dossier tells it.

    The reading room knows no reader; after a change of recipe progress shows from the second
    dossier on.
    """
    for hit in context.index.find(Query("", {"state": "COMPLETE"}, limit=1)).hits:
        record = context.archive.find_record(hit.dossier)
        recipes = [note.recipe for note in record.dossier.pages if note.recipe] if record else []
        return recipes[-1] if recipes else ""
    return ""


router = APIRouter()


@router.get("/hang-doi")
def queue(context: Here) -> Response:
    """Show the queue."""
    return context.show("queue.html", shown=show_queue(context))
