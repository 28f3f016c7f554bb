"""What a dossier costs Prefect: requests and events, counted, so that they do not creep back."""

from __future__ import annotations

import logging
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from httpx import codes
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterName
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort, TaskRunSort

from flows import wiring
from flows.calls.run_client import RunClient
from flows.digitise import digitise
from flows.drain import Drain
from flows.prefect_names import DIGITISE
from pipeline.intake import receive, take_path
from storage import new_dossier_id
from tests.support.clerk import slip
from tests.support.prefect_servers import api, happens
from tests.support.work_pool import PATIENCE

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]

ANY_ID = re.compile("[0-9a-f]{8}-[0-9a-f-]{27}")
OF_A_PAGE = {
    "GET /api/health": 1,
    "POST /api/flow_runs/": 1,
    "POST /api/artifacts/": 1,  # the table of its pages
    "POST /api/flow_runs/ID/set_state": 1,  # how it ended
}


class Requests(logging.Handler):
    """Counts the requests that httpx logs, but for those that a busy server had asked again.

    Prefect's server answers 503 when another of its writers holds its SQLite database.
    """

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.made: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        if not isinstance(record.args, tuple) or "HTTP Request" not in record.msg:
            return
        if record.args[3] != codes.SERVICE_UNAVAILABLE:
            path = ANY_ID.sub("ID", urlsplit(str(record.args[1])).path)
            self.made[f"{record.args[0]} {path}"] += 1


@contextmanager
def counted() -> Iterator[Counter[str]]:
    logger, handler = logging.getLogger("httpx"), Requests()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield handler.made
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def take_in(home: Path, number: int, pages: int) -> str:
    """Receive a dossier of pages that nobody has seen yet."""
    folder = home / f"drop {number}"
    folder.mkdir(parents=True)
    for page in range(pages):
        (folder / f"{page:02}.png").write_bytes(slip(1000 * number + page))
    with tempfile.TemporaryDirectory() as private:
        drop = take_path(folder, new_dossier_id(datetime.now(UTC)), Path(private))
        reception = receive(drop, wiring.archive(), wiring.tools().reader)
    assert reception.dossier
    return reception.dossier


def run_of(dossier: str) -> FlowRun:
    """Return the run that a dossier's lease names; its name may be that of others too.

    Without a code it says the second in which the dossier came, and the tests of a worker share
    one server.
    """
    lease = wiring.archive().find_lease(dossier)
    assert lease is not None
    with get_client(sync_client=True) as client:
        return client.read_flow_run(UUID(lease.run))


def test_a_dossier_of_one_page_costs_four_requests(home: Path) -> None:
    """There had been thirteen, and sixteen events."""
    take_in(home, 1, 1)
    assert Drain().work_once()  # a process asks once for the flow, the version and the storage
    dossier = take_in(home, 2, 1)
    with counted() as requests:
        assert Drain().work_once()
    assert requests == OF_A_PAGE
    run = run_of(dossier)
    assert run.state is not None
    assert run.state.name == "Completed"
    assert run.start_time is not None
    assert run.end_time is not None
    assert run.total_run_time.total_seconds() > 0


def test_ten_pages_cost_few_requests_more(home: Path) -> None:
    take_in(home, 3, 1)
    assert Drain().work_once()
    take_in(home, 4, 10)
    with counted() as requests:
        began = time.monotonic()
        assert Drain().work_once()
        seconds = time.monotonic() - began
    progress = requests.pop("PATCH /api/artifacts/ID", 0)
    assert progress <= seconds + 1, "at most one a second"
    assert requests == OF_A_PAGE | {"POST /api/artifacts/": 2}


def test_the_server_writes_few_events_of_a_dossier(home: Path, prefect: str) -> None:
    dossier = take_in(home, 5, 1)
    assert Drain().work_once()
    run = run_of(dossier)

    def events() -> Counter[str]:
        wanted = {"related": {"id": [f"prefect.flow-run.{run.id}"]}}
        with api(prefect) as client:
            of_tasks = client.post("/events/filter", json={"filter": wanted}).json()["events"]
            wanted = {"resource": {"id": [f"prefect.flow-run.{run.id}"]}}
            own = client.post("/events/filter", json={"filter": wanted}).json()["events"]
        return Counter(event["event"] for event in (*of_tasks, *own))

    assert happens(lambda: events()["prefect.flow-run.Completed"], PATIENCE)
    found = events()
    found.pop("prefect.flow-run.heartbeat", 0)  # one in 30 seconds
    assert sum(found.values()) <= 6, found


