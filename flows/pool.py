"""Registers the work pool in Prefect, reports its drain runs and asks for new ones."""

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
from flows.prefect_names import (
    DIGITISE,
    DRAIN,
    ENTRYPOINT,
    JOB_TEMPLATE,
    automation_of,
    moment_name,
)
from pipeline.errors import MisconfiguredError, RunsUnavailableError
from pipeline.settings import RunSettings

_DEAD_STATES = {StateType.FAILED, StateType.CRASHED}
_PAGE_SIZE = 200  # flow runs in one answer, Prefect's own limit
_ALIVE_STATES = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING]


class DrainRuns(NamedTuple):
    """State of the drain runs of a pool."""

    alive: int  # scheduled, pending or running
    newest: str  # id of the run that was created last; empty when there never was one
    died_at: datetime | None  # when the newest run failed or crashed; None when it did not


class Pool:
    """A work pool of type process, its deployment of ``drain`` and its automation for dead runs."""

    def __init__(self, settings: RunSettings) -> None:
        """Ask nothing of Prefect yet.

        Args:
            settings: name and limit of the pool, and the silence after which a run is dead.
        """
        self.name = settings.pool
        self._limit = settings.pool_limit
        self._dead_after = timedelta(seconds=settings.dead_seconds)

    def deploy(self) -> None:
        """Create or update the pool, its limit, the deployment and the automation.

        Raises:
            RunsUnavailableError: Prefect's API does not answer.
        """
        with _open_client() as client:
            with suppress(ObjectNotFound):
                client.update_work_pool(
                    self.name,
                    WorkPoolUpdate(
                        concurrency_limit=self._limit,
                        is_paused=False,
                        base_job_template=JOB_TEMPLATE,
                    ),
                )
                self._register(client)
                return
            client.create_work_pool(
                WorkPoolCreate(
                    name=self.name,
                    type="process",
                    concurrency_limit=self._limit,
                    base_job_template=JOB_TEMPLATE,
                )
            )
            self._register(client)

    def _register(self, client: SyncPrefectClient) -> None:
        client.create_deployment(
            client.create_flow_from_name(DRAIN),
            self.name,
            entrypoint=ENTRYPOINT,
            work_pool_name=self.name,
            job_variables={},  # 0.1 set the command here
            pull_steps=[],  # the code is installed where a worker runs
            enforce_parameter_schema=False,
            description="Digitises queued dossiers for many minutes, then ends.",
        )
        known = client.read_automations_by_name(automation_of(self.name))
        automation = self._automation()
        for each in known:
            client.update_automation(each.id, automation)
        if not known:
            client.create_automation(automation)

    def _automation(self) -> AutomationCore:
        """Return the rule that marks runs as Crashed that were silent for ``dead_seconds``."""
        return AutomationCore(
            name=automation_of(self.name),
            trigger=EventTrigger(
                # The server itself sets Running: a run without a first heartbeat counts too.
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
            MisconfiguredError: pool or deployment is not registered; `sohoa deploy` does that.
            RunsUnavailableError: Prefect's API does not answer.
        """
        with _open_client() as client:
            try:
                client.read_work_pool(self.name)
                return client.read_deployment_by_name(f"{DRAIN}/{self.name}").id
            except ObjectNotFound as missing:
                raise MisconfiguredError(
                    f"Prefect chưa có work pool «{self.name}» hoặc chưa đăng ký việc đọc hồ sơ.",
                    "Chạy một lần: sohoa deploy",
                ) from missing

    def drain_runs(self, deployment: UUID) -> DrainRuns:
        """Return the state of the drain runs; mark those as crashed that a worker never started.

        Args:
            deployment: the id of the deployment whose runs are asked for.

        Raises:
            RunsUnavailableError: Prefect's API does not answer.
        """
        of_pool = DeploymentFilter(id=DeploymentFilterId(any_=[deployment]))
        alive = FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_ALIVE_STATES))
        )
        order = FlowRunSort.EXPECTED_START_TIME_DESC
        with _open_client() as client:
            found = client.read_flow_runs(
                deployment_filter=of_pool, flow_run_filter=alive, limit=_PAGE_SIZE, sort=order
            )
            newest = client.read_flow_runs(deployment_filter=of_pool, limit=1, sort=order)
            stuck = [run.id for run in found if self._never_started(run)]
            for run in stuck:
                client.set_flow_run_state(run, Crashed(message="Its worker never started it."))
        last = newest[0] if newest else None
        died = last is not None and last.state is not None and last.state.type in _DEAD_STATES
        return DrainRuns(
            len(found) - len(stuck),
            str(last.id) if last else "",
            last.state.timestamp if last and last.state and died else None,
        )

    def _never_started(self, run: FlowRun) -> bool:
        """Tell whether a worker took a run and died before it began, which no heartbeat shows."""
        if run.state is None or not run.state.is_pending():
            return False
        return datetime.now(UTC) - run.state.timestamp > 2 * self._dead_after

    def start_run(self, deployment: UUID, key: str) -> None:
        """Ask for one more drain run; a key that was used before starts none.

        Args:
            deployment: the id of the deployment.
            key: Prefect's idempotency key, which makes two equal requests one run.

        Raises:
            RunsUnavailableError: Prefect's API does not answer.
        """
        with _open_client() as client:
            client.create_flow_run_from_deployment(
                deployment,
                idempotency_key=key,
                name=moment_name(datetime.now(UTC)),
                tags=[self.name],
            )


def prefect_away_error() -> RunsUnavailableError:
    """Return the error to raise while Prefect's API does not answer."""
    return RunsUnavailableError(
        "Máy chủ Prefect không trả lời, nên chưa bắt đầu hồ sơ mới.",
        "Tự tiếp tục khi máy chủ hoạt động lại; xem `sohoa doctor`.",
    )


def unavailable_error(error: Exception) -> RunsUnavailableError:
    """Return the error to raise after a call of Prefect's API failed.

    Args:
        error: the error that Prefect's client raised.
    """
    if (
        isinstance(error, httpx.HTTPStatusError)
        and error.response.status_code == httpx.codes.UNAUTHORIZED
    ):
        return RunsUnavailableError(
            "Máy chủ Prefect không nhận khóa của máy này.",
            "Kiểm tra PREFECT_API_AUTH_STRING; xem `sohoa doctor`.",
        )
    return prefect_away_error()


def is_prefect_away() -> bool:
    """Tell whether the Prefect API of ``PREFECT_API_URL`` does not answer now."""
    return not is_healthy(os.environ["PREFECT_API_URL"])


@contextmanager
def _open_client() -> Iterator[SyncPrefectClient]:
    """Open Prefect's client.

    Raises:
        RunsUnavailableError: Prefect's API does not answer, or not to our secret.
    """
    try:
        with get_client(sync_client=True) as client:
            yield client
    except (httpx.HTTPError, RuntimeError) as error:
        raise unavailable_error(error) from error
