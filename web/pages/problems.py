"""Problems: dossiers that are not whole, and files that were refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter
from fastapi import Query as Parameter
from starlette.responses import Response

from pipeline.intake import refused_folder
from pipeline.model import Dossier, Outcome, PageNote, Query, Receipt, ReceiptStatus
from web.context import AppContext, Here
from web.pages.dossier_view import is_trouble
from web.pages.receipts import show_receipts, today
from web.urls import page_address

DAYS = 7  # of refused files; older ones are in their day's receipts
SHOWN = 50  # dossiers of each outcome; the search page lists them all


@dataclass(frozen=True, slots=True)
class TroubledPage:
    """A page somebody must look at."""

    number: int
    note: PageNote
    address: str


@dataclass(frozen=True, slots=True)
class TroubledDossier:
    """A dossier that is not whole."""

    dossier: Dossier
    pages: tuple[TroubledPage, ...]
    is_owed: bool  # somebody asked again already


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused file and where it lies."""

    folder: Path
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Troubled:
    """The dossiers of one outcome."""

    outcome: Outcome
    total: int
    dossiers: tuple[TroubledDossier, ...]  # newest first


@dataclass(frozen=True, slots=True)
class ProblemsShown:
    """The problems page."""

    troubled: tuple[Troubled, ...]
    refusals: tuple[Refusal, ...]  # newest first
    days: int = DAYS

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to worry about."""
        return not self.refusals and not any(kind.total for kind in self.troubled)


def show_problems(context: AppContext) -> ProblemsShown:
    """Lay out what needs a person."""
    queued = frozenset(entry.dossier for entry in context.archive.queued())
    troubled = tuple(_troubled(context, kind, queued) for kind in (Outcome.FAILED, Outcome.PARTIAL))
    return ProblemsShown(troubled, _refusals(context))


def _troubled(context: AppContext, outcome: Outcome, queued: frozenset[str]) -> Troubled:
    results = context.index.find(Query("", {"state": outcome}, limit=SHOWN))
    records = (context.archive.find_record(hit.dossier) for hit in results.hits)
    found = tuple(_dossier(record.dossier, queued) for record in records if record)
    return Troubled(outcome, results.total, found)


def _dossier(dossier: Dossier, queued: frozenset[str]) -> TroubledDossier:
    pages = tuple(
        TroubledPage(number, note, page_address(dossier.id, number))
        for number, note in enumerate(dossier.pages, 1)
        if is_trouble(note)
    )
    return TroubledDossier(dossier, pages, dossier.id in queued)


def _refusals(context: AppContext) -> tuple[Refusal, ...]:
    days = [today() - timedelta(days=ago) for ago in range(DAYS)]
    found = [
        Refusal(refused_folder(folder.folder), receipt)
        for day in days
        for folder in show_receipts(context, day).folders
        for receipt in folder.receipts
        if receipt.status is ReceiptStatus.REFUSED
    ]
    return tuple(sorted(found, key=lambda refusal: refusal.receipt.at, reverse=True))


router = APIRouter()


@router.get("/van-de")
def problems(
    context: Here, notice: Annotated[str, Parameter(alias="bao", max_length=20)] = ""
) -> Response:
    """Show dossiers that are not whole and files that were refused."""
    return context.show("problems.html", shown=show_problems(context), notice=notice)
