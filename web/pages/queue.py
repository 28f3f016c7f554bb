"""The queue: what is still owed, who reads it, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from starlette.responses import Response

from pipeline.intake import last_pulse
from pipeline.model import Dossier, Lease, Pending, Query
from web.context import Here, Room
from web.labels import Label

SHOWN = 100  # oldest first; each costs a look at its record and lease

_WAITING = Label("Đang chờ", "quiet")
_READING = Label("Đang đọc", "good")
_SILENT = Label("Mất tín hiệu", "warn")


@dataclass(frozen=True, slots=True)
class Job:
    """A dossier in the queue."""

    pending: Pending
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


def show_queue(room: Room) -> QueueShown:
    """Lay the queue out."""
    owed = room.archive.owed()
    leases = [(pending, room.archive.find_lease(pending.dossier)) for pending in owed[:SHOWN]]
    recipe = _latest_recipe(room) if any(lease for _, lease in leases) else ""
    jobs = tuple(_job(room, pending, lease, recipe) for pending, lease in leases)
    pulse = last_pulse(room.settings.home)
    return QueueShown(jobs, len(owed), pulse is not None and not pulse.is_silent)


def lease_state(lease: Lease | None, silence: timedelta) -> Label:
    """Tell whether owed work waits, is being read, or its worker fell silent.

    Args:
        lease: the newest since somebody last asked for the work.
        silence: after which a worker counts as lost.
    """
    if lease is None or lease.released:
        return _WAITING
    return _READING if datetime.now(UTC) - lease.beat < silence else _SILENT


def _job(room: Room, pending: Pending, lease: Lease | None, recipe: str) -> Job:
    record = room.archive.find_record(pending.dossier)
    dossier = record.dossier if record else None
    is_recent = lease and lease.attempt > room.archive.attempts_before(pending)
    recent = lease if is_recent else None  # taken since somebody last asked for the work
    current = recent if recent and not recent.released else None
    silence = timedelta(seconds=room.settings.runs.lease_seconds)
    return Job(
        pending,
        dossier,
        current,
        recent.strikes + 1 if recent else 0,
        recent.trouble if recent else "",
        lease_state(recent, silence),
        _pages_done(room, dossier, recipe) if dossier and current and recipe else None,
    )


def _pages_done(room: Room, dossier: Dossier, recipe: str) -> int:
    return sum(room.archive.has_page(ref, recipe) for ref in dossier.page_refs())


def _latest_recipe(room: Room) -> str:
    """Return the recipe pages are read under now, as the newest digitised dossier tells it.

    The reading room knows no reader; after a change of recipe progress shows from the second
    dossier on.
    """
    for hit in room.index.find(Query("", {"state": "COMPLETE"}, limit=1)).hits:
        record = room.archive.find_record(hit.dossier)
        recipes = [note.recipe for note in record.dossier.pages if note.recipe] if record else []
        return recipes[-1] if recipes else ""
    return ""


router = APIRouter()


@router.get("/hang-doi")
def queue(room: Here) -> Response:
    """Show the queue."""
    return room.show("queue.html", shown=show_queue(room))
