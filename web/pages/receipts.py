"""Receipts of a day: for every watched folder, what became of each dropped file, and the sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from pipeline.intake import (
    FolderHeartbeat,
    last_heartbeat,
    read_receipts,
    spool_place,
    spooled,
    waiting,
)
from pipeline.intake.receive import printable
from pipeline.intake.settle import files_of
from pipeline.model import Receipt, ReceiptStatus
from web.context import AppContext, Here


@dataclass(frozen=True, slots=True)
class FolderDay:
    """A watched folder on one day."""

    folder: Path
    receipts: tuple[Receipt, ...]  # newest first; those still waiting lead
    trouble: str = ""  # why the folder cannot be used; empty when it can

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


def show_receipts(context: AppContext, day: date) -> ReceiptsShown:
    """Lay the receipts of a day out."""
    pulse = last_heartbeat(context.settings.home)
    said = [pulse.of(f) if pulse else FolderHeartbeat(f) for f in context.settings.watched_folders]
    folders = tuple(_folder_day(context.settings.home, folder, day) for folder in said)
    return ReceiptsShown(day, today(), folders)


def _folder_day(home: Path, said: FolderHeartbeat, day: date) -> FolderDay:
    try:
        lines = read_receipts(said.folder, day)
        lying = tuple(_still_waiting(home, said)) if day == today() else ()
    except OSError:
        trouble = "Không mở được thư mục này. Kiểm tra ổ mạng còn kết nối và quyền đọc."
        return FolderDay(said.folder, (), said.trouble or trouble)
    return FolderDay(said.folder, (*lying, *reversed(lines)), said.trouble)


def _still_waiting(home: Path, said: FolderHeartbeat) -> Iterator[Receipt]:
    """Yield a line for each file that lies in the folder or the spool and has no receipt yet."""
    in_spool = spooled(spool_place(home, said.folder), said.folder)
    for drop in (*waiting(said.folder), *in_spool):
        reason = said.remarks.get(printable(drop.name), "")
        for file in _files(drop):
            state = file.lstat()
            inside = printable(file.relative_to(drop.parent).as_posix())
            since = datetime.fromtimestamp(state.st_mtime, UTC)
            yield Receipt(inside, ReceiptStatus.WAITING, since, None, reason, "", state.st_size)


def _files(drop: Path) -> list[Path]:
    """Return the files of a drop; the drop itself where it cannot be looked into."""
    try:
        return files_of(drop)
    except PermissionError:
        return [drop]


router = APIRouter()

_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 31)  # days that have a day before and after


@router.get("/bien-nhan")
def receipts(
    context: Here, day: Annotated[date | None, Query(alias="ngay", ge=_FIRST, le=_LAST)] = None
) -> Response:
    """Show what became of each file dropped on a day."""
    return context.show("receipts.html", shown=show_receipts(context, day or today()))
