"""A stop by SIGTERM says what it waits for, and nobody takes the watcher for dead meanwhile."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from flows import wiring
from pipeline.intake import last_heartbeat
from pipeline.model import Outcome
from tests.paper import draw_page, save_pdf
from tests.support.watched import dossiers, until
from tests.support.work_pool import PATIENCE, active_leases, sohoa

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]
PAGES = 8


def test_a_watcher_that_is_asked_to_stop_says_so_and_finishes_its_dossier(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOHOA_READING__THREADS", "1")
    wiring.forget()
    (home / "inbox").mkdir(parents=True)
    log = home / "watch.log"
    with sohoa("watch", log) as watcher:
        save_pdf([draw_page("A", n, 200) for n in range(PAGES)], home / "inbox" / "dài.pdf")
        until(lambda: bool(active_leases()), PATIENCE)
        watcher.send_signal(signal.SIGTERM)
        until(lambda: is_stopping(home), PATIENCE)
        assert "Đang dừng: chờ 1 hồ sơ đang đọc dở." in log.read_text()
        assert watcher.wait(PATIENCE) == 0
    assert last_heartbeat(home) is None, "an end as it should be is no silence"
    assert [dossier.outcome for dossier in dossiers()] == [Outcome.COMPLETE]


def is_stopping(home: Path) -> bool:
    heartbeat = last_heartbeat(home)
    return heartbeat is not None and heartbeat.is_stopping and heartbeat.waits_for == 1
