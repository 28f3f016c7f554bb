"""A work pool with real workers: processes to start, to look at and to kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from flows import wiring
from pipeline.model import Lease

PATIENCE = 300.0  # a worker and its first run start three processes; a busy machine takes minutes


@contextmanager
def sohoa(word: str, log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command of the product beside the test; its words go to a file."""
    with (
        log.open("ab") as words,
        subprocess.Popen(
            [sys.executable, "-m", "flows.cli", word],
            stdout=words,
            stderr=words,
            env=os.environ | environment,
        ) as process,
    ):
        try:
            yield process
        finally:
            kill_tree(process.pid)


def children(process: int) -> list[int]:
    """Return the processes that one started, and those they started."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(place.name)] = int(fields[1])
    found, new = [], [process]
    while new:
        new = [child for child, parent in parents.items() if parent in new]
        found += new
    return found


def kill_tree(process: int) -> None:
    """Kill a process with all it started, as a power failure does."""
    for each in (process, *children(process)):
        try:
            os.kill(each, signal.SIGKILL)
        except ProcessLookupError:
            continue


def leases_held() -> list[Lease]:
    """Return the leases that somebody holds now."""
    archive = wiring.archive()
    found = [archive.find_lease(pending.dossier) for pending in archive.queued()]
    return [lease for lease in found if lease and not lease.released]


def holder_process(lease: Lease) -> int:
    """Return the process that holds a lease."""
    return int(lease.holder.split(":")[1])


def flow_runs(url: str, **wanted: Any) -> list[dict[str, Any]]:
    """Return flow runs as Prefect shows them, newest first."""
    body = {"sort": "EXPECTED_START_TIME_DESC", "limit": 100, **wanted}
    answer = httpx.post(f"{url}/flow_runs/filter", json=body, timeout=30)
    answer.raise_for_status()
    return list(answer.json())
