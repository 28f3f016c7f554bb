"""Route ``/tim/xuat``: the results of a search as a table for Excel (.xlsx, .csv)."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from pipeline import clock
from pipeline.audit import Verb
from pipeline.errors import SohoaError
from pipeline.model import Purpose, Right
from web.people.gate import CurrentAsk, needs, own_post
from web.search_filters import chips_of
from web.search_request import parse_request
from web.searches.export import as_csv, as_xlsx, described, result_table
from web.searches.links import LONGEST
from web.urls import SEALED

router = APIRouter()

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


class ExportRefusedError(SohoaError):
    """A list is asked for without a purpose, or of a search that cannot be opened."""

    http_status = 422


@router.post("/tim/xuat", dependencies=[needs(Right.EXPORT), Depends(own_post)])
def export_results(
    asked: CurrentAsk,
    sealed: Annotated[str, Form(alias=SEALED, max_length=LONGEST)] = "",
    chosen: Annotated[str, Form(alias="muc-dich", max_length=40)] = "",
    kind: Annotated[str, Form(alias="kieu", pattern="^(xlsx|csv)$")] = "xlsx",
) -> Response:
    """Hand out the list of the dossiers found; it is recorded before, with its purpose."""
    context, visit = asked.context, asked.visit
    told = context.search_links.open(visit, sealed)
    if told is None:
        raise ExportRefusedError("Kết quả tìm kiếm này đã hết hạn.", "Tìm lại rồi xuất.")
    if chosen not in set(Purpose):
        raise ExportRefusedError(
            "Chưa chọn mục đích xuất danh sách.", "Quay lại trang kết quả, chọn mục đích rồi xuất."
        )
    search = parse_request(told, 1)
    table = result_table(context, visit, search)
    detail = {"what": "results", "format": kind, "found": table.total, "shown": len(table.rows)}
    words = urlencode({"q": search.text, **search.filters}) if search.filters else search.text
    asked.record(Verb.EXPORT, detail=detail, words=words, purpose=chosen)
    chips = [f"{chip.name}: {chip.value}".removeprefix(": ") for chip in chips_of(search)]
    about = list(described(search, chips, table))
    content = as_xlsx(table, about) if kind == "xlsx" else as_csv(table)
    name = f"ket-qua-tra-cuu-{clock.now():%Y%m%d-%H%M}.{kind}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=_TYPES[kind], headers=disposition)
