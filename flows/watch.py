"""Polls the watched folders, runs drains on threads beside that, and announces a stop."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from datetime import UTC, datetime
from pathlib import Path

from prefect.logging.handlers import APILogHandler

from flows.drain import Drain
from flows.receiver import Receiver
from flows.wiring import settings, spool_of
from pipeline.intake import (
    FolderHeartbeat,
    Settling,
    Spool,
    end_heartbeat,
    last_heartbeat,
    write_heartbeat,
)
from pipeline.intake.heartbeat import HEARTBEAT_SECONDS
from pipeline.intake.taking import printable
from storage import new_dossier_id

log = logging.getLogger(__name__)

# Dossiers digitised at once for each page read at once: beginning and ending a run waits on Prefect
# without using the processor (measured: docs/measurements.md).
DOSSIERS_PER_PAGE_SLOT = 2


class Watcher:
    """Claims drops in the watched folders and has them received.

    Args:
        receiver: takes claimed drops into the archive; by default on the polling thread itself.
    """

    def __init__(self, receiver: Receiver | None = None) -> None:
        self._receiver = receiver or Receiver()
        self._settling = Settling(settings().watch)
        self._troubles: dict[Path, str] = {}  # folder -> why it cannot be used; empty when it can
        self._stuck: dict[Path, str] = {}  # drop that cannot be moved -> why
        self._next_heartbeat = 0.0  # monotonic seconds

    def run(self, stop: threading.Event) -> None:
        """Poll the folders until ``stop`` is set; trouble in one never stops the others.

        The heartbeat is left as it is then: ``announced_stop`` goes on with it and ends it.
        """
        if not settings().watch.folders:  # a folder somebody named may be a share not yet mounted
            inbox = settings().watched_folders[0]
            if not inbox.exists():
                inbox.mkdir(parents=True)
                inbox.chmod(0o755)  # clerks of this machine see what is in it, whatever our umask
        while not stop.wait(settings().watch.poll_seconds):
            for folder in settings().intake_folders:
                self._log_change(folder, self._trouble_with(folder))
            if not stop.is_set():  # from then on announced_stop writes it
                self._write_heartbeat()
        self._receiver.close()

    def _trouble_with(self, folder: Path) -> str:
        """Poll a folder; return why that did not work, empty when it did."""
        if not folder.is_dir():
            return "Không thấy thư mục: ổ chia sẻ chưa được gắn, hoặc thư mục đã bị xóa."
        try:
            self.poll(folder)
        except OSError as error:
            return f"Không dùng được thư mục ({error.strerror}): kiểm tra quyền và chỗ trống."
        return ""

    def _log_change(self, folder: Path, trouble: str) -> None:
        """Log a trouble when it begins or ends, not at every poll."""
        if trouble != self._troubles.get(folder, ""):
            log.warning("%s: %s", folder, trouble or "usable again")
        self._troubles[folder] = trouble

    def _write_heartbeat(self) -> None:
        if time.monotonic() < self._next_heartbeat:
            return
        self._next_heartbeat = time.monotonic() + HEARTBEAT_SECONDS
        folders = tuple(
            FolderHeartbeat(folder, trouble, self._remarks(folder))
            for folder, trouble in self._troubles.items()
        )
        with suppress(OSError):  # a full disk is reported by the step that needs it
            write_heartbeat(settings().home, folders)

    def _remarks(self, folder: Path) -> dict[str, str]:
        """Return why each drop that still lies in a folder was not taken, by its printable name."""
        stuck = {
            path.relative_to(folder).as_posix(): why
            for path, why in self._stuck.items()
            if path.is_relative_to(folder) and path.exists()
        }
        parked = {path.name: why for path, why in self._receiver.parked(folder).items()}
        remarks = self._settling.remarks(folder) | stuck | parked
        return {printable(name): why for name, why in remarks.items()}

    def poll(self, folder: Path) -> None:
        """Resume what was left in the spool, then claim and receive the drops that are ready.

        Args:
            folder: the watched folder.

        Raises:
            OSError: the folder or the spool cannot be used.
        """
        spool = Spool(spool_of(folder), lambda: new_dossier_id(datetime.now(UTC)))
        for entry in spool.left_behind():
            self._receiver.submit(entry)
        for path in self._settling.ready(folder):
            if not self._receiver.may_claim:
                return
            try:
                claimed = spool.claim(path, folder)
            except OSError as error:  # others may still be movable
                self._stuck[path] = f"Không lấy được ({error.strerror}): kiểm tra quyền, chỗ trống."
                continue
            self._stuck.pop(path, None)
            if claimed:
                self._receiver.submit(claimed)


@contextmanager
def draining(drain: Drain, ended: threading.Event) -> Iterator[None]:
    """Run a drain on threads beside the caller; leaving the context stops them.

    Args:
        drain: the drain that all threads share.
        ended: the event that is set when a thread ends by itself, which only a defect makes it do;
            the defect is raised when the context is left, so that a dead watcher is noticed.
    """
    stop = threading.Event()
    count = DOSSIERS_PER_PAGE_SLOT * settings().reading.threads
    with ThreadPoolExecutor(count, thread_name_prefix="drain") as pool:
        # In the caller's context: inside a flow run, the runs of the dossiers are its children.
        workers = [pool.submit(copy_context().run, drain.run, stop) for _ in range(count)]
        for worker in workers:
            worker.add_done_callback(lambda _: ended.set())
        try:
            yield
        finally:
            stop.set()
            for worker in workers:
                worker.result()
            APILogHandler().flush()  # while the server that was started for us still listens


@contextmanager
def announced_stop(
    home: Path, stop: threading.Event, count: Callable[[], int], say: Callable[[str], object]
) -> Iterator[None]:
    """Announce the stop when it is asked for, on a thread beside the caller.

    From then until the context is left the heartbeat says that the watcher is stopping, and how
    many dossiers it still reads: pages may take minutes, and nobody should take it for dead.

    Args:
        home: the folder that ``SOHOA_HOME`` names.
        stop: the event that asks for the stop; leaving the context sets it.
        count: tells how many dossiers are still being read.
        say: prints a line for whoever asked.
    """
    ended = threading.Event()

    def announce() -> None:
        stop.wait()
        said = -1
        while not ended.is_set():
            left = count()
            if left != said:
                hint = " Gửi tín hiệu lần nữa để dừng ngay." if left and said < 0 else ""
                say(waiting_text(left) + hint)
            said = left
            known = last_heartbeat(home)
            with suppress(OSError):  # a full disk is reported by the step that needs it
                write_heartbeat(home, known.folders if known else (), waits_for=left)
            ended.wait(HEARTBEAT_SECONDS)

    thread = threading.Thread(target=announce, name="announced-stop", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        stop.set()
        thread.join()
        end_heartbeat(home)


def waiting_text(dossiers: int) -> str:
    """Return the line that says what a stop waits for.

    Args:
        dossiers: the number of dossiers still being read.
    """
    if not dossiers:
        return "Đang dừng …"
    return f"Đang dừng: chờ {dossiers} hồ sơ đang đọc dở."
