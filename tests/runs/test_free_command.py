"""What a worker runs is ours, whatever a run, a deployment or the pool in Prefect asks for."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import httpx
import pytest
from prefect.workers.process import ProcessWorker

from flows import wiring
from flows.pool import Pool
from flows.prefect_names import DRAIN
from flows.upkeep.pool_checks import check_pool
from tests.support.prefect_servers import api
from tests.support.watched import until
from tests.support.work_pool import PATIENCE, flow_runs, sohoa

pytestmark = pytest.mark.prefect
REFUSED = {409, 422}


@pytest.fixture
def pool(home: Path, prefect: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A registered pool of its own."""
    home.mkdir()
    name = f"pool-{secrets.token_hex(4)}"
    monkeypatch.setenv("SOHOA_RUNS__KIND", "pool")
    monkeypatch.setenv("SOHOA_RUNS__POOL", name)
    monkeypatch.setenv("SOHOA_RUNS__IDLE_SECONDS", "0")
    wiring.forget()
    Pool(wiring.settings().runs).deploy()
    return name


def deployment_id(server: httpx.Client, pool: str) -> str:
    return str(server.get(f"/deployments/name/{DRAIN}/{pool}").json()["id"])


def harmful(home: Path) -> dict[str, Any]:
    """Return the job variables of the attack, which would leave a file where it came through."""
    return {"command": f"sh -c 'id > {home}/PWNED; env >> {home}/PWNED'"}


def attack(server: httpx.Client, deployment: str, variables: dict[str, Any]) -> httpx.Response:
    body = {"job_variables": variables, "state": {"type": "SCHEDULED"}}
    return server.post(f"/deployments/{deployment}/create_flow_run", content=json.dumps(body))


def test_no_run_and_no_deployment_can_choose_what_a_worker_runs(
    home: Path, prefect: str, pool: str
) -> None:
    """The very call that once ran `id` on a worker, for anybody; now even with the secret."""
    with api(prefect) as server:
        deployment = deployment_id(server, pool)
        chosen: list[dict[str, Any]] = [
            harmful(home),
            {"env": {"PYTHONPATH": str(home)}},
            {"env.LD_PRELOAD": "x.so"},
            {"working_dir": str(home)},
            {"stream_output": False},
        ]
        for variables in chosen:
            answer = attack(server, deployment, variables)
            assert answer.status_code in REFUSED, (variables, answer.text)
            # Prefect lets a deployment be changed so, and then refuses its runs.
            server.patch(f"/deployments/{deployment}", json={"job_variables": variables})
            answer = attack(server, deployment, {})
            assert answer.status_code in REFUSED, (variables, answer.text)
            Pool(wiring.settings().runs).deploy()
        assert not flow_runs(prefect, deployments={"name": {"any_": [pool]}})
        assert attack(server, deployment, {}).status_code == 201, "the call itself is right"


@pytest.mark.long
def test_a_worker_runs_our_program_even_where_the_pool_was_opened(
    home: Path, prefect: str, pool: str
) -> None:
    """Somebody with the secret can change the pool; version 0.1 left it open."""
    (home / "prefect_evil.py").write_text(
        "from pathlib import Path\nfrom prefect import flow\n"
        f"Path({str(home / 'PWNED')!r}).touch()\n@flow\ndef evil(): ...\n"
    )
    shell = {"prefect.deployments.steps.run_shell_script": {"script": f"touch {home}/PWNED"}}
    with api(prefect) as server:
        deployment = deployment_id(server, pool)
        opened = {"base_job_template": ProcessWorker.get_default_base_job_template()}
        assert server.patch(f"/work_pools/{pool}", json=opened).status_code == 204
        assert not all(check.is_well for check in check_pool(wiring.settings(), prefect))
        variables = harmful(home) | {"working_dir": str(home)}
        variables["env"] = {"PREFECT__FLOW_ENTRYPOINT": "prefect_evil.evil"}
        ours = attack(server, deployment, variables)
        assert ours.status_code == 201, ours.text
        flow = server.get(f"/deployments/{deployment}").json()["flow_id"]
        others: dict[str, dict[str, Any]] = {
            "steps": {"entrypoint": "flows.drain_flow.drain", "pull_steps": [shell]},
            "entry": {"entrypoint": "prefect_evil.evil", "pull_steps": []},
        }
        for name, wanted in others.items():
            body = {"name": f"{pool}-{name}", "flow_id": flow, "work_pool_name": pool, **wanted}
            theirs = server.post("/deployments/", json=body).json()["id"]
            assert attack(server, theirs, {}).status_code == 201
    names = [pool, f"{pool}-steps", f"{pool}-entry"]
    with sohoa("worker", home / "worker.log"):
        until(lambda: states(prefect, names) == ["COMPLETED", "CRASHED", "CRASHED"], PATIENCE)
    assert not (home / "PWNED").exists()
    Pool(wiring.settings().runs).deploy()
    registered = next(check_pool(wiring.settings(), prefect))
    assert registered.is_well, registered


def states(url: str, deployments: list[str]) -> list[str]:
    runs = [flow_runs(url, deployments={"name": {"any_": [name]}}) for name in deployments]
    return [run["state_type"] for found in runs for run in found]
