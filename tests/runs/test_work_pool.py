"""Drain runs on a work pool of a real Prefect server, with real workers that get killed."""

from __future__ import annotations

import secrets
import signal
import subprocess
import threading
from importlib import import_module
from pathlib import Path

import pytest

from flows import wiring
from flows.pool import Pool
from flows.pool_scaler import PoolScaler
from flows.prefect_names import DRAIN, ENTRYPOINT, run_name
from flows.upkeep.pool_checks import check_pool
from pipeline.errors import MisconfiguredError
from pipeline.model import Outcome, Query
from tests.support.clerk import slip
from tests.support.watched import all_done, dossiers, until, watching
from tests.support.work_pool import (
    PATIENCE,
    active_leases,
    children,
    flow_runs,
    holder_process,
    kill_at_work,
    sohoa,
)

pytestmark = [pytest.mark.prefect]
DOSSIERS = 6
WORKING = {"RUNNING", "PENDING"}


@pytest.fixture
def pool(home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A pool of its own; a run counts as dead as early as may be."""
    home.mkdir()
    name = f"pool-{secrets.token_hex(4)}"
    chosen = {"KIND": "pool", "POOL": name, "POOL_LIMIT": "2", "DOSSIERS_PER_RUN": "2"}
    chosen |= {"IDLE_SECONDS": "3600", "DEAD_SECONDS": "40"}
    for setting, value in chosen.items():
        monkeypatch.setenv(f"SOHOA_RUNS__{setting}", value)
    monkeypatch.setenv("SOHOA_READING__THREADS", "1")
    wiring.forget()
    return name


def drop(home: Path, count: int, pages: int) -> None:
    """Drop folders of scans that are read at once: the machine is busy enough with processes."""
    for number in range(count):
        folder = home / f"hồ sơ {number}"
        folder.mkdir()
        for page in range(pages):
            (folder / f"{page}.png").write_bytes(slip(100 * number + page))
        (home / "inbox").mkdir(exist_ok=True)
        folder.rename(home / "inbox" / folder.name)


def test_a_pool_that_is_not_registered_is_reported_with_its_remedy(
    home: Path, pool: str, prefect: str
) -> None:
    wiring.archive().enqueue("00aa")
    with pytest.raises(MisconfiguredError, match="sohoa deploy"):
        PoolScaler().scale()
    assert next(check_pool(wiring.settings(), prefect)).remedy.endswith("sohoa deploy")
    log = home / "worker.log"
    with sohoa("worker", log) as worker:
        assert worker.wait(timeout=300) == 1
    assert "sohoa deploy" in log.read_text()
    assert "Traceback" not in log.read_text()


def test_as_many_runs_as_the_queue_needs_however_many_watchers_scale(
    home: Path, pool: str, prefect: str
) -> None:
    Pool(wiring.settings().runs).deploy()
    Pool(wiring.settings().runs).deploy()  # as after an upgrade
    well = [check.is_well for check in check_pool(wiring.settings(), prefect)]
    assert well == [True, False, True], "registered, no worker yet, a store on disk"
    scalers = [PoolScaler(), PoolScaler()]
    assert [scaler.scale() for scaler in scalers] == [0, 0], "nothing is queued"
    wiring.archive().enqueue("00aa")
    together = [threading.Thread(target=scaler.scale) for scaler in scalers]
    for each in together:
        each.start()
    for each in together:
        each.join()
    assert len(drains(prefect, pool)) == 1
    for number in range(8):
        wiring.archive().enqueue(f"00a{number}")
    assert [scaler.scale() for scaler in scalers] == [1, 0], "no more than the pool's limit"


def test_doctor_notices_a_pool_that_another_version_deployed(
    home: Path, pool: str, prefect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0.1 registered an entry point that no longer exists: its drain runs would all crash."""
    with monkeypatch.context() as older:
        older.setattr("flows.pool.ENTRYPOINT", "flows.draining.drain")
        Pool(wiring.settings().runs).deploy()
    stale, on_disk = check_pool(wiring.settings(), prefect)
    assert not stale.is_well
    assert "flows.draining.drain" in stale.detail
    assert stale.remedy == "Chạy lại sau khi nâng cấp: sohoa deploy"
    assert on_disk.is_well
    Pool(wiring.settings().runs).deploy()
    registered, workers, _ = check_pool(wiring.settings(), prefect)
    assert registered.is_well
    assert "0 worker" in workers.detail


def test_every_entry_point_that_is_registered_can_be_imported() -> None:
    module, _, name = ENTRYPOINT.rpartition(".")
    assert getattr(import_module(module), name).name == DRAIN


def drains(url: str, pool: str) -> list[str]:
    runs = flow_runs(url, deployments={"name": {"any_": [pool]}})
    return [run["state_type"] for run in runs]


@pytest.mark.long
def test_of_two_workers_one_is_killed_and_the_other_finishes_its_dossiers(
    home: Path, pool: str, prefect: str
) -> None:
    Pool(wiring.settings().runs).deploy()
    with (
        sohoa("worker", home / "first.log") as first,
        sohoa("worker", home / "second.log") as second,
    ):
        two_drains(prefect, pool)
        drop(home, DOSSIERS, 4)
        with watching():
            until(lambda: len(holders()) == 2, PATIENCE)
            taken = kill_at_work(first.pid)
            until(lambda: all_done(DOSSIERS), PATIENCE)
        assert_whole(taken)
        assert_ends_when_asked(second)
        until(lambda: have_all_ended(prefect, pool), PATIENCE)
        # The watcher may have asked for another in the place of the dead, which nobody works on.
        assert {"COMPLETED", "CRASHED"} <= set(drains(prefect, pool))


def two_drains(url: str, name: str) -> None:
    """Have a drain run on each worker before there is work, so that they share it."""
    pool = Pool(wiring.settings().runs)
    for number in range(2):
        pool.start_run(pool.deployment(), f"{name}/{number}")
    until(lambda: drains(url, name) == ["RUNNING"] * 2, PATIENCE)


def holders() -> set[int]:
    return {holder_process(lease) for lease in active_leases()}


def assert_whole(taken: set[str]) -> None:
    """All dossiers are read once, those of the dead too, and found once."""
    assert taken
    archive = wiring.archive()
    assert [dossier.outcome for dossier in dossiers()] == [Outcome.COMPLETE] * DOSSIERS
    for dossier in archive.dossiers():
        assert [record.action for record in archive.history(dossier)] == ["received", "digitised"]
    leases = [archive.find_lease(dossier) for dossier in taken]
    attempts = [lease.attempt for lease in leases if lease]
    assert max(attempts) > 1, "none was taken from the dead by the living"
    assert not archive.queued()
    assert wiring.index().find(Query("")).total == DOSSIERS
    assert len(list(wiring.index().sequences())) == DOSSIERS


def have_all_ended(url: str, pool: str) -> bool:
    """Tell whether Prefect shows all dossiers' runs, inside drain runs, and none still working."""
    names = [run_name(dossier) for dossier in dossiers()]
    inside = flow_runs(url, flow_runs={"name": {"any_": names}})
    assert all(run["parent_task_run_id"] for run in inside), "seen inside their drain run"
    states = {run["state_type"] for run in inside} | set(drains(url, pool))
    return len(inside) >= DOSSIERS and not WORKING & states


def assert_ends_when_asked(worker: subprocess.Popen[bytes]) -> None:
    """Its drain run would wait an hour for more work; asked, both end at once and as planned."""
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=PATIENCE) == 0
    assert not children(worker.pid)
