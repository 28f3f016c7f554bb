"""Routes ``/ho-so/…/giay/…``: a person mends the fields of a paper, cuts papers, and takes back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path
from starlette.responses import RedirectResponse, Response

from pipeline import corrections, stages
from pipeline.access import check_hand_out
from pipeline.audit import Verb
from pipeline.corrections import FieldChange
from pipeline.errors import CorrectionRefusedError, ObjectMissingError, SearchUnavailableError
from pipeline.model import Document, Record, Right
from pipeline.versions import Act
from web.context import AppContext, Context
from web.pages.dossiers.doubts import following_doubts
from web.pages.mending.form import SentForm, paper_form, sent_form
from web.people.disclosure import check_clear
from web.people.gate import CurrentAsk, CurrentVisit, in_scope, needs, own_post
from web.people.recording import record_act
from web.security import DossierId
from web.urls import dossier_url, page_url

router = APIRouter(prefix="/ho-so")

_LOOKS = [needs(Right.CORRECT), Depends(in_scope)]
_DECIDES = [needs(Right.CORRECT), Depends(own_post), Depends(in_scope)]
PaperNumber = Annotated[int, Path(ge=1, le=100_000)]
BackTo = Annotated[int, Form(alias="ve", ge=0, le=1_000_000)]  # a page; 0: the dossier


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
    asked: CurrentAsk,
    dossier: DossierId,
    number: PaperNumber,
    sent: Annotated[SentForm, Depends(sent_form)],
    page: BackTo = 0,
) -> Response:
    """Write what was decided about the fields, or show the form again with what is wrong."""
    context, visit = asked.context, asked.visit
    record = _record(context, dossier, number)
    changes = sent.changes(_seen(context, record, sent.version, number), number)
    told = {"fields": ", ".join(change.field for change in changes)}
    asked.record(Verb.CORRECT, of=record.dossier, detail=told)
    try:
        act = Act(visit.name, sent.reason)
        written = corrections.amend(dossier, changes, context.archive, act, seen=sent.version)
    except CorrectionRefusedError as error:
        check_clear(context, visit, dossier)
        names = {change.field for change in changes}
        decided = [field for field in sent.fields if field.name in names]
        form = paper_form(context.record(dossier), number, decided, sent.reason)
        return context.render("paper_edit.html", visit=visit, status=409, form=form, error=error)
    publish_or_queue(context, written)
    if page and len(changes) == 1:
        return _to_next_doubt(written, changes[0], page)
    return back_to(written, page)


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
    written = decide(dossier, page, context.archive, Act(visit.name))
    publish_or_queue(context, written)
    return back_to(written)


@router.post("/{dossier}/hoan-tac", dependencies=_DECIDES)
def take_back(
    context: Context,
    visit: CurrentVisit,
    dossier: DossierId,
    version: Annotated[int, Form(alias="ban", ge=1)],
    page: BackTo = 0,
) -> Response:
    """Take back what a version decided."""
    record = context.record(dossier)
    record_act(context.audit, visit, Verb.CORRECT, record.dossier, {"undone": version})
    written = corrections.undo(dossier, version, context.archive, Act(visit.name))
    publish_or_queue(context, written)
    return back_to(written, page)


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


def back_to(written: Record, page: int = 0) -> Response:
    """Return to where something was decided; a button there takes it back.

    Args:
        written: the version in which it was.
        page: number of the page on which it was; 0: on the page of the dossier.
    """
    dossier = written.dossier
    page = min(page, len(dossier.pages))
    target = page_url(dossier.id, page) if page else dossier_url(dossier.id)
    return RedirectResponse(f"{target}?ban={written.sequence}", status_code=303)


def _to_next_doubt(written: Record, change: FieldChange, page: int) -> Response:
    """Lead to the next field that somebody must check, else back to the page."""
    following = following_doubts(written.dossier, change.paper, change.field)
    target = next(following, None)
    if target is None:
        return back_to(written, page)
    address, _, place = target.partition("#")
    return RedirectResponse(f"{address}&ban={written.sequence}#{place}", status_code=303)
