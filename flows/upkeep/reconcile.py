"""Look at every place a paper can be in, twice, and tell where they differ. Changes nothing."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.wiring import archive, index, settings
from pipeline import reconcile
from pipeline.errors import RecordError, SearchUnavailableError
from pipeline.intake import waiting_drops
from pipeline.leases import is_gone
from pipeline.reconcile import WATCH, Difference, DossierSummary, Snapshot

SECOND_LOOK = 1.0  # seconds: what is on its way from one place to another is there by then
LONG_AGO = timedelta(hours=1)  # nobody writes one file for so long
FORGOTTEN = timedelta(minutes=10)  # a drop is taken within seconds while somebody watches


def differences() -> tuple[Difference, ...]:
    """Return the differences that two looks agree on, so that work in hand is not among them.

    Raises:
        StorageUnavailableError: the store cannot be listed.
    """
    first = tuple(_look())
    if not first:
        return ()
    time.sleep(SECOND_LOOK)
    second = set(_look())
    return tuple(difference for difference in first if difference in second)


def _look() -> Iterator[Difference]:
    for folder in settings().watched_folders:
        yield from _folder(folder)
        yield from _spool(folder / ".sohoa-spool")
    yield from _spool(settings().home / "spool")
    queued = {entry.dossier for entry in archive().queued()}
    shelves = archive().inventory(datetime.now(UTC) - LONG_AGO)
    indexed = None
    try:
        indexed = dict(index().sequences())
    except SearchUnavailableError as error:
        yield Difference("index-away", "index", error.message, error.remedy)
    dossiers = {dossier: _known(dossier) for dossier in shelves.records}
    queued |= {entry.dossier for entry in archive().queued()}
    yield from _leases(queued)
    yield from reconcile.differences(Snapshot(shelves, dossiers, frozenset(queued), indexed))


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
    """Drops that lie there for long: nobody watches, or they are never ready."""
    if not folder.is_dir():
        if settings().watch.folders:
            yield Difference("folder-away", str(folder), "không thấy thư mục", "Gắn lại ổ chia sẻ.")
        return
    limit = time.time() - max(FORGOTTEN.total_seconds(), settings().watch.torn_seconds * 2)
    if any(path.lstat().st_mtime < limit for path in waiting_drops(folder)):
        detail = "có tệp chờ lâu mà chưa được lấy"
        remedy = "Chạy `sohoa watch`; nếu đang chạy, xem lý do ở trang «Biên nhận»."
        yield Difference("drop-waits", str(folder), detail, remedy)


def _spool(spool: Path) -> Iterator[Difference]:
    if not spool.is_dir():
        return
    for place in sorted(spool.iterdir()):
        note = place / "folder"
        if not note.is_file():
            detail = "mục trong vùng đệm không ghi nó từ thư mục nào tới"
            remedy = "Chuyển tệp bên trong (nếu có) về thư mục theo dõi, rồi xóa mục này."
            yield Difference("spool-nameless", str(place), detail, remedy)
        elif _is_left(note):
            detail = "lần nhận bị ngắt, không còn tiến trình nào làm tiếp"
            yield Difference("spool-left", str(place), detail, WATCH)


def _is_left(note: Path) -> bool:
    """Tell whether nobody holds the lock of a spool entry; asking takes it for an instant."""
    descriptor = os.open(note, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
