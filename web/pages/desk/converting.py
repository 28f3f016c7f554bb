"""Route ``/ban-quet/chuyen``: a refused picture or document is turned into a PDF and taken in."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import RedirectResponse, Response

from ocr import convert_file
from pipeline.audit import Verb
from pipeline.desk.decisions import FileLine
from pipeline.desk.files import DeskAction, DeskFile
from pipeline.desk.refused_copy import copy_refused
from pipeline.errors import CorrectionRefusedError, RefusedScanError
from pipeline.intake.uploads import SentFile, UploadRefusedError
from pipeline.model import Right
from pipeline.private_files import private_root
from web.pages.desk.mending import mend, private_place, waiting_line
from web.people.gate import Asked, CurrentAsk, needs, own_post

router = APIRouter()


@router.post("/ban-quet/chuyen", dependencies=[needs(Right.UPLOAD), Depends(own_post)])
def convert(asked: CurrentAsk, key: Annotated[str, Form(alias="dong", max_length=200)]) -> Response:
    """Take a refused file in as a PDF, and close its line; the refused file stays where it is.

    Raises:
        CorrectionRefusedError: it is no such file, or somebody has done something about it.
        ObjectExistsError: somebody mends it at this moment.
        UploadRefusedError: it is not there any more, or cannot be turned into a PDF.
    """
    asked.record(Verb.RECEIVE, detail={"what": "convert"})
    with waiting_line(asked, key) as (target, file):
        if file.standing.action is not DeskAction.CONVERT:
            raise CorrectionRefusedError("Tệp này không chuyển sang PDF được ở đây.")
        _take_in(asked, target, file)
    return RedirectResponse("/ban-quet?bao=da-chuyen", status_code=303)


def _take_in(asked: Asked, target: FileLine, file: DeskFile) -> None:
    settings = asked.context.settings
    with asked.context.calls.upload_place(), private_place(private_root(settings.home)) as place:
        refused, made = place / "refused", place / "made"
        if not copy_refused(file, refused):
            raise UploadRefusedError(
                "Không thấy tệp này ở máy chủ nữa.", "Bấm «Thả lại tệp đã sửa» rồi chọn tệp PDF."
            )
        try:
            is_pdf = convert_file(refused, made, settings.reading)
        except RefusedScanError as error:
            raise UploadRefusedError(error.message, error.remedy) from error
        name = PurePosixPath(file.receipt.name).name
        with made.open("rb") as stream:
            mend(asked, target, file, [SentFile("x.pdf" if is_pdf else name, stream)])
