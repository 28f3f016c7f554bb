"""Compares watched folders, spool, store, work queue and index, and reports where they differ.

Nothing is changed. All is compared twice: work that is under way differs only once.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.wiring import archive, audit_trail, index, settings
from pipeline import reconcile
from pipeline.errors import RecordError, SearchUnavailableError
from pipeline.intake import standing_folders, waiting_drops
from pipeline.leases import is_gone
from pipeline.reconcile import WATCH, Difference, DossierSummary, Snapshot

RECHECK_SECONDS = 1.0  # until the second comparison: a step that is under way ends by then
UNFINISHED_AFTER = timedelta(hours=1)  # no writer needs so long for one file
FORGOTTEN_AFTER = timedelta(minutes=10)  # a running watcher takes a drop within seconds


def find_differences() -> tuple[Difference, ...]:
    """Return the differences that two comparisons agree on, so work under way is not among them.

    Raises:
        StorageUnavailableError: the store cannot be listed.
    """
    first = tuple(_compare())
    if not first:
        return ()
    time.sleep(RECHECK_SECONDS)
    second = set(_compare())
    return tuple(difference for difference in first if difference in second)


def _compare() -> Iterator[Difference]:
    for folder in settings().intake_folders:
        yield from _folder(folder)
        yield from _spool(folder / ".sohoa-spool")
    yield from _spool(settings().home / "spool")
    for name in audit_trail().unsealed():
        detail = "đoạn nhật ký truy cập của một tiến trình đã chết chưa vào kho"
        yield Difference("audit-unsealed", name, detail, "Chạy `sohoa audit verify`.")
    queued = {entry.dossier for entry in archive().queued()}
    inventory = archive().inventory(datetime.now(UTC) - UNFINISHED_AFTER)
    indexed = None
    try:
        indexed = dict(index().sequences())
    except SearchUnavailableError as error:
        yield Difference("index-away", "index", error.message, error.remedy)
    dossiers = {dossier: _known(dossier) for dossier in inventory.records}
    queued |= {entry.dossier for entry in archive().queued()}
    yield from _leases(queued)
    yield from reconcile.differences(Snapshot(inventory, dossiers, frozenset(queued), indexed))


def _known(dossier: str) -> DossierSummary:
    try:
        return reconcile.summarise(archive().history(dossier))
    except RecordError:
        return DossierSummary(0)


def _leases(queued: set[str]) -> Iterator[Difference]:
    for dossier in sorted(queued):
        try:
            lease = archive().find_lease(dossier)
        except RecordError:
            lease = None
            remedy = f"Chuyển store/leases/{dossier} ra khỏi kho."
            yield Difference("lease-unreadable", dossier, "giấy mượn bị hỏng", remedy)
        if lease and not lease.released and is_gone(lease.holder):
            detail = "tiến trình đang đọc đã chết giữa chừng"
            yield Difference(
                "lease-dead", dossier, detail, "Chạy `sohoa watch`: hồ sơ được đọc lại."
            )


def _folder(folder: Path) -> Iterator[Difference]:
    """Yield a missing folder, or one with drops that wait long: unwatched, or never ready."""
    if not folder.is_dir():
        if settings().watch.folders:
            yield Difference("folder-away", str(folder), "không thấy thư mục", "Gắn lại ổ chia sẻ.")
        return
    limit = time.time() - max(FORGOTTEN_AFTER.total_seconds(), settings().watch.torn_seconds * 2)
    standing = standing_folders(settings().watch)
    if any(path.lstat().st_mtime < limit for path in waiting_drops(folder, standing)):
        detail = "có tệp chờ lâu mà chưa được lấy"
        remedy = "Chạy `sohoa watch`; nếu đang chạy, xem lý do ở trang «Biên nhận»."
        yield Difference("drop-waits", str(folder), detail, remedy)


def _spool(spool: Path) -> Iterator[Difference]:
    if not spool.is_dir():
        return
    for entry in sorted(spool.iterdir()):
        origin = entry / "folder"  # names the watched folder; its lock is the entry's
        if not origin.is_file():
            detail = "mục trong vùng đệm không ghi nó từ thư mục nào tới"
            remedy = "Chuyển tệp bên trong (nếu có) về thư mục theo dõi, rồi xóa mục này."
            yield Difference("spool-nameless", str(entry), detail, remedy)
        elif _is_abandoned(origin):
            detail = "lần nhận bị ngắt, không còn tiến trình nào làm tiếp"
            yield Difference("spool-left", str(entry), detail, WATCH)


def _is_abandoned(locked: Path) -> bool:
    """Tell whether no process locks a spool entry; the test takes the lock for an instant."""
    descriptor = os.open(locked, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
