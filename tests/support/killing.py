"""Runs jobs of the product in forked children that are killed before a chosen durable step.

Run as a program it reads orders, a line of JSON each, and answers each with how the child ended;
it loads the product once for all children. They run the real watcher, drain and flow; only
Prefect's engine is left out, which stores nothing that the promise is about. ``Killer`` is the
side of the tests.
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
from pipeline.audit import AuditEntry, Verb
from pipeline.errors import ServiceUnavailableError
from pipeline.model import PageNote, PageRef, QueueEntry
from search.embedded import generations
from storage.audit.log import SegmentedLog
from tests.support.clerk import Clerk
from tests.support.durable_steps import Boundaries
from tests.support.preloaded import preload
from tests.support.servers import environment_of

DEFECT = 70
ORDERS_PER_WORKER = 50  # a sandboxed worker ends by itself after 500 requests; an order makes eight
_USUAL = {"largest_file": 0, "temporary": None, "signal": signal.SIGKILL, "patience": None}
ACKNOWLEDGED = "acknowledged"  # beside the home: acts of which the log said that it has them
POLLS = 3  # a drop is taken at the second poll, what a dead watcher left at the first


class Done(NamedTuple):
    """A finished page, in place of Prefect's future."""

    note: PageNote

    def result(self) -> PageNote:
        return self.note


class Ended(NamedTuple):
    """How a child ended: its exit code or minus the signal, the steps it reached, its output."""

    code: int
    steps: list[str]
    output: str


def take_in() -> None:
    """Poll the watched folders as the watcher does."""
    watcher = Watcher()
    for _ in range(POLLS):
        for folder in wiring.settings().watched_folders:
            watcher.poll(folder)


def drain() -> None:
    """Work off the queue; a service that is away ends the work, where the real loop would pause."""
    worker = Drain()
    with suppress(ServiceUnavailableError):
        while worker.work_once():
            pass


def go_on() -> None:
    """Do what a restarted watcher does."""
    with suppress(ServiceUnavailableError):
        restore_index()
    take_in()
    drain()


def record() -> None:
    """Record in the audit log as commands do, over two segments; note what was acknowledged."""
    log = cast("SegmentedLog", wiring.audit_log())
    with wiring.settings().home.with_name(ACKNOWLEDGED).open("a", encoding="utf-8") as noted:
        for number in range(6):
            if number == 3:
                log.rotate()
            act = f"{os.getpid()}-{number}"
            detail = {"act": act}
            log.record(AuditEntry(verb=Verb.VIEW, account="an", words="thửa đất", detail=detail))
            noted.write(f"{act}\n")
            noted.flush()
    log.close()


JOBS = {"record": record, "take_in": take_in, "drain": drain, "go_on": go_on}


def leave_prefect_out() -> None:
    """Run flows as plain functions: every line of theirs but the calls to Prefect's API."""

    def submit_page(ref: PageRef, number: int, orientation: int | None) -> Done:
        return Done(cast("PageNote", read_page.fn(ref, number, orientation).data))

    def run_flow(entry: QueueEntry) -> None:
        is_asked = wiring.archive().is_to_read_again(entry.dossier)
        flows.digitise.digitise.fn(entry.dossier, "", is_asked)

    replace(flows.digitise, "submit_page", submit_page)
    replace(flows.digitise, "wait_for_pages", lambda pages, _: [page.result() for page in pages])
    replace(flows.digitise, "create_table_artifact", lambda **_: None)
    replace(flows.digitise, "rename_run", lambda *_: None)
    replace(flows.drain, "is_prefect_away", lambda: False)
    replace(flows.drain, "run_flow", run_flow)


def replace(module: ModuleType, name: str, stand_in: Callable[..., Any]) -> None:
    """Replace an attribute of a module, which must exist."""
    assert hasattr(module, name), name
    setattr(module, name, stand_in)


def obey(order: dict[str, Any], log: int) -> None:
    """Carry out an order, in a child."""
    os.environ.update(order["env"])
    tempfile.tempdir = order["temporary"]
    leave_prefect_out()
    if order["patience"] is not None:
        assert order["patience"] < generations.BUSY_SECONDS
        generations.BUSY_SECONDS = order["patience"]
    if order["largest_file"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"],) * 2)
    roots = [Path(root) for root in order["roots"]]
    Boundaries(roots, log, order["kill_at"], order["signal"]).install()
    JOBS[order["job"]]()


def fork(order: dict[str, Any]) -> Ended:
    with tempfile.TemporaryFile() as steps, tempfile.TemporaryFile() as output:
        child = os.fork()
        if not child:
            os.dup2(output.fileno(), 2)
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
        output.seek(0)
        lines = steps.read().decode(errors="replace").splitlines()
        return Ended(os.waitstatus_to_exitcode(status), lines, output.read().decode())


def main() -> None:
    preload()
    for count, line in enumerate(sys.stdin):
        if count % ORDERS_PER_WORKER == 0:  # the children share the process that opens files
            pool.end_all()
            pool.prepare(client.PROGRAM)
            pool.prepare(binder.PROGRAM)
        sys.stdout.write(json.dumps(fork(json.loads(line))) + "\n")
        sys.stdout.flush()


class Killer:
    """Client of the program above: runs jobs in children that are killed at a chosen step."""

    def __init__(self, **around: str) -> None:
        """Start nothing yet.

        Args:
            around: variables that are added to the environment of the children.
        """
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
        self._server.wait(timeout=120)

    def run(self, job: str, clerk: Clerk, kill_at: int | None = None, **more: Any) -> Ended:
        """Run a job in a clerk's home; kill it before its n-th durable change.

        Args:
            job: a key of ``JOBS``.
            clerk: the clerk in whose home and store the job runs.
            kill_at: the number of the step, from 1; None lets the job come to its end.
            more: ``largest_file`` in bytes; ``temporary``, a folder; ``signal`` instead of SIGKILL;
                ``patience`` in seconds with whoever holds the index.
        """
        env = {"SOHOA_HOME": str(clerk.home), "SOHOA_WATCH__SETTLE_SECONDS": "0"}
        env |= {"SOHOA_WATCH__GRACE_SECONDS": "0"}
        env |= environment_of(clerk.storage)
        order = {"job": job, "env": env, "roots": [str(clerk.home)], "kill_at": kill_at}
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(json.dumps(_USUAL | order | more) + "\n")
        self._server.stdin.flush()
        return Ended(*json.loads(self._server.stdout.readline()))

    def stopped_child(self) -> int | None:
        """Return the id of the child that SIGSTOP has stopped, if there is one."""
        pid = str(self._server.pid)
        children = Path("/proc", pid, "task", pid, "children")
        for child in map(int, children.read_text().split()):
            state = Path("/proc", str(child), "stat").read_text().rpartition(")")[2].split()[0]
            if state == "T":
                return child
        return None


if __name__ == "__main__":
    main()
