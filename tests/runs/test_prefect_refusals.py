"""Commands refuse a Prefect server that asks nobody, or whose secret they were not given."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from flows import wiring
from flows.pool import unavailable_error
from flows.prefect_secret import given_secret, home_secret, require_guarded
from flows.upkeep.pool_checks import check_secret
from pipeline.errors import MisconfiguredError
from tests.support.ports import free_port

pytestmark = pytest.mark.prefect

NEED_IT = ["deploy", "worker", "watch"]


class Anybody(BaseHTTPRequestHandler):
    """Answers whoever asks, as Prefect's server does when nobody set a secret."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"true")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def open_server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Anybody) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api"
        server.shutdown()


def told(home: Path, command: str, **environment: str) -> str:
    """Return what a command on a pool says when it refuses to start."""
    around = {"SOHOA_HOME": str(home), "SOHOA_RUNS__KIND": "pool", "SOHOA_RUNS__POOL": "none"}
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", command],
        env=os.environ | around | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("command", NEED_IT)
def test_without_a_secret_for_a_foreign_server_they_refuse(home: Path, command: str) -> None:
    said = told(home, command, PREFECT_API_AUTH_STRING=" ")
    assert "PREFECT_API_AUTH_STRING" in said
    assert "Đặt" in said


@pytest.mark.parametrize("command", NEED_IT)
def test_a_server_that_answers_anybody_is_refused(
    home: Path, command: str, open_server: str
) -> None:
    said = told(home, command, PREFECT_API_URL=open_server)
    assert "trả lời cả khi không có khóa" in said


def test_a_wrong_secret_is_told_as_such(prefect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    require_guarded(prefect)
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "sohoa:wrong")
    with pytest.raises(MisconfiguredError, match="không nhận khóa"):
        require_guarded(prefect)


def test_the_secret_may_come_from_a_file(home: Path, prefect: str, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(f"{given_secret()}\n")
    named = {"PREFECT_API_AUTH_STRING": "", "PREFECT_API_AUTH_STRING_FILE": str(path)}
    said = told(home, "worker", **named)
    assert "sohoa deploy" in said, "it got as far as the pool, which is not there"


def test_the_secret_of_this_home_is_never_told_to_another_server(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = home_secret(home / "prefect")
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "")
    said = told(home, "deploy", PREFECT_API_URL=f"http://127.0.0.1:{free_port()}/api")
    assert "Chưa có khóa" in said
    assert own not in said


@pytest.mark.parametrize("secret", [{}, {"PREFECT_SERVER_API_AUTH_STRING": ""}])
def test_the_server_does_not_start_without_a_secret(home: Path, secret: dict[str, str]) -> None:
    """An empty one would be asked of calls and not of websockets."""
    around = {n: v for n, v in os.environ.items() if "AUTH_STRING" not in n}
    around["PREFECT_SERVER_API_PORT"] = str(free_port())
    done = subprocess.run(
        [sys.executable, "-m", "flows.prefect_server"],
        env=around | secret,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert "PREFECT_SERVER_API_AUTH_STRING" in done.stderr


@pytest.mark.parametrize(
    ("secret", "word"), [(None, ""), ("sohoa:wrong", "không nhận"), ("", "không nhận")]
)
def test_doctor_says_whether_the_secret_is_asked_and_right(
    home: Path, prefect: str, monkeypatch: pytest.MonkeyPatch, secret: str | None, word: str
) -> None:
    if secret is not None:
        monkeypatch.setenv("PREFECT_API_AUTH_STRING", secret)
    check = check_secret(wiring.settings(), prefect)
    assert check.is_well is not bool(word)
    assert word in check.detail


def test_doctor_notices_a_server_that_answers_anybody(home: Path, open_server: str) -> None:
    check = check_secret(wiring.settings(), open_server)
    assert not check.is_well
    assert "PREFECT_SERVER_API_AUTH_STRING" in check.remedy


def test_a_refused_secret_is_not_reported_as_an_absent_server(prefect: str) -> None:
    with httpx.Client(base_url=prefect, timeout=300) as stranger:
        answer = stranger.get("/version")
    refusal = httpx.HTTPStatusError("", request=answer.request, response=answer)
    assert "không nhận khóa" in unavailable_error(refusal).message
    assert "không trả lời" in unavailable_error(httpx.ConnectError("")).message
