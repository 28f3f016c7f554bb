"""Receives a drop: stores and verifies every file, writes record 1, enqueues the dossier.

The steps run in this order. Each may run twice and comes to the same objects, so a drop that was
interrupted is received again under the same dossier id. Removing the source is the caller's last
step.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline.access import may_hand_out
from pipeline.corrections import join_by_itself
from pipeline.documents import find_dossier_code
from pipeline.errors import RefusedScanError, UnreadableScanError, UnsupportedFormatError
from pipeline.intake.containers import Expansion, FoundPaper, expand
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
from pipeline.joining.passes import other_sides
from pipeline.model import Dossier, MissingFile, Receipt, ReceiptStatus, Record, Scan
from pipeline.ports import Archive, ScanReader, SearchIndex
from pipeline.versions import Act, keep_first, keep_to_read

Expansions = dict[DroppedFile, Expansion]

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
        actor: the name that the record gives as the bringer: the watcher's, or an account's.

    Raises:
        StorageUnavailableError: nothing is lost; receive the same drop again later.
    """
    with _room(drop) as room:
        contents, refused = _inspect(drop, reader, Path(room))
        kept = {file: _keep(found.papers[0], archive) for file, found in contents.items()}
        if not kept:
            return Reception(None, _receipts(drop, kept, contents, refused), refused)
        # Whose a drop is, the dropped files tell: a paper in one of them may lie elsewhere, too.
        owners = {archive.claim_original(scan.sha256, drop.dossier) for scan in kept.values()}
        home = next(iter(owners)) if len(owners) == 1 else drop.dossier
        record = archive.find_record(home)
        if home != drop.dossier and record is not None:
            home = now_in(record, archive)
            return Reception(home, _receipts(drop, kept, contents, refused, home), refused)
        kept_all = _keep_all(kept, contents, archive)
        scans = tuple(replace(s, facts=drop.facts.get(s.sha256, s.facts)) for s in kept_all)
    owners |= {archive.claim_original(scan.sha256, home) for scan in scans}
    # Bytes that belong to a dossier without a record were left by an interrupted reception: the
    # drop takes up that dossier's id, so that both come to the same objects.
    if record is None:
        content = _first_version(drop, home, scans, contents, refused)
        content = replace(content, proposed_join=proposed_join(content, archive, index))
        secret = (owners | other_sides(content, archive)) - {home}
        content = withheld_with(secret, content, archive, actor)
        record = keep_first(content, archive, actor=actor)
    elif _missing(record, scans):
        record = reopened(record, archive, actor)
        whole = _completed(record, scans, drop.outdated)
        whole = withheld_with(owners - {home}, whole, archive, actor)
        record = keep_to_read(record, whole, "received", archive, Act(actor))
    receipts = _receipts(replace(drop, dossier=home), kept, contents, refused)
    if joined := join_by_itself(record, archive, actor=actor):
        return Reception(joined.older.dossier.id, joined_receipts(receipts, joined), refused)
    dossier = record.dossier
    if dossier.outcome is None and may_hand_out(record):
        archive.enqueue(home, since=dossier.received)
    return Reception(home, proposed_receipts(receipts, dossier), refused)


def _room(drop: Drop) -> tempfile.TemporaryDirectory[str]:
    """Make a folder for what lies in the dropped files, beside their private copies."""
    private = drop.files[0].copy.parent if drop.files else None
    return tempfile.TemporaryDirectory(prefix="inside-", dir=private)


def _inspect(
    drop: Drop, reader: ScanReader, room: Path
) -> tuple[Expansions, dict[DroppedFile | Stray, RefusedScanError]]:
    contents: Expansions = {}
    refused: dict[DroppedFile | Stray, RefusedScanError] = {s: _refusal(s) for s in drop.strays}
    for number, file in enumerate(drop.files):
        inside = room / f"{number:06d}"
        inside.mkdir()
        try:
            contents[file] = expand(file.name, file.copy, reader, inside)
        except RefusedScanError as error:
            refused[file] = error
    return contents, refused


