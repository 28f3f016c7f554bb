"""Routes ``/ho-so/…/trang/…/bang/…``: a ruled table of a page as CSV or HTML, masked as the page.

With ``ca=1`` the rows on other pages of the same table come too. The API answers by the same
functions.
"""

from __future__ import annotations

from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.model import Right
from pipeline.model.table_text import PlacedText, cells_by_rows, text_by_rows
from pipeline.tables import table_row
from web.masked.sight import sight_to_hand_out
from web.pages.dossiers.whole_tables import TablePart, part_of_table, whole_table
from web.people.gate import Asked, CurrentAsk, in_scope, needs
from web.security import DossierId, PageNumber

router = APIRouter(prefix="/ho-so/{dossier}/trang")

TableNumber = Annotated[int, Path(ge=1, le=1_000, description="of the page, from 1")]
CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}, "description": "CSV"}}
HTML: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/html": {}}, "description": "a table element"}
}
_BOM = "\ufeff"  # spreadsheets take the file for UTF-8 by it
# The table with its parts on other pages of the dossier; the API's name for it differs.
Whole = Annotated[bool, Query(alias="ca", description="with its parts on other pages")]


@router.get("/{number}/bang/{table}.csv", dependencies=[needs(Right.VIEW), Depends(in_scope)])
def table_as_csv(
    asked: CurrentAsk,
    dossier: DossierId,
    number: PageNumber,
    table: TableNumber,
    whole: Whole = False,  # noqa: FBT002 — a parameter of the address
) -> Response:
    """Return a table as CSV; a merged cell has its text in its first place."""
    parts = _parts(asked, dossier, number, table, whole=whole)
    rows = [row for part in parts for row in text_by_rows(part.page, part.table)[part.repeated :]]
    pages = "-".join(dict.fromkeys(str(part.number) for part in (parts[0], parts[-1])))
    named = {"Content-Disposition": f'attachment; filename="trang-{pages}-bang-{table}.csv"'}
    content = _BOM + "".join(map(table_row, rows))
    return Response(content.encode(), media_type="text/csv; charset=utf-8", headers=named)


@router.get("/{number}/bang/{table}.html", dependencies=[needs(Right.VIEW), Depends(in_scope)])
def table_as_html(
    asked: CurrentAsk,
    dossier: DossierId,
    number: PageNumber,
    table: TableNumber,
    whole: Whole = False,  # noqa: FBT002 — a parameter of the address
) -> Response:
    """Return a table as an HTML table; merged cells keep their spans."""
    rows = []
    for part in _parts(asked, dossier, number, table, whole=whole):
        for cells in cells_by_rows(part.page, part.table)[part.repeated :]:
            rows.append(f"<tr>{''.join(map(_cell, cells))}</tr>\n")
    content = f"<table>\n{''.join(rows)}</table>\n"
    return Response(content.encode(), media_type="text/html; charset=utf-8")


def _cell(cell: PlacedText) -> str:
    spans = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    spans += f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    return f"<td{spans}>{escape(cell.text)}</td>"


def _parts(
    asked: Asked, dossier: str, number: int, table: int, *, whole: bool
) -> tuple[TablePart, ...]:
    """Return a table's parts as the asker may see them; the view of each page is recorded.

    Raises:
        ObjectMissingError: the page was not read, or has no such table.
    """
    sight = sight_to_hand_out(asked.context, asked.visit, dossier)
    parts = whole_table(sight, number, table) if whole else (part_of_table(sight, number, table),)
    for part in parts:
        asked.record(
            Verb.VIEW, of=sight.dossier, page=part.number, purpose=sight.disclosure.purpose
        )
    return parts
