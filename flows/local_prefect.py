"""Starts the Prefect server of a home, shares it between processes and restarts it when it ends."""

from __future__ import annotations

import fcntl
import logging
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import httpx

from pipeline.errors import MisconfiguredError
from pipeline.leases import is_gone, process_identity

log = logging.getLogger(__name__)

START_SECONDS = 120.0  # 7-15 s on two idle cores, more when they are busy (docs/measurements.md)
POLL_SECONDS = 3.0  # between two checks whether the server still runs
_client = httpx.Client()  # one for all: setting up its TLS costs 50 ms of processor time


class ServerNote(NamedTuple):
    """Content of ``api.url`` in the home of a server: where it answers, and as which process."""

    url: str
    mark: (
        str  # host, process id and start time, as ``pipeline.leases.process_identity`` writes them
    )


class LocalPrefect:
    """Finds the server of a home or starts it, and starts it again when it ends before us.

    The server ends with the process that started it; the others then start the next one at the
    same address, which their clients know.
    """

    def __init__(self, home: Path, port: int) -> None:
        """Start nothing yet.

        Args:
            home: the folder of the server's files: address, lock, log and database.
            port: the first port to try.
        """
        self._home = home
        self._port = port
        self._child: subprocess.Popen[bytes] | None = None
        self._done = threading.Event()
        self._watchdog = threading.Thread(
            target=self._restart_when_ended, name="prefect-watchdog", daemon=True
        )
        self.url = ""

    def __enter__(self) -> Self:
        """Find or start the server, and watch it.

        Raises:
            MisconfiguredError: the server did not answer in time.
        """
        self._home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._find_or_start()
        self._watchdog.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the server if this process started it."""
        self._done.set()
        self._watchdog.join()
        if self._child:
            _end(self._child)

    def _restart_when_ended(self) -> None:
        while not self._done.wait(POLL_SECONDS):
            note = known_server(self._home)
            if note is None or is_gone(note.mark):
                log.warning("the Prefect server has ended; starting it again")
                with suppress(MisconfiguredError):  # its log says why; tried again after a pause
                    self._find_or_start()

    def _find_or_start(self) -> None:
        with (self._home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # of two processes that start at once, one starts it
            note = known_server(self._home)
            if note and not is_gone(note.mark) and is_healthy(note.url):
                self.url = note.url
                return
            port = _free_port(self._port)
            if self.url and not self.url.startswith(_address(port)):
                raise MisconfiguredError(
                    f"Cổng {self._port} của máy chủ Prefect bị chương trình khác chiếm.",
                    "Đóng chương trình đó, hoặc khởi động lại lệnh này.",
                )
            self._start(port)

    def _start(self, port: int) -> None:
        self._child = _launch(self._home, port)
        url = f"{_address(port)}/api"
        try:
            wait_until_healthy(url)
        except MisconfiguredError:
            _end(self._child)
            raise
        # Later restarts must come back at this address: it is what the clients here know.
        self.url, self._port = url, port
        note = f"{url} {process_identity(self._child.pid)}"
        (self._home / "api.url").write_text(note, encoding="utf-8")


def known_server(home: Path) -> ServerNote | None:
    """Return the note of the server that was last started, whether it still runs or not.

    Args:
        home: the folder of the server's files.
    """
    with suppress(OSError, ValueError, TypeError):
        return ServerNote(*(home / "api.url").read_text(encoding="utf-8").split())
    return None


def is_healthy(url: str, timeout: float = 2.0) -> bool:
    """Tell whether the Prefect API answers.

    Args:
        url: the address of the API, without a slash at its end.
        timeout: seconds to wait for the answer.
    """
    with suppress(httpx.HTTPError):
        return _client.get(f"{url}/health", timeout=timeout).status_code == httpx.codes.OK
    return False


def wait_until_healthy(url: str, seconds: float = START_SECONDS) -> None:
    """Wait until the Prefect API answers.

    Args:
        url: the address of the API, without a slash at its end.
        seconds: the longest time to wait.

    Raises:
        MisconfiguredError: the API did not answer in time.
    """
    deadline = time.monotonic() + seconds
    while not is_healthy(url):
        if time.monotonic() > deadline:
            raise MisconfiguredError(
                f"Máy chủ Prefect không trả lời tại {url}.",
                "Xem nhật ký prefect/server.log, hoặc đặt PREFECT_API_URL tới máy chủ đang chạy.",
            )
        time.sleep(0.2)


def _address(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise MisconfiguredError("Không còn cổng mạng nào trống.", "Đóng bớt chương trình.")


def _launch(home: Path, port: int) -> subprocess.Popen[bytes]:
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
