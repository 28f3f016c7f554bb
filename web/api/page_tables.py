"""Routes ``/api/v1/dossiers/{dossier}/pages/{number}/tables/…``: a page's tables as CSV or HTML."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query
from starlette.responses import Response

from pipeline.model import Right
from web.api.calls import api_router
from web.pages.dossiers import table_files
from web.pages.dossiers.table_files import CSV, HTML, TableNumber
from web.people.gate import CurrentAsk, in_scope, needs
from web.security import DossierId, PageNumber

router = api_router("dossiers")

WholeTable = Annotated[
    bool,
    Query(
        description="with the rows of other pages on which it stands, repeated headings left out"
    ),
]


@router.get(
    "/dossiers/{dossier}/pages/{number}/tables/{table}.csv",
    dependencies=[needs(Right.VIEW), Depends(in_scope)],
    response_class=Response,
    responses=CSV,
)
def csv_of_table(
    asked: CurrentAsk,
    dossier: DossierId,
    number: PageNumber,
    table: TableNumber,
    whole: WholeTable = False,  # noqa: FBT002 — a parameter of the address
) -> Response:
    """Return a ruled table of a page as CSV; a merged cell has its text in its first place."""
    return table_files.table_as_csv(asked, dossier, number, table, whole)


@router.get(
    "/dossiers/{dossier}/pages/{number}/tables/{table}.html",
    dependencies=[needs(Right.VIEW), Depends(in_scope)],
    response_class=Response,
    responses=HTML,
)
def html_of_table(
    asked: CurrentAsk,
    dossier: DossierId,
    number: PageNumber,
    table: TableNumber,
    whole: WholeTable = False,  # noqa: FBT002 — a parameter of the address
) -> Response:
    """Return a ruled table of a page as an HTML table; merged cells keep their spans."""
    return table_files.table_as_html(asked, dossier, number, table, whole)
