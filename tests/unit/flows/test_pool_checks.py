"""`sohoa doctor` asks a busy Prefect server again, and says busy where it stays so."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from flows.upkeep.pool_checks import check_pool
from pipeline.settings import Settings

pytestmark = pytest.mark.slow  # a server is asked again until it is no longer busy


class Busy(HTTPServer):
    """A server whose API is busy for its first answers and has no pool afterwards."""

    def __init__(self, busy_answers: int) -> None:
        super().__init__(("127.0.0.1", 0), BusyApi)
        self.busy_answers = busy_answers

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class BusyApi(BaseHTTPRequestHandler):
    """Answers 503 so often, then as a server without pools."""

    server: Busy

    def do_GET(self) -> None:
        if self.server.busy_answers > 0:
            self.server.busy_answers -= 1
            self._answer(503, {"exception_message": "Service Unavailable"})
        else:
            self._answer(404, {"detail": "Not found"})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200, [])

    def _answer(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def settings(home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a home whose runs use a pool, and the secret of its server."""
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "sohoa:a-made-up-secret")
    monkeypatch.setenv("SOHOA_RUNS__KIND", "pool")
    return Settings(home=home)


@pytest.fixture
def served(request: pytest.FixtureRequest) -> Iterator[Busy]:
    """A listening server that is busy as often as the test's parameter says."""
    server = Busy(request.param)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("served", [0, 1, 2], indirect=True)
def test_a_server_that_is_busy_for_a_moment_is_asked_again(
    served: Busy, settings: Settings
) -> None:
    first = next(check_pool(settings, served.url))
    assert (first.detail, first.remedy) == (
        "chưa có trong Prefect",
        "Chạy một lần: sohoa deploy",
    )


@pytest.mark.parametrize("served", [1000], indirect=True)
def test_a_server_that_stays_busy_is_called_busy(served: Busy, settings: Settings) -> None:
    told, _ = check_pool(settings, served.url)
    assert not told.is_well
    assert "503" in told.detail
    assert "bận" in told.remedy
