"""Routes ``/ho-so/…/muc-dich`` and ``…/che-lai``: choose what unmasked data is looked at for."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import Response

from pipeline.audit import Verb
from pipeline.model import Purpose, Right
from web.masked.sight import Sight, sight_to_hand_out
from web.people.disclosure import purpose_path
from web.people.gate import Asked, CurrentAsk, in_scope, needs, own_post
from web.people.returning import go_to, safe_path
from web.security import DossierId
from web.urls import dossier_url

router = APIRouter(prefix="/ho-so/{dossier}")

_FILE_NUMBER = re.compile(r"(?!.*\d{9})[\w./ -]{0,60}")  # no number of a person


@router.get("/muc-dich", dependencies=[needs(Right.UNMASK), Depends(in_scope)])
def purpose(
    asked: CurrentAsk,
    dossier: DossierId,
    back: Annotated[str, Query(alias="ve", max_length=1_000)] = "",
) -> Response:
    """Ask what a dossier is to be looked at for."""
    sight = sight_to_hand_out(asked.context, asked.visit, dossier)
    return go_to(_target(sight, back)) if sight.is_clear else _form(asked, sight, back)


@router.post("/muc-dich", dependencies=[needs(Right.UNMASK), Depends(own_post), Depends(in_scope)])
def choose(
    asked: CurrentAsk,
    dossier: DossierId,
    chosen: Annotated[str, Form(alias="muc-dich", max_length=40)] = "",
    file_number: Annotated[str, Form(alias="so", max_length=200)] = "",
    back: Annotated[str, Form(alias="ve", max_length=1_000)] = "",
) -> Response:
    """Keep the purpose for half an hour, and go on to what was wanted."""
    sight = sight_to_hand_out(asked.context, asked.visit, dossier)
    number, session = file_number.strip(), asked.visit.session
    accounts = asked.context.visits.accounts()
    if session is None or accounts is None:  # the demonstration, where nothing is masked
        return go_to(_target(sight, back))
    if chosen not in set(Purpose):
        return _form(asked, sight, back, number, "Chưa chọn mục đích.")
    if not _FILE_NUMBER.fullmatch(number):
        problem = "Số văn bản chỉ gồm chữ, số, dấu chấm, gạch; không ghi số định danh của ai."
        return _form(asked, sight, back, "", problem)
    told = {"file_number": number} if number else {}
    asked.record(Verb.UNMASK, of=sight.dossier, detail=told, purpose=chosen)
    accounts.purposes.choose(session.id, dossier, Purpose(chosen), number)
    return go_to(_target(sight, back))


@router.post("/che-lai", dependencies=[needs(Right.UNMASK), Depends(own_post), Depends(in_scope)])
def mask_again(asked: CurrentAsk, dossier: DossierId) -> Response:
    """Mask a dossier again before the half hour is over."""
    session, accounts = asked.visit.session, asked.context.visits.accounts()
    if session is not None and accounts is not None:
        of = asked.context.record(dossier).dossier
        asked.record(Verb.VIEW, of=of, detail={"what": "masked again"})
        accounts.purposes.drop(session.id, dossier)
    return go_to(dossier_url(dossier))


def _form(asked: Asked, sight: Sight, back: str, number: str = "", problem: str = "") -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    told = {"back": _target(sight, back), "number": number, "problem": problem}
    return asked.context.render(
        "purpose.html", visit=asked.visit, sight=sight, status=status, **told
    )


def _target(sight: Sight, back: str) -> str:
    """Return where to go on: to a page or file of this dossier and to nothing else."""
    path, own = safe_path(back), dossier_url(sight.dossier.id)
    about = (own, f"/quay{own}", f"/kho/{sight.dossier.id}")
    is_own = path in about or path.startswith(tuple(f"{one}{end}" for one in about for end in "/?"))
    is_here = path.startswith(purpose_path(sight.dossier.id))
    return path if is_own and not is_here else own
