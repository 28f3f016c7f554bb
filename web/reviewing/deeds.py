"""Writes what people and programs decide about items of the review queue, and tells conflicts.

Pages and API decide by these functions alone: the same rights, units, masks and audit for both.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from pipeline.audit import Verb
from pipeline.corrections import FieldAct
from pipeline.corrections.values import typed_value
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.masking import HIDDEN
from pipeline.model import Record
from pipeline.review.decisions import DecidedMeanwhileError
from pipeline.review.items import ReviewItem, paper_at
from pipeline.versions import Act
from web.labels import finding_value, time_of_day
from web.masked.sight import Sight
from web.pages.mending.fields import bring_to_index
from web.people.gate import Asked
from web.reviewing.rounds import item_sight
from web.reviewing.shown import is_hidden


class Deed(StrEnum):
    """What is done with an item."""

    CONFIRM = "confirm"  # what was read is right; a page stays as it is
    CORRECT = "correct"  # it is another value
    REJECT = "reject"  # the paper has no such field
    TURN = "turn"  # a page is turned and read anew
    LEAVE_OUT = "leave_out"  # it is no page of the dossier, for a reason
    SKIP = "skip"  # somebody else shall look at it


class ReviewAnswer(NamedTuple):
    """What somebody says of an item."""

    deed: Deed
    value: str = ""  # as typed; for CORRECT
    reason: str = ""
    degrees: int = 0  # for TURN


_OF_PAGES = {Deed.CONFIRM, Deed.TURN, Deed.LEAVE_OUT, Deed.SKIP}
_OF_FIELDS = {Deed.CONFIRM, Deed.CORRECT, Deed.REJECT, Deed.SKIP}


def decide(asked: Asked, item: ReviewItem, answer: ReviewAnswer) -> None:
    """Do with an item what somebody says; the same answer again changes nothing.

    Args:
        asked: the request; the dossier is in its scope.
        item: the item as the visitor saw it.
        answer: the deed, and what belongs to it.

    Raises:
        CorrectionRefusedError: this cannot be done with it, or this is no value of the field.
        EditConflictError: somebody else has the item, or decided about it; with what they wrote,
            where the visitor may see it.
        WithheldError: the dossier is withheld.
    """
    record = asked.context.record_to_hand_out(item.dossier)
    if answer.deed not in (_OF_PAGES if item.is_page else _OF_FIELDS):
        raise CorrectionRefusedError("Việc này không làm được với mục này.", "Chọn việc khác.")
    told = {"fields": item.field, "review": str(answer.deed)}
    asked.record(Verb.CORRECT, of=record.dossier, detail=told)
    desk, by = asked.context.review, asked.visit.name
    if answer.deed is Deed.SKIP:
        desk.queue.skip(item, by, answer.reason)
        desk.forget_counts()
        return
    if not item.is_page:
        _check_seen(asked, record, item, answer)
    try:
        written = _written(asked, item, answer)
    except DecidedMeanwhileError as error:
        if not _is_said(asked, error, answer):
            raise _told(asked, error) from error
        return
    bring_to_index(asked.context, written)
    desk.forget_counts()


def _written(asked: Asked, item: ReviewItem, answer: ReviewAnswer) -> Record:
    reviewing, act = asked.context.review.reviewing, Act(asked.visit.name, answer.reason)
    if answer.deed is Deed.TURN:
        return reviewing.turn(item, answer.degrees, act)
    deed = FieldAct.REJECT if answer.deed is Deed.LEAVE_OUT else FieldAct(answer.deed)
    return reviewing.answer(item, deed, answer.value, act)


def take_back(asked: Asked, item: ReviewItem) -> None:
    """Take back what the visitor did last with an item, which is theirs again.

    Raises: as ``Reviewing.undo`` does.
    """
    record = asked.context.record_to_hand_out(item.dossier)
    told = {"fields": item.field, "review": "undo"}
    asked.record(Verb.CORRECT, of=record.dossier, detail=told)
    desk, by = asked.context.review, asked.visit.name
    if not desk.queue.unskip(item, by):
        done = desk.reviewing.undo(item, Act(by), is_own=True)
        bring_to_index(asked.context, done)
    desk.forget_counts()


def give_back(asked: Asked, item: ReviewItem | None) -> None:
    """Free an item that the visitor has, or all; others may be given them at once."""
    of = {"dossier": item.dossier} if item else {}
    asked.record(Verb.LIST, detail={"what": "review given back"}, **of)
    asked.context.review.queue.give_back(item, asked.visit.name)


def _check_seen(asked: Asked, record: Record, item: ReviewItem, answer: ReviewAnswer) -> None:
    """Refuse to decide about what the visitor does not see, and values with hidden letters.

    Raises:
        CorrectionRefusedError: the value is masked for them, or what they typed is.
    """
    sight = _sight(asked, record, item)
    pair = [paper_at(one, item.begin) for one in (sight.source.dossier, sight.dossier)]
    kept, shown = (paper.findings.get(item.field) if paper else None for paper in pair)
    if kept and is_hidden(kept, shown):
        raise CorrectionRefusedError(
            "Trường này đang được che nên chưa quyết định được.",
            "Bấm «Xem không che để kiểm tra», hoặc bỏ qua mục này.",
        )
    if HIDDEN in answer.value:
        raise CorrectionRefusedError("Giá trị còn chữ bị che (•).", "Gõ đủ như trên giấy.")


def _sight(asked: Asked, record: Record, item: ReviewItem) -> Sight:
    is_held = asked.context.review.queue.holder(item) in ("", asked.visit.name)
    return item_sight(asked.context, asked.visit, record, is_held=is_held)


def _is_said(asked: Asked, error: DecidedMeanwhileError, answer: ReviewAnswer) -> bool:
    """Tell whether the visitor has said the same before, as by sending a form twice."""
    if error.item.is_page or error.decided.by != asked.visit.name:
        return False
    found = asked.context.review.reviewing.found(error.item)
    wanted: dict[Deed, Callable[[], str | None]] = {
        Deed.CONFIRM: lambda: found.value if found else "",
        Deed.CORRECT: lambda: typed_value(error.item.field, answer.value),
        Deed.REJECT: lambda: None,
    }
    return wanted[answer.deed]() == error.decided.value


def _told(asked: Asked, error: DecidedMeanwhileError) -> EditConflictError:
    """Return a conflict as the visitor is told of it: what was written, if they may see it."""
    decided, item = error.decided, error.item
    who = "bạn" if decided.by == asked.visit.name else decided.by
    when = f"lúc {time_of_day(decided.at)} (bản {decided.sequence})"
    remedy = "Câu trả lời vừa rồi không được lưu. Mở hồ sơ để xem, hoặc sang mục kế tiếp."
    if item.is_page:
        return EditConflictError(f"{error.message.rstrip('.')} {when}.", remedy)
    record = asked.context.record_to_hand_out(item.dossier)
    sight = _sight(asked, record, item)
    paper = paper_at(sight.dossier, item.begin)
    finding = paper.findings.get(item.field) if paper else None
    if decided.value is None:
        said = "cho là giấy không ghi"
    elif finding is None or finding.confirmed_by != decided.by:
        said = "trả lời"
    else:
        said = f"ghi «{finding_value(item.field, finding.value)}»"
    return EditConflictError(f"Mục này đã được {who} {said} {when}.", remedy)
