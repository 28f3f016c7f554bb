"""Lists the files that were dropped and have no receipt yet, in folders and in the spool."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pipeline.intake import (
    FolderHeartbeat,
    claimed_drops,
    spool_folder,
    standing_folders,
    waiting_drops,
)
from pipeline.intake.settle import files_of
from pipeline.intake.taking import printable
from pipeline.model import Receipt, ReceiptStatus
from pipeline.settings import Settings

CANNOT_OPEN = "Không mở được thư mục này. Kiểm tra ổ mạng còn kết nối và quyền đọc."


def waiting_files(settings: Settings, state: FolderHeartbeat) -> Iterator[tuple[str, Receipt]]:
    """Yield each file without a receipt: the id of its drop, and a receipt of status WAITING.

    The id is empty until the drop was claimed.

    Args:
        settings: the settings.
        state: the watched folder, and what the watcher says of it.

    Raises:
        OSError: the folder or the spool cannot be listed.
    """
    folder, standing = state.folder, standing_folders(settings.watch)
    spools = {spool_folder(settings.home, folder), settings.home / "spool"}
    claimed = [drop for spool in sorted(spools) for drop in claimed_drops(spool, folder)]
    waiting = [("", drop, folder) for drop in waiting_drops(folder, standing)]
    in_spool = [(drop.parent.parent.name, drop, drop.parent) for drop in claimed]
    for claim, drop, above in (*waiting, *in_spool):
        reason = state.remarks.get(printable(drop.relative_to(above).as_posix()), "")
        for file in _files(drop):
            try:
                stat = file.lstat()
            except FileNotFoundError:  # received at this very moment
                continue
            name = printable(file.relative_to(above).as_posix())
            since = datetime.fromtimestamp(stat.st_mtime, UTC)
            receipt = Receipt(name, ReceiptStatus.WAITING, since, None, reason, "", stat.st_size)
            yield claim, receipt


def _files(drop: Path) -> list[Path]:
    """Return the files of a drop; the drop itself where it cannot be listed."""
    try:
        return files_of(drop)
    except OSError:
        return [drop]
