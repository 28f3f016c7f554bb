"""Marks components of a checklist as a person found them: on a page, only shown, not digitised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

from pipeline.access import check_hand_out
from pipeline.checklist.decided import OfComponent, decisions_of
from pipeline.corrections.seen import place_seen, version_seen
from pipeline.documents.fuzzy import folded_text
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.masking import mask_text
from pipeline.model import (
    Component,
    ComponentMark,
    ComponentState,
    Dossier,
    MarkKind,
    PagePlace,
    Record,
    ReusedPaper,
)
from pipeline.ports import Archive
from pipeline.understanding import with_papers
from pipeline.versions import Act, keep_next, newest_record

MARKED, UNMARKED = "marked", "unmarked"  # the actions of records
_OPEN = {ComponentState.MISSING, ComponentState.UNCLEAR, ComponentState.EXEMPT}
_MOST_PAGES, _LONGEST_WHY = 50, 500

D = TypeVar("D", bound=OfComponent)


class Marking(NamedTuple):
    """What a person decides about a component."""

    component: str  # its name on the checklist; marks and case do not count
    kind: MarkKind | None  # None: its mark is taken off
    pages: tuple[int, ...] = ()  # numbers within the dossier, from 1; for ON_PAPER alone


def mark_component(
    dossier: str, marking: Marking, archive: Archive, act: Act, *, seen: int | None = None
) -> Record:
    """Say what became of a component, or take that back; publish the record afterwards.

    The same said again by the same person changes nothing.

    Args:
        dossier: the dossier's id.
        marking: the component and what is said of it.
        archive: where the dossier is.
        act: the person, and the reason, which ``EXEMPT`` needs.
        seen: the version that the person looked at; None: the newest.

    Raises:
        CorrectionRefusedError: there is no such component or page, the component is there, no
            reason is given, or there is no mark to take off.
        EditConflictError: somebody decided about the component, or the page, after ``seen``.
        JoinedError: the dossier's scans belong to another one.
        ObjectExistsError: somebody wrote another version at this very moment.
        ObjectMissingError: there is no such dossier.
        WithheldError: it is withheld.
    """
    record = newest_record(dossier, archive)
    check_hand_out(record)
    act = act._replace(reason=act.reason.strip())
    basis = version_seen(record, seen, archive)
    was, now = _row(basis, marking.component), _row(record.dossier, marking.component)
    wanted = None
    if marking.kind is not None:
        pages = sorted(set(marking.pages))
        places = tuple(place_seen(record, page, seen, archive) for page in pages)
        said = marking.kind, act.actor, datetime.now(UTC), act.reason, places
        wanted = ComponentMark(now.component.name, *said)
    if _says_the_same(now.mark, wanted):
        return record
    if (was.mark, was.held) != (now.mark, now.held):
        raise _told(record, basis, marking.component, archive)
    if wanted:
        _check_open(now)
        _check_said(wanted)
    others = tuple(each for each in record.dossier.marks if each != now.mark)
    state = replace(record.dossier, marks=(*others, wanted) if wanted else others)
    action = MARKED if wanted else UNMARKED
    return keep_next(record, with_papers(state, state.documents), action, archive, actor=act)


def without_mark(newest: Dossier, before: Dossier, after: Dossier) -> Dossier:
    """Return a dossier without the marks that one of its versions made or changed.

    Args:
        newest: the dossier as it is now.
        before: the dossier before that version.
        after: the dossier as that version had it.

    Raises:
        EditConflictError: somebody decided about the same component since.
    """
    marks = put_back(newest.marks, before.marks, after.marks)
    if marks is None:
        raise EditConflictError(
            "Thành phần này đã được đánh dấu lại sau đó, nên không hoàn tác được.",
            "Bỏ đánh dấu, hoặc đánh dấu lại, ở danh sách thành phần.",
        )
    state = replace(newest, marks=marks)
    return with_papers(state, state.documents)


def put_back(newest: Sequence[D], before: Sequence[D], after: Sequence[D]) -> tuple[D, ...] | None:
    """Return decisions about components without those of one version; None: decided since.

    Args:
        newest: the decisions that hold now.
        before: those that held before the version.
        after: those that the version had.
    """
    made = [each for each in after if each not in before]
    ended = [each for each in before if each not in after]
    touched = {each.component for each in (*made, *ended)}
    standing = [each for each in newest if each.component in touched]
    if len(standing) != len(made) or any(each not in made for each in standing):
        return None
    return (*(each for each in newest if each not in made), *ended)


class _ComponentNow(NamedTuple):
    """A component and what people decided about it."""

    component: Component
    mark: ComponentMark | None
    held: ReusedPaper | None


def _row(dossier: Dossier, name: str) -> _ComponentNow:
    marks = decisions_of(dossier.components, dossier.marks)
    held = decisions_of(dossier.components, dossier.reused)
    for row in zip(dossier.components, marks, held, strict=True):
        # People may have been shown the name with numbers of persons hidden.
        if folded_text(name) in map(folded_text, (row[0].name, mask_text(row[0].name))):
            return _ComponentNow(*row)
    listed = (
        "; ".join(mask_text(each.name) for each in dossier.components) or "hồ sơ chưa có danh mục"
    )
    raise CorrectionRefusedError(
        "Danh mục của hồ sơ không có thành phần này.", f"Các thành phần: {listed}."
    )


def _check_open(row: _ComponentNow) -> None:
    if row.held or (row.mark is None and row.component.state not in _OPEN):
        raise CorrectionRefusedError(
            f"«{mask_text(row.component.name)}» không thiếu, nên không cần đánh dấu.",
            "Tải lại trang để xem danh mục.",
        )


def _check_said(mark: ComponentMark) -> None:
    kind, pages, why = mark.kind, mark.pages, mark.why
    if kind is MarkKind.ON_PAPER and not 1 <= len(pages) <= _MOST_PAGES:
        raise CorrectionRefusedError(
            "Nói rõ giấy tờ này ở trang nào của hồ sơ.", f"Ví dụ: 2, hoặc 2, 3 (đến {_MOST_PAGES})."
        )
    if kind is not MarkKind.ON_PAPER and pages:
        raise CorrectionRefusedError(
            "Giấy tờ không có trong hồ sơ thì không có trang.", "Để trống ô trang."
        )
    if kind is MarkKind.EXEMPT and not why:
        raise CorrectionRefusedError(
            "Nói rõ vì sao giấy tờ này không phải số hóa.", "Lý do được ghi vào lịch sử."
        )
    if len(why) > _LONGEST_WHY:
        raise CorrectionRefusedError(f"Lý do dài quá {_LONGEST_WHY} chữ.", "Viết ngắn lại.")


def _says_the_same(one: ComponentMark | None, other: ComponentMark | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == replace(other, component=one.component, at=one.at)


def _told(record: Record, basis: Dossier, name: str, archive: Archive) -> EditConflictError:
    """Return the error that names who decided about a component since a version."""
    history = archive.history(record.dossier.id)
    at = next((at for at, each in enumerate(history) if each.dossier == basis), 0)
    decided = basis.marks, basis.reused
    later = (one for one in history[at + 1 :] if (one.dossier.marks, one.dossier.reused) != decided)
    by = next(later, record)
    return EditConflictError(
        f"«{mask_text(_row(record.dossier, name).component.name)}» đã được {by.actor} quyết định"
        f" ở bản {by.sequence}, sau khi bạn mở hồ sơ.",
        "Tải lại trang để xem, rồi quyết định.",
    )


def page_places(mark: ComponentMark, dossier: Dossier) -> tuple[int, ...]:
    """Return the numbers (from 1) of the pages that a mark names, as they are now."""
    places = [PagePlace(note.scan, note.number) for note in dossier.pages]
    return tuple(places.index(each) + 1 for each in mark.pages if each in places)
