"""Decides who may work on a dossier: leases with a time-out, and a limit on failed attempts."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.model import Lease, QueueEntry
from pipeline.settings import RunSettings

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
