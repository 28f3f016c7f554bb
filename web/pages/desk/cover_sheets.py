"""Route ``/ban-quet/to-bia``: cover sheets and separators to be printed, as a PDF."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from ocr import draw_cover_sheets
from pipeline.documents import find_dossier_code
from pipeline.documents.extract.identifiers import find_procedure_codes
from pipeline.documents.machine_readable.cover_sheets import MOST_LETTERS, CoverSheet, encoded
from pipeline.errors import CorrectionRefusedError
from pipeline.model import Right
from pipeline.model.page import SignKind
from web.pages.dossiers.dossier import PDF, attachment
from web.people.gate import CurrentAsk, needs, own_post

router = APIRouter(prefix="/ban-quet")

MOST_SHEETS = 200


class SheetsAsked(NamedTuple):
    """What sheets are to say, as somebody typed it."""

    code: str = ""
    procedure: str = ""
    components: str = ""  # one a line
    separators: int = 0


def _wanted(
    code: Annotated[str, Form(alias="ma", max_length=60)] = "",
    procedure: Annotated[str, Form(alias="thu-tuc", max_length=60)] = "",
    components: Annotated[str, Form(alias="giay-to", max_length=10_000)] = "",
    separators: Annotated[int, Form(alias="phan-cach", ge=0, le=MOST_SHEETS)] = 0,
) -> SheetsAsked:
    return SheetsAsked(code.strip(), procedure.strip(), components.strip(), separators)


@router.get("/to-bia", dependencies=[needs(Right.UPLOAD)])
def form(asked: CurrentAsk) -> Response:
    """Show the form."""
    return asked.context.render(
        "cover_sheets.html", visit=asked.visit, wanted=SheetsAsked(), error=""
    )


@router.post("/to-bia", dependencies=[needs(Right.UPLOAD), Depends(own_post)])
def draw(asked: CurrentAsk, wanted: Annotated[SheetsAsked, Depends(_wanted)]) -> Response:
    """Return the sheets as a PDF, or the form again with what is wrong."""
    try:
        made = draw_cover_sheets(sheets_of(wanted))
    except CorrectionRefusedError as error:
        return asked.context.render(
            "cover_sheets.html", visit=asked.visit, wanted=wanted, error=error.message, status=422
        )
    headers = {"Content-Disposition": attachment("to-bia.pdf")}
    return Response(made, media_type=PDF, headers=headers)


def sheets_of(wanted: SheetsAsked) -> list[CoverSheet]:
    """Return the sheets that somebody asks for.

    Raises:
        CorrectionRefusedError: something cannot be printed; the message says what.
    """
    code = wanted.code.upper()
    if code and find_dossier_code(code) != code:
        raise CorrectionRefusedError("Mã hồ sơ không đúng, ví dụ H26.12.23-260701-0001.")
    if wanted.procedure and find_procedure_codes(wanted.procedure) != [wanted.procedure]:
        raise CorrectionRefusedError("Mã thủ tục không đúng, ví dụ 1.001193.")
    components = [line.strip() for line in wanted.components.splitlines() if line.strip()]
    sheets = [
        CoverSheet(SignKind.COVER, code, wanted.procedure, component)
        for component in components or [""]
        if code or wanted.procedure or component
    ]
    sheets += [CoverSheet(SignKind.SEPARATOR)] * wanted.separators
    if not sheets or len(sheets) > MOST_SHEETS:
        raise CorrectionRefusedError(f"Chọn từ một đến {MOST_SHEETS} tờ để in.")
    try:
        for sheet in sheets:
            encoded(sheet)
    except ValueError as error:
        raise CorrectionRefusedError(
            f"Tên giấy tờ không có dấu |, dài nhất {MOST_LETTERS} chữ."
        ) from error
    return sheets
