"""Receives a drop: stores and verifies every file, writes record 1, enqueues the dossier.

The steps run in this order. Each may run twice and comes to the same objects, so a drop that was
interrupted is received again under the same dossier id. Removing the source is the caller's last
step.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline.documents import find_dossier_code
from pipeline.errors import RefusedScanError, UnreadableScanError, UnsupportedFormatError
from pipeline.intake.settle import Signature
from pipeline.model import Dossier, Receipt, ReceiptStatus, Record, Scan
from pipeline.ports import Archive, ScanInfo, ScanReader

ACTOR = "intake"  # the watcher, where no account brought the files


@dataclass(frozen=True, slots=True)
class Drop:
    """What was dropped: one file, or a folder's files in reading order."""

    dossier: str  # id chosen when the drop was claimed
    path: Path
    files: tuple[Path, ...]
    strays: tuple[Path, ...] = ()  # in the folder, but never read: hidden, unfinished, links
    signature: Signature = ()  # of the files before any was read: tells whether one changed

    @property
    def name(self) -> str:
        """The name as people see it: NFC, bytes that are no UTF-8 replaced."""
        return printable(self.path.name)

    def name_of(self, file: Path) -> str:
        """The name of one file, with its folder when a folder was dropped."""
        inside = file.relative_to(self.path)
        return self.name if file == self.path else f"{self.name}/{printable(inside.as_posix())}"


@dataclass(frozen=True, slots=True)
class Reception:
    """What became of a drop: its dossier (None: nothing was stored) and a receipt per file."""

    dossier: str | None
    receipts: tuple[Receipt, ...]
    refused: dict[Path, RefusedScanError]


def printable(name: str) -> str:
    """Return a file name as text: NFC, with U+FFFD for bytes that are no UTF-8."""
    text = os.fsencode(name).decode("utf-8", errors="replace")
    return unicodedata.normalize("NFC", text)


def receive(drop: Drop, archive: Archive, reader: ScanReader, *, actor: str = ACTOR) -> Reception:
    """Take a drop into the archive.

    Args:
        drop: the claimed files, which nobody else changes.
        archive: where they are kept.
        reader: looks at each file before it is taken.
        actor: who brought them, as the record names it: the watcher, or an account.

    Raises:
        StorageUnavailableError: nothing is lost; receive the same drop again later.
        SourceChangedError: a file was still being written; receive it again later.
    """
    facts, refused = _inspect(drop, reader)
    scans = {file: _keep(drop, file, facts[file], archive) for file in facts}
    if not scans:
        return Reception(None, _receipts(drop, scans, refused, None), refused)
    owners = {archive.claim_original(scan.sha256, drop.dossier) for scan in scans.values()}
    home = owners.pop() if len(owners) == 1 else drop.dossier
    record = archive.find_record(home)
    if home != drop.dossier and record is not None:
        return Reception(home, _receipts(drop, scans, refused, home), refused)
    # Bytes that belong to a dossier without a record were left by an interrupted reception: the
    # drop takes up that dossier's id, so that both come to the same objects.
    if record is None:
        record = _first_record(drop, home, tuple(scans.values()), refused, actor)
        archive.keep_record(record)
    elif missing := _missing(record, scans.values()):
        record = _completed(record, missing, actor)
        archive.keep_record(record)
    if record.dossier.outcome is None:
        archive.enqueue(home, since=record.dossier.received)
    return Reception(home, _receipts(replace(drop, dossier=home), scans, refused, None), refused)


def _inspect(
    drop: Drop, reader: ScanReader
) -> tuple[dict[Path, ScanInfo], dict[Path, RefusedScanError]]:
    facts: dict[Path, ScanInfo] = {}
    refused: dict[Path, RefusedScanError] = {stray: _stray() for stray in drop.strays}
    for file in drop.files:
        try:
            facts[file] = reader.inspect(file)
        except RefusedScanError as error:
            refused[file] = error
        except PermissionError:
            refused[file] = UnreadableScanError(
                "Không có quyền đọc tệp.", "Mở quyền đọc cho tệp rồi thả lại."
            )
    return facts, refused


def _stray() -> UnsupportedFormatError:
    return UnsupportedFormatError(
        "Tệp ẩn, tệp ghi dở hoặc liên kết: không được đọc.",
        "Nếu là giấy tờ, hãy đổi tên hoặc chép lại thành tệp thường rồi thả lại.",
    )


def _keep(drop: Drop, file: Path, facts: ScanInfo, archive: Archive) -> Scan:
    sha256 = archive.keep_original(file)
    return Scan(sha256, drop.name_of(file), file.stat().st_size, facts.media_type, facts.pages)


def _first_record(
    drop: Drop,
    dossier: str,
    scans: tuple[Scan, ...],
    refused: dict[Path, RefusedScanError],
    actor: str,
) -> Record:
    now = datetime.now(UTC)
    reasons = [f"Tệp {drop.name_of(file)} bị từ chối: {e.message}" for file, e in refused.items()]
    content = Dossier(
        id=dossier,
        name=drop.name,
        received=now,
        code=find_dossier_code(drop.name),
        scans=tuple({scan.sha256: scan for scan in scans}.values()),
        reasons=tuple(reasons),
    )
    return Record(1, now, actor, "received", content)


def _missing(record: Record, scans: Iterable[Scan]) -> tuple[Scan, ...]:
    """Return the scans of a drop that its dossier lacks.

    Another drop with some of the same bytes may have written record 1 while this one was
    interrupted, or a file joined the folder after it.
    """
    known = {scan.sha256 for scan in record.dossier.scans}
    return tuple({scan.sha256: scan for scan in scans if scan.sha256 not in known}.values())


def _completed(record: Record, missing: tuple[Scan, ...], actor: str) -> Record:
    whole = replace(record.dossier, scans=record.dossier.scans + missing, outcome=None)
    return Record(record.sequence + 1, datetime.now(UTC), actor, "received", whole)


def _receipts(
    drop: Drop,
    scans: dict[Path, Scan],
    refused: dict[Path, RefusedScanError],
    duplicate_of: str | None,
) -> tuple[Receipt, ...]:
    lines, seen = [], set[str]()
    for file in (*drop.files, *drop.strays):
        name, now = drop.name_of(file), datetime.now(UTC)
        if error := refused.get(file):
            size = file.lstat().st_size
            refusal = (error.message, error.remedy, size)
            lines.append(Receipt(name, ReceiptStatus.REFUSED, now, None, *refusal))
            continue
        scan = scans[file]
        is_repeated = scan.sha256 in seen
        seen.add(scan.sha256)
        if duplicate_of or is_repeated:
            status, reason = ReceiptStatus.DUPLICATE, "Nội dung này đã được lưu trước đó."
        else:
            status, reason = ReceiptStatus.ARCHIVED, ""
        dossier = duplicate_of or drop.dossier
        lines.append(Receipt(name, status, now, dossier, reason, "", scan.size, scan.sha256))
    return tuple(lines)
