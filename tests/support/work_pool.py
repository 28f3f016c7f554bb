"""Starts, inspects and kills workers of a work pool, and reads flow runs from Prefect."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows import wiring
from pipeline.model import Lease
from tests.support.prefect_servers import api

PATIENCE = 300.0  # a worker and its first run start three processes; a busy machine takes minutes


@contextmanager
def sohoa(command: str, log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command of the product beside the test; its output is appended to a file."""
    with (
        log.open("ab") as output,
        subprocess.Popen(
            [sys.executable, "-m", "flows.cli", command],
            stdout=output,
            stderr=output,
            env=os.environ | environment,
        ) as process,
    ):
        try:
            yield process
        finally:
            kill_tree(process.pid)


def children(process: int) -> list[int]:
    """Return the ids of the processes that one started, and of those they started."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(fields[1])
    found, new = [], [process]
    while new:
        new = [child for child, parent in parents.items() if parent in new]
        found += new
    return found


def kill_tree(process: int) -> None:
    """Kill a process with all it started, as a power failure does."""
    _signal_tree(process, signal.SIGKILL)


def kill_at_work(process: int) -> set[str]:
    """Kill a process with all it started once they hold dossiers; return which, by id.

    It stands still while that is asked, so that it cannot end one in between.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        _signal_tree(process, signal.SIGSTOP)
        tree = children(process)
        if held := {each.dossier for each in active_leases() if holder_process(each) in tree}:
            kill_tree(process)
            return held
        _signal_tree(process, signal.SIGCONT)
        time.sleep(0.05)
    raise AssertionError("it never held a dossier")


def _signal_tree(process: int, number: signal.Signals) -> None:
    for each in (process, *children(process)):
        try:
            os.kill(each, number)
        except ProcessLookupError:
            continue


def active_leases() -> list[Lease]:
    """Return the leases of queued dossiers that are taken and not released."""
    archive = wiring.archive()
    found = [archive.find_lease(entry.dossier) for entry in archive.queued()]
    return [lease for lease in found if lease and not lease.released]


def holder_process(lease: Lease) -> int:
    """Return the id of the process that holds a lease."""
    return int(lease.holder.split(":")[1])


def flow_runs(url: str, **wanted: Any) -> list[dict[str, Any]]:
    """Return flow runs as Prefect shows them, newest first."""
    body = {"sort": "EXPECTED_START_TIME_DESC", "limit": 100, **wanted}
    with api(url) as server:
        answer = server.post("/flow_runs/filter", json=body)
    answer.raise_for_status()
    return list(answer.json())
