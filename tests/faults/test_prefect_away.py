"""Prefect's server is killed, or its API is away: it comes back, and work goes on."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows import wiring
from flows.local_prefect import is_healthy
from flows.pool import Pool
from flows.server_process import known_server
from pipeline.model import Query
from tests.paper import draw_page, save_pdf
from tests.support.clerk import Clerk, lines, slip
from tests.support.promise import check_end, check_now
from tests.support.proxy import before
from tests.support.watched import until
from tests.support.work_pool import PATIENCE, active_leases, sohoa

pytestmark = pytest.mark.long

OUTAGE_SECONDS = 30.0


def test_a_killed_server_is_started_again_at_its_address(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL")
    monkeypatch.setenv("PREFECT_HOME", str(home / "prefect"))
    inbox = home / "inbox"
    with subprocess.Popen([sys.executable, "-m", "flows.cli", "watch"]) as watcher:
        try:
            until(inbox.is_dir, PATIENCE)
            first = known_server(home / "prefect")
            assert first is not None
            os.kill(int(first.mark.split(":")[1]), signal.SIGKILL)
            save_pdf([draw_page("B", 7, 150)], inbox / "công văn.pdf")
            until(lambda: wiring.index().find(Query("kinh gui")).total == 1, PATIENCE)
            second = known_server(home / "prefect")
            assert second is not None
            assert second.url == first.url
            assert second.mark != first.mark
            watcher.terminate()
            assert watcher.wait(timeout=PATIENCE) == 0
        finally:
            watcher.kill()
    assert not is_healthy(first.url)


def test_watcher_and_workers_outlast_an_outage_of_the_api(
    home: Path, prefect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Away at the start, and again while dossiers are in hand; nobody restarts anything.

    Two minutes are scaled down: polling ten times as often, Prefect's own worker would give up
    after nine seconds, and the outage lasts thirty.
    """
    home.mkdir()
    pool = f"away-{secrets.token_hex(4)}"
    monkeypatch.setenv("SOHOA_RUNS__KIND", "pool")
    monkeypatch.setenv("SOHOA_RUNS__POOL", pool)
    monkeypatch.setenv("SOHOA_READING__THREADS", "1")
    wiring.settings.cache_clear()
    Pool(wiring.settings().runs).deploy()
    clerk = Clerk(home)
    with before(prefect.removeprefix("http://").removesuffix("/api")) as proxy:
        proxy.take_away()
        away = {
            "PREFECT_API_URL": f"http://{proxy.address}/api",
            "PREFECT_WORKER_QUERY_SECONDS": "0.2",
        }
        with (
            sohoa("worker", home / "worker.log", **away) as worker,
            sohoa("watch", home / "watch.log", **away) as watcher,
        ):
            clerk.drop("1.png", slip(1))
            until(lambda: len(lines(clerk)) == 1, PATIENCE)
            until(lambda: "Prefect" in (home / "worker.log").read_text(), PATIENCE)
            proxy.mode = "pass"
            until(lambda: wiring.index().find(Query("")).total == 1, PATIENCE)
            for number in range(2, 6):
                clerk.drop(f"{number}.png", slip(number))
            until(lambda: bool(active_leases()), PATIENCE)
            proxy.take_away()
            time.sleep(OUTAGE_SECONDS)
            assert check_now(clerk) == []
            proxy.mode = "pass"
            until(lambda: not wiring.archive().queued(), PATIENCE)
            assert (worker.poll(), watcher.poll()) == (None, None)
    assert wiring.index().find(Query("")).total == 5
    assert check_end(clerk) == []
