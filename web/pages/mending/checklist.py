"""Route ``/ho-so/…/thanh-phan``: a person marks a component of the checklist, or takes that off."""

from __future__ import annotations

import re
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Form
from starlette.responses import RedirectResponse, Response

from pipeline import corrections
from pipeline.access import check_hand_out
from pipeline.audit import Verb
from pipeline.corrections import Marking
from pipeline.corrections.seen import version_seen
from pipeline.errors import CorrectionRefusedError
from pipeline.model import Component, MarkKind, Record, Right
from pipeline.versions import Act
from web.context import AppContext
from web.pages.dossiers.checklist_view import SentMark
from web.pages.dossiers.dossier import show_dossier
from web.pages.dossiers.dossier_view import DossierRequest
from web.pages.mending.fields import publish_or_queue
from web.people.gate import CurrentAsk, in_scope, needs, own_post
from web.security import DossierId
from web.urls import dossier_url

router = APIRouter(prefix="/ho-so")

_MOST_PAGES, _MOST_DIGITS = 50, 7


class _MarkForm(NamedTuple):
    version: int  # of the dossier, as the person saw it
    position: int  # of the component on its checklist then, from 1
    kind: MarkKind | None  # None: the mark is taken off
    pages: str
    why: str

    def marking(self, shown: Component) -> Marking:
        """Return what was decided about a component.

        Raises:
            CorrectionRefusedError: the pages are no numbers.
        """
        pages = page_numbers(self.pages) if self.kind is MarkKind.ON_PAPER else ()
        return Marking(shown.name, self.kind, pages, self.position)


def page_numbers(typed: str) -> tuple[int, ...]:
    """Return the numbers of pages that a person typed, in time linear in the text's length.

    Raises:
        CorrectionRefusedError: something else stands there too, or too many or too long numbers.
    """
    numbers = re.findall("[0-9]+", typed)
    is_list = re.fullmatch(r"[0-9\s,;]*", typed) is not None
    if not is_list or len(numbers) > _MOST_PAGES or any(len(n) > _MOST_DIGITS for n in numbers):
        raise CorrectionRefusedError(
            "Trang là các số cách nhau bằng dấu phẩy.", f"Ví dụ: 2, hoặc 2, 3 (đến {_MOST_PAGES})."
        )
    return tuple(map(int, numbers))


def _sent(
    version: Annotated[int, Form(alias="ban", ge=1)],
    position: Annotated[int, Form(alias="thanh-phan", ge=1, le=1_000)],
    kind: Annotated[MarkKind | None, Form(alias="la")] = None,
    pages: Annotated[str, Form(alias="trang", max_length=400)] = "",
    why: Annotated[str, Form(alias="vi-sao", max_length=500)] = "",
) -> _MarkForm:
    return _MarkForm(version, position, kind, pages, why)


@router.post(
    "/{dossier}/thanh-phan",
    dependencies=[needs(Right.CORRECT), Depends(own_post), Depends(in_scope)],
)
def mark(
    asked: CurrentAsk, dossier: DossierId, sent: Annotated[_MarkForm, Depends(_sent)]
) -> Response:
    """Say what became of a component, or show the page again with why that cannot be."""
    context, visit = asked.context, asked.visit
    record = context.record(dossier)
    told = {"component": sent.position, "marked": sent.kind or "no"}
    asked.record(Verb.CORRECT, of=record.dossier, detail=told)
    try:
        marking = sent.marking(_shown(context, record, sent))
        act = Act(visit.name, sent.why)
        written = corrections.mark_component(
            dossier, marking, context.archive, act, seen=sent.version
        )
    except CorrectionRefusedError as error:
        why = f"{error.message} {error.remedy}"
        refused = SentMark(sent.position, sent.kind or "", sent.pages, sent.why, why)
        return show_dossier(asked, dossier, DossierRequest(), refused=refused)
    publish_or_queue(context, written)
    target = f"{dossier_url(dossier)}?ban={written.sequence}#thanh-phan-{sent.position}"
    return RedirectResponse(target, status_code=303)


def _shown(context: AppContext, record: Record, sent: _MarkForm) -> Component:
    """Return the component that the person pointed at.

    Raises:
        CorrectionRefusedError: there was none at that place.
    """
    check_hand_out(record)
    listed = version_seen(record, sent.version, context.archive).components
    if sent.position > len(listed):
        raise CorrectionRefusedError(
            "Danh mục của hồ sơ không có thành phần này.", "Tải lại trang để xem danh mục."
        )
    return listed[sent.position - 1]
