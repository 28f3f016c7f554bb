"""Who may work on a dossier: the arithmetic of leases, strikes and silence."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.model import Lease, Pending
from pipeline.settings import RunSettings

EXCUSED_PAUSE = timedelta(seconds=5)  # before a dossier is tried again when a service was away


def this_holder() -> str:
    """Name this process so that others on the same machine can see whether it still lives."""
    pid = os.getpid()
    return f"{socket.gethostname()}:{pid}:{_started(pid)}"


def next_lease(
    pending: Pending, newest: Lease | None, now: datetime, settings: RunSettings
) -> Lease | None:
    """Return the lease to take for owed work; None while somebody holds it or it must pause."""
    if newest is None:
        return Lease(pending.dossier, 1, this_holder(), now)
    if not _is_free(newest, now, settings):
        return None
    asked_again = newest.attempt <= pending.attempts_before
    strikes = 0 if asked_again else newest.strikes + (not newest.excused)
    trouble = newest.trouble or "tiến trình đọc bị dừng đột ngột"
    number = newest.attempt + 1
    return Lease(pending.dossier, number, this_holder(), now, strikes, trouble=trouble)


def _is_free(lease: Lease, now: datetime, settings: RunSettings) -> bool:
    if lease.released:
        return not lease.excused or now - lease.beat >= EXCUSED_PAUSE
    silence = now - lease.beat
    return silence > timedelta(seconds=settings.lease_seconds) or _is_dead(lease.holder)


def _is_dead(holder: str) -> bool:
    """Tell whether a holder is a process of this machine that no longer runs."""
    host, pid, started = holder.rsplit(":", 2)
    return host == socket.gethostname() and _started(int(pid)) != started


def _started(pid: int) -> str:
    """Return when a process began, in clock ticks since boot; empty when there is none."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return state.rpartition(")")[2].split()[19]  # proc(5): field 22, counted after the name
