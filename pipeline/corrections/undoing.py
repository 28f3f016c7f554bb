"""Takes back what one version decided about fields, pages or a boundary; the history keeps both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from pipeline.access import check_hand_out
from pipeline.corrections.arranging import without_edits
from pipeline.corrections.boundaries import RECUT, without_cut
from pipeline.corrections.checked_pages import CHECKED
from pipeline.corrections.checklist import MARKED, UNMARKED, without_mark
from pipeline.corrections.duplicates import SET_APART, without_word
from pipeline.corrections.fields import CONFIRMED, CORRECTED, with_documents, with_finding
from pipeline.corrections.pages import (
    LEFT_OUT,
    REORDERED,
    REPLACED,
    RESTORED,
    REWORDED,
    TURNED,
)
from pipeline.corrections.reuse import REUSED, without_reuse
from pipeline.corrections.seen import PaperPart, finding_now, places_of
from pipeline.documents.fields import label_of
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.model import Document, Dossier, Finding, Record
from pipeline.ports import Archive
from pipeline.versions import Act, keep_and_queue, keep_next

UNDONE = "undone"  # the action of the record; undoing that one does it again

UNDOABLE = frozenset({CONFIRMED, CORRECTED, RECUT, REUSED, SET_APART, UNDONE})  # actions
UNDOABLE |= {MARKED, UNMARKED, CHECKED, TURNED, REWORDED, REORDERED, LEFT_OUT, RESTORED, REPLACED}


class _FieldState(NamedTuple):
    """What a version says of a field of one paper."""

    finding: Finding | None
    absent_by: str | None


class _Decision(NamedTuple):
    """A field that a version changed: of which pages' paper, from what to what."""

    pages: tuple[PaperPart, ...]
    field: str
    before: _FieldState
    after: _FieldState


def undo(dossier: str, sequence: int, archive: Archive, act: Act) -> Record:
    """Give what a version decided the state it had before; publish the record afterwards.

    Args:
        dossier: the dossier's id.
        sequence: the number of the version whose decisions are taken back.
        archive: where the dossier is.
        act: the person who takes them back, and the reason.

    Raises:
        CorrectionRefusedError: there is no such version, or nothing was decided in it.
        EditConflictError: the same was decided about again since.
        JoinedError: the dossier's scans belong to another one.
        ObjectExistsError: somebody wrote another version at this very moment.
        WithheldError: it is withheld.
    """
    history = archive.history(dossier)
    at = next((at for at, each in enumerate(history) if each.sequence == sequence), 0)
    if not at or history[at].action not in UNDOABLE:
        raise CorrectionRefusedError(
            f"Bản {sequence} không phải một lần sửa của người, nên không hoàn tác được.",
            "Xem `sohoa history` để chọn bản; hai hồ sơ đã nhập thì tách bằng `sohoa join`.",
        )
    newest, before, after = (history[place].dossier for place in (-1, at - 1, at))
    check_hand_out(history[-1])
    if (before.edits, before.order) != (after.edits, after.order):
        mended = without_edits(newest, before, after, archive)
        return keep_and_queue(history[-1], mended, UNDONE, archive, act)
    if before.boundaries != after.boundaries:
        mended = without_cut(newest, before, after, archive)
    elif before.reused != after.reused:
        mended = without_reuse(newest, before, after)
    elif before.marks != after.marks:
        mended = without_mark(newest, before, after)
    elif before.not_duplicates != after.not_duplicates:
        mended = without_word(newest, before, after)
    else:
        mended = _without_decisions(newest, before, after, archive)
    return keep_next(history[-1], mended, UNDONE, archive, actor=act)


def _without_decisions(
    newest: Dossier, before: Dossier, after: Dossier, archive: Archive
) -> Dossier:
    documents = list(newest.documents)
    for decision in _decisions(before, after, newest):
        place = _place(decision, replace(newest, documents=tuple(documents)))
        finding, absent_by = decision.before
        documents[place] = with_finding(
            documents[place], decision.field, finding, absent_by=absent_by
        )
    return with_documents(newest, documents, archive)


def _decisions(before: Dossier, after: Dossier, newest: Dossier) -> Iterator[_Decision]:
    """Yield what a version decided; the pages of findings have the numbers of the newest one."""
    for was, became in zip(before.documents, after.documents, strict=True):
        for name in {**was.findings, **became.findings, **was.absent, **became.absent}:
            if _state(was, name) != _state(became, name):
                yield _Decision(
                    places_of(became, after),
                    name,
                    _state_now(_state(was, name), before, newest),
                    _state_now(_state(became, name), after, newest),
                )


def _state(document: Document, name: str) -> _FieldState:
    return _FieldState(document.findings.get(name), document.absent.get(name))


def _state_now(state: _FieldState, was: Dossier, newest: Dossier) -> _FieldState:
    return state._replace(finding=finding_now(state.finding, was, newest))


def _place(decision: _Decision, dossier: Dossier) -> int:
    for at, document in enumerate(dossier.documents):
        is_same = places_of(document, dossier) == decision.pages
        if is_same and _state(document, decision.field) == decision.after:
            return at
    raise EditConflictError(
        f"«{label_of(decision.field)}» đã được sửa lại sau đó, nên không hoàn tác được.",
        "Sửa thẳng giá trị hiện nay.",
    )
