"""Keeps what people decide about files that need one: left out, replaced, taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pipeline.errors import CorrectionRefusedError, ObjectExistsError, ObjectMissingError
from pipeline.model import DropReceipts, FileDecision, FileVerdict, Receipt
from pipeline.plain_text import one_line
from pipeline.ports import Archive
from pipeline.versions import Act

LONGEST_REASON = 500  # characters
Decided = dict[tuple[str, int], FileDecision]  # by drop and line: the newest decision


@dataclass(frozen=True, slots=True)
class FileLine:
    """One line of the receipts of a day, as a person points at it."""

    day: date
    drop: str
    line: int  # position in the receipts of the drop, from 0
    seen: int = 0  # number of the decision about it that the person saw; 0: none


def decided(day: date, archive: Archive) -> Decided:
    """Return the newest decision about each line of a day."""
    return newest(archive.decisions(day))


def newest(decisions: Iterable[FileDecision]) -> Decided:
    """Return the newest of decisions, by drop and line."""
    return {(each.drop, each.line): each for each in decisions}


def is_closed(decision: FileDecision | None) -> bool:
    """Tell whether a decision ends the work with a file."""
    return decision is not None and decision.verdict is not FileVerdict.OPEN


def find_line(target: FileLine, archive: Archive) -> tuple[DropReceipts, Receipt]:
    """Return the receipts of a drop and the line that a person points at.

    Raises:
        ObjectMissingError: there is none.
    """
    for receipts in archive.receipts(target.day):
        if receipts.drop == target.drop and 0 <= target.line < len(receipts.receipts):
            return receipts, receipts.receipts[target.line]
    raise ObjectMissingError("Không có dòng biên nhận này.", "Tải lại trang rồi chọn lại.")


def leave_out(target: FileLine, archive: Archive, act: Act) -> FileDecision:
    """Do nothing more with a file, for a reason; ``reopen`` takes it back.

    Raises:
        CorrectionRefusedError: there is no reason, or somebody decided about it meanwhile.
        ObjectExistsError: somebody decides at this very moment.
        ObjectMissingError: there is no such line.
    """
    if not act.reason.strip():
        raise CorrectionRefusedError("Bỏ qua một tệp thì phải có lý do.", "Ghi lý do.")
    return _keep(target, FileVerdict.LEFT_OUT, archive, act)


def close_as_replaced(target: FileLine, by_drop: str, archive: Archive, act: Act) -> FileDecision:
    """Say that a mended file was handed in for another one.

    Args:
        target: the line of the file that needed mending.
        by_drop: id of the drop that brings the mended file.
        archive: where receipts and decisions are.
        act: the person, and the name of the mended file as the reason.

    Raises: as ``leave_out``.
    """
    return _keep(target, FileVerdict.REPLACED, archive, act, by_drop)


def reopen(target: FileLine, archive: Archive, act: Act) -> FileDecision:
    """Take back a decision about a file: it needs one again.

    Raises: as ``leave_out``; ``CorrectionRefusedError`` when nothing was decided.
    """
    current = decided(target.day, archive).get((target.drop, target.line))
    if not is_closed(current):
        raise CorrectionRefusedError("Tệp này chưa có quyết định nào để hoàn tác.")
    return _keep(target, FileVerdict.OPEN, archive, act)


def check_seen(target: FileLine, archive: Archive) -> int:
    """Return how many decisions there are about the files of a drop.

    Raises:
        CorrectionRefusedError: the newest about this line is not the one that the person saw.
    """
    made = [each for each in archive.decisions(target.day) if each.drop == target.drop]
    current = newest(made).get((target.drop, target.line))
    if (current.number if current else 0) != target.seen:
        who = current.by if current else ""
        raise CorrectionRefusedError(
            f"{who or 'Người khác'} vừa quyết định về tệp này.", "Tải lại trang rồi xem lại."
        )
    return max((each.number for each in made), default=0)


def _keep(
    target: FileLine, verdict: FileVerdict, archive: Archive, act: Act, by_drop: str = ""
) -> FileDecision:
    find_line(target, archive)
    decision = FileDecision(
        drop=target.drop,
        day=target.day,
        number=check_seen(target, archive) + 1,
        line=target.line,
        verdict=verdict,
        at=datetime.now(UTC),
        by=act.actor,
        reason=one_line(act.reason).strip()[:LONGEST_REASON],
        by_drop=by_drop,
    )
    try:
        return archive.keep_decision(decision)
    except ObjectExistsError:
        same = decided(target.day, archive).get((target.drop, target.line))
        if same and (same.verdict, same.by, same.reason) == (verdict, act.actor, decision.reason):
            return same  # the same click twice
        raise
