"""Neither processor waits for what it need not: reading begins early, and a run ends at once."""

from __future__ import annotations

import argparse
import gc
import json
import logging
import threading
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from prefect import flow
from prefect.context import SettingsContext, get_settings_context
from prefect.runtime import flow_run
from prefect.settings import get_current_settings

from flows import wiring
from flows.calls.heartbeats import EVENT, heartbeats, no_engine_heartbeats
from flows.commands.dossiers import ingest
from flows.drain import Drain
from flows.watch import draining
from pipeline.intake import Reception
from pipeline.model import Outcome, QueueEntry
from tests.paper import draw_page, save_pdf
from tests.runs.test_calls_of_a_dossier import take_in
from tests.support.clerk import slip
from tests.support.prefect_servers import api, happens
from tests.support.watched import PATIENCE, dossiers, until
from tests.support.work_pool import active_leases

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]


def test_the_first_file_is_read_while_others_are_received(
    home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A machine with two processors had used one until the last of a thousand files was taken."""
    paths = [tmp_path / name for name in ("1.png", "2.png", "3.png")]
    for number, path in enumerate(paths):
        path.write_bytes(slip(9000 + number))
    receive, was_read = ingest._receive, []

    def received_once_the_first_is_read(path: Path) -> Reception:
        if path != paths[0]:
            was_read.append(happens(lambda: not wiring.archive().queued(), PATIENCE))
        return receive(path)

    monkeypatch.setattr(ingest, "_receive", received_once_the_first_is_read)
    assert ingest.run(argparse.Namespace(paths=paths, json=True)) == 0
    assert was_read == [True, True]
    rows = json.loads(capsys.readouterr().out)
    assert [row["outcome"] for row in rows] == ["COMPLETE"] * 3
    seconds = [row["seconds"] for row in rows]
    assert seconds == sorted(seconds), "each until it could be found, not until all were"


@pytest.mark.parametrize("end", [KeyboardInterrupt(), PermissionError(13, "Permission denied")])
def test_an_end_while_files_are_received_says_what_it_waits_for(
    home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    end: BaseException,
) -> None:
    monkeypatch.setenv("SOHOA_READING__THREADS", "1")
    wiring.forget()
    paths = [tmp_path / "1.pdf", tmp_path / "2.png"]
    save_pdf([draw_page("A", number, 200) for number in range(4)], paths[0])
    paths[1].write_bytes(slip(9100))
    receive = ingest._receive

    def received_until_the_end(path: Path) -> Reception:
        if path == paths[0]:
            return receive(path)
        until(active_leases)
        raise end

    monkeypatch.setattr(ingest, "_receive", received_until_the_end)
    with pytest.raises(type(end)):
        ingest.run(argparse.Namespace(paths=paths, json=True))
    assert "Đang dừng: chờ 1 hồ sơ đang đọc dở." in capsys.readouterr().err
    assert [dossier.outcome for dossier in dossiers()] == [Outcome.COMPLETE]


def test_no_more_files_are_received_once_nobody_reads_them(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / name for name in ("1.png", "2.png", "3.png")]
    for number, path in enumerate(paths):
        path.write_bytes(slip(9200 + number))
    receive, drain_of = ingest._receive, draining
    died, received = list[threading.Event](), list[Path]()

    def dying(entry: QueueEntry) -> None:
        raise ZeroDivisionError(entry.dossier)

    def seen(drain: Drain, ended: threading.Event) -> AbstractContextManager[None]:
        died.append(ended)
        return drain_of(drain, ended)

    def received_once_a_thread_died(path: Path) -> Reception:
        received.append(path)
        if path != paths[0]:
            assert died[0].wait(PATIENCE)
        return receive(path)

    monkeypatch.setattr("flows.drain.run_flow", dying)
    monkeypatch.setattr(ingest, "draining", seen)
    monkeypatch.setattr(ingest, "_receive", received_once_a_thread_died)
    with pytest.raises(ZeroDivisionError):
        ingest.run(argparse.Namespace(paths=paths, json=True))
    assert len(received) < len(paths)


def sending_often(**server: object) -> SettingsContext:
    known = get_settings_context()
    often = known.settings.flows.model_copy(update={"heartbeat_frequency": 0.2})
    events = known.settings.server.events.model_copy(update=server)
    changed = known.settings.server.model_copy(update={"events": events})
    settings = known.settings.model_copy(update={"flows": often, "server": changed})
    return SettingsContext(profile=known.profile, settings=settings)


def test_a_long_run_sends_heartbeats_and_a_short_one_does_not_wait_for_any(prefect: str) -> None:
    def seen(run: str) -> list[dict[str, object]]:
        wanted = {"event": {"name": [EVENT]}, "resource": {"id": [f"prefect.flow-run.{run}"]}}
        with api(prefect) as client:
            found: list[dict[str, object]] = client.post(
                "/events/filter", json={"filter": wanted}
            ).json()["events"]
        return found

    @flow(name="long-run-of-a-test")
    def long_run() -> bool:
        with heartbeats():
            return happens(lambda: len(seen(flow_run.id or "")) > 1, PATIENCE)

    @flow(name="short-run-of-a-test")
    def short_run() -> int | None:
        with heartbeats():
            return get_current_settings().flows.heartbeat_frequency  # by which the engine goes

    with sending_often(), no_engine_heartbeats():
        assert long_run()
    with no_engine_heartbeats():
        assert short_run() is None


def test_a_heartbeat_that_is_too_large_ends_no_others(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "flows.calls.heartbeats")

    @flow(name="long-run-with-large-heartbeats")
    def long_run() -> bool:
        with heartbeats():
            return happens(lambda: caplog.text.count("no heartbeat of run") > 1, PATIENCE)

    with sending_often(maximum_size_bytes=10), no_engine_heartbeats():
        assert long_run()


def test_a_run_does_not_wait_for_a_heartbeat_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    is_sending, may_end, has_ended = (threading.Event() for _ in range(3))

    def hanging(**_: object) -> None:
        is_sending.set()
        may_end.wait(PATIENCE)
        has_ended.set()

    monkeypatch.setattr("flows.calls.heartbeats.emit_event", hanging)

    @flow(name="run-with-a-hanging-heartbeat")
    def run() -> bool:
        with heartbeats():
            return is_sending.wait(PATIENCE)

    with sending_often(), no_engine_heartbeats():
        assert run()
    assert not has_ended.is_set()
    may_end.set()
    assert has_ended.wait(PATIENCE)


def test_what_the_first_dossier_loaded_is_not_looked_through_again(home: Path) -> None:
    take_in(home, 11, 1)
    assert Drain().work_once()
    assert gc.get_freeze_count() > 50_000
