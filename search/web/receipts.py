"""Receipts of a day: for every watched folder, what became of each dropped file, and the sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pipeline.intake import read_receipts, waiting
from pipeline.intake.settle import files_of
from pipeline.model import Receipt, ReceiptStatus
from search.web.room import Room


@dataclass(frozen=True, slots=True)
class FolderDay:
    """A watched folder on one day."""

    folder: Path
    receipts: tuple[Receipt, ...]  # newest first; those still waiting lead
    is_away: bool = False  # the folder cannot be opened: a share that is gone

    @property
    def counts(self) -> dict[ReceiptStatus, int]:
        """How many files came to each end; their sum is what was dropped."""
        found = Counter(receipt.status for receipt in self.receipts)
        return {status: found[status] for status in ReceiptStatus}

    @property
    def dropped(self) -> int:
        """How many files were dropped."""
        return len(self.receipts)


@dataclass(frozen=True, slots=True)
class ReceiptsShown:
    """The receipts page."""

    day: date
    today: date
    folders: tuple[FolderDay, ...]

    @property
    def before(self) -> date:
        """The day before."""
        return self.day - timedelta(days=1)

    @property
    def after(self) -> date | None:
        """The day after; None for today."""
        return self.day + timedelta(days=1) if self.day < self.today else None


def today() -> date:
    """Return today by the clock of this machine, which dates the receipts."""
    return datetime.now().astimezone().date()


def show_receipts(room: Room, day: date) -> ReceiptsShown:
    """Lay the receipts of a day out."""
    folders = tuple(_folder_day(folder, day) for folder in room.settings.watched_folders)
    return ReceiptsShown(day, today(), folders)


def _folder_day(folder: Path, day: date) -> FolderDay:
    try:
        lines = read_receipts(folder, day)
        lying = tuple(_still_waiting(folder)) if day == today() else ()
    except OSError:
        return FolderDay(folder, (), is_away=True)
    return FolderDay(folder, (*lying, *reversed(lines)))


def _still_waiting(folder: Path) -> Iterator[Receipt]:
    """Yield a line for each file that lies in the folder and was not taken yet."""
    for drop in waiting(folder):
        for file in files_of(drop):
            state = file.lstat()
            since = datetime.fromtimestamp(state.st_mtime, UTC)
            name = file.relative_to(folder).as_posix().encode(errors="replace").decode()
            yield Receipt(name, ReceiptStatus.WAITING, since, size=state.st_size)
