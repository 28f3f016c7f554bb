"""Who may work on a dossier: the arithmetic of leases, strikes and silence."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.model import Lease, QueueEntry
from pipeline.settings import RunSettings

EXCUSED_PAUSE = timedelta(seconds=5)  # before a dossier is tried again when a service was away


def this_holder() -> str:
    """Name this process so that others on the same machine can see whether it still lives."""
    return mark_of(os.getpid())


def mark_of(pid: int) -> str:
    """Name a process of this machine so that its number alone cannot be mistaken for it later."""
    return f"{socket.gethostname()}:{pid}:{_started(pid)}"


def is_gone(mark: str) -> bool:
    """Tell whether a mark names a process of this machine that no longer runs."""
    host, pid, started = mark.rsplit(":", 2)
    return host == socket.gethostname() and _started(int(pid)) != started


def next_lease(
    entry: QueueEntry,
    newest: Lease | None,
    now: datetime,
    settings: RunSettings,
    attempts_before: int = 0,
) -> Lease | None:
    """Return the lease to take for owed work; None while somebody holds it or it must pause.

    Args:
        entry: the work.
        newest: the newest lease that was taken of its dossier.
        now: the present time.
        settings: how long a holder may be silent.
        attempts_before: attempts made before somebody asked again; they count no more.
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
