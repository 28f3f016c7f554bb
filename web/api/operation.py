"""Route ``/api/v1/operation``: the figures of the installation, as `sohoa status` prints them."""

from __future__ import annotations

from fastapi import Request
from pydantic import Field

from pipeline.audit import Verb
from pipeline.model import Right
from pipeline.operation.report import figures_row
from web.api.answers import ApiAnswer, Moment
from web.api.calls import api_router
from web.context import AppContext
from web.pages.operations.board import Board, board_of, sees_figures, slow_pages, unfinished
from web.people.gate import CurrentAsk, needs
from web.people.visits import Visit

router = api_router("work")

_FOR_ALL = frozenset({"at", "services", "troubles"})  # they count no papers


class ServiceAnswer(ApiAnswer):
    """A process or part of the installation."""

    name: str = Field(description="watch, worker, prefect, web, storage, search")
    is_well: bool
    since: Moment | None
    told: str = Field(description="Vietnamese: what is wrong, or where it is")


class FailureAnswer(ApiAnswer):
    """Why files were refused or pages not read in the last seven days."""

    reason: str = Field(description="Vietnamese; without names and numbers")
    count: int


class RunAnswer(ApiAnswer):
    """A run in Prefect that is worth a look; its page asks for Prefect's own password."""

    why: str = Field(description="slow_page, FAILED, PARTIAL")
    seconds: float | None = Field(description="of the slow page")
    page: str = Field(description="address of the run's page")


class OperationAnswer(ApiAnswer):
    """What runs, waits, failed and was last upkept.

    Figures count papers of all units: for whoever is limited to some they are null.
    """

    at: Moment
    services: tuple[ServiceAnswer, ...]
    queued: int | None
    oldest: Moment | None = Field(description="since when the oldest queued dossier waits")
    files: dict[str, int] | None = Field(description="of today, by status")
    outcomes: dict[str, int] | None = Field(description="dossiers that came today, by outcome")
    pages: int | None = Field(description="of dossiers that came today")
    pages_a_minute: float | None = Field(description="mean of the last hour")
    hours: tuple[int, ...] | None = Field(description="pages read in each of the last twelve hours")
    failures: tuple[FailureAnswer, ...] | None
    runs: tuple[RunAnswer, ...] | None = Field(
        description="of the slowest pages, and of dossiers that were not digitised wholly"
    )
    free: int | None = Field(description="bytes of the disk of the home")
    size: int | None
    days_left: int | None = Field(description="until the disk is full, an estimate")
    verified: Moment | None
    verify_faults: int | None
    verify_left: int | None
    backup: Moment | None
    backup_name: str | None
    backup_checked: Moment | None = Field(description="the last drill of restoring")
    backup_faults: int | None
    troubles: tuple[str, ...] = Field(description="names of the rules of alerts that hold")


@router.get("/operation", dependencies=[needs(Right.VIEW_OPERATION)])
def operation(request: Request, asked: CurrentAsk) -> OperationAnswer:
    """Tell what runs, waits, failed and was last upkept; no paper is shown."""
    board = board_of(request)
    asked.record(Verb.LIST, detail={"what": "operation"})
    row = figures_row(board.figures, board.services, board.troubles)
    row.pop("slowest")  # names dossiers
    row["runs"] = _runs(asked.context, asked.visit, board)
    if not sees_figures(asked.visit):
        row = {name: row[name] if name in _FOR_ALL else None for name in row}
    return OperationAnswer(**row)


def _runs(context: AppContext, visit: Visit, board: Board) -> tuple[RunAnswer, ...]:
    slow = slow_pages(context, visit, board.figures.slowest)
    told = [RunAnswer(why="slow_page", seconds=one.seconds, page=one.run) for one in slow]
    others = unfinished(context, visit)
    told += [RunAnswer(why=one.state, seconds=None, page=one.run) for one in others]
    return tuple(one for one in told if one.page)
