"""Starts the Prefect server of a home, shares it between processes and restarts it when it ends."""

from __future__ import annotations

import fcntl
import logging
import socket
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from flows.prefect_secret import Access, access, home_secret
from flows.server_process import (
    ServerNote,
    end,
    end_noted,
    known_server,
    launch,
    listen,
    wait_until_gone,
    write_note,
)
from pipeline.errors import MisconfiguredError
from pipeline.leases import is_gone, process_identity

log = logging.getLogger(__name__)

START_SECONDS = 120.0  # 7-15 s on two idle cores, more when they are busy (docs/measurements.md)
POLL_SECONDS = 3.0  # between two checks whether the server still runs
DYING_SECONDS, DYING_TRIES = 2.0, 3  # for a server that does not answer, before another starts
_client = httpx.Client()  # one for all: setting up its TLS costs 50 ms of processor time


class LocalPrefect:
    """Finds the server of a home or starts it, and starts it again when it ends before us.

    The server ends with the process that started it, even when that one is killed: the kernel
    sees to it (``flows.prefect_server.end_with``). Others then start the next one at the same
    address, which their clients know.
    """

    def __init__(self, home: Path, port: int) -> None:
        """Start nothing yet.

        Args:
            home: the folder of the server's files: address, secret, lock, log and database.
            port: the first port to try.
        """
        self._home = home
        self._port = port
        self._listening: socket.socket | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._ready, self._done = threading.Event(), threading.Event()
        self._failure: MisconfiguredError | OSError | None = None
        # The kernel ends a child with the thread that started it, so one thread starts them all.
        self._keeper = threading.Thread(target=self._keep, name="prefect-keeper", daemon=True)
        self.url = ""

    def __enter__(self) -> Self:
        """Find or start the server, and watch it.

        Raises:
            MisconfiguredError: the server did not answer in time.
            OSError: the home cannot be written.
        """
        self._home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._keeper.start()
        self._ready.wait()
        if self._failure:
            raise self._failure
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the server if this process started it."""
        self._done.set()
        self._keeper.join()

    def _keep(self) -> None:
        """Find or start the server, start it again whenever it has ended, and end it at last."""
        try:
            self._find_or_start()
        except (MisconfiguredError, OSError) as error:
            self._failure = error
            return
        finally:
            self._ready.set()
        while not self._done.wait(POLL_SECONDS):
            note = known_server(self._home)
            if note is None or is_gone(note.mark):
                log.warning("the Prefect server has ended; starting it again")
                with suppress(MisconfiguredError, OSError):  # its log says why; tried again
                    self._find_or_start()
        if self._child:
            end(self._child)
        if self._listening:
            self._listening.close()

    def _find_or_start(self) -> None:
        with (self._home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # of two processes that start at once, one starts it
            note = known_server(self._home)
            if note and not is_gone(note.mark) and self._may_use(note):
                self.url = note.url
            else:
                self._start()

    def _may_use(self, note: ServerNote) -> bool:
        """Tell whether a server that runs asks for our secret; end it when it does not.

        One of version 0.1 answers anybody. One that does not answer is dying with a process that
        was killed a moment ago, or is very busy.
        """
        for _ in range(DYING_TRIES):
            found = access(note.url, home_secret(self._home))
            if found is Access.GUARDED:
                return True
            if found is not Access.AWAY:
                log.warning("ending the Prefect server that does not ask for our secret")
                end_noted(note)
                return False
            if wait_until_gone(note, DYING_SECONDS):
                return False
        return False

    def _start(self) -> None:
        if self._listening is None:
            # Ours, and handed to the server: while we live no other program can take its port, and
            # what calls while it starts again waits and is answered.
            port = urlsplit(self.url).port
            self._listening = listen(port or self._port, or_any=port is None)
        url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/api"
        self._child = launch(self._home, self._listening)
        # Before it answers: whoever comes after us must know of it.
        write_note(self._home, ServerNote(url, process_identity(self._child.pid)))
        try:
            self._wait_for_child(url)
        except MisconfiguredError:
            end(self._child)
            raise
        self.url = url  # later restarts come back here: it is what the clients know

    def _wait_for_child(self, url: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not is_healthy(url):
            has_ended = self._child is not None and self._child.poll() is not None
            if has_ended or time.monotonic() > deadline:
                raise _no_answer(url)
            if self._done.wait(0.2):
                raise _no_answer(url)


def is_healthy(url: str, timeout: float = 2.0) -> bool:
    """Tell whether the Prefect API answers; it says that much without a secret.

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
            raise _no_answer(url)
        time.sleep(0.2)


def _no_answer(url: str) -> MisconfiguredError:
    return MisconfiguredError(
        f"Máy chủ Prefect không trả lời tại {url}.",
        "Xem nhật ký prefect/server.log, hoặc đặt PREFECT_API_URL tới máy chủ đang chạy.",
    )
