"""Gathers the files of a day at the desk: receipts of record, decisions, dossiers, what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipeline import clock
from pipeline.access import may_hand_out
from pipeline.desk.decisions import Decided, decided
from pipeline.desk.files import DeskFile, DeskState, count_pages, stand, stand_elsewhere
from pipeline.desk.waiting import CANNOT_OPEN, received_meanwhile, waiting_files
from pipeline.documents import find_dossier_code
from pipeline.documents.extract.identifiers import unit_of_code
from pipeline.intake import FolderHeartbeat, last_heartbeat
from pipeline.joining.open_refusals import ReceiptLine, open_refusals
from pipeline.model import EVERYTHING, DropReceipts, Receipt, ReceiptStatus, Record, Scope
from pipeline.people.scopes import is_of_own_unit, is_within
from pipeline.ports import Archive
from pipeline.settings import Settings

ELSEWHERE = "Thư mục quét ở máy khác: trang này chỉ biết những tệp đã nhận vào kho."
FindRecord = Callable[[str], Record | None]


@dataclass(frozen=True, slots=True)
class DeskSight:
    """Whose desk it is."""

    scope: Scope = EVERYTHING
    is_own_drop: Callable[[str], bool] = lambda drop: False  # an upload of the same account


@dataclass(frozen=True, slots=True)
class DeskDay:
    """The files of a day, and what cannot be known of it."""

    day: date
    files: tuple[DeskFile, ...]  # those that wait first, then the newest first
    troubles: tuple[str, ...] = ()  # Vietnamese: why more files may be there than are listed
    unknown: int = 0  # files that wait, of nobody knows which unit

    @property
    def counts(self) -> dict[ReceiptStatus, int]:
        """Number of files by status; their sum is the number of dropped files."""
        counter = Counter(file.receipt.status for file in self.files)
        return {status: counter[status] for status in ReceiptStatus}

    @property
    def states(self) -> dict[DeskState, int]:
        """Number of files by where they stand."""
        counter = Counter(file.state for file in self.files)
        return {state: counter[state] for state in DeskState}

    @property
    def may_put_away(self) -> bool:
        """Whether every file is stored, and read or decided, and nothing is unknown."""
        states = self.states
        is_open = states[DeskState.TODO] or states[DeskState.READING]
        return bool(self.files) and not is_open and not self.troubles and not self.unknown


def gather(
    day: date, archive: Archive, settings: Settings, sight: DeskSight, find: FindRecord
) -> DeskDay:
    """Gather the files of a day that somebody may know of.

    Args:
        day: the day, by the office's clock; of today, what waits is listed as well.
        archive: the store.
        settings: the settings, which name the watched folders.
        sight: the scope of the desk, and the uploads that are its own.
        find: returns the newest record of a dossier.
    """
    began, of_today = clock.now(), day == clock.today()
    # Listed before the receipts: what is received meanwhile is in both, never in neither.
    listed, troubles = _waiting(day, settings) if of_today else ((), ())
    drops = tuple(archive.receipts(day))
    queued = frozenset(entry.dossier for entry in archive.queued())

    @cache
    def held(dossier: str) -> Record | None:
        record = find(dossier)
        while record and record.dossier.joined_into:
            record = find(record.dossier.joined_into)
        return record

    known = _DayKnown(held, decided(day, archive), queued, _mended(day, drops, archive))
    lines = [
        _file(drop, at, receipt, known)
        for drop in drops
        for at, receipt in enumerate(drop.receipts)
    ]
    shown = (_known_part(file, sight) for file in lines if _may_know(file, sight, drops))
    ended = sorted(shown, key=lambda file: file.receipt.at, reverse=True)
    waiting, unknown = _own_part(_without_receipt(listed, drops, began), sight)
    return DeskDay(day, (*waiting, *ended), troubles, unknown)


class _DayKnown(NamedTuple):
    """What is known of a day's files besides their receipts."""

    held: FindRecord  # the record of the dossier that has a file now
    decisions: Decided
    queued: frozenset[str]
    mended: frozenset[tuple[str, int]]  # drop and line


