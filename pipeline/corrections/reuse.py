"""Has a paper that another dossier of the same owner holds stand for a component of this one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from pipeline.access import check_hand_out
from pipeline.corrections.checklist import put_back
from pipeline.documents.fuzzy import folded_text
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.masking import mask_text
from pipeline.model import (
    Component,
    ComponentState,
    Document,
    Dossier,
    OwnedPaper,
    Record,
    ReusedPaper,
    ValidityState,
)
from pipeline.owners.numbers import makes_owner, owner_papers
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
    wanted = _component(record.dossier, reuse.component)
    document = _document(source.dossier, held.page)
    _check_owner(record, source, held)
    if validity_on(document, reuse.on).state is ValidityState.EXPIRED:
        raise CorrectionRefusedError(
            "Giấy tờ này đã hết hiệu lực, không dùng lại được.", "Cần bản mới."
        )
    note = source.dossier.pages[held.page - 1]
    reused = ReusedPaper(wanted.name, held.dossier, held.page, note.scan, act.actor)
    others = (each for each in record.dossier.reused if each.component != wanted.name)
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


def _component(dossier: Dossier, name: str) -> Component:
    wanted = folded_text(name)
    for each in dossier.components:
        shown = mask_text(each.name)  # what people may have been shown; errors go far as well
        if wanted in (folded_text(each.name), folded_text(shown)):
            if each.state in _OPEN or each.reference:
                return each
            raise CorrectionRefusedError(f"«{shown}» không thiếu, nên không cần dùng lại.")
    listed = (
        "; ".join(mask_text(each.name) for each in dossier.components) or "hồ sơ chưa có danh mục"
    )
    raise CorrectionRefusedError(
        "Danh mục của hồ sơ không có thành phần này.", f"Các thành phần: {listed}."
    )


def _document(dossier: Dossier, page: int) -> Document:
    for document in dossier.documents:
        if document.pages[:1] == (page,):
            return document
    raise CorrectionRefusedError(
        f"Trang {page} của hồ sơ kia không bắt đầu giấy tờ nào.", "Xem `sohoa kho`."
    )


def _check_owner(record: Record, source: Record, held: OwnedPaper) -> None:
    """Refuse a paper that carries no number of an owner who is certain in the dossier."""
    theirs = set(_numbers(source, held.page))
    if record.dossier.id == source.dossier.id or not theirs & set(_numbers(record)):
        raise CorrectionRefusedError(
            "Hai hồ sơ không có chung số định danh hay mã số thuế chắc chắn.",
            "Xác nhận số trên giấy tờ của cả hai hồ sơ trước (`sohoa correct`).",
        )


def _numbers(record: Record, page: int | None = None) -> Iterator[str]:
    for number, first in owner_papers(record.dossier, record.sequence).numbers:
        if makes_owner(number) and page in {None, first}:
            yield number
