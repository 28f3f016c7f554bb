"""Route ``/van-de``: incomplete dossiers, refused files, and joins that wait for a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter
from fastapi import Query as Parameter
from starlette.responses import Response

from pipeline.access import may_hand_out
from pipeline.audit import Verb
from pipeline.clock import today
from pipeline.desk.decisions import decided, is_closed
from pipeline.intake import read_receipts, refused_folder
from pipeline.joining.open_refusals import ReceiptLine, open_refusals
from pipeline.model import EVERYTHING, Dossier, Outcome, PageNote, Query, Receipt, Right, Scope
from pipeline.people.scopes import is_own_drop, is_within
from search.text.entries import Heading, heading
from web.context import AppContext, Context
from web.masked.sight import sight_in_list
from web.pages.dossiers.papers_view import needs_review
from web.people.disclosure import masked_receipt
from web.people.gate import CurrentVisit, needs
from web.people.recording import record_act
from web.people.visits import Visit
from web.scoped_search import find_within
from web.urls import page_url

router = APIRouter()

DAYS = 7  # of refused files; older ones are on their day's page of receipts
MAX_DOSSIERS = 50  # of each outcome; the search page lists them all


@router.get("/van-de", dependencies=[needs(Right.VIEW_RECEIPTS)])
def problems(
    context: Context,
    visit: CurrentVisit,
    notice: Annotated[str, Parameter(alias="bao", max_length=20)] = "",
) -> Response:
    """Show incomplete dossiers, files that were refused, and joins that wait for a person."""
    view = build_problems_view(context, visit)
    record_act(context.audit, visit, Verb.LIST, detail={"what": "problems"})
    return context.render("problems.html", visit=visit, view=view, notice=notice)


@dataclass(frozen=True, slots=True)
class ProblemPageView:
    """A page somebody must look at."""

    number: int  # within the dossier, from 1
    note: PageNote
    url: str


@dataclass(frozen=True, slots=True)
class ProblemDossierView:
    """A dossier that is not complete."""

    dossier: Dossier
    heading: Heading
    pages: tuple[ProblemPageView, ...]
    is_queued: bool  # somebody asked for another reading already
    may_retry: bool  # nobody reads a withheld dossier again


@dataclass(frozen=True, slots=True)
class ProblemGroupView:
    """The dossiers of one outcome."""

    outcome: Outcome
    total: int
    dossiers: tuple[ProblemDossierView, ...]  # newest first, at most MAX_DOSSIERS


@dataclass(frozen=True, slots=True)
class ProposedJoinView:
    """A dossier of a known code, and the one that a person may join it to."""

    newer: Dossier
    heading: Heading
    older: Dossier
    older_heading: Heading

    @property
    def may_join(self) -> bool:
        """Whether it can be joined: nothing is joined to a withheld dossier."""
        return may_hand_out(self.older)


@dataclass(frozen=True, slots=True)
class RefusedFileView:
    """A refused file and the folder it lies in."""

    folder: Path
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class ProblemsView:
    """The problems page."""

    groups: tuple[ProblemGroupView, ...]
    refused_files: tuple[RefusedFileView, ...]  # newest first
    proposed: tuple[ProposedJoinView, ...]  # newest first, at most MAX_DOSSIERS
    days: int = DAYS

    @property
    def is_empty(self) -> bool:
        """Whether there is no incomplete dossier, no refused file and nothing to decide."""
        has_files = self.refused_files or self.proposed
        return not has_files and not any(group.total for group in self.groups)


def build_problems_view(context: AppContext, visit: Visit) -> ProblemsView:
    """Build the problems page: incomplete dossiers from the index, refused files from receipts.

    Args:
        context: the handlers' context.
        visit: whoever sees it; a refused file is of the unit that its drop names, or else for who
            may know of every dossier.
    """
    queued = frozenset(entry.dossier for entry in context.archive.queued())
    outcomes = (Outcome.FAILED, Outcome.PARTIAL)
    groups = (_group(context, outcome, queued, visit) for outcome in outcomes)
    proposed = tuple(islice(_proposed(context, visit), MAX_DOSSIERS))
    return ProblemsView(tuple(groups), _refused_files(context, visit), proposed)


def _group(
    context: AppContext, outcome: Outcome, queued: frozenset[str], visit: Visit
) -> ProblemGroupView:
    results = find_within(context, Query("", {"state": outcome}, limit=MAX_DOSSIERS), visit.scope)
    records = (context.archive.find_record(hit.dossier) for hit in results.hits)
    known = (record for record in records if record and is_within(visit.scope, record))
    seen = (sight_in_list(context, visit, record).dossier for record in known)
    dossiers = tuple(_dossier(dossier, queued) for dossier in seen)
    return ProblemGroupView(outcome, results.total, dossiers)


def _dossier(dossier: Dossier, queued: frozenset[str]) -> ProblemDossierView:
    pages = tuple(
        ProblemPageView(number, note, page_url(dossier.id, number))
        for number, note in enumerate(dossier.pages, 1)
        if needs_review(note) and may_hand_out(dossier)
    )
    is_queued = dossier.id in queued
    return ProblemDossierView(dossier, heading(dossier), pages, is_queued, may_hand_out(dossier))


def _proposed(context: AppContext, visit: Visit) -> Iterator[ProposedJoinView]:
    """Yield the dossiers that wait for a person to say whether they are joined, newest first."""
    for dossier in islice(reversed(context.archive.proposals()), 10 * MAX_DOSSIERS):
        record = context.archive.find_record(dossier)
        if record is None or not record.dossier.proposed_join or not may_hand_out(record):
            continue  # decided since; or withheld, and then nobody may decide
        older = context.archive.find_record(record.dossier.proposed_join)
        if older and is_within(visit.scope, record) and is_within(visit.scope, older):
            newer = sight_in_list(context, visit, record).dossier
            first = sight_in_list(context, visit, older).dossier
            yield ProposedJoinView(newer, heading(newer), first, heading(first))


def _refused_files(context: AppContext, visit: Visit) -> tuple[RefusedFileView, ...]:
    days = [today() - timedelta(days=ago) for ago in range(DAYS)]
    lines = [line for day in days for line in _receipt_lines(context, day, visit.scope)]
    closed = frozenset(chain.from_iterable(_closed(context, day) for day in days))
    files = [
        RefusedFileView(refused_folder(line.folder), masked_receipt(visit, line.receipt))
        for line in open_refusals(lines, context.archive)
        if (line.drop, line.receipt) not in closed
    ]
    return tuple(sorted(files, key=lambda file: file.receipt.at, reverse=True))


def _closed(context: AppContext, day: date) -> Iterator[tuple[str, Receipt]]:
    """Yield the lines of a day about which somebody decided at the desk."""
    known = decided(day, context.archive)
    for drop in context.archive.receipts(day) if known else ():
        for at, receipt in enumerate(drop.receipts):
            if is_closed(known.get((drop.drop, at))):
                yield drop.drop, receipt


def _receipt_lines(context: AppContext, day: date, scope: Scope) -> Iterator[ReceiptLine]:
    of_record = tuple(context.archive.receipts(day))
    for folder in context.settings.intake_folders:
        mine = [drop for drop in of_record if drop.folder == str(folder.absolute())]
        own = [drop for drop in mine if is_own_drop(scope, drop, context.archive)]
        yield from (ReceiptLine(folder, one.drop, each) for one in own for each in one.receipts)
        if not mine and scope == EVERYTHING:  # before 0.2 receipts lay in the folder alone
            with suppress(OSError):
                old = read_receipts(folder, day)
                yield from (ReceiptLine(folder, "", each) for each in old)