def _file(drop: DropReceipts, at: int, receipt: Receipt, known: _DayKnown) -> DeskFile:
    record = known.held(receipt.dossier) if receipt.dossier else None
    decision = known.decisions.get((drop.drop, at))
    standing = stand(
        receipt,
        record,
        decision,
        is_mended=(drop.drop, at) in known.mended,
        is_queued=record is not None and record.dossier.id in known.queued,
    )
    images = read = 0
    if record and not may_hand_out(record):
        receipt = replace(receipt, size=0, sha256=None)  # nothing that tells what it holds
    elif record:
        images, read, _ = count_pages(record.dossier, receipt.sha256)
    return DeskFile(
        Path(drop.folder),
        drop.day,
        drop.drop,
        at,
        receipt,
        record,
        decision,
        standing,
        images,
        read,
    )


def _mended(
    day: date, drops: Iterable[DropReceipts], archive: Archive
) -> frozenset[tuple[str, int]]:
    """Return which refused files were mended through a folder, on the day or the day after."""
    lines = [(drop, at, receipt) for drop in drops for at, receipt in enumerate(drop.receipts)]
    later = archive.receipts(day + timedelta(days=1)) if day < clock.today() else ()
    known = [ReceiptLine(Path(drop.folder), drop.drop, receipt) for drop, _, receipt in lines]
    after = [
        ReceiptLine(Path(drop.folder), drop.drop, receipt)
        for drop in later
        for receipt in drop.receipts
    ]
    still = open_refusals([*known, *after], archive)
    return frozenset(
        (drop.drop, at)
        for (drop, at, receipt), line in zip(lines, known, strict=True)
        if receipt.status is ReceiptStatus.REFUSED and not any(line is each for each in still)
    )


def _may_know(file: DeskFile, sight: DeskSight, drops: tuple[DropReceipts, ...]) -> bool:
    if sight.scope == EVERYTHING or sight.is_own_drop(file.drop):
        return True
    if file.receipt.dossier:
        return file.record is not None and is_within(sight.scope, file.record)
    unit = next((drop.unit for drop in drops if drop.drop == file.drop), None)
    return is_of_own_unit(sight.scope, unit)


def _known_part(file: DeskFile, sight: DeskSight) -> DeskFile:
    """Return an own file without the dossier that has it, where that is another unit's."""
    record = file.record
    if sight.scope == EVERYTHING or (record and is_within(sight.scope, record)):
        return file
    receipt = replace(file.receipt, dossier=None)
    if record is None:
        return replace(file, receipt=receipt)
    standing = stand_elsewhere(file.standing, file.receipt, file.decision)
    return replace(file, receipt=receipt, record=None, standing=standing, images=0, read=0)


def _waiting(day: date, settings: Settings) -> tuple[tuple[DeskFile, ...], tuple[str, ...]]:
    """Return the files that wait, and why some may not be listed."""
    heartbeat = last_heartbeat(settings.home)
    if heartbeat is None and settings.storage.kind != "disk":
        return (), (ELSEWHERE,)
    files: list[DeskFile] = []
    troubles: list[str] = []
    for folder in settings.intake_folders:
        state = heartbeat.of(folder) if heartbeat else FolderHeartbeat(folder)
        try:
            files += list(_of_folder(day, settings, state))
        except OSError:
            troubles.append(f"{folder.name}: {state.trouble or CANNOT_OPEN}")
            continue
        if state.trouble:
            troubles.append(f"{folder.name}: {state.trouble}")
    return tuple(files), tuple(troubles)


def _without_receipt(
    listed: Iterable[DeskFile], drops: Iterable[DropReceipts], since: datetime
) -> Iterator[DeskFile]:
    has_receipt = received_meanwhile(drops, since)
    return (file for file in listed if not has_receipt(file.folder, file.drop, file.receipt))


def _own_part(waiting: Iterable[DeskFile], sight: DeskSight) -> tuple[tuple[DeskFile, ...], int]:
    """Return the files that may be known of, and how many more are of nobody knows which unit."""
    mine: list[DeskFile] = []
    unknown = 0
    for file in waiting:
        if _is_own(file, sight):
            mine.append(file)
        elif not _unit(file):
            unknown += 1
    return tuple(mine), unknown


def _of_folder(day: date, settings: Settings, state: FolderHeartbeat) -> Iterator[DeskFile]:
    for drop, receipt in waiting_files(settings, state):
        standing = stand(receipt, None, None)
        yield DeskFile(state.folder, day, drop, -1, receipt, None, None, standing)


def _is_own(file: DeskFile, sight: DeskSight) -> bool:
    return sight.is_own_drop(file.drop) or is_of_own_unit(sight.scope, _unit(file))


def _unit(file: DeskFile) -> str | None:
    code = find_dossier_code(file.receipt.name)
    return unit_of_code(code) if code else None
