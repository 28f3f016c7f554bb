"""Neither processor waits for what it need not: reading begins early, and a run ends at once."""

from __future__ import annotations

import argparse
import gc
import json
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
from pipeline.intake import Reception
from tests.runs.test_calls_of_a_dossier import take_in
from tests.support.clerk import slip
from tests.support.prefect_servers import api, happens

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
            was_read.append(happens(lambda: not wiring.archive().queued(), 240))
        return receive(path)

    monkeypatch.setattr(ingest, "_receive", received_once_the_first_is_read)
    assert ingest.run(argparse.Namespace(paths=paths, json=True)) == 0
    assert was_read == [True, True]
    rows = json.loads(capsys.readouterr().out)
    assert [row["outcome"] for row in rows] == ["COMPLETE"] * 3
    seconds = [row["seconds"] for row in rows]
    assert seconds == sorted(seconds), "each until it could be found, not until all were"


def test_a_long_run_sends_heartbeats_and_a_short_one_does_not_wait_for_any(prefect: str) -> None:
    known = get_settings_context()
    often = known.settings.flows.model_copy(update={"heartbeat_frequency": 0.2})
    settings = known.settings.model_copy(update={"flows": often})

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
            return happens(lambda: len(seen(flow_run.id or "")) > 1, 120)

    @flow(name="short-run-of-a-test")
    def short_run() -> int | None:
        with heartbeats():
            return get_current_settings().flows.heartbeat_frequency  # by which the engine goes

    with SettingsContext(profile=known.profile, settings=settings), no_engine_heartbeats():
        assert long_run()
    with no_engine_heartbeats():
        assert short_run() is None


def test_what_the_first_dossier_loaded_is_not_looked_through_again(home: Path) -> None:
    take_in(home, 11, 1)
    assert Drain().work_once()
    assert gc.get_freeze_count() > 50_000
