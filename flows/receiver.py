"""Receives claimed drops beside the polling of the folders, tries again, and parks what fails."""

from __future__ import annotations

import logging
import tempfile
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

from flows.wiring import settings, tools
from pipeline.errors import ServiceUnavailableError, SohoaError
from pipeline.intake import Reception, SpoolEntry, receive
from pipeline.intake.held import HeldDrop
from pipeline.private_files import private_root

log = logging.getLogger(__name__)

TROUBLE_SECONDS = 5.0  # before a drop is tried again that could not be received
PARKED_SECONDS = 600.0  # … that failed so often that it is shown as a problem
MOST_WAITING = 100  # drops that are claimed and not yet begun; the others stay with the clerk
PROVEN_SECONDS = 60.0  # since the store took a drop: others may be claimed before it takes the next
TRIES = 5  # failures of a drop by itself; a store that is away does not count


class Receiver:
    """Takes spool entries into the archive; any number at once, each by one thread."""

    def __init__(self, threads: int = 0) -> None:
        """Receive on so many threads; on the caller's own when there are none."""
        self._pool = ThreadPoolExecutor(threads, "receive") if threads else None
        self._retry_at: dict[Path, float] = {}  # spool entry -> monotonic seconds
        self._failures: dict[Path, int] = {}
        self._seen_late: dict[Path, tuple[object, float]] = {}  # files of late writes, since when
        self._parked: dict[Path, tuple[Path, str]] = {}  # entry -> watched folder, why
        self._lock = threading.Lock()
        self._kept_by_store: set[Path] = set()  # entries that wait for a store that was away
        self._in_hand = 0  # drops handed over and not yet ended
        self._stored_at = -PROVEN_SECONDS  # when the store last took a drop, in monotonic seconds

    @property
    def may_claim(self) -> bool:
        """Whether another drop may be claimed; what is not claimed stays where the clerk sees it.

        No more than wait for a thread as may, none while the store is away, and after a quiet time
        one goes alone: whether the store is there is known when it has taken that one.
        """
        is_proven = time.monotonic() - self._stored_at < PROVEN_SECONDS
        most = MOST_WAITING if is_proven else 1
        return self._in_hand < most and not self.is_store_away

    @property
    def is_store_away(self) -> bool:
        """Whether the store did not answer the last time.

        What waits for it is tried again, and tells when it is back.
        """
        return any(entry.exists() for entry in tuple(self._kept_by_store))

    def close(self) -> None:
        """Wait for what is being received."""
        if self._pool:
            self._pool.shutdown()

    def parked(self, folder: Path) -> dict[Path, str]:
        """Return the drops of a watched folder that failed again and again, and why."""
        with self._lock:
            found = [(entry, why) for entry, (of, why) in self._parked.items() if of == folder]
        return {path: why for entry, why in found for path in (entry / "drop").glob("*")}

    def submit(self, entry: SpoolEntry) -> None:
        """Have an entry received, unless it must rest; its lock is released in any case."""
        if self._retry_at.get(entry.path, 0.0) > time.monotonic():
            entry.close()
        elif self._pool:
            with self._lock:
                self._in_hand += 1
            self._pool.submit(self._receive, entry).add_done_callback(partial(self._ended, entry))
        else:
            self._receive(entry)

    def _ended(self, entry: SpoolEntry, future: Future[None]) -> None:
        with self._lock:
            self._in_hand -= 1
        if error := future.exception():  # a defect of ours: it must cost this drop only
            log.error("%s: %s", entry.dossier, type(error).__name__, exc_info=error)
            self._failed(entry, "lỗi của chương trình, xem nhật ký")
            entry.close()

    def _receive(self, entry: SpoolEntry) -> None:
        try:
            held = entry.held()
            if held is None:
                self._take(entry)
            else:
                self._finish(entry, held)
        except (SohoaError, OSError) as error:
            self._rest(entry, error)
            entry.close()
            return
        self._forget(entry)

    def _take(self, entry: SpoolEntry) -> None:
        """Receive a drop, then hold it; without a grace time it is finished at once."""
        self._store(entry)
        held = entry.held()
        if held and held.until <= time.time():
            self._finish(entry, held)
        else:
            entry.close()

    def _finish(self, entry: SpoolEntry, held: HeldDrop) -> None:
        """Remove a held drop that nobody wrote to; take what was written as a new version."""
        if held.until > time.time():
            entry.close()
            return
        late = entry.late_writes(held)
        if not late:
            entry.finish()
            return
        if self._is_quiet(entry):
            log.warning("%s was written to after it had been received", entry.dossier)
            self._store(entry, held, late)
        entry.close()

    def _is_quiet(self, entry: SpoolEntry) -> bool:
        """Tell whether a drop that is being written to was left alone for the settle time."""
        now = entry.identities()
        seen, since = self._seen_late.get(entry.path, (None, 0.0))
        if seen != now:
            self._seen_late[entry.path] = (now, time.monotonic())
            return False
        return time.monotonic() - since >= settings().watch.settle_seconds

    def _store(
        self, entry: SpoolEntry, held: HeldDrop | None = None, late: frozenset[str] = frozenset()
    ) -> Reception:
        root = private_root(settings().home)
        with tempfile.TemporaryDirectory(prefix="receive-", dir=root) as private:
            drop = replace(entry.take(Path(private)), outdated=late)
            archive = tools().archive
            reception = receive(drop, archive, tools().reader, tools().index, actor=entry.actor)
            grace = settings().watch.grace_seconds
            entry.settle(drop, reception, archive, grace, held)
        self._stored_at = time.monotonic()
        log.info("received %s as %s", entry.dossier, reception.dossier)
        return reception

    def _rest(self, entry: SpoolEntry, error: SohoaError | OSError) -> None:
        # An OSError prints the path, and a file's name may be a person's.
        reason = error.strerror if isinstance(error, OSError) else str(error)
        log.warning("%s stays in the spool: %s", entry.dossier, reason)
        if isinstance(error, ServiceUnavailableError):
            self._retry_at[entry.path] = time.monotonic() + TROUBLE_SECONDS
            self._kept_by_store.add(entry.path)
            return
        self._kept_by_store.clear()  # whatever else went wrong, the store was there
        self._failed(entry, reason or type(error).__name__)

    def _failed(self, entry: SpoolEntry, reason: str) -> None:
        with self._lock:
            failures = self._failures[entry.path] = self._failures.get(entry.path, 0) + 1
            is_parked = failures >= TRIES
            pause = PARKED_SECONDS if is_parked else TROUBLE_SECONDS
            self._retry_at[entry.path] = time.monotonic() + pause
            if is_parked:
                why = f"Đã thử {failures} lần chưa nhận được ({reason}). Tệp vẫn được giữ nguyên."
                self._parked[entry.path] = (entry.folder, why)

    def _forget(self, entry: SpoolEntry) -> None:
        self._kept_by_store.clear()
        with self._lock:
            for remembered in (self._retry_at, self._failures, self._parked):
                remembered.pop(entry.path, None)
            if not entry.path.exists():
                self._seen_late.pop(entry.path, None)
