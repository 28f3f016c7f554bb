"""Routes ``/api/v1/receipts`` and ``/api/v1/problems``: how files ended, what needs a person."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import Field

from pipeline.audit import Verb
from pipeline.clock import today
from pipeline.model import Receipt, Right
from search.text.entries import WAITING
from web.api.answers import ApiAnswer, Moment, Text
from web.api.calls import api_router
from web.pages.desk.problems import ProblemDossierView, build_problems_view
from web.pages.desk.receipts import build_receipts_view
from web.people.gate import CurrentAsk, needs

router = api_router("work")

_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 31)


class ReceiptAnswer(ApiAnswer):
    """How one file ended."""

    name: Text
    status: str = Field(description="archived, duplicate, refused, or waiting: not taken yet")
    at: Moment
    dossier: str | None
    reason: Text
    remedy: Text
    size: int
    sha256: str | None


class FolderAnswer(ApiAnswer):
    """The receipts of one watched folder."""

    folder: Text = Field(description="its name, without the path")
    error: Text = Field(description="why the folder cannot be used; empty when it can")
    counts: dict[str, int]
    receipts: tuple[ReceiptAnswer, ...] = Field(description="those that wait, then newest first")


class ReceiptsAnswer(ApiAnswer):
    """The receipts of a day."""

    day: date
    folders: tuple[FolderAnswer, ...]


class ProblemAnswer(ApiAnswer):
    """A dossier that is not complete."""

    dossier: str
    code: Text | None
    title: Text
    state: str
    reasons: tuple[Text, ...]
    pages: tuple[int, ...] = Field(description="pages that somebody must look at")
    queued: bool
    may_retry: bool


class ProposedJoinAnswer(ApiAnswer):
    """A dossier of a known code; somebody says whether it is joined to the older one."""

    newer: str
    older: str
    code: Text | None
    may_join: bool = Field(description="false: the older one is withheld")


class RefusedFileAnswer(ApiAnswer):
    """A file that was refused and did not come again."""

    folder: Text
    receipt: ReceiptAnswer


class ProblemsAnswer(ApiAnswer):
    """What waits for a person: at most fifty of each kind."""

    totals: dict[str, int] = Field(description="outcome -> dossiers")
    dossiers: tuple[ProblemAnswer, ...]
    proposed_joins: tuple[ProposedJoinAnswer, ...]
    refused_files: tuple[RefusedFileAnswer, ...]


@router.get("/receipts", dependencies=[needs(Right.VIEW_RECEIPTS)])
def receipts_of_day(
    asked: CurrentAsk,
    day: Annotated[date | None, Query(ge=_FIRST, le=_LAST, description="today by default")] = None,
) -> ReceiptsAnswer:
    """Tell how each file that came on a day ended."""
    view = build_receipts_view(asked.context, day or today(), asked.visit)
    asked.record(Verb.LIST, detail={"what": "receipts", "day": str(view.day)})
    return ReceiptsAnswer(
        day=view.day,
        folders=tuple(
            FolderAnswer(
                folder=one.folder.name,
                error=one.error,
                counts={str(status): number for status, number in one.counts.items()},
                receipts=tuple(map(receipt_answer, one.receipts)),
            )
            for one in view.folders
        ),
    )


@router.get("/problems", dependencies=[needs(Right.VIEW_RECEIPTS)])
def open_problems(asked: CurrentAsk) -> ProblemsAnswer:
    """List incomplete dossiers, refused files, and joins that wait for a person."""
    view = build_problems_view(asked.context, asked.visit)
    asked.record(Verb.LIST, detail={"what": "problems"})
    return ProblemsAnswer(
        totals={str(group.outcome): group.total for group in view.groups},
        dossiers=tuple(_problem(one) for each in view.groups for one in each.dossiers),
        proposed_joins=tuple(
            ProposedJoinAnswer(
                newer=one.newer.id, older=one.older.id, code=one.heading.code, may_join=one.may_join
            )
            for one in view.proposed
        ),
        refused_files=tuple(
            RefusedFileAnswer(folder=one.folder.parent.name, receipt=receipt_answer(one.receipt))
            for one in view.refused_files
        ),
    )


def receipt_answer(receipt: Receipt) -> ReceiptAnswer:
    """Return how a file ended."""
    return ReceiptAnswer(
        name=receipt.name,
        status=str(receipt.status),
        at=receipt.at,
        dossier=receipt.dossier,
        reason=receipt.reason,
        remedy=receipt.remedy,
        size=receipt.size,
        sha256=receipt.sha256,
    )


def _problem(one: ProblemDossierView) -> ProblemAnswer:
    return ProblemAnswer(
        dossier=one.dossier.id,
        code=one.heading.code,
        title=one.heading.title,
        state=str(one.dossier.outcome or WAITING),
        reasons=one.dossier.reasons if one.may_retry else (),
        pages=tuple(page.number for page in one.pages),
        queued=one.is_queued,
        may_retry=one.may_retry,
    )
