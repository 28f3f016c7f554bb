"""Route ``/ban-quet/ho-so-mau``: an empty store takes in sample dossiers, to try it out."""

from __future__ import annotations

import io

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from ocr import draw_sample_dossiers
from pipeline.audit import Verb
from pipeline.desk.claims import claimed
from pipeline.errors import CorrectionRefusedError
from pipeline.intake.uploads import SentFile
from pipeline.model import Right
from web.pages.desk.mending import keep
from web.pages.first_steps import find_first_steps
from web.people.gate import CurrentAsk, needs, own_post

router = APIRouter()


@router.post("/ban-quet/ho-so-mau", dependencies=[needs(Right.UPLOAD), Depends(own_post)])
def send_samples(asked: CurrentAsk) -> Response:
    """Give the sample dossiers to the intake, while nothing has come yet.

    Raises:
        CorrectionRefusedError: the store has dossiers, or something waits already.
        ObjectExistsError: somebody gives them at this moment.
    """
    asked.record(Verb.RECEIVE, detail={"what": "samples"})
    with claimed(asked.context.settings.home, "samples"):  # a double click
        steps = find_first_steps(asked.context, asked.visit)
        if steps is None or not steps.may_try:
            raise CorrectionRefusedError(
                "Hồ sơ mẫu chỉ được thả vào một kho chưa có tệp nào.",
                "Mở bàn quét để xem các tệp đã tới.",
            )
        for sample in draw_sample_dossiers():
            keep(asked, "", [SentFile(sample.name, io.BytesIO(sample.pdf))])
    return RedirectResponse("/ban-quet?bao=da-gui-mau", status_code=303)
