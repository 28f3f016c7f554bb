"""Tells of one file how far it is: stored, read, refused, decided; and what a person may do. Pure.

A file is done when its pages were read or are blank, when it is a duplicate, or when somebody
decided that nothing more is done with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from pipeline.access import withholding
from pipeline.desk.decisions import is_closed
from pipeline.joining.passes import is_pass
from pipeline.model import (
    Dossier,
    FileDecision,
    Outcome,
    PageNote,
    PageState,
    Receipt,
    ReceiptStatus,
    Record,
)

# Beginnings of reasons of files that can be taken in after all (``ocr.files.refusals``).
_PICTURES = tuple(
    f"Đây là ảnh {kind}," for kind in ("GIF", "BMP", "AVIF", "JPEG 2000", "Photoshop (PSD)")
)
_OFFICE = "máy này chưa đọc được"  # in the reason of a document that LibreOffice reads
_LOCKED = "bị khóa bằng mật khẩu"  # in the reason of a file that only a password opens


class DeskState(StrEnum):
    """Where a file stands at the desk."""

    TODO = "todo"  # a person must do something
    READING = "reading"  # it waits, or is being read
    DONE = "done"


class DeskAction(StrEnum):
    """The one thing to do with a file."""

    REPLACE = "replace"  # hand in a mended file
    UNLOCK = "unlock"  # give the password
    CONVERT = "convert"  # have it turned into a PDF
    JOIN = "join"  # say whether it belongs to a dossier
    NOTHING = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a file stands, in words of the desk."""

    state: DeskState
    told: str  # what became of it, Vietnamese
    action: DeskAction = DeskAction.NOTHING
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeskFile:
    """A dropped file, the dossier that has it now, and where it stands."""

    folder: Path  # the watched folder
    day: date
    drop: str  # empty until it was claimed
    line: int  # of the receipts of the drop; -1 while it has none
    receipt: Receipt
    record: Record | None  # of the dossier that has the file now
    decision: FileDecision | None
    standing: Standing
    images: int = 0  # pages of the file as it came
    read: int = 0  # of these, pages with a result, or left out by a person

    @property
    def state(self) -> DeskState:
        """Where it stands."""
        return self.standing.state

    @property
    def seen(self) -> int:
        """The number of the decision about it that is shown; 0: none is."""
        return self.decision.number if self.decision else 0

    @property
    def may_decide(self) -> bool:
        """Whether a person may leave it out: not what waits, nor what is done anyway."""
        return self.line >= 0 and self.state is DeskState.TODO

    @property
    def is_decided(self) -> bool:
        """Whether a person's decision holds, which can be taken back."""
        return is_closed(self.decision)


def scans_of(dossier: Dossier, sha256: str | None) -> frozenset[str]:
    """Return the scans of a dropped file: itself, and what lay in it."""
    found = {sha256} if sha256 else set()
    for scan in dossier.scans:  # what lies in a file stands behind it
        if scan.inside in found:
            found.add(scan.sha256)
    return frozenset(each for each in found if each)


def count_pages(dossier: Dossier, sha256: str | None) -> tuple[int, int, tuple[PageNote, ...]]:
    """Return the pages that a file has, how many of them were read, and those in trouble."""
    mine = scans_of(dossier, sha256)
    images = sum(scan.pages for scan in dossier.scans if scan.sha256 in mine)
    notes = [note for note in dossier.pages if note.scan in mine]
    left_out = sum(1 for each in dossier.edits if each.left_out and each.scan in mine)
    bad = [note for note in notes if note.state in (PageState.DOUBTFUL, PageState.NOT_READ)]
    read = sum(1 for note in notes if note.state is not PageState.NOT_READ)
    return images, min(images, read + left_out), tuple(bad)


