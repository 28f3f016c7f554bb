"""Route ``/hang-doi``: the work queue, which worker has each dossier, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.model import EVERYTHING, Dossier, Lease, Query, QueueEntry, Right
from pipeline.operation.prefect_runs import run_page
from pipeline.page_edits.reading import plain_recipe
from search.text.entries import Heading, heading
from web.context import AppContext, Context
from web.labels import Label
from web.masked.sight import sight_in_list
from web.pages.operations.runs import pages_for
from web.people.gate import CurrentVisit, needs
from web.people.recording import record_act
from web.people.visits import Visit
from web.scoped_search import may_know

router = APIRouter()

MAX_JOBS = 100  # oldest first; each costs reading its record and its lease

_WAITING = Label("Đang chờ", "quiet")
_READING = Label("Đang đọc", "good")
_SILENT = Label("Mất tín hiệu", "warn")
LABELS = (_WAITING, _READING, _SILENT)


@router.get("/hang-doi", dependencies=[needs(Right.VIEW_RECEIPTS)])
def queue(context: Context, visit: CurrentVisit) -> Response:
    """Show the work queue."""
    view = build_queue_view(context, visit)
    record_act(context.audit, visit, Verb.LIST, detail={"what": "queue"})
    return context.render("queue.html", visit=visit, view=view)


@dataclass(frozen=True, slots=True)
class JobView:
    """A dossier in the queue."""

    entry: QueueEntry
    dossier: Dossier | None  # None: queued without a record, which `sohoa doctor` explains
    lease: Lease | None  # of the attempt under way
    attempts: int  # since it was last asked for, the one under way included
    last_error: str  # what stopped the attempt before, for people; empty when nothing did
    state: Label
    done: int | None  # pages with a result; None while nobody can tell
    run: str = ""  # page of its run in Prefect; empty: not known, or not for this visitor

    @property
    def heading(self) -> Heading:
        """What the dossier is called here: by its id where there is no record."""
        return heading(self.dossier) if self.dossier else Heading(None, self.entry.dossier)

    @property
    def total(self) -> int:
        """Number of pages of the dossier."""
        return len(self.dossier.page_refs()) if self.dossier else 0


@dataclass(frozen=True, slots=True)
class QueueView:
    """The queue page."""

    jobs: tuple[JobView, ...]  # oldest first
    total: int

    @property
    def hidden(self) -> int:
        """Number of queued dossiers that are not listed."""
        return self.total - len(self.jobs)


def build_queue_view(context: AppContext, visit: Visit) -> QueueView:
    """Build the queue page from the queue's entries and their leases, as far as a visit sees."""
    queued, scope = context.archive.queued(), visit.scope
    if scope != EVERYTHING:
        queued = tuple(one for one in queued if may_know(context, one.dossier, scope))
    first = {entry.dossier: entry for entry in reversed(queued)}  # of a dossier that waits twice
    queued = tuple(entry for entry in queued if first[entry.dossier] == entry)
    leases = [(entry, context.archive.find_lease(entry.dossier)) for entry in queued[:MAX_JOBS]]
    recipe = _latest_recipe(context) if any(lease for _, lease in leases) else ""
    jobs = tuple(_job(context, visit, entry, lease, recipe) for entry, lease in leases)
    return QueueView(jobs, len(queued))


def find_job(context: AppContext, visit: Visit, dossier: str) -> JobView | None:
    """Return how far a dossier is that waits to be read; None when it does not wait."""
    entry = next((one for one in context.archive.queued() if one.dossier == dossier), None)
    if entry is None:
        return None
    lease = context.archive.find_lease(dossier)
    return _job(context, visit, entry, lease, _latest_recipe(context) if lease else "")


def _job(
    context: AppContext, visit: Visit, entry: QueueEntry, lease: Lease | None, recipe: str
) -> JobView:
    record = context.archive.find_record(entry.dossier)
    dossier = sight_in_list(context, visit, record).dossier if record else None
    is_recent = lease and lease.attempt > context.archive.open_entry(entry).attempts_before
    recent = lease if is_recent else None  # taken since somebody last asked for the work
    current = recent if recent and not recent.released else None
    pages = pages_for(context, visit)
    silence = timedelta(seconds=context.settings.runs.lease_seconds)
    return JobView(
        entry=entry,
        dossier=dossier,
        lease=current,
        attempts=recent.strikes + 1 if recent else 0,
        last_error=recent.trouble if recent else "",
        state=lease_state(recent, silence),
        run=run_page(pages, recent),
        done=_pages_done(context, dossier, recipe) if dossier and current and recipe else None,
    )


def lease_state(lease: Lease | None, silence: timedelta) -> Label:
    """Return whether a queued dossier waits, is being read, or its worker fell silent.

    Args:
        lease: the newest lease since somebody last asked for the work; None when there is none.
        silence: the time without a sign of life after which a worker counts as lost.
    """
    if lease is None or lease.released:
        return _WAITING
    return _READING if datetime.now(UTC) - lease.beat < silence else _SILENT


def _pages_done(context: AppContext, dossier: Dossier, recipe: str) -> int:
    return sum(context.archive.has_page(ref, recipe) for ref in dossier.page_refs())


def _latest_recipe(context: AppContext) -> str:
    """Return the recipe pages are read under now, taken from the newest complete dossier.

    The web application has no reader to ask; after a change of recipe progress shows from the
    second dossier on.
    """
    for hit in context.index.find(Query("", {"state": "COMPLETE"}, limit=1)).hits:
        record = context.archive.find_record(hit.dossier)
        recipes = [note.recipe for note in record.dossier.pages if note.recipe] if record else []
        return plain_recipe(recipes[-1]) if recipes else ""
    return ""
