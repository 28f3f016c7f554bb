"""Routes ``/ho-so/…/giay/…``: a person mends the fields of a paper, cuts papers, and takes back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path
from starlette.responses import RedirectResponse, Response

from pipeline import corrections, stages
from pipeline.access import check_hand_out
from pipeline.audit import Verb
from pipeline.errors import CorrectionRefusedError, ObjectMissingError, SearchUnavailableError
from pipeline.model import Document, Record, Right
from pipeline.versions import Act
from web.context import AppContext, Context
from web.pages.mending.form import SentForm, paper_form, sent_form
from web.people.disclosure import check_clear
from web.people.gate import CurrentVisit, in_scope, needs, own_post
from web.people.recording import record_act
from web.security import DossierId

router = APIRouter(prefix="/ho-so")

_LOOKS = [needs(Right.CORRECT), Depends(in_scope)]
_DECIDES = [needs(Right.CORRECT), Depends(own_post), Depends(in_scope)]
PaperNumber = Annotated[int, Path(ge=1, le=100_000)]


@router.get("/{dossier}/giay/{number}", dependencies=_LOOKS)
def edit(
    context: Context, visit: CurrentVisit, dossier: DossierId, number: PaperNumber
) -> Response:
    """Show the form that mends the fields of a paper."""
    record = _record(context, dossier, number)
    purpose = check_clear(context, visit, dossier).purpose  # what is masked cannot be mended
    record_act(context.audit, visit, Verb.VIEW, record.dossier, purpose=purpose)
    return context.render("paper_edit.html", visit=visit, form=paper_form(record, number))


@router.post("/{dossier}/giay/{number}", dependencies=_DECIDES)
def save(
    context: Context,
    visit: CurrentVisit,
    dossier: DossierId,
    number: PaperNumber,
    sent: Annotated[SentForm, Depends(sent_form)],
) -> Response:
    """Write what was decided about the fields, or show the form again with what is wrong."""
    record = _record(context, dossier, number)
    changes = sent.changes(_seen(context, record, sent.version, number), number)
    told = {"fields": ", ".join(change.field for change in changes)}
    record_act(context.audit, visit, Verb.CORRECT, record.dossier, told)
    try:
        act = Act(visit.name, sent.reason)
        written = corrections.amend(dossier, changes, context.archive, act, seen=sent.version)
    except CorrectionRefusedError as error:
        check_clear(context, visit, dossier)
        names = {change.field for change in changes}
        decided = [field for field in sent.fields if field.name in names]
        form = paper_form(record, number, decided, sent.reason)
        return context.render("paper_edit.html", visit=visit, status=409, form=form, error=error)
    publish_or_queue(context, written)
    return _back(dossier)


@router.post("/{dossier}/chia-giay", dependencies=_DECIDES)
def cut(
    context: Context,
    visit: CurrentVisit,
    dossier: DossierId,
    page: Annotated[int, Form(alias="trang", ge=1)],
    begins: Annotated[bool, Form(alias="bat-dau")],
) -> Response:
    """Have a page begin a paper, or continue the one before it."""
    record = context.record(dossier)
    record_act(context.audit, visit, Verb.CORRECT, record.dossier, {"boundary": page})
    decide = corrections.begin_paper if begins else corrections.continue_paper
    publish_or_queue(context, decide(dossier, page, context.archive, Act(visit.name)))
    return _back(dossier)


@router.post("/{dossier}/hoan-tac", dependencies=_DECIDES)
def take_back(
    context: Context,
    visit: CurrentVisit,
    dossier: DossierId,
    version: Annotated[int, Form(alias="ban", ge=1)],
) -> Response:
    """Take back what a version decided."""
    record = context.record(dossier)
    record_act(context.audit, visit, Verb.CORRECT, record.dossier, {"undone": version})
    publish_or_queue(context, corrections.undo(dossier, version, context.archive, Act(visit.name)))
    return _back(dossier)


def _record(context: AppContext, dossier: str, paper: int) -> Record:
    """Return the newest record of a dossier that has such a paper.

    Raises:
        ObjectMissingError: it has no such paper.
    """
    record = context.record(dossier)
    check_hand_out(record)
    if paper > len(record.dossier.documents):
        raise ObjectMissingError(
            f"Hồ sơ này không có giấy tờ thứ {paper}.", "Mở hồ sơ để chọn giấy tờ."
        )
    return record


def _seen(context: AppContext, record: Record, version: int, paper: int) -> Document:
    """Return a paper as it was in the version that the person saw, else as it is."""
    for known in context.archive.history(record.dossier.id):
        if known.sequence == version and paper <= len(known.dossier.documents):
            return known.dossier.documents[paper - 1]
    return record.dossier.documents[paper - 1]


def publish_or_queue(context: AppContext, record: Record) -> None:
    """Bring a record to the review queue, and to the index as ``bring_to_index`` does."""
    context.review.look(record)
    bring_to_index(context, record)


def bring_to_index(context: AppContext, record: Record) -> None:
    """Bring a record to the index; where this process may not, or cannot now, a worker does."""
    try:
        stages.publish(record, context.archive, context.index)
    except SearchUnavailableError:  # a joined dossier too: it has to leave the index
        lease = context.archive.find_lease(record.dossier.id)
        context.archive.enqueue(
            record.dossier.id,
            attempts_before=lease.attempt if lease else 0,
            asked_by=record.actor,
        )


def _back(dossier: str) -> Response:
    return RedirectResponse(f"/ho-so/{dossier}?bao=da-luu", status_code=303)
