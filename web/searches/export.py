"""Writes the results of a search as a table for Excel: the dossiers a visit may see, masked.

A list says of a dossier what the search page says, no more; numbers of people stay masked, as in
every list. Cells are text or days, never formulas.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import xlsxwriter

from pipeline import clock
from pipeline.access import may_hand_out
from pipeline.errors import ServiceUnavailableError
from pipeline.model import Record, Right
from pipeline.plain_text import one_line
from pipeline.tables import table_row
from search.text.entries import heading
from web import labels
from web.context import AppContext
from web.masked.sight import sight_in_list
from web.people.visits import Visit
from web.scoped_search import find_within
from web.search_request import SearchRequest
from web.searches.cards import fetch_records, may_show

MOST = 2_000  # dossiers in a table
_AT_ONCE = 100  # dossiers that the index is asked for
_LONGEST_CELL = 1_000  # characters
_COLUMNS = {  # with their widths in a sheet
    "STT": 6, "Mã hồ sơ": 26, "Hồ sơ": 60, "Đơn vị": 30, "Ngày tiếp nhận": 14, "Ngày hẹn trả": 14,
    "Số trang": 9, "Tình trạng": 24, "Giấy tờ còn thiếu": 40, "Ngày quét": 14,
}  # fmt: skip

Cell = str | int | date | None


class ResultTable(NamedTuple):
    """The rows of a table, and how many dossiers were found, which may be more."""

    rows: tuple[tuple[Cell, ...], ...]
    total: int


def result_table(context: AppContext, visit: Visit, search: SearchRequest) -> ResultTable:
    """Return the first ``MOST`` dossiers of a search, in its order.

    Args:
        context: the handlers' context.
        visit: the visit of whoever asks.
        search: the search; the page of results does not matter.

    Raises:
        SearchUnavailableError: the index does not answer.
        ServiceUnavailableError: the store stopped answering; half a table would mislead.
    """
    query = replace(
        search.at_page(1).query,
        limit=_AT_ONCE,
        parts_of_numbers=Right.UNMASK in visit.rights,
    )
    rows: list[tuple[Cell, ...]] = []
    total = 0
    while len(rows) < MOST:
        found = find_within(context, query, visit.scope)
        total = total or found.total
        records, error = fetch_records(context, found.hits)
        if error:
            raise ServiceUnavailableError(error, "Hãy xuất lại sau ít phút.")
        shown = (records[hit.dossier] for hit in found.hits if hit.dossier in records)
        visible = (record for record in shown if may_show(visit.scope, record))
        rows += [_row(context, visit, record, len(rows) + at) for at, record in enumerate(visible)]
        if not found.next:
            break
        query = replace(query, after=found.next)
    return ResultTable(tuple(rows[:MOST]), total)


def as_csv(table: ResultTable) -> bytes:
    """Return a table as UTF-8 with the mark by which Excel knows it."""
    lines = [table_row(list(_COLUMNS))]
    lines += [table_row([_text(cell) for cell in row]) for row in table.rows]
    return "\ufeff".encode() + "".join(lines).encode()


def as_xlsx(table: ResultTable, about: Sequence[str]) -> bytes:
    """Return a table as a workbook: a sheet of dossiers, and one that says what they are.

    Args:
        table: the table.
        about: the lines of the second sheet.
    """
    file = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, {"in_memory": True, **plain}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left", "valign": "top"})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Hồ sơ")
        sheet.freeze_panes(1, 0)
        for at, (name, width) in enumerate(_COLUMNS.items()):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, name, bold)
        for line, row in enumerate(table.rows, 1):
            for at, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, at, cell, day)
                elif isinstance(cell, int):
                    sheet.write_number(line, at, cell, text)
                else:
                    sheet.write_string(line, at, _text(cell), text)
        sheet.autofilter(0, 0, len(table.rows), len(_COLUMNS) - 1)
        notes = book.add_worksheet("Về danh sách này")
        notes.set_column(0, 0, 100)
        for line, told in enumerate(about):
            notes.write_string(line, 0, _text(told), text)
    return file.getvalue()


def _row(context: AppContext, visit: Visit, record: Record, at: int) -> tuple[Cell, ...]:
    dossier = sight_in_list(context, visit, record).dossier
    told, is_open = heading(dossier), may_hand_out(dossier)
    state = labels.dossier_state(dossier.outcome).text
    scanned = clock.local(dossier.received).date()
    if not is_open:
        return (at + 1, told.code, told.title, "", None, None, None, state, "", scanned)
    lacking = "; ".join(one.name for one in dossier.lacking)
    days = (_day(dossier.find_day(name)) for name in ("received_on", "due_on"))
    pages = len(dossier.page_refs())
    return (at + 1, told.code, told.title, dossier.unit, *days, pages, state, lacking, scanned)


def _day(iso: str | None) -> Cell:
    try:
        return date.fromisoformat(iso) if iso else None
    except ValueError:  # a year alone
        return iso


def _text(cell: Cell) -> str:
    text = labels.day(cell) if isinstance(cell, date) else "" if cell is None else str(cell)
    return one_line(text)[:_LONGEST_CELL]


def described(search: SearchRequest, chips: Sequence[str], table: ResultTable) -> Iterator[str]:
    """Yield the lines that say what a table holds, and what it leaves out.

    Args:
        search: the search that found it.
        chips: its filters in words.
        table: the table.
    """
    yield f"Danh sách hồ sơ xuất lúc {labels.date_time(clock.now())}"
    yield f"Điều tìm: {search.text or '(không gõ gì: hồ sơ mới nhất)'}"
    yield from chips
    yield f"Có {labels.number(len(table.rows))} trong {labels.number(table.total)} hồ sơ tìm thấy"
    if table.total > len(table.rows):
        yield f"Một danh sách có nhiều nhất {labels.number(MOST)} hồ sơ: hãy lọc hẹp hơn."
    yield "Số định danh, điện thoại và dữ liệu cá nhân khác được che như trên trang tra cứu."
