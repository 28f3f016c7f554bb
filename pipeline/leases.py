"""Decides who may work on a dossier: leases with a time-out, and a limit on failed attempts.

A lease also names the flow run of its attempt, which leads from the reading room to Prefect's log.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ServiceUnavailableError

if TYPE_CHECKING:
    from pipeline.model import Lease, QueueEntry
    from pipeline.ports import Archive
    from pipeline.settings import RunSettings

log = logging.getLogger(__name__)

EXCUSED_PAUSE = timedelta(seconds=5)  # before a dossier is tried again when a service was away


def this_holder() -> str:
    """Return this process as the holder of a lease: ``process_identity`` of it."""
    return process_identity(os.getpid())


def process_identity(pid: int) -> str:
    """Return host, process id and start time: a later process with the same id differs."""
    return f"{socket.gethostname()}:{pid}:{_started(pid)}"


def is_gone(identity: str) -> bool:
    """Tell whether an identity is that of a process of this machine that no longer runs."""
    host, pid, started = identity.rsplit(":", 2)
    return host == socket.gethostname() and _started(int(pid)) != started


def next_lease(
    entry: QueueEntry,
    newest: Lease | None,
    now: datetime,
    settings: RunSettings,
    attempts_before: int = 0,
) -> Lease | None:
    """Return the lease to take for queued work; None while another has it or it must pause.

    Args:
        entry: the queue entry of the dossier.
        newest: the newest lease of that dossier; None when none was ever taken.
        now: the present time, UTC.
        settings: the settings of runs; after ``lease_seconds`` a silent holder counts as dead.
        attempts_before: attempts made before somebody asked again; they no longer count.
    """
    from pipeline.model import Lease  # noqa: PLC0415 — whose process it is, is asked without it

    if newest is None:
        return Lease(entry.dossier, 1, this_holder(), now)
    if not _is_free(newest, now, settings):
        return None
    asked_again = newest.attempt <= attempts_before
    strikes = 0 if asked_again else newest.strikes + (not newest.excused)
    trouble = newest.trouble or "tiến trình đọc bị dừng đột ngột"
    number = newest.attempt + 1
    return Lease(entry.dossier, number, this_holder(), now, strikes, trouble=trouble)


def _is_free(lease: Lease, now: datetime, settings: RunSettings) -> bool:
    # A sign of life from the future is as old as one from the past: the clock was set back.
    silence = abs(now - lease.beat)
    if lease.released:
        return not lease.excused or silence >= EXCUSED_PAUSE
    return silence > timedelta(seconds=settings.lease_seconds) or is_gone(lease.holder)


def _started(pid: int) -> str:
    """Return when a process began, in clock ticks since boot; empty when it does not run."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = state.rpartition(")")[2].split()  # proc(5): from field 3 on, after the name
    return "" if fields[0] in "ZX" else fields[19]


class HeldLease:
    """The lease of one attempt, as this process last wrote it."""

    def __init__(self, lease: Lease, archive: Archive) -> None:
        self.lease, self._archive = lease, archive
        self._lock = threading.Lock()

    def renew(self, run: str = "") -> None:
        """Write a sign of life; a store that is away is logged, and asked again by the next one.

        Args:
            run: the id of the flow run; empty: as it is.
        """
        with self._lock:
            self.lease = replace(self.lease, beat=datetime.now(UTC), run=run or self.lease.run)
            try:
                self._archive.renew_lease(self.lease)
            except ServiceUnavailableError as error:
                log.warning("no sign of life for %s: %s", self.lease.dossier, error)


_HELD: dict[str, HeldLease] = {}  # by dossier; nobody works on one twice at a time


@contextmanager
def holding(lease: Lease, seconds: float, archive: Archive) -> Iterator[HeldLease]:
    """Renew a lease every so many seconds while the context lasts."""
    held, stop = HeldLease(lease, archive), threading.Event()

    def beat() -> None:
        while not stop.wait(seconds):
            held.renew()

    thread = threading.Thread(target=beat, name=f"heartbeat-{lease.dossier}", daemon=True)
    _HELD[lease.dossier] = held
    thread.start()
    try:
        yield held
    finally:
        stop.set()
        thread.join()
        _HELD.pop(lease.dossier, None)


def note_run(dossier: str, run: str) -> None:
    """Note the flow run of a dossier in its lease; of one that nobody holds here nothing happens.

    Args:
        dossier: the dossier's id.
        run: the id of the flow run.
    """
    if held := _HELD.get(dossier):
        held.renew(run)
