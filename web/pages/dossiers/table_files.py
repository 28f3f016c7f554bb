"""Routes ``/ho-so/…/trang/…/bang/…``: a ruled table of a page as CSV or HTML, masked as the page.

The API answers by the same functions.
"""

from __future__ import annotations

from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.errors import ObjectMissingError
from pipeline.model import Page, PageTable, Right
from pipeline.model.table_text import cells_by_rows, text_by_rows
from pipeline.tables import table_row
from web.masked.sight import sight_to_hand_out
from web.people.gate import Asked, CurrentAsk, in_scope, needs
from web.security import DossierId, PageNumber

router = APIRouter(prefix="/ho-so/{dossier}/trang")

TableNumber = Annotated[int, Path(ge=1, le=1_000, description="of the page, from 1")]
CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}, "description": "CSV"}}
HTML: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/html": {}}, "description": "a table element"}
}
_BOM = "\ufeff"  # spreadsheets take the file for UTF-8 by it


@router.get("/{number}/bang/{table}.csv", dependencies=[needs(Right.VIEW), Depends(in_scope)])
def table_as_csv(
    asked: CurrentAsk, dossier: DossierId, number: PageNumber, table: TableNumber
) -> Response:
    """Return a table as CSV; a merged cell has its text in its first place."""
    page, found = _table(asked, dossier, number, table)
    content = _BOM + "".join(map(table_row, text_by_rows(page, found)))
    named = {"Content-Disposition": f'attachment; filename="trang-{number}-bang-{table}.csv"'}
    return Response(content.encode(), media_type="text/csv; charset=utf-8", headers=named)


@router.get("/{number}/bang/{table}.html", dependencies=[needs(Right.VIEW), Depends(in_scope)])
def table_as_html(
    asked: CurrentAsk, dossier: DossierId, number: PageNumber, table: TableNumber
) -> Response:
    """Return a table as an HTML table; merged cells keep their spans."""
    page, found = _table(asked, dossier, number, table)
    rows = []
    for cells in cells_by_rows(page, found):
        told = []
        for cell in cells:
            spans = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
            spans += f' colspan="{cell.columns}"' if cell.columns > 1 else ""
            told.append(f"<td{spans}>{escape(cell.text)}</td>")
        rows.append(f"<tr>{''.join(told)}</tr>\n")
    content = f"<table>\n{''.join(rows)}</table>\n"
    return Response(content.encode(), media_type="text/html; charset=utf-8")


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
            "Xem số bảng của trang ở trang ấy, hoặc trong phần tables của lời đáp về trang.",
        )
    asked.record(Verb.VIEW, of=sight.dossier, page=number, purpose=sight.disclosure.purpose)
    return page, page.tables[table - 1]
