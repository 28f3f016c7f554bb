"""`sohoa alerts` and `sohoa status`: told once when it begins and once when it is over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipeline.operation.alerts import RULES, decide
from pipeline.operation.notes import AlertNote, BackupNote, VerifyNote, read_note, write_note
from pipeline.settings import SearchSettings
from search import open_index
from tests.support.stored import fill, opened

SECRET = "mat-khau-cua-kenh"


class Receiver:
    """A web hook on this machine that keeps what it was sent."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.status = 200
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.told.append(json.loads(body)["message"])
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"json://an:{SECRET}@127.0.0.1:{self.server.server_address[1]}/bao"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home, drops = tmp_path / "home", tmp_path / "drops"
    drops.mkdir()
    fill(opened(home), open_index(SearchSettings(), home), drops)
    write_note(home, BackupNote(datetime.now(UTC), "20260101T000000Z"))
    return home


def sohoa(home: Path, *words: str, urls: str = "") -> subprocess.CompletedProcess[str]:
    more = {"SOHOA_ALERTS__URLS": urls} if urls else {}
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "SOHOA_HOME": str(home), "SOHOA_LOG": "DEBUG", **more},
    )
    assert SECRET not in done.stdout + done.stderr, "an address was printed or logged"
    return done


def test_a_fault_is_told_once_and_once_when_it_is_over(home: Path, receiver: Receiver) -> None:
    write_note(home, VerifyNote(datetime.now(UTC), 9, 0, 2))
    for _ in range(2):
        assert sohoa(home, "alerts", urls=receiver.url).returncode == 0
    assert receiver.told == [RULES["verify"].begins]
    write_note(home, VerifyNote(datetime.now(UTC), 9, 0, 0))
    for _ in range(2):
        assert sohoa(home, "alerts", urls=receiver.url).returncode == 0
    assert receiver.told[1:] == [f"Hết: {RULES['verify'].over}"]


def test_what_nobody_took_is_sent_again(home: Path, receiver: Receiver) -> None:
    write_note(home, VerifyNote(datetime.now(UTC), 9, 0, 2))
    receiver.status = 500
    done = sohoa(home, "alerts", urls=receiver.url)
    assert (done.returncode, "kênh 1 (json)" in done.stdout) == (1, True)
    receiver.status = 200
    assert sohoa(home, "alerts", urls=receiver.url).returncode == 0
    assert receiver.told == [RULES["verify"].begins] * 2


def test_one_channel_of_two_is_away(home: Path, receiver: Receiver) -> None:
    write_note(home, VerifyNote(datetime.now(UTC), 9, 0, 2))
    urls = json.dumps([f"json://an:{SECRET}@127.0.0.1:9/x", receiver.url])
    done = sohoa(home, "alerts", "--json", urls=urls)
    assert json.loads(done.stdout) == {
        "began": ["verify"],
        "ended": [],
        "failed": ["kênh 1 (json)"],
    }
    assert sohoa(home, "alerts", urls=urls).returncode == 0
    assert len(receiver.told) == 1


def test_a_trial(home: Path, receiver: Receiver) -> None:
    assert sohoa(home, "alerts", "--test", urls=receiver.url).returncode == 0
    assert receiver.told == ["Tin thử: cảnh báo của Sohoa đến được đây."]
    assert read_note(home, AlertNote) is None


@pytest.mark.parametrize("urls", ["", f"khong-phai://{SECRET}", f"[{SECRET}"])
def test_a_wrong_address_is_told_without_it(home: Path, urls: str) -> None:
    done = sohoa(home, "alerts", urls=urls)
    assert done.returncode == 1
    assert "SOHOA_ALERTS__URLS" in done.stderr


def test_addresses_are_masked_among_settings(home: Path) -> None:
    done = sohoa(home, "doctor", "--settings", urls=f"json://an:{SECRET}@127.0.0.1/")
    assert '"urls": "**********"' in done.stdout


def test_a_watcher_that_is_gone_is_told_after_five_minutes() -> None:
    now = datetime.now(UTC)
    first = decide(["watch"], AlertNote(), now)
    assert first.begin == ()
    later = decide(["watch"], first.note, now + timedelta(minutes=4))
    assert later.begin == ()
    due = decide(["watch"], later.note, now + timedelta(minutes=5))
    assert [rule.name for rule in due.begin] == ["watch"]
    again = decide(["watch"], due.note, now + timedelta(minutes=6))
    assert (again.begin, again.end) == ((), ())
    over = decide([], again.note, now + timedelta(minutes=7))
    assert [rule.name for rule in over.end] == ["watch"]
    short = decide([], first.note, now + timedelta(minutes=1))
    assert (short.begin, short.end, short.note) == ((), (), AlertNote({}, {}))


def test_status_is_one_screen(home: Path) -> None:
    done = sohoa(home, "status")
    assert done.returncode == 1, "nobody watches"
    lines = done.stdout.splitlines()
    assert len(lines) <= 24
    assert "✗ Theo dõi thư mục (watch): không chạy" in lines
    assert "✓ Hàng đợi: 1 hồ sơ, lâu nhất" in done.stdout
    row = json.loads(sohoa(home, "status", "--json").stdout)
    assert (row["queued"], row["troubles"], row["backup_name"]) == (
        1,
        ["watch"],
        "20260101T000000Z",
    )


def test_a_store_without_backup_is_told(home: Path) -> None:
    (home / "operation" / "backup.json").unlink()
    assert "backup" in json.loads(sohoa(home, "status", "--json").stdout)["troubles"]
