"""Route ``/ho-so/<code>``: leads from a dossier code, as it is printed on paper, to the dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import RedirectResponse, Response

from pipeline.access import may_hand_out
from pipeline.audit import Verb
from pipeline.errors import ObjectMissingError
from pipeline.joining.codes import dossiers_of
from pipeline.model import Record, Right
from search.text.entries import heading
from web.context import AppContext, Context
from web.masked.sight import sight_in_list
from web.people.gate import CurrentVisit, needs
from web.people.recording import record_act
from web.people.visits import Visit
from web.searches.cards import may_show
from web.urls import dossier_url


class _DossierCode(Convertor[str]):
    """Matches text with hyphens between its parts, as in codes; ids of the store have none."""

    regex = r"[0-9A-Za-z][0-9A-Za-z.]{0,40}(?:-[0-9A-Za-z.]{1,40}){1,4}"

    def convert(self, value: str) -> str:
        return value.upper()

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("dossier_code", _DossierCode())
router = APIRouter(prefix="/ho-so")


@dataclass(frozen=True, slots=True)
class Carrier:
    """One of several dossiers that carry a code."""

    title: str
    url: str
    unit: str | None
    received: datetime


@router.get("/{code:dossier_code}", dependencies=[needs(Right.SEARCH)])
def dossier_of_code(context: Context, visit: CurrentVisit, code: str) -> Response:
    """Lead to the dossier that carries a code, or to a choice where several do.

    Raises:
        ObjectMissingError: none that the visitor may know of carries it.
    """
    carriers = dossiers_of(code, context.archive, context.index)
    # A withheld dossier is found by nobody, so its code does not find it either.
    mine = [one for one in carriers if may_hand_out(one) and may_show(visit.scope, one)]
    record_act(
        context.audit, visit, Verb.SEARCH, detail={"what": "code", "found": len(mine)}, words=code
    )
    if not mine:
        raise ObjectMissingError(
            "Không có hồ sơ nào mang mã này trong kho.", "Kiểm tra lại mã, hoặc tìm bằng từ khóa."
        )
    if len(mine) == 1:
        return RedirectResponse(dossier_url(mine[0].dossier.id), 303)
    shown = [_carrier(context, visit, one) for one in mine]
    return context.render("code_choice.html", visit=visit, code=code, carriers=shown)


def _carrier(context: AppContext, visit: Visit, record: Record) -> Carrier:
    found = sight_in_list(context, visit, record).dossier
    return Carrier(heading(found).title, dossier_url(found.id), found.unit, found.received)
