"""Route ``/bien-nhan``: the receipts of a day, by watched folder, with their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.clock import today
from pipeline.desk.waiting import CANNOT_OPEN, received_meanwhile, waiting_files
from pipeline.intake import (
    FolderHeartbeat,
    last_heartbeat,
    read_receipts,
)
from pipeline.model import EVERYTHING, DropReceipts, Receipt, ReceiptStatus, Right, Scope
from pipeline.people.scopes import is_own_drop, is_within
from pipeline.settings import Settings
from web.context import AppContext, Context
from web.day_pages import DayView
from web.people.disclosure import masked_receipt
from web.people.gate import CurrentVisit, needs
from web.people.recording import record_act
from web.people.visits import Visit

router = APIRouter()

_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 31)  # days that have a day before and after


@router.get("/bien-nhan", dependencies=[needs(Right.VIEW_RECEIPTS)])
def receipts(
    context: Context,
    visit: CurrentVisit,
    day: Annotated[date | None, Query(alias="ngay", ge=_FIRST, le=_LAST)] = None,
) -> Response:
    """Show how each file dropped on a day ended."""
    view = build_receipts_view(context, day or today(), visit)
    told = {"what": "receipts", "day": str(view.day)}
    record_act(context.audit, visit, Verb.LIST, detail=told)
    return context.render("receipts.html", visit=visit, view=view)


@dataclass(frozen=True, slots=True)
class FolderView:
    """The receipts of one watched folder on one day."""

    folder: Path
    receipts: tuple[Receipt, ...]  # files without a receipt yet, then receipts, newest first
    error: str = ""  # why the folder cannot be used; empty when it can

    @property
    def counts(self) -> dict[ReceiptStatus, int]:
        """Number of files by status; their sum is the number of dropped files."""
        counter = Counter(receipt.status for receipt in self.receipts)
        return {status: counter[status] for status in ReceiptStatus}

    @property
    def dropped(self) -> int:
        """Number of dropped files."""
        return len(self.receipts)


@dataclass(frozen=True, slots=True)
class ReceiptsView(DayView):
    """The receipts page."""

    folders: tuple[FolderView, ...]


def build_receipts_view(context: AppContext, day: date, visit: Visit) -> ReceiptsView:
    """Build the receipts page of a day; for today, files still waiting are listed as well.

    Args:
        context: the handlers' context.
        day: the day, by the office's clock.
        visit: whoever sees it; a file without a dossier is of the unit that its drop names, or
            else for who may know of every dossier.
    """
    scope = visit.scope
    settings, folders = context.settings, context.settings.intake_folders
    heartbeat = last_heartbeat(settings.home)
    states = [heartbeat.of(path) if heartbeat else FolderHeartbeat(path) for path in folders]
    began = datetime.now(UTC)  # what waits is listed before the receipts (``waiting_files``)
    listed = [_listed(settings, state) if day == today() else () for state in states]
    of_record = tuple(context.archive.receipts(day))
    is_received = received_meanwhile(of_record, began)
    views = tuple(
        _folder(state, day, of_record, _without_receipt(state, waits, is_received))
        for state, waits in zip(states, listed, strict=True)
    )
    if scope != EVERYTHING:
        own = (one for one in of_record if is_own_drop(scope, one, context.archive))
        refused = frozenset(line for one in own for line in one.receipts if not line.dossier)
        views = tuple(_within(context, scope, view, refused) for view in views)
    views = tuple(
        replace(view, receipts=tuple(masked_receipt(visit, one) for one in view.receipts))
        for view in views
    )
    return ReceiptsView(day, today(), views)


def _within(
    context: AppContext, scope: Scope, view: FolderView, refused: frozenset[Receipt]
) -> FolderView:
    named = {line.dossier for line in view.receipts if line.dossier}
    records = {dossier: context.archive.find_record(dossier) for dossier in named}
    known = {dossier for dossier, record in records.items() if record and is_within(scope, record)}
    shown = (one for one in view.receipts if one.dossier in known or one in refused)
    return replace(view, receipts=tuple(shown))


def _listed(settings: Settings, state: FolderHeartbeat) -> tuple[tuple[str, Receipt], ...] | None:
    """Return what waits in a folder and its spool; None where they cannot be listed."""
    try:
        return tuple(waiting_files(settings, state))
    except OSError:
        return None


def _without_receipt(
    state: FolderHeartbeat,
    listed: Sequence[tuple[str, Receipt]] | None,
    is_received: Callable[[Path, str, Receipt], bool],
) -> tuple[Receipt, ...] | None:
    if listed is None:
        return None
    return tuple(one for claim, one in listed if not is_received(state.folder, claim, one))


def _folder(
    state: FolderHeartbeat,
    day: date,
    of_record: Sequence[DropReceipts],
    pending: tuple[Receipt, ...] | None,
) -> FolderView:
    mine = [one for one in of_record if one.folder == str(state.folder.absolute())]
    try:
        # Days before version 0.2 have their receipts in the watched folder alone.
        ended = tuple(line for one in mine for line in one.receipts) or read_receipts(
            state.folder, day
        )
    except OSError:
        pending = None
    if pending is None:
        return FolderView(state.folder, (), state.trouble or CANNOT_OPEN)
    return FolderView(state.folder, (*pending, *reversed(ended)), state.trouble)
