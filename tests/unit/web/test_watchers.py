"""Reading rooms on other machines know whether somebody watches, through the served archive."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from pipeline.leases import this_holder
from pipeline.model import WatcherHeartbeat
from pipeline.settings import StorageSettings
from storage import open_archive
from tests.support.web_backend import Backend, TestClient, open_client, sample_backend
from web import watchers

WATCHER = """
import sys, time
from pathlib import Path
from pipeline.intake import end_heartbeat, shared_heartbeat, write_heartbeat
from pipeline.settings import StorageSettings
from storage import open_archive
home = Path(sys.argv[1])
with shared_heartbeat(home, open_archive(StorageSettings(), Path(sys.argv[2]))):
    write_heartbeat(home, ())
    print("watching", flush=True)
    sys.stdin.readline()
    end_heartbeat(home)
"""
SERVED = StorageSettings(  # where nobody listens: the room is given the archive of its home
    kind="minio", endpoint="127.0.0.1:1", access_key="room", secret_key=SecretStr("room")
)
NOBODY = "Không có chương trình nào theo dõi thư mục"


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Backend:
    """A reading room of the served arrangement, whose home no watcher has."""
    monkeypatch.setattr(watchers, "REFRESH_SECONDS", 0.0)
    home = tmp_path / "room"
    home.mkdir()
    sample = sample_backend(home)
    return replace(sample, settings=sample.settings.model_copy(update={"storage": SERVED}))


@contextmanager
def watching(room: Backend, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A watcher's process with a home of its own and the archive of the room."""
    folder.mkdir(exist_ok=True)
    words = [sys.executable, "-c", WATCHER, str(folder), str(room.settings.home)]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "watching\n"
        try:
            yield process
        finally:
            process.kill()


def told(client: TestClient, what: str, *, within: float = 120.0) -> bool:
    """Whether every page says this, soon: the archive is asked beside the handlers."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if what in client.get("/hang-doi").text:
            return True
        time.sleep(0.1)
    return False


def well(client: TestClient, *, within: float = 120.0) -> bool:
    """Whether the health check says soon that somebody watches."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        answer = client.get("/khoe")
        if answer.json()["watching"] is True and answer.status_code == 200:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.slow
def test_a_room_of_another_machine_says_that_nobody_watches(room: Backend, tmp_path: Path) -> None:
    client = open_client(room)
    assert told(client, NOBODY)
    assert client.get("/khoe").json()["watching"] is False
    assert client.get("/khoe").status_code == 200, "nobody was started, so nobody died"
    with watching(room, tmp_path / "scanner") as process:
        assert well(client)
        assert NOBODY not in client.get("/hang-doi").text
        process.communicate("\n", timeout=120)
    assert told(client, NOBODY), "it ended as it should"
    assert client.get("/khoe").status_code == 200


@pytest.mark.slow
def test_a_killed_watcher_of_another_machine_is_noticed(room: Backend, tmp_path: Path) -> None:
    client = open_client(room)
    with watching(room, tmp_path / "scanner") as process:
        assert well(client)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(120)
        assert told(client, "im lặng từ")
    assert client.get("/khoe").status_code == 503
    with watching(room, tmp_path / "scanner"):
        assert well(client), "the next watcher of that home takes its place"


def shared(room: Backend, name: str, minutes: float, holder: str = "máy-quét:7:99") -> None:
    moment = datetime.now(UTC) - timedelta(minutes=minutes)
    room.archive.keep_watcher(WatcherHeartbeat(name, moment, holder))


def test_of_two_watchers_the_silent_one_is_told_with_its_machine(room: Backend) -> None:
    shared(room, "0a", 0)
    shared(room, "0b", 11, "máy-lẻ:7:99")
    client = open_client(room)
    assert told(client, "<code>sohoa watch</code> trên máy máy-lẻ im lặng từ")
    assert client.get("/khoe").status_code == 503
    shared(room, "0b", 60 * 24 * 8, "máy-lẻ:7:99")  # a machine that is no more
    assert well(client)
    shared(room, "0a", 11)
    assert told(client, "im lặng từ"), "nobody is left"


def test_a_stop_is_told_on_other_machines(room: Backend) -> None:
    beat = WatcherHeartbeat("0a", datetime.now(UTC), this_holder(), waits_for=2)
    room.archive.keep_watcher(beat)
    assert told(open_client(room), "đọc nốt 2 hồ sơ dở rồi dừng")


def test_a_damaged_heartbeat_hides_no_other(room: Backend) -> None:
    shared(room, "0a", 0)
    damaged = room.settings.home / "store" / "watchers" / "0b.json"
    damaged.write_bytes(b"{}")
    assert well(open_client(room))


def test_an_archive_that_is_away_says_nothing_of_watchers(room: Backend) -> None:
    away = replace(room, archive=open_archive(SERVED, room.settings.home))
    page = open_client(away).get("/?q=đất")
    assert page.status_code == 200
    assert "sohoa watch" not in page.text
    assert NOBODY not in page.text


def test_the_embedded_form_leaves_no_heartbeat_in_its_archive(tmp_path: Path) -> None:
    sample = sample_backend(tmp_path)
    assert not list(sample.archive.watchers())
    other = open_archive(StorageSettings(), tmp_path)
    other.keep_watcher(WatcherHeartbeat("0a", datetime.now(UTC), this_holder()))
    assert told(open_client(sample), NOBODY), "the file of its home counts there"