def test_the_time_line_has_the_page(home: Path, prefect: str) -> None:
    """Times of run and task are what Prefect's pages draw; states are written many at a time."""
    dossier = take_in(home, 6, 1)
    assert Drain().work_once()
    run = run_of(dossier)
    with get_client(sync_client=True) as client:

        def tasks() -> list[str]:
            return [
                f"{task.name} {task.state_name}"
                for task in client.read_task_runs(
                    flow_run_filter=FlowRunFilter.model_validate({"id": {"any_": [run.id]}}),
                    limit=5,
                    sort=TaskRunSort.ID_DESC,
                )
            ]

        assert happens(lambda: tasks() == ["trang 1 Completed"], PATIENCE), tasks()
        states = client.read_flow_run_states(run.id)
    assert [state.name for state in states] == ["Running", "Completed"]
    with api(prefect) as server:
        wanted = {"flow_runs": {"id": {"any_": [str(run.id)]}}}
        (task,) = server.post("/task_runs/filter", json=wanted).json()
        of_task = f"/task_run_states/?task_run_id={task['id']}"
        written = ["Pending", "Running", "Completed"]
        assert happens(lambda: [e["name"] for e in server.get(of_task).json()] == written, PATIENCE)
        settings = server.get("/admin/settings").json()["server"]["services"]
    assert settings["task_run_recorder"]["batch_size"] > 1


def test_a_flow_that_is_gone_from_the_server_is_made_again(home: Path, prefect: str) -> None:
    """A server that got a new database: the run fails once, and works when it is tried again."""
    take_in(home, 7, 1)
    assert Drain().work_once()
    with get_client(sync_client=True) as client:
        client.delete_flow(client.read_flow_by_name(DIGITISE).id)
    dossier = take_in(home, 8, 1)
    drain = Drain()
    assert drain.work_once()
    assert happens(lambda: drain.work_once() or not wiring.archive().queued(), PATIENCE)
    assert run_of(dossier).state_name == "Completed"


def test_an_answer_that_is_lost_makes_no_second_run(
    home: Path, prefect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prefect's client asks again then, and the run that was made first would never end."""
    monkeypatch.setenv("PREFECT_CLIENT_RETRY_JITTER_FACTOR", "0")
    made: list[str] = []
    with RunClient(prefect) as client:

        def lose_the_first(response: httpx.Response) -> None:
            if response.request.url.path.endswith("/flow_runs/"):
                made.append(response.request.url.path)
                if len(made) == 1:
                    raise httpx.ReadTimeout("lost", request=response.request)

        client._client.event_hooks["response"].append(lose_the_first)
        run = client.create_flow_run(
            digitise, parameters={"label": f"lost {new_dossier_id(datetime.now(UTC))}"}
        )
        assert len(made) == 2
        named = FlowRunFilter(name=FlowRunFilterName(any_=[run.name]))
        found = client.read_flow_runs(
            flow_run_filter=named, limit=5, sort=FlowRunSort.START_TIME_DESC
        )
    assert [each.id for each in found] == [run.id]


def test_what_another_worker_has_done_since_the_queue_was_listed_is_not_done_again(
    home: Path,
) -> None:
    """A second attempt at a dossier that had failed often would even say it was given up."""
    dossier = take_in(home, 10, 1)
    (entry,) = wiring.archive().queued()

    def done_meanwhile(_: str) -> bool:
        return Drain().work_once()

    assert not Drain(done_meanwhile).work_once()
    lease = wiring.archive().find_lease(dossier)
    assert lease is not None
    assert (lease.attempt, lease.released) == (1, True)
    assert not wiring.archive().is_waiting(entry)


def test_a_run_inside_a_drain_run_is_its_child(home: Path) -> None:
    """So Prefect's pages show the dossiers of a drain run below it."""
    dossier = take_in(home, 9, 1)

    @flow(name="drain-of-a-test")
    def drain_once() -> None:
        assert Drain().work_once()

    drain_once()
    run = run_of(dossier)
    assert run.parent_task_run_id is not None
    assert run.state_name == "Completed"