def stand(
    receipt: Receipt,
    record: Record | None,
    decision: FileDecision | None,
    *,
    is_mended: bool = False,
    is_queued: bool = False,
) -> Standing:
    """Tell where a file stands.

    Args:
        receipt: its receipt.
        record: the newest record of the dossier that has it; None without one.
        decision: the newest decision about it.
        is_mended: whether a mended file came for it through a folder.
        is_queued: whether the dossier waits to be read.
    """
    if receipt.status is ReceiptStatus.WAITING:
        reasons = (receipt.reason,) if receipt.reason else ()
        return Standing(DeskState.READING, "Đang chờ nhận", reasons=reasons)
    if is_closed(decision):
        assert decision is not None
        told = "Đã thay bằng tệp đã sửa" if decision.by_drop else "Bỏ qua"
        return Standing(DeskState.DONE, told, reasons=(decision.reason,))
    if receipt.status is ReceiptStatus.REFUSED:
        return _refused(receipt, is_mended=is_mended)
    if receipt.status is ReceiptStatus.DUPLICATE:
        return Standing(DeskState.DONE, "Trùng, đã có trong kho")
    if record is None:
        told = "Không thấy hồ sơ trong kho. Báo người vận hành."
        return Standing(DeskState.TODO, "Đã lưu", DeskAction.NOTHING, (told,))
    return _stored(receipt, record, is_queued=is_queued)


def stand_elsewhere(
    standing: Standing, receipt: Receipt, decision: FileDecision | None
) -> Standing:
    """Tell where a file stands whose dossier is not for this desk: nothing of the dossier.

    Args:
        standing: how it stands for the desk of its dossier, which has the rest to do.
        receipt: its receipt.
        decision: the newest decision about it.
    """
    if is_closed(decision) or receipt.status is not ReceiptStatus.ARCHIVED:
        return standing
    if standing.state is DeskState.READING:
        return standing
    told = "Đã lưu · thuộc hồ sơ ngoài phạm vi của bạn"
    why = ("Báo cán bộ hồ sơ xem tiếp.",) if standing.state is DeskState.TODO else ()
    return Standing(standing.state, told, reasons=why)


def needs_office(receipt: Receipt) -> bool:
    """Tell whether a file was refused because LibreOffice was not there."""
    return _OFFICE in receipt.reason


def _refused(receipt: Receipt, *, is_mended: bool) -> Standing:
    if is_mended:
        return Standing(DeskState.DONE, "Bị từ chối, đã nhận bản sửa")
    is_locked = _LOCKED in receipt.reason and receipt.name.casefold().endswith(".pdf")
    converts = receipt.reason.startswith(_PICTURES) or needs_office(receipt)
    action = DeskAction.UNLOCK if is_locked else DeskAction.REPLACE
    action = DeskAction.CONVERT if converts else action
    reasons = tuple(filter(None, (receipt.reason, receipt.remedy)))
    return Standing(DeskState.TODO, "Bị từ chối", action, reasons)


def _stored(receipt: Receipt, record: Record, *, is_queued: bool) -> Standing:
    dossier = record.dossier
    if withholding(record):
        return Standing(DeskState.DONE, "Đã lưu · giữ lại")
    if dossier.outcome is None or is_queued:
        return Standing(DeskState.READING, "Đã lưu · đang đọc")
    return _read(receipt, dossier)


def _read(receipt: Receipt, dossier: Dossier) -> Standing:
    images, read, bad = count_pages(dossier, receipt.sha256)
    told = f"Đã đọc {read}/{images} trang" if images else "Đã lưu"
    if dossier.proposed_join:
        why = "Mã hồ sơ này đã có trong kho: thuộc hồ sơ đó, hay là hồ sơ khác?"
        return Standing(DeskState.TODO, told, DeskAction.JOIN, (why,))
    reasons: tuple[str, ...] = ()
    if bad:
        whys = dict.fromkeys(why for note in bad for why in note.reasons)
        reasons = (f"{len(bad)} trang cần xem lại", *whys)
    elif dossier.outcome is Outcome.FAILED or (images and read < images):
        told, reasons = "Không đọc được", dossier.reasons or ("Chưa đọc hết các trang.",)
    elif is_pass(dossier):
        reasons = dossier.reasons
    state = DeskState.TODO if reasons else DeskState.DONE
    return Standing(state, told, DeskAction.REPLACE if reasons else DeskAction.NOTHING, reasons)
