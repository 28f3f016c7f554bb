"""Routes ``/api/v1/dossiers/{dossier}/pages/{number}/tables/…``: a page's tables as CSV or HTML."""

from __future__ import annotations

from html import escape
from typing import Annotated, Any

from fastapi import Depends, Path
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.errors import ObjectMissingError
from pipeline.model import Page, PageTable, Right
from pipeline.model.table_text import cell_texts, text_by_rows
from pipeline.tables import table_row
from web.api.calls import api_router
from web.masked.sight import sight_to_hand_out
from web.people.gate import Asked, CurrentAsk, in_scope, needs
from web.security import DossierId, PageNumber

router = api_router("dossiers")

TableNumber = Annotated[int, Path(ge=1, le=1_000, description="of the page, from 1")]
_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}, "description": "CSV"}}
_HTML: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/html": {}}, "description": "a table element"}
}
_BOM = "\ufeff"  # spreadsheets take the file for UTF-8 by it


@router.get(
    "/dossiers/{dossier}/pages/{number}/tables/{table}.csv",
    dependencies=[needs(Right.VIEW), Depends(in_scope)],
    response_class=Response,
    responses=_CSV,
)
def table_as_csv(
    asked: CurrentAsk, dossier: DossierId, number: PageNumber, table: TableNumber
) -> Response:
    """Return a ruled table of a page as CSV; a merged cell has its text in its first place."""
    page, found = _table(asked, dossier, number, table)
    content = _BOM + "".join(map(table_row, text_by_rows(page, found)))
    return Response(content.encode(), media_type="text/csv; charset=utf-8")


@router.get(
    "/dossiers/{dossier}/pages/{number}/tables/{table}.html",
    dependencies=[needs(Right.VIEW), Depends(in_scope)],
    response_class=Response,
    responses=_HTML,
)
def table_as_html(
    asked: CurrentAsk, dossier: DossierId, number: PageNumber, table: TableNumber
) -> Response:
    """Return a ruled table of a page as an HTML table; merged cells keep their spans."""
    page, found = _table(asked, dossier, number, table)
    rows: dict[int, list[str]] = {row: [] for row in range(1, found.rows + 1)}
    for cell, text in zip(found.cells, cell_texts(page, found), strict=True):
        spans = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
        spans += f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
        rows[cell.row].append(f"<td{spans}>{escape(text)}</td>")
    content = "".join(f"<tr>{''.join(cells)}</tr>\n" for cells in rows.values())
    return Response(f"<table>\n{content}</table>\n".encode(), media_type="text/html; charset=utf-8")


def _table(asked: Asked, dossier: str, number: int, table: int) -> tuple[Page, PageTable]:
    """Return a page as the asker may see it, and one of its tables; the view is recorded.

    Raises:
        ObjectMissingError: the page was not read, or has no such table.
    """
    sight = sight_to_hand_out(asked.context, asked.visit, dossier)
    page = sight.page(number)
    if page is None or table > len(page.tables):
        raise ObjectMissingError(
            f"Trang {number} không có bảng số {table}.",
            "Xem số bảng của trang trong phần tables của lời đáp về trang.",
        )
    asked.record(Verb.VIEW, of=sight.dossier, page=number)
    return page, page.tables[table - 1]
