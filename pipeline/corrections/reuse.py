"""Has a paper that another dossier of the same owner holds stand for a component of this one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from pipeline.access import check_hand_out
from pipeline.corrections.checklist import put_back
from pipeline.corrections.named_component import ComponentNow, component_now
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.masking import mask_text
from pipeline.model import (
    ComponentState,
    Document,
    Dossier,
    OwnedPaper,
    Record,
    ReusedPaper,
    ValidityState,
)
from pipeline.owners.numbers import makes_owner, owner_papers, owners_of
from pipeline.owners.validity import validity_on
from pipeline.ports import Archive
from pipeline.understanding import with_papers
from pipeline.versions import Act, keep_next, newest_record

REUSED = "reused"  # the action of records
_OPEN = {ComponentState.MISSING, ComponentState.UNCLEAR, ComponentState.EXEMPT}


class Reuse(NamedTuple):
    """What a person decides: a held paper stands for a component."""

    component: str  # its name on the checklist; marks and case do not count
    held: OwnedPaper  # where the paper lies
    on: date  # the day on which it must hold
    position: int | None = None  # on the checklist, from 1; needed where several have the name


def reuse_paper(dossier: str, reuse: Reuse, archive: Archive, act: Act) -> Record:
    """Refer to a held paper in place of a new scan of it; publish the record afterwards.

    Args:
        dossier: the id of the dossier that lacks a paper.
        reuse: the component and the paper.
        archive: where both dossiers are.
        act: the person who decided, and the reason.

    Raises:
        CorrectionRefusedError: there is no such component or paper, the component is there, the
            papers have no owner in common, or the paper holds no more.
        JoinedError: the scans of one of the dossiers belong to another one.
        ObjectExistsError: somebody wrote another version at this very moment.
        ObjectMissingError: there is no such dossier.
        WithheldError: one of the dossiers is withheld.
    """
    held = reuse.held
    record, source = newest_record(dossier, archive), newest_record(held.dossier, archive)
    for each in (record, source):
        check_hand_out(each)
    wanted = _wanted(record.dossier, reuse)
    document = _document(record, source.dossier, held)
    if validity_on(document, reuse.on).state is ValidityState.EXPIRED:
        raise CorrectionRefusedError(
            "Giấy tờ này đã hết hiệu lực, không dùng lại được.", "Cần bản mới."
        )
    note = source.dossier.pages[held.page - 1]
    named = wanted.component.name
    reused = ReusedPaper(
        named, held.dossier, held.page, note.scan, act.actor, wanted.nth, document.first_part
    )
    others = (each for each in record.dossier.reused if each != wanted.held)
    state = replace(record.dossier, reused=(*others, reused))
    return keep_next(record, with_papers(state, state.documents), REUSED, archive, actor=act)


def without_reuse(newest: Dossier, before: Dossier, after: Dossier) -> Dossier:
    """Return a dossier without the references that one of its versions made or changed.

    Args:
        newest: the dossier as it is now.
        before: the dossier before that version.
        after: the dossier as that version had it.

    Raises:
        EditConflictError: somebody decided about the same component since.
    """
    reused = put_back(newest.reused, before.reused, after.reused)
    if reused is None:
        raise EditConflictError(
            "Giấy tờ dùng lại này đã được đổi sau đó, nên không hoàn tác được.",
            "Chọn lại giấy tờ cần dùng.",
        )
    state = replace(newest, reused=reused)
    return with_papers(state, state.documents)


def _wanted(dossier: Dossier, reuse: Reuse) -> ComponentNow:
    wanted = component_now(dossier, reuse.component, reuse.position)
    if wanted.component.state not in _OPEN and not wanted.component.reference:
        shown = mask_text(wanted.component.name)
        raise CorrectionRefusedError(f"«{shown}» không thiếu, nên không cần dùng lại.")
    return wanted


def _document(record: Record, source: Dossier, held: OwnedPaper) -> Document:
    """Return the paper that begins at a place; of several on one sheet that of the same owner.

    Raises:
        CorrectionRefusedError: none does, it carries no number of an owner who is certain in the
            dossier, or several do and nobody said which is meant.
    """
    begun = [one for one in source.documents if one.begins_at(held.page, held.part)]
    mine = set(_numbers(record))
    theirs = [one for one in begun if mine & set(owners_of(one))]
    if record.dossier.id == source.id or (begun and not theirs):
        raise CorrectionRefusedError(
            "Hai hồ sơ không có chung số định danh hay mã số thuế chắc chắn.",
            "Xác nhận số trên giấy tờ của cả hai hồ sơ trước (`sohoa correct`).",
        )
    if len(theirs) > 1:
        raise CorrectionRefusedError(
            f"Trang {held.page} của hồ sơ kia có {len(theirs)} giấy tờ dùng lại được.",
            "Nói rõ giấy tờ ở phần nào của trang, như `sohoa kho` liệt kê.",
        )
    if theirs:
        return theirs[0]
    raise CorrectionRefusedError(
        f"Trang {held.page} của hồ sơ kia không bắt đầu giấy tờ nào.", "Xem `sohoa kho`."
    )


def _numbers(record: Record) -> Iterator[str]:
    for number, _ in owner_papers(record.dossier, record.sequence).numbers:
        if makes_owner(number):
            yield number
