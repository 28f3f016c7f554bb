"""Route ``/van-hanh``: what runs, waits, failed and was last upkept, for whoever operates it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from pipeline import clock
from pipeline.access import may_hand_out
from pipeline.audit import Verb
from pipeline.errors import RecordError, SearchUnavailableError, SohoaError
from pipeline.model import EVERYTHING, Outcome, Query, ReceiptStatus, Record, Right
from pipeline.operation.alerts import RULES, troubles
from pipeline.operation.figures import DAYS, FigureGatherer, Figures, SlowPage
from pipeline.operation.report import NAMES, backup_text, balance_text, verify_text
from pipeline.operation.services import Service, services_of, this_process
from pipeline.people.scopes import is_within
from web.context import AppContext, Context
from web.pages.operations.runs import pages_for, run_of
from web.people.gate import CurrentVisit, needs
from web.people.recording import record_act
from web.people.visits import Visit
from web.urls import dossier_url, page_url

router = APIRouter()

KEPT_SECONDS = 15.0  # how old figures may be; Prometheus asks as often
MOST_UNFINISHED = 10  # dossiers of each state that are listed
_MAKING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Board:
    """The figures of a moment, with the state of all parts."""

    figures: Figures
    services: tuple[Service, ...]
    troubles: tuple[str, ...]  # names of rules


class KeptBoard:
    """Gathers figures for all visitors, at most every few seconds."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._gatherer = FigureGatherer(context.archive, context.settings.home)
        self._lock = threading.Lock()
        self._at = float("-inf")
        self._board: Board | None = None

    def get(self) -> Board:
        """Return figures a few seconds old at most. Raises ``StorageUnavailableError``."""
        with self._lock:
            if self._board is None or time.monotonic() - self._at >= KEPT_SECONDS:
                self._board = self._gather()
                self._at = time.monotonic()
            return self._board

    def _gather(self) -> Board:
        figures = self._gatherer.gather()
        context = self._context
        services = (
            *services_of(context.settings),
            this_process("web"),
            Service("storage", is_well=True),
            _index(context),
        )
        return Board(figures, services, tuple(troubles(figures, services, context.settings)))


def board_of(request: Request) -> Board:
    """Return the board of an application. Raises ``StorageUnavailableError``."""
    state = request.app.state
    with _MAKING:
        if not hasattr(state, "board"):
            state.board = KeptBoard(state.context)
    kept: KeptBoard = state.board
    return kept.get()


@dataclass(frozen=True, slots=True)
class SlowPageView:
    """A slow page; without address where the visitor may not see it."""

    seconds: float
    name: str
    url: str
    run: str  # page of the dossier's last run in Prefect; empty: not known


@dataclass(frozen=True, slots=True)
class UnfinishedView:
    """A dossier that was not digitised as a whole; without address as a slow page."""

    name: str
    state: str  # FAILED, PARTIAL
    url: str
    run: str


@dataclass(frozen=True, slots=True)
class BoardView:
    """The operators' page."""

    board: Board
    names: dict[str, str]  # of services
    told: tuple[str, ...]  # what operators should know now
    balance: str
    verify: tuple[bool, str]
    backup: tuple[bool, str]
    slowest: tuple[SlowPageView, ...]
    unfinished: tuple[UnfinishedView, ...]
    runs: str  # address of Prefect's runs; empty where it is not known
    refused: int
    is_whole: bool  # figures of all units are shown, not services and alerts alone

    @property
    def bars(self) -> tuple[tuple[int, int], ...]:
        """Pages of each of the last hours, each with its height of 40."""
        hours = self.board.figures.hours
        most = max(*hours, 1)
        return tuple((pages, max(1, round(40 * pages / most)) if pages else 0) for pages in hours)


