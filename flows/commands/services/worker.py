"""`sohoa worker`: runs a Prefect worker for drain runs; any number of them, on any machines."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import socket
import sys
import time
from abc import ABC
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import httpx
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import DeploymentResponse
from prefect.utilities.processutils import command_to_string
from prefect.workers.process import (
    ProcessJobConfiguration,
    ProcessWorker,
    ProcessWorkerResult,
)

from flows.pool import Pool, is_prefect_away, prefect_away_error
from flows.prefect_names import ENTRYPOINT
from flows.prefect_secret import require_guarded, require_secret
from flows.terminal import complain
from flows.wiring import settings
from ocr import check_engine, check_sandbox
from pipeline.errors import MisconfiguredError

log = logging.getLogger(__name__)

AWAY_SECONDS = 3.0  # between two tries while Prefect is away
ALIVE = "worker-alive"  # in the home; a health check looks at its time


class ProcessRecorder(NamedTuple):
    """A task status that records the process id of a started run before it passes it on."""

    status: TaskStatus[int]
    processes: set[int]

    def started(self, value: int | None = None) -> None:
        """Record the id of the process that was started."""
        if value is not None:
            self.processes.add(value)
            self.status.started(value)


class DrainJob(ProcessJobConfiguration):
    """What a worker starts for a run: our own program, whatever pool, deployment and run ask for.

    The pool's template has no variables (``flows.prefect_names.JOB_TEMPLATE``). This holds even
    where somebody who knows the secret changed that.
    """

    def prepare_for_flow_run(
        self,
        flow_run: FlowRun,
        deployment: DeploymentResponse | None = None,
        *rest: Any,
        **others: Any,
    ) -> None:
        """Set command, environment and folder, and let Prefect add the id of the run.

        Args:
            flow_run: the run.
            deployment: its deployment.
            rest: passed on.
            others: passed on.

        Raises:
            MisconfiguredError: the run is not of the deployment that `sohoa deploy` registers.
        """
        if deployment is None or deployment.entrypoint != ENTRYPOINT or deployment.pull_steps:
            raise MisconfiguredError(
                "Lượt chạy không phải do `sohoa deploy` của phiên bản này đăng ký.",
                "Chạy lại: sohoa deploy",
            )
        self.command = command_to_string([sys.executable, "-m", "prefect.engine"])
        self.env = {"PREFECT__FLOW_ENTRYPOINT": ENTRYPOINT}
        self.working_dir = Path.cwd()  # sohoa.toml and relative paths hold for the run
        super().prepare_for_flow_run(flow_run, deployment, *rest, **others)


class ResilientWorker(ProcessWorker, ABC):  # ABC: Prefect must not register it for its parent
    """A worker that outlasts outages of Prefect, and lets its run end as planned before it ends.

    Prefect's own process worker gives up within two minutes, and kills its runs when it ends.
    """

    job_configuration = DrainJob
    processes: frozenset[int] | set[int] = frozenset()
    serving: asyncio.Task[None] | None = None
    is_ending = False
    is_waiting = False

    async def run(
        self,
        flow_run: FlowRun,
        configuration: ProcessJobConfiguration,
        task_status: TaskStatus[int] | None = None,
    ) -> ProcessWorkerResult:
        """Start the run's process and wait for its end; end too when that was asked meanwhile."""
        self.processes = set()
        try:
            status = ProcessRecorder(task_status or TASK_STATUS_IGNORED, self.processes)
            return await super().run(flow_run, configuration, status)
        finally:
            self.processes = frozenset()
            if self.is_ending and self.serving:
                self.serving.cancel()

    def end(self) -> None:
        """Begin no run any more and end after the present one; called twice, end at once."""
        if self.processes and not self.is_ending:
            complain("Đang dừng: chờ lượt đọc đang chạy xong các hồ sơ dở …")
        if (self.is_ending or not self.processes) and self.serving:
            self.serving.cancel()
        self.is_ending = True
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)

    async def get_and_submit_flow_runs(self) -> list[FlowRun]:
        """Ask Prefect for runs to start; return none while it is away or the worker is ending."""
        _show_alive()
        if self.is_ending:
            return []
        try:
            found = await super().get_and_submit_flow_runs()
        except httpx.HTTPError as error:
            await self._wait_after(error)
            return []
        self.is_waiting = False
        return found

    async def sync_with_backend(self) -> None:
        """Send the worker's heartbeat; one that Prefect does not take is only logged."""
        try:
            await super().sync_with_backend()
        except httpx.HTTPError as error:
            await self._wait_after(error)

    async def _wait_after(self, error: httpx.HTTPError) -> None:
        if not self.is_waiting:  # logged when an outage begins, not at every try
            log.warning("waiting: %s (%s)", prefect_away_error(), type(error).__name__)
        self.is_waiting = True
        await asyncio.sleep(AWAY_SECONDS)


RECORDS = ()  # what it reads is in the records of the dossiers


def arguments(parser: argparse.ArgumentParser) -> None:
    """`sohoa worker` has no arguments: the pool comes from the settings."""


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM or Ctrl-C.

    Raises:
        MisconfiguredError: the engine is not complete, the pool is not registered, or Prefect
            answers anybody or does not take our secret.
    """
    require_secret()
    reading = settings().reading
    sandbox = [check_sandbox()] if reading.sandbox == "required" else []
    for check in (*check_engine(reading), *sandbox):  # reported now, not in the first run
        if not check.is_well:
            raise MisconfiguredError(f"{check.part}: {check.detail}.", check.remedy)
    pool = Pool(settings().runs)
    _wait_for(pool)
    complain(f"Sẵn sàng nhận việc từ work pool «{pool.name}».")
    with suppress(asyncio.CancelledError):
        asyncio.run(_serve(pool.name))
    return 0


def _wait_for(pool: Pool) -> UUID:
    """Wait until Prefect answers; return the id of the deployment.

    Raises:
        MisconfiguredError: the pool is not registered, or Prefect answers anybody or does not take
            our secret, which waiting does not mend.
    """
    if is_prefect_away():
        log.warning("waiting: %s", prefect_away_error())
    while is_prefect_away():
        _show_alive()
        time.sleep(AWAY_SECONDS)
    require_guarded(os.environ["PREFECT_API_URL"])
    return pool.deployment()


def _show_alive() -> None:
    """Touch the file that shows that this worker looks for work, whether Prefect answers or not."""
    with suppress(OSError):  # a full disk ends no worker
        settings().home.mkdir(parents=True, exist_ok=True)
        (settings().home / ALIVE).touch()


async def _serve(pool: str) -> None:
    # One drain run at a time: it reads as many pages at once as this machine is meant to.
    worker = ResilientWorker(
        work_pool_name=pool,
        name=f"{socket.gethostname()}-{os.getpid()}",
        limit=1,
        create_pool_if_not_found=False,
    )
    worker.serving = asyncio.current_task()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, worker.end)
    await worker.start(printer=log.info)
