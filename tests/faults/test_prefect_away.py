"""Prefect's server is killed under a running watcher: it comes back, and work goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from paper import draw_page, save_pdf

from flows import wiring
from flows.own_server import is_healthy, known_server
from pipeline.model import Query

PATIENCE = 120.0


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)


def test_a_killed_server_is_started_again_at_its_address(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL")
    monkeypatch.setenv("PREFECT_HOME", str(home / "prefect"))
    inbox = home / "inbox"
    with subprocess.Popen([sys.executable, "-m", "flows.cli", "watch"]) as watcher:
        try:
            until(inbox.is_dir)
            first = known_server(home / "prefect")
            assert first is not None
            os.kill(int(first.mark.split(":")[1]), signal.SIGKILL)
            save_pdf([draw_page("B", 7, 150)], inbox / "công văn.pdf")
            until(lambda: wiring.index().find(Query("kinh gui")).total == 1)
            second = known_server(home / "prefect")
            assert second is not None
            assert second.url == first.url
            assert second.mark != first.mark
            watcher.terminate()
            assert watcher.wait(timeout=60) == 0
        finally:
            watcher.kill()
    assert not is_healthy(first.url)