def _refusal(stray: Stray) -> RefusedScanError:
    if stray.is_unreadable:
        return UnreadableScanError("Không có quyền đọc tệp.", "Mở quyền đọc cho tệp rồi thả lại.")
    return UnsupportedFormatError(
        "Tệp ẩn, tệp ghi dở hoặc liên kết: không được đọc.",
        "Nếu là giấy tờ, hãy đổi tên hoặc chép lại thành tệp thường rồi thả lại.",
    )


def _keep(paper: FoundPaper, archive: Archive, inside: str | None = None) -> Scan:
    sha256, info = archive.keep_original(paper.copy), paper.info
    size = paper.copy.stat().st_size
    return Scan(sha256, paper.name, size, info.media_type, info.pages, inside, paper.facts)


def _keep_all(
    kept: dict[DroppedFile, Scan], contents: Expansions, archive: Archive
) -> Iterator[Scan]:
    """Keep what lies in the dropped files; yield each dropped file, then what lies in it."""
    for file, scan in kept.items():
        yield scan
        yield from (_keep(each, archive, scan.sha256) for each in contents[file].papers[1:])


def _first_version(
    drop: Drop,
    dossier: str,
    scans: tuple[Scan, ...],
    contents: Expansions,
    refused: dict[DroppedFile | Stray, RefusedScanError],
) -> Dossier:
    missing = [MissingFile(file.name, error.message) for file, error in refused.items()]
    missing += [each for found in contents.values() for each in found.missing]
    remarks = [each for found in contents.values() for each in found.remarks]
    return Dossier(
        id=dossier,
        name=drop.name,
        received=datetime.now(UTC),
        code=find_dossier_code(drop.name),
        scans=tuple({scan.sha256: scan for scan in scans}.values()),
        reasons=(*(each.reason for each in missing), *remarks),
        origin=drop.origin,
        missing=tuple(missing),
    )


def _missing(record: Record, scans: Iterable[Scan]) -> tuple[Scan, ...]:
    """Return the scans of a drop that its dossier lacks.

    Another drop with some of the same bytes may have written record 1 while this one was
    interrupted, or a file joined the folder after it.
    """
    known = {scan.sha256 for scan in record.dossier.scans}
    return tuple({scan.sha256: scan for scan in scans if scan.sha256 not in known}.values())


def _completed(record: Record, scans: tuple[Scan, ...], outdated: frozenset[str]) -> Dossier:
    """Return a dossier with the scans of a drop; one that may not be handed out is not read again.

    What was written to after it had been taken, and what lay in it, gives its place to the file
    that has its name now.
    """
    missing = _missing(record, scans)
    newer = {scan.name: scan for scan in missing} if outdated else {}
    whole = [
        newer.pop(scan.name, scan) if {scan.sha256, scan.inside} & outdated else scan
        for scan in record.dossier.scans
    ]
    # Bytes that gave their place away may have come back under another name.
    known = {scan.sha256 for scan in whole}
    whole += {scan.sha256: scan for scan in scans if scan.sha256 not in known}.values()
    outcome = None if may_hand_out(record) else record.dossier.outcome
    return replace(with_scans(record.dossier, whole), outcome=outcome)


def _receipts(
    drop: Drop,
    kept: dict[DroppedFile, Scan],
    contents: Expansions,
    refused: dict[DroppedFile | Stray, RefusedScanError],
    duplicate_of: str | None = None,
) -> tuple[Receipt, ...]:
    lines, seen, now = [], set[str](), datetime.now(UTC)
    for file in drop.everything:
        if error := refused.get(file):
            refusal = (error.message, error.remedy, file.size)
            lines.append(Receipt(file.name, ReceiptStatus.REFUSED, now, None, *refusal))
        elif isinstance(file, DroppedFile):
            scan = kept[file]
            if duplicate_of or scan.sha256 in seen:
                status, reason = ReceiptStatus.DUPLICATE, "Nội dung này đã được lưu trước đó."
            else:
                status, reason = ReceiptStatus.ARCHIVED, contents[file].receipt
            seen.add(scan.sha256)
            dossier = duplicate_of or drop.dossier
            stored = (dossier, reason, "", scan.size, scan.sha256)
            lines.append(Receipt(file.name, status, now, *stored))
    return tuple(lines)
