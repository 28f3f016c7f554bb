"""The work pool of Prefect: what is registered there, which drain runs there are, one more run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import httpx
from prefect.automations import AutomationCore, EventTrigger, Posture
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.events.actions import ChangeFlowRunState
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed

from flows.local_prefect import is_healthy
from flows.prefect_names import DIGITISE, DRAIN, ENTRYPOINT, automation_of
from pipeline.errors import MisconfiguredError, RunsUnavailableError
from pipeline.settings import RunSettings

_DEAD = {StateType.FAILED, StateType.CRASHED}
_MOST = 200  # runs looked at, Prefect's own page
_ALIVE = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING]
# `python` is the worker's own: it puts its folder first in PATH. Named outright, because Prefect
# otherwise starts a second process that only prepares code we have installed.
_JOB = {"command": "python -m prefect.engine"}


class DrainRuns(NamedTuple):
    """The drain runs of a pool."""

    alive: int  # waiting, starting or working
    newest: str  # id of the one created last; empty when there never was one
    died_at: datetime | None  # when the newest one failed or crashed; None when it did not


class Pool:
    """A work pool of process type, its deployment of ``drain``, its rule about dead runs."""

    def __init__(self, settings: RunSettings) -> None:
        """Name the pool; nothing is asked of Prefect yet."""
        self.name = settings.pool
        self._limit = settings.pool_limit
        self._dead_after = timedelta(seconds=settings.dead_seconds)

    def deploy(self) -> None:
        """Make or renew the pool, its limit, the deployment and the automation.

        Raises:
            RunsUnavailableError: Prefect's API does not answer.
        """
        with _asked() as client:
            with suppress(ObjectNotFound):
                client.update_work_pool(
                    self.name, WorkPoolUpdate(concurrency_limit=self._limit, is_paused=False)
                )
                self._register(client)
                return
            client.create_work_pool(
                WorkPoolCreate(name=self.name, type="process", concurrency_limit=self._limit)
            )
            self._register(client)

    def _register(self, client: SyncPrefectClient) -> None:
        client.create_deployment(
            client.create_flow_from_name(DRAIN),
            self.name,
            entrypoint=ENTRYPOINT,
            work_pool_name=self.name,
            job_variables=_JOB,
            pull_steps=[],  # the code is installed where a worker runs
            enforce_parameter_schema=False,
            description="Reads dossiers that are owed, for many minutes.",
        )
        known = client.read_automations_by_name(automation_of(self.name))
        wanted = self._automation()
        for automation in known:
            client.update_automation(automation.id, wanted)
        if not known:
            client.create_automation(wanted)

    def _automation(self) -> AutomationCore:
        """A run that says nothing for long, neither that it lives nor that it ended, is dead."""
        return AutomationCore(
            name=automation_of(self.name),
            trigger=EventTrigger(
                # The server itself says Running: a run killed before its first word counts too.
                after={"prefect.flow-run.Running", "prefect.flow-run.heartbeat"},
                expect={"prefect.flow-run.*"},  # states have names of our own, such as Partial
                match_related={
                    "prefect.resource.role": "flow",
                    "prefect.resource.name": [DRAIN, DIGITISE],
                },
                for_each={"prefect.resource.id"},
                posture=Posture.Proactive,
                threshold=1,
                within=self._dead_after,
            ),
            actions=[ChangeFlowRunState(state=StateType.CRASHED, message="No sign of life.")],
        )

    def deployment(self) -> UUID:
        """Return the id of the deployment.

        Raises:
            MisconfiguredError: pool or deployment is not there.
            RunsUnavailableError: Prefect's API does not answer.
        """
        with _asked() as client:
            try:
                client.read_work_pool(self.name)
                return client.read_deployment_by_name(f"{DRAIN}/{self.name}").id
            except ObjectNotFound as missing:
                raise MisconfiguredError(
                    f"Prefect chưa có work pool «{self.name}» hoặc chưa đăng ký việc đọc hồ sơ.",
                    "Chạy một lần: sohoa deploy",
                ) from missing

    def runs(self, deployment: UUID) -> DrainRuns:
        """Return the drain runs. Raises ``RunsUnavailableError``."""
        mine = DeploymentFilter(id=DeploymentFilterId(any_=[deployment]))
        alive = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_ALIVE)))
        order = FlowRunSort.EXPECTED_START_TIME_DESC
        with _asked() as client:
            found = client.read_flow_runs(
                deployment_filter=mine, flow_run_filter=alive, limit=_MOST, sort=order
            )
            newest = client.read_flow_runs(deployment_filter=mine, limit=1, sort=order)
            stuck = [run.id for run in found if self._never_started(run)]
            for run in stuck:
                client.set_flow_run_state(run, Crashed(message="Its worker never started it."))
        last = newest[0] if newest else None
        died = last is not None and last.state is not None and last.state.type in _DEAD
        return DrainRuns(
            len(found) - len(stuck),
            str(last.id) if last else "",
            last.state.timestamp if last and last.state and died else None,
        )

    def _never_started(self, run: FlowRun) -> bool:
        """Tell whether a worker took a run and died before it began: no heartbeat tells of that."""
        if run.state is None or not run.state.is_pending():
            return False
        return datetime.now(UTC) - run.state.timestamp > 2 * self._dead_after

    def start_run(self, deployment: UUID, key: str) -> None:
        """Ask for one more drain run; a key that was used before changes nothing.

        Raises:
            RunsUnavailableError: Prefect's API does not answer.
        """
        with _asked() as client:
            client.create_flow_run_from_deployment(deployment, idempotency_key=key)


def prefect_away() -> RunsUnavailableError:
    """Return the complaint that Prefect's API does not answer."""
    return RunsUnavailableError(
        "Máy chủ Prefect không trả lời, nên chưa bắt đầu hồ sơ mới.",
        "Tự tiếp tục khi máy chủ hoạt động lại; xem `sohoa doctor`.",
    )


def is_prefect_away() -> bool:
    """Tell whether Prefect's API does not answer now."""
    return not is_healthy(os.environ["PREFECT_API_URL"])


@contextmanager
def _asked() -> Iterator[SyncPrefectClient]:
    try:
        with get_client(sync_client=True) as client:
            yield client
    except (httpx.HTTPError, RuntimeError) as error:
        raise prefect_away() from error