@router.get("/van-hanh", dependencies=[needs(Right.VIEW_OPERATION)])
def operation(request: Request, context: Context, visit: CurrentVisit) -> Response:
    """Show the figures of the installation."""
    board = board_of(request)
    record_act(context.audit, visit, Verb.LIST, detail={"what": "operation"})
    figures = board.figures
    view = BoardView(
        board,
        NAMES,
        tuple(RULES[name].begins for name in board.troubles if not _is_told_above(visit, name)),
        balance_text(figures),
        verify_text(figures),
        backup_text(figures),
        slow_pages(context, visit, figures.slowest),
        unfinished(context, visit),
        f"{pages}/runs" if (pages := pages_for(context, visit)) else "",
        figures.today.files[ReceiptStatus.REFUSED],
        sees_figures(visit),
    )
    return context.render("operation.html", visit=visit, view=view)


def sees_figures(visit: Visit) -> bool:
    """Tell whether a visitor sees figures: they count papers of all units and types.

    Those who manage accounts run the installation and see all figures, whatever their scope is.
    """
    return visit.scope == EVERYTHING or Right.MANAGE_ACCOUNTS in visit.rights


def slow_pages(
    context: AppContext, visit: Visit, pages: Sequence[SlowPage]
) -> tuple[SlowPageView, ...]:
    """Return the slowest pages, named for those alone who may see their dossiers.

    Figures of past days are kept: what was withheld or joined since is left out here.
    """
    found = ((page, _open_record(context, page.dossier)) for page in pages)
    return tuple(_slow_page(context, visit, page, record) for page, record in found if record)


def _open_record(context: AppContext, dossier: str) -> Record | None:
    try:
        record = context.archive.find_record(dossier)
    except RecordError:  # `sohoa verify` names it
        return None
    return record if record and may_hand_out(record) else None


def unfinished(context: AppContext, visit: Visit) -> tuple[UnfinishedView, ...]:
    """Return the newest dossiers of the last days that were not digitised, or not wholly.

    Args:
        context: the handlers' context.
        visit: the visit of somebody who sees figures of all units.
    """
    since = (clock.today() - timedelta(days=DAYS)).isoformat()
    found = []
    for state in (Outcome.FAILED, Outcome.PARTIAL):
        query = Query("", {"state": str(state), "received_from": since}, limit=MOST_UNFINISHED)
        with suppress(SearchUnavailableError):  # the table of services says so
            found += [(hit.dossier, str(state)) for hit in context.index.find(query).hits]
    records = ((state, _open_record(context, dossier)) for dossier, state in found)
    return tuple(_unfinished(context, visit, state, one) for state, one in records if one)


def _unfinished(context: AppContext, visit: Visit, state: str, record: Record) -> UnfinishedView:
    dossier = record.dossier
    run = run_of(context, visit, dossier.id)
    if not _may_name(visit, record):
        return UnfinishedView("một hồ sơ", state, "", run)
    return UnfinishedView(dossier.code or dossier.id, state, dossier_url(dossier.id), run)


def _slow_page(context: AppContext, visit: Visit, page: SlowPage, record: Record) -> SlowPageView:
    run = run_of(context, visit, page.dossier)
    if not _may_name(visit, record):
        return SlowPageView(page.seconds, f"một hồ sơ, trang {page.number}", "", run)
    name = f"{record.dossier.code or record.dossier.id}, trang {page.number}"
    return SlowPageView(page.seconds, name, page_url(page.dossier, page.number), run)


def _may_name(visit: Visit, record: Record) -> bool:
    return Right.VIEW in visit.rights and is_within(visit.scope, record)


def _is_told_above(visit: Visit, rule: str) -> bool:
    """Tell whether every page says it to this visitor already."""
    return rule == "watch" and Right.VIEW_RECEIPTS in visit.rights


def _index(context: AppContext) -> Service:
    try:
        context.index.find(Query("", limit=1))
    except SohoaError as error:
        return Service("search", is_well=False, told=error.message)
    return Service("search", is_well=True)
