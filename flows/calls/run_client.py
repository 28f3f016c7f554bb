"""Prefect client that makes a flow run with one request instead of seven.

Prefect's engine asks for the flow, creates the run, sets it Running, names it, reads it back and
asks twice where results go. All of that is known before, so the run is created with its name and
in state Running, and the rest is answered from memory. Rules of the server that would hold a run
back (concurrency limits, cancelling) do not apply to a run that never waited.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any, Self
from uuid import UUID, uuid4

import httpx
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import ArtifactCreate, ArtifactUpdate, FlowRunCreate
from prefect.client.schemas.objects import Artifact, FlowRun, ServerDefaultResultStorage, State
from prefect.client.schemas.responses import (
    OrchestrationResult,
    SetStateStatus,
    StateAcceptDetails,
)
from prefect.context import SyncClientContext
from prefect.flows import Flow
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_KEY, PREFECT_API_URL
from prefect.states import Running, to_state_create


class RunClient(SyncPrefectClient):
    """Client of all threads that creates runs already named and Running.

    It emits no events about artifacts: nobody reads them, and each costs the server as much as a
    change of state.
    """

    def __init__(self, api: str) -> None:
        """Connect to nothing yet.

        Args:
            api: the address of the API.
        """
        super().__init__(
            api, auth_string=PREFECT_API_AUTH_STRING.value(), api_key=PREFECT_API_KEY.value()
        )
        self._lock = Lock()
        self._flows: dict[str, UUID] = {}  # by name
        self._storage: ServerDefaultResultStorage | None = None
        self._begun: dict[UUID, FlowRun] = {}  # created here, and not yet seen by the engine

    def create_flow_run(self, flow: Flow[..., Any], **given: Any) -> FlowRun:  # type: ignore[override]
        """Create a run with its name, in state Running, whatever state was asked for.

        Args:
            flow: the flow, whose runs are named after its parameters.
            given: parameters, tags and the task run of a subflow, from Prefect's engine.

        Raises:
            httpx.HTTPStatusError: the server knows the flow no more, or refuses.
        """
        parameters = given.get("parameters") or {}
        wanted = FlowRunCreate(
            flow_id=self._flow_id(flow.name),
            flow_version=flow.version,
            name=str(flow.flow_run_name).format(**parameters),
            parameters=parameters,
            tags=list(given.get("tags") or ()),
            parent_task_run_id=given.get("parent_task_run_id"),
            # Prefect's client asks again when an answer is lost: that is the same run.
            idempotency_key=str(uuid4()),
            state=to_state_create(Running()),
        )
        try:
            answer = self.request(
                "POST", "/flow_runs/", json=wanted.model_dump(mode="json", exclude_unset=True)
            )
        except httpx.HTTPStatusError:
            self._flows.pop(flow.name, None)  # it may be gone with the server's database
            raise
        run = FlowRun.model_validate(answer.json())
        run.parameters = parameters
        self._begun[run.id] = run
        return run

    def _flow_id(self, name: str) -> UUID:
        with self._lock:
            if name not in self._flows:
                self._flows[name] = self.create_flow_from_name(name)
            return self._flows[name]

    def set_flow_run_name(self, flow_run_id: UUID, name: str) -> httpx.Response:
        """Rename a run, unless it was created here with that name."""
        run = self._begun.get(flow_run_id)
        if run and run.name == name:
            return httpx.Response(httpx.codes.NO_CONTENT)
        return super().set_flow_run_name(flow_run_id, name)

    def set_flow_run_state(
        self,
        flow_run_id: UUID | str,
        state: State[Any],
        force: bool = False,  # noqa: FBT001, FBT002 — Prefect's own signature
    ) -> OrchestrationResult[Any]:
        """Set the state of a run, unless it was created here in that state a moment ago."""
        run = self._begun.get(UUID(str(flow_run_id)))
        if run and run.state and state.is_running():
            details = StateAcceptDetails()
            return OrchestrationResult(
                state=run.state, status=SetStateStatus.ACCEPT, details=details
            )
        return super().set_flow_run_state(flow_run_id, state, force)

    def read_flow_run(self, flow_run_id: UUID) -> FlowRun:
        """Return a run: once as it was created, then as the server has it."""
        return self._begun.pop(flow_run_id, None) or super().read_flow_run(flow_run_id)

    def read_server_default_result_storage(self) -> ServerDefaultResultStorage:
        """Return where results go by default; we keep none, so it is asked once a process."""
        if self._storage is None:
            self._storage = super().read_server_default_result_storage()
        return self._storage

    def create_artifact(self, artifact: ArtifactCreate) -> Artifact:
        """Create an artifact, without an event."""
        given = artifact.model_dump(mode="json", exclude_unset=True)
        return Artifact.model_validate(self.request("POST", "/artifacts/", json=given).json())

    def update_artifact(self, artifact_id: UUID, artifact: ArtifactUpdate) -> None:
        """Update an artifact, without an event."""
        given = artifact.model_dump(mode="json", exclude_unset=True)
        self.request("PATCH", "/artifacts/{id}", path_params={"id": artifact_id}, json=given)


class RunClientContext(SyncClientContext):
    """Makes a client the one that Prefect's engine finds, and leaves it open for the next run."""

    def __init__(self, client: RunClient) -> None:
        super(SyncClientContext, self).__init__(client=client)

    def __enter__(self) -> Self:
        """Set the context variable, no more."""
        return super(SyncClientContext, self).__enter__()

    def __exit__(self, *exc_info: object) -> None:
        """Set the context variable back, no more."""
        super(SyncClientContext, self).__exit__(*exc_info)


@contextmanager
def run_client() -> Iterator[None]:
    """Have the flow runs that are begun in the context created with few requests.

    Raises:
        httpx.HTTPError: Prefect's API is away.
        RuntimeError: it is of another version.
    """
    with RunClientContext(_client(PREFECT_API_URL.value() or "", PREFECT_API_AUTH_STRING.value())):
        yield


@cache
def _client(api: str, _secret: str | None) -> RunClient:
    """Return the client of this process: making one costs 50 ms, for the certificates."""
    client = RunClient(api)
    client.__enter__()
    client.raise_for_api_version_mismatch_once()
    return client
