"""Routes ``/ban-quet/so-ngay``: the book of a day to print, and as .xlsx."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from pipeline import clock
from pipeline.audit import Verb
from pipeline.desk.day import DeskDay
from pipeline.desk.day_book import DayBook, day_book
from pipeline.desk.spreadsheet import MEDIA_TYPE, day_book_xlsx
from pipeline.model import Record, Right
from web.day_pages import DayView
from web.masked.sight import sight_in_list
from web.pages.desk.desk_view import gather_day, parse_day
from web.pages.dossiers.dossier import attachment
from web.people.gate import Asked, CurrentAsk, needs

router = APIRouter(prefix="/ban-quet")

Day = Annotated[str, Query(alias="ngay", max_length=20)]


@dataclass(frozen=True, slots=True)
class DayBookView(DayView):
    """The day book to print."""

    book: DayBook
    with_names: bool


@router.get("/so-ngay", dependencies=[needs(Right.VIEW_RECEIPTS)])
def print_view(asked: CurrentAsk, day: Day = "") -> Response:
    """Show the book of a day as it is printed."""
    wanted = parse_day(day)
    _, book, with_names = book_of_day(asked, wanted)
    view = DayBookView(wanted, clock.today(), book, with_names)
    return asked.context.render("day_book.html", visit=asked.visit, view=view)


@router.get("/so-ngay.xlsx", dependencies=[needs(Right.VIEW_RECEIPTS)])
def workbook(asked: CurrentAsk, day: Day = "") -> Response:
    """Download the book of a day as a workbook."""
    _, book, _ = book_of_day(asked, parse_day(day))
    return workbook_response(book)


def book_of_day(asked: Asked, day: date) -> tuple[DeskDay, DayBook, bool]:
    """Return a day, the book made of it, recorded as an export, and whether it has names in it.

    Names of people and files are for whoever may export and see personal data: a list of a whole
    day has no purpose of one dossier, so its account must hold both rights.
    """
    visit = asked.visit
    with_names = visit.may(Right.EXPORT) and (visit.is_demonstration or visit.may(Right.UNMASK))
    detail = {"what": "day_book", "day": str(day), "names": int(with_names)}
    asked.record(Verb.EXPORT, detail=detail)

    def masked(record: Record) -> Record:
        return sight_in_list(asked.context, visit, record).record

    desk = gather_day(asked.context, day, visit)
    return desk, day_book(desk, with_names=with_names, masked=masked), with_names


def workbook_response(book: DayBook) -> Response:
    """Return a workbook that browsers save."""
    name = f"so-ngay-{book.day:%Y-%m-%d}.xlsx"
    headers = {"Content-Disposition": attachment(name)}
    return Response(day_book_xlsx(book), media_type=MEDIA_TYPE, headers=headers)
