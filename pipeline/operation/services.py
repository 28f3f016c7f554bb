"""Tells which processes of an installation run, and since when, by what they leave in its home."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.intake.heartbeat import last_heartbeat
from pipeline.leases import is_gone, process_identity
from pipeline.settings import Settings

WORKER_SILENT = timedelta(minutes=2)  # it looks for work every few seconds


@dataclass(frozen=True, slots=True)
class Service:
    """A process, or a part that is asked."""

    name: str  # watch, worker, prefect, web, storage, search
    is_well: bool
    since: datetime | None = None  # None: not known
    told: str = ""  # Vietnamese: what is wrong, or where it is


def services_of(settings: Settings) -> tuple[Service, ...]:
    """Return the processes that an installation needs, as far as this home knows them.

    Args:
        settings: the settings, which say how pages are read.
    """
    found = [_watch(settings.home)]
    if settings.runs.kind == "pool":
        found.append(_worker(settings.home))
    elif not os.environ.get("PREFECT_API_URL", "").startswith("http"):
        found.append(prefect_service(settings.home))
    return tuple(found)


def this_process(name: str) -> Service:
    """Return the process that asks."""
    return Service(name, is_well=True, since=started(process_identity(os.getpid())))


def started(identity: str) -> datetime | None:
    """Return when a process of this machine began; None when it is gone or of another machine.

    Args:
        identity: the result of ``process_identity``.
    """
    with suppress(ValueError, OSError, IndexError, KeyError):
        if is_gone(identity):
            return None
        ticks = float(identity.rsplit(":", 1)[1])
        seconds = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
        return datetime.now(UTC) - timedelta(seconds=seconds)
    return None


def _watch(home: Path) -> Service:
    beat = last_heartbeat(home)
    if beat is None:
        return Service("watch", is_well=False, told="không chạy")
    if beat.is_silent:
        return Service("watch", is_well=False, told="mất tín hiệu: chết giữa chừng hoặc bị treo")
    told = "đang dừng" if beat.is_stopping else ""
    return Service("watch", is_well=not told, since=started(beat.holder), told=told)


def _worker(home: Path) -> Service:
    try:
        touched = datetime.fromtimestamp((home / "worker-alive").stat().st_mtime, UTC)
    except OSError:
        return Service("worker", is_well=False, told="chưa thấy ở máy này")
    is_well = datetime.now(UTC) - touched < WORKER_SILENT
    return Service("worker", is_well, told="" if is_well else "mất tín hiệu")


def prefect_service(home: Path) -> Service:
    """Return the Prefect server of a home; ``told`` is the address of its API where it runs."""
    try:
        address, process = (home / "prefect" / "api.url").read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return Service("prefect", is_well=False, told="không chạy; `sohoa watch` tự mở")
    if is_gone(process):
        return Service("prefect", is_well=False, told="không chạy; `sohoa watch` tự mở")
    return Service("prefect", is_well=True, since=started(process), told=address)
