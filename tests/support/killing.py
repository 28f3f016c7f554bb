"""A process that has imported the product once and forks a child for every kill.

Run as a program it reads orders, a line of JSON each, and answers each with how the child ended.
The children run the real watcher, drain and flow; only Prefect's engine is left out, which keeps
nothing that the promise is about. ``Killer`` is the side of the tests.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, NamedTuple, Self, cast

import flows.digitise
import flows.drain
from flows import wiring
from flows.drain import Drain
from flows.tasks import read_page
from flows.upkeep.restore_index import restore_index
from flows.watch import Watcher
from ocr.files import client
from ocr.pdfa import binder
from ocr.sandbox import pool
from pipeline.errors import ServiceUnavailableError
from pipeline.model import PageNote, PageRef, QueueEntry
from tests.support.clerk import Clerk
from tests.support.durable_steps import Boundaries
from tests.support.servers import environment_of

DEFECT = 70
ORDERS_PER_CELL = 30  # a cell ends by itself after 500 questions
_USUAL = {"largest_file": 0, "temporary": None, "signal": signal.SIGKILL}
LOOKS = 3  # a drop is taken at the second look, what a dead watcher left at the first


class Done(NamedTuple):
    """A page that was read, in place of Prefect's future of one."""

    note: PageNote

    def result(self) -> PageNote:
        return self.note


class Ended(NamedTuple):
    """How a child ended: minus the signal, or its exit code; the steps it came to; its words."""

    code: int
    steps: list[str]
    said: str


def take_in() -> None:
    """Look at the watched folders as the watcher does."""
    watcher = Watcher()
    for _ in range(LOOKS):
        for folder in wiring.settings().watched_folders:
            watcher.look(folder)


def drain() -> None:
    """Work off what is owed; what is away ends the work, as a pause does for the real loop."""
    worker = Drain()
    with suppress(ServiceUnavailableError):
        while worker.work_once():
            pass


def go_on() -> None:
    """Do what a watcher does that is started again."""
    with suppress(ServiceUnavailableError):
        restore_index()
    take_in()
    drain()


JOBS = {"take_in": take_in, "drain": drain, "go_on": go_on}


def leave_prefect_out() -> None:
    """Run flows as plain functions: every line of theirs but the calls to Prefect's API."""

    def submitted(ref: PageRef, number: int) -> Done:
        return Done(cast("PageNote", read_page.fn(ref, number).data))

    def run(entry: QueueEntry) -> None:
        flows.digitise.digitise.fn(entry.dossier, "")

    replace(flows.digitise, "submitted", submitted)
    replace(flows.digitise, "settled", lambda pages, _: [page.result() for page in pages])
    replace(flows.digitise, "create_table_artifact", lambda **_: None)
    replace(flows.drain, "is_prefect_away", lambda: False)
    replace(flows.drain, "_run", run)


def replace(module: ModuleType, name: str, stand_in: Callable[..., Any]) -> None:
    """Put something in a module's place that must be there."""
    assert hasattr(module, name), name
    setattr(module, name, stand_in)


def obey(order: dict[str, Any], log: int) -> None:
    """Carry out an order, in a child."""
    os.environ.update(order["env"])
    tempfile.tempdir = order["temporary"]
    leave_prefect_out()
    if order["largest_file"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"],) * 2)
    roots = [Path(root) for root in order["roots"]]
    Boundaries(roots, log, order["kill_at"], order["signal"]).install()
    JOBS[order["job"]]()


def fork(order: dict[str, Any]) -> Ended:
    with tempfile.TemporaryFile() as steps, tempfile.TemporaryFile() as words:
        child = os.fork()
        if not child:
            os.dup2(words.fileno(), 2)
            code = DEFECT
            try:
                obey(order, steps.fileno())
                code = 0
            except BaseException:  # noqa: BLE001 — a child must never return to the loop
                traceback.print_exc()
            sys.stderr.flush()
            os._exit(code)
        _, status = os.waitpid(child, 0)
        steps.seek(0)
        words.seek(0)
        lines = steps.read().decode(errors="replace").splitlines()
        return Ended(os.waitstatus_to_exitcode(status), lines, words.read().decode())


def main() -> None:
    for count, line in enumerate(sys.stdin):
        if count % ORDERS_PER_CELL == 0:  # the children share the process that opens files
            pool.end_all()
            pool.prepare(client.PROGRAM)
            pool.prepare(binder.PROGRAM)
        sys.stdout.write(json.dumps(fork(json.loads(line))) + "\n")
        sys.stdout.flush()


class Killer:
    """Runs the product in children that end at a chosen step."""

    def __init__(self, **around: str) -> None:
        """Add these variables to the environment of the children."""
        self._around = around

    def __enter__(self) -> Self:
        one_thread = {"OPENBLAS_NUM_THREADS": "1", "PREFECT_API_URL": "http://127.0.0.1:9/api"}
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.support.killing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | one_thread | self._around,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.close()
        self._server.stdout.close()
        self._server.wait(timeout=30)

    def run(self, job: str, clerk: Clerk, kill_at: int | None = None, **more: Any) -> Ended:
        """Run a job in a clerk's home; kill it before its n-th durable change.

        Args:
            job: a name of ``JOBS``.
            clerk: whose home and store it is.
            kill_at: the step, from 1; None lets the job come to its end.
            more: ``largest_file`` in bytes; ``temporary``, a folder; ``signal`` instead of SIGKILL.
        """
        env = {"SOHOA_HOME": str(clerk.home), "SOHOA_WATCH__SETTLE_SECONDS": "0"}
        env |= environment_of(clerk.storage)
        order = {"job": job, "env": env, "roots": [str(clerk.home)], "kill_at": kill_at}
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(json.dumps(_USUAL | order | more) + "\n")
        self._server.stdin.flush()
        return Ended(*json.loads(self._server.stdout.readline()))

    def stopped_child(self) -> int | None:
        """Return the child that SIGSTOP holds, if there is one."""
        place = Path("/proc", str(self._server.pid), "task", str(self._server.pid), "children")
        for child in map(int, place.read_text().split()):
            state = Path("/proc", str(child), "stat").read_text().rpartition(")")[2].split()[0]
            if state == "T":
                return child
        return None


if __name__ == "__main__":
    main()
