"""The Prefect server of the embedded form: found where it runs, started where it does not.

Prefect reads its settings when it is imported, so the environment is set here first; this
module must not import it.
"""

from __future__ import annotations

import fcntl
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from pipeline.errors import MisconfiguredError
from pipeline.settings import Settings

log = logging.getLogger(__name__)

START_SECONDS = 120.0  # 7-15 s on two idle cores, more when they are busy (reference: prefect.md)
_DEFAULTS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # no telemetry
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "ERROR",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",  # the object store is the cache
}


@contextmanager
def prefect_server(settings: Settings) -> Iterator[str]:
    """Have a Prefect API to work with, and yield its address.

    ``PREFECT_API_URL`` names one that somebody else runs. Without it the server of this home is
    used, and started as a child that ends with this process when none runs yet.
    """
    home = settings.home / "prefect"
    prepare_environment(home)
    if given := os.environ.get("PREFECT_API_URL"):
        yield given
        return
    home.mkdir(parents=True, exist_ok=True)
    url, child = _find_or_start(home, settings.runs.prefect_port)
    os.environ["PREFECT_API_URL"] = url
    try:
        yield url
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        if child:
            _end(child)


def prepare_environment(home: Path) -> None:
    """Set what Prefect reads at import, where nobody has set it: no telemetry, its own home."""
    for name, value in {**_DEFAULTS, "PREFECT_HOME": str(home)}.items():
        os.environ.setdefault(name, value)


def is_healthy(url: str, timeout: float = 2.0) -> bool:
    """Tell whether the Prefect API answers."""
    with suppress(httpx.HTTPError):
        return httpx.get(f"{url}/health", timeout=timeout).status_code == httpx.codes.OK
    return False


def wait_until_healthy(url: str, seconds: float = START_SECONDS) -> None:
    """Wait for the API.

    Raises:
        MisconfiguredError: it did not answer in time.
    """
    deadline = time.monotonic() + seconds
    while not is_healthy(url):
        if time.monotonic() > deadline:
            raise MisconfiguredError(
                f"Máy chủ Prefect không trả lời tại {url}.",
                "Xem nhật ký prefect/server.log, hoặc đặt PREFECT_API_URL tới máy chủ đang chạy.",
            )
        time.sleep(0.2)


def _find_or_start(home: Path, port: int) -> tuple[str, subprocess.Popen[bytes] | None]:
    note = home / "api.url"
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two processes that start at once, one starts it
        if note.is_file() and is_healthy(url := note.read_text().strip()):
            return url, None
        port = _free_port(port)
        url = f"http://127.0.0.1:{port}/api"
        child = _start(home, port)
        wait_until_healthy(url)
        note.write_text(url)
    return url, child


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise MisconfiguredError("Không còn cổng mạng nào trống.", "Đóng bớt chương trình.")


def _start(home: Path, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "prefect", "server", "start"]
    address = ["--host", "127.0.0.1", "--port", str(port)]
    with (home / "server.log").open("ab") as output:
        return subprocess.Popen(
            command + address,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C ends the work first, then we end the server
        )


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(timeout=15)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
