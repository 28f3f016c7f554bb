"""Lists the files that were dropped and have no receipt yet, in folders and in the spool."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from pipeline.intake import (
    FolderHeartbeat,
    claimed_drops,
    spool_folder,
    standing_folders,
    waiting_drops,
)
from pipeline.intake.handles import Identity
from pipeline.intake.settle import files_of
from pipeline.intake.taking import printable
from pipeline.model import DropReceipts, Receipt, ReceiptStatus
from pipeline.settings import Settings

CANNOT_OPEN = "Không mở được thư mục này. Kiểm tra ổ mạng còn kết nối và quyền đọc."


class _Waiting(NamedTuple):
    claim: str
    receipt: Receipt
    identity: Identity


def waiting_files(settings: Settings, state: FolderHeartbeat) -> Iterator[tuple[str, Receipt]]:
    """Yield each file without a receipt: the id of its drop, and a receipt of status WAITING.

    The id is empty until the drop was claimed. List them before the receipts: files only go from
    the folder into the spool and from there to their receipts, so that none is in neither.

    Args:
        settings: the settings.
        state: the watched folder, and what the watcher says of it.

    Raises:
        OSError: the folder or the spool cannot be listed.
    """
    folder, standing = state.folder, standing_folders(settings.watch)
    spools = {spool_folder(settings.home, folder), settings.home / "spool"}
    in_folder = [
        each
        for drop in waiting_drops(folder, standing)
        for each in _of_drop("", drop, folder, state)
    ]
    in_spool = [
        each
        for spool in sorted(spools)
        for drop in claimed_drops(spool, folder)
        for each in _of_drop(drop.parent.parent.name, drop, drop.parent, state)
    ]
    claimed = {each.identity for each in in_spool}  # some of them since the folder was listed
    for each in (*(one for one in in_folder if one.identity not in claimed), *in_spool):
        yield each.claim, each.receipt


def received_meanwhile(
    drops: Iterable[DropReceipts], since: datetime
) -> Callable[[Path, str, Receipt], bool]:
    """Return a test whether a file that was listed as waiting has its receipt.

    The test takes the watched folder, the id of the drop and the receipt of status WAITING.

    Args:
        drops: the receipts, which were read after the files that wait.
        since: a moment before those were listed.
    """
    known = list(drops)
    ids = {drop.drop for drop in known}
    new = [
        (Path(drop.folder), receipt.size, f"/{receipt.name}")
        for drop in known
        for receipt in drop.receipts
        if receipt.at >= since
    ]

    def has_receipt(folder: Path, claim: str, waits: Receipt) -> bool:
        if claim:
            return claim in ids
        # Its name may have a standing folder before it, which a receipt does not name.
        mine, size, path = folder.absolute(), waits.size, f"/{waits.name}"
        return any(at == mine and of == size and path.endswith(name) for at, of, name in new)

    return has_receipt


def _of_drop(claim: str, drop: Path, above: Path, state: FolderHeartbeat) -> Iterator[_Waiting]:
    reason = state.remarks.get(printable(drop.relative_to(above).as_posix()), "")
    for file in _files(drop):
        try:
            stat = file.lstat()
        except FileNotFoundError:  # claimed or received at this very moment
            continue
        name = printable(file.relative_to(above).as_posix())
        since = datetime.fromtimestamp(stat.st_mtime, UTC)
        receipt = Receipt(name, ReceiptStatus.WAITING, since, None, reason, "", stat.st_size)
        yield _Waiting(claim, receipt, Identity.of(stat))


def _files(drop: Path) -> list[Path]:
    """Return the files of a drop; the drop itself where it cannot be listed."""
    try:
        return files_of(drop)
    except OSError:
        return [drop]
