"""Routes ``/api/v1/desk``, ``/api/v1/day-book``: what became of files, what people decide."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from ocr import draw_cover_sheets
from pipeline import corrections
from pipeline.audit import Verb
from pipeline.clock import today
from pipeline.desk import decisions
from pipeline.desk.day_book import day_book_json
from pipeline.model import Right
from pipeline.people.scopes import is_within
from pipeline.versions import Act, missing_record
from web.api.answers import ApiAnswer, Moment, Text
from web.api.calls import api_router
from web.api.decided.decisions import DecisionAnswer, told_changes
from web.api.handed_in import ReceiptAnswer, receipt_answer
from web.pages.desk.cover_sheets import MOST_SHEETS, SheetsAsked, sheets_of
from web.pages.desk.day_book import book_of_day
from web.pages.desk.desk_view import FileRow, file_row, find_file, gather_day, parse_key
from web.pages.desk.joining import PAIR
from web.pages.desk.mending import check_unmended
from web.pages.dossiers.dossier import PDF
from web.people.gate import CurrentAsk, in_scope, needs, own_call
from web.security import DossierId

router = api_router("work")

_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 31)
Day = Annotated[date | None, Query(ge=_FIRST, le=_LAST, description="today by default")]


class DeskFileAnswer(ApiAnswer):
    """A file of the day."""

    line: Text | None = Field(description="its name in decisions; null while it waits")
    receipt: ReceiptAnswer
    state: str = Field(description="todo: a person must do something; reading; done")
    told: Text
    reasons: tuple[Text, ...]
    code: Text | None
    papers: tuple[Text, ...]
    images: int = Field(description="pages of the file as it came")
    read: int = Field(description="of these, pages that were read or left out")
    decided_by: str | None
    decided_at: Moment | None


class DeskAnswer(ApiAnswer):
    """The files of a day, and whether papers may be put away."""

    day: date
    counts: dict[str, int] = Field(description="status of receipt -> files; they add up to all")
    states: dict[str, int]
    may_put_away: bool
    troubles: tuple[Text, ...] = Field(description="why more files may be there than are listed")
    files: tuple[DeskFileAnswer, ...]


class FileVerdictCall(BaseModel):
    """What somebody decided about a file; nothing else may be said."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    line: str = Field(max_length=120)
    verdict: Literal["left_out", "open"] = Field(description="open: take a decision back")
    reason: str = Field(default="", max_length=500)


class VerdictAnswer(ApiAnswer):
    """A decision as it is kept."""

    verdict: str
    at: Moment


class TwoSidesCall(BaseModel):
    """The other pass of a stack; nothing else may be said."""

    model_config = ConfigDict(extra="forbid")

    backs: str = Field(pattern=r"^[0-9a-f]{1,64}$", description="dossier of the other sides")


class CoverSheetsCall(BaseModel):
    """What sheets shall say; nothing else may be said."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(default="", max_length=60)
    procedure: str = Field(default="", max_length=60)
    components: list[str] = Field(default=[], max_length=MOST_SHEETS)
    separators: int = Field(default=0, ge=0, le=MOST_SHEETS)


@router.get("/desk", dependencies=[needs(Right.VIEW_RECEIPTS)])
def desk_of_day(asked: CurrentAsk, day: Day = None) -> DeskAnswer:
    """Tell what became of each file of a day, and what is to do."""
    desk = gather_day(asked.context, day or today(), asked.visit)
    asked.record(Verb.LIST, detail={"what": "desk", "day": str(desk.day)})
    rows = (file_row(asked.context, asked.visit, file) for file in desk.files)
    return DeskAnswer(
        day=desk.day,
        counts={str(status): number for status, number in desk.counts.items()},
        states={str(state): number for state, number in desk.states.items()},
        may_put_away=desk.may_put_away,
        troubles=desk.troubles,
        files=tuple(map(_file, rows)),
    )


@router.post("/desk/decisions", dependencies=[needs(Right.UPLOAD), Depends(own_call)])
def decide_about_file(asked: CurrentAsk, call: FileVerdictCall) -> VerdictAnswer:
    """Do nothing more with a file, for a reason; or take that back."""
    what = "left_out" if call.verdict == "left_out" else "reopened"
    asked.record(Verb.RECEIVE, detail={"what": what, "drop": parse_key(call.line).drop})
    target, _ = find_file(asked.context, asked.visit, call.line)
    check_unmended(asked, target)
    decide = decisions.leave_out if call.verdict == "left_out" else decisions.reopen
    kept = decide(target, asked.context.archive, Act(asked.visit.name, call.reason))
    return VerdictAnswer(verdict=str(kept.verdict), at=kept.at)


@router.get("/day-book", dependencies=[needs(Right.VIEW_RECEIPTS)])
def book_of_a_day(asked: CurrentAsk, day: Day = None) -> dict[str, Any]:
    """Return the book of a day, in the shape of `sohoa today --json`."""
    desk, book, _ = book_of_day(asked, day or today())
    return day_book_json(desk, book)


@router.post(
    "/dossiers/{dossier}/two-sides",
    dependencies=[needs(Right.JOIN), Depends(own_call), Depends(in_scope)],
)
def join_two_sides(asked: CurrentAsk, dossier: DossierId, call: TwoSidesCall) -> DecisionAnswer:
    """Put the passes of a stack together, sheet by sheet; this dossier has the fronts."""
    for each in (dossier, call.backs):
        record = asked.context.record(each)
        if not is_within(asked.visit.scope, record):
            raise missing_record(each)
        asked.record(Verb.JOIN, of=record.dossier, detail={"newer": call.backs, "older": dossier})
    act = Act(asked.visit.name, PAIR)
    done = corrections.join_sides(dossier, call.backs, asked.context.archive, act)
    return told_changes(asked.context, done.older, done.newer)


@router.post(
    "/cover-sheets",
    dependencies=[needs(Right.UPLOAD), Depends(own_call)],
    response_class=Response,
)
def cover_sheets_pdf(asked: CurrentAsk, call: CoverSheetsCall) -> Response:
    """Return cover sheets and separators as a PDF."""
    asked.record(Verb.LIST, detail={"what": "cover-sheets"})
    components = "\n".join(call.components)
    wanted = SheetsAsked(call.code, call.procedure, components, call.separators)
    return Response(draw_cover_sheets(sheets_of(wanted)), media_type=PDF)


def _file(row: FileRow) -> DeskFileAnswer:
    file, decision = row.file, row.file.decision if row.file.is_decided else None
    return DeskFileAnswer(
        line=row.key if file.line >= 0 else None,
        receipt=receipt_answer(row.receipt),
        state=str(file.state),
        told=file.standing.told,
        reasons=row.reasons,
        code=row.heading.code if row.heading else None,
        papers=row.papers,
        images=file.images,
        read=file.read,
        decided_by=decision.by if decision else None,
        decided_at=decision.at if decision else None,
    )
