"""Receives a drop: stores and verifies every file, writes record 1, enqueues the dossier.

The steps run in this order. Each may run twice and comes to the same objects, so a drop that was
interrupted is received again under the same dossier id. Removing the source is the caller's last
step.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pipeline.access import may_hand_out
from pipeline.corrections import join_by_itself
from pipeline.documents import find_dossier_code
from pipeline.errors import RefusedScanError, UnreadableScanError, UnsupportedFormatError
from pipeline.intake.known import (
    joined_receipts,
    now_in,
    proposed_receipts,
    reopened,
    withheld_with,
)
from pipeline.intake.taking import Drop, DroppedFile, Stray
from pipeline.joining.codes import proposed_join
from pipeline.joining.merge import with_scans
from pipeline.model import Dossier, MissingFile, Receipt, ReceiptStatus, Record, Scan
from pipeline.ports import Archive, ScanInfo, ScanReader, SearchIndex
from pipeline.versions import Act, keep_first, keep_to_read

ACTOR = "intake"  # the watcher, where no account brought the files


@dataclass(frozen=True, slots=True)
class Reception:
    """What became of a drop: its dossier (None: nothing was stored) and a receipt per file."""

    dossier: str | None
    receipts: tuple[Receipt, ...]
    refused: dict[DroppedFile | Stray, RefusedScanError]


def receive(
    drop: Drop,
    archive: Archive,
    reader: ScanReader,
    index: SearchIndex | None = None,
    *,
    actor: str = ACTOR,
) -> Reception:
    """Take a drop into the archive.

    One that carries the code of a dossier joins it by itself when it is exactly what that one
    lacks; any other becomes a dossier of its own that proposes to join.

    Args:
        drop: the private copies of what was dropped.
        archive: where they are kept.
        reader: looks at each file before it is taken.
        index: tells which older dossiers carry the drop's code; None: the archive alone.
        actor: who brought them, as the record names it: the watcher, or an account.

    Raises:
        StorageUnavailableError: nothing is lost; receive the same drop again later.
    """
    facts, refused = _inspect(drop, reader)
    scans = {file: _keep(file, info, archive) for file, info in facts.items()}
    if not scans:
        return Reception(None, _receipts(drop, scans, refused, None), refused)
    owners = {archive.claim_original(scan.sha256, drop.dossier) for scan in scans.values()}
    home = owners.pop() if len(owners) == 1 else drop.dossier
    record = archive.find_record(home)
    if home != drop.dossier and record is not None:
        home = now_in(record, archive)
        return Reception(home, _receipts(drop, scans, refused, home), refused)
    # Bytes that belong to a dossier without a record were left by an interrupted reception: the
    # drop takes up that dossier's id, so that both come to the same objects.
    if record is None:
        content = _first_version(drop, home, tuple(scans.values()), refused)
        content = replace(content, proposed_join=proposed_join(content, archive, index))
        content = withheld_with(owners - {home}, content, archive, actor)
        record = keep_first(content, archive, actor=actor)
    elif missing := _missing(record, scans.values()):
        record = reopened(record, archive, actor)
        whole = _completed(record, missing, drop.outdated)
        whole = withheld_with(owners - {home}, whole, archive, actor)
        record = keep_to_read(record, whole, "received", archive, Act(actor))
    receipts = _receipts(replace(drop, dossier=home), scans, refused, None)
    if joined := join_by_itself(record, archive, actor=actor):
        return Reception(joined.older.dossier.id, joined_receipts(receipts, joined), refused)
    dossier = record.dossier
    if dossier.outcome is None and may_hand_out(record):
        archive.enqueue(home, since=dossier.received)
    return Reception(home, proposed_receipts(receipts, dossier), refused)


def _inspect(
    drop: Drop, reader: ScanReader
) -> tuple[dict[DroppedFile, ScanInfo], dict[DroppedFile | Stray, RefusedScanError]]:
    facts: dict[DroppedFile, ScanInfo] = {}
    refused: dict[DroppedFile | Stray, RefusedScanError] = {s: _refusal(s) for s in drop.strays}
    for file in drop.files:
        try:
            facts[file] = reader.inspect(file.copy)
        except RefusedScanError as error:
            refused[file] = error
    return facts, refused


def _refusal(stray: Stray) -> RefusedScanError:
    if stray.is_unreadable:
        return UnreadableScanError("Không có quyền đọc tệp.", "Mở quyền đọc cho tệp rồi thả lại.")
    return UnsupportedFormatError(
        "Tệp ẩn, tệp ghi dở hoặc liên kết: không được đọc.",
        "Nếu là giấy tờ, hãy đổi tên hoặc chép lại thành tệp thường rồi thả lại.",
    )


def _keep(file: DroppedFile, info: ScanInfo, archive: Archive) -> Scan:
    sha256 = archive.keep_original(file.copy)
    return Scan(sha256, file.name, file.size, info.media_type, info.pages)


def _first_version(
    drop: Drop,
    dossier: str,
    scans: tuple[Scan, ...],
    refused: dict[DroppedFile | Stray, RefusedScanError],
) -> Dossier:
    missing = tuple(MissingFile(file.name, error.message) for file, error in refused.items())
    return Dossier(
        id=dossier,
        name=drop.name,
        received=datetime.now(UTC),
        code=find_dossier_code(drop.name),
        scans=tuple({scan.sha256: scan for scan in scans}.values()),
        reasons=tuple(each.reason for each in missing),
        origin=drop.origin,
        missing=missing,
    )


def _missing(record: Record, scans: Iterable[Scan]) -> tuple[Scan, ...]:
    """Return the scans of a drop that its dossier lacks.

    Another drop with some of the same bytes may have written record 1 while this one was
    interrupted, or a file joined the folder after it.
    """
    known = {scan.sha256 for scan in record.dossier.scans}
    return tuple({scan.sha256: scan for scan in scans if scan.sha256 not in known}.values())


def _completed(record: Record, missing: tuple[Scan, ...], outdated: frozenset[str]) -> Dossier:
    """Return a dossier with more scans; one that may not be handed out is not read for them."""
    newer = {scan.name: scan for scan in missing} if outdated else {}
    scans = [
        newer.pop(scan.name, scan) if scan.sha256 in outdated else scan
        for scan in record.dossier.scans
    ]
    scans += [scan for scan in missing if scan not in scans]
    outcome = None if may_hand_out(record) else record.dossier.outcome
    return replace(with_scans(record.dossier, scans), outcome=outcome)


def _receipts(
    drop: Drop,
    scans: dict[DroppedFile, Scan],
    refused: dict[DroppedFile | Stray, RefusedScanError],
    duplicate_of: str | None,
) -> tuple[Receipt, ...]:
    lines, seen, now = [], set[str](), datetime.now(UTC)
    for file in drop.everything:
        if error := refused.get(file):
            refusal = (error.message, error.remedy, file.size)
            lines.append(Receipt(file.name, ReceiptStatus.REFUSED, now, None, *refusal))
        elif isinstance(file, DroppedFile):
            scan = scans[file]
            if duplicate_of or scan.sha256 in seen:
                status, reason = ReceiptStatus.DUPLICATE, "Nội dung này đã được lưu trước đó."
            else:
                status, reason = ReceiptStatus.ARCHIVED, ""
            seen.add(scan.sha256)
            dossier = duplicate_of or drop.dossier
            stored = (dossier, reason, "", scan.size, scan.sha256)
            lines.append(Receipt(file.name, status, now, *stored))
    return tuple(lines)
