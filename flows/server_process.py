"""Opens the port of a home's Prefect server, and starts, names and ends the server's process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from flows.prefect_secret import CLIENT_VARIABLE, FILE_NAME, SERVER_VARIABLE
from pipeline.errors import MisconfiguredError
from pipeline.leases import is_gone, process_identity

BACKLOG = 2048  # connections that wait while the server starts; uvicorn's own number
END_SECONDS = 15.0  # for a server to end as it should


class ServerNote(NamedTuple):
    """Content of ``api.url`` in the home of a server: where it answers, and as which process."""

    url: str
    mark: str  # host, process id and start time: ``pipeline.leases.process_identity``


def known_server(home: Path) -> ServerNote | None:
    """Return the note of the server that was last started, whether it still runs or not.

    Args:
        home: the folder of the server's files.
    """
    with suppress(OSError, ValueError, TypeError):
        return ServerNote(*(home / "api.url").read_text(encoding="utf-8").split())
    return None


def write_note(home: Path, note: ServerNote) -> None:
    """Replace the note of the server that was last started.

    Raises:
        OSError: the home cannot be written.
    """
    arriving = home / f".api.url.{os.getpid()}"
    arriving.write_text(" ".join(note), encoding="utf-8")
    arriving.replace(home / "api.url")


def listen(wanted: int, *, or_any: bool) -> socket.socket:
    """Return a socket that listens at a port of the loopback address.

    Args:
        wanted: the port to try first.
        or_any: whether any free one will do when that is taken.

    Raises:
        MisconfiguredError: no port that will do is free.
    """
    for port in (wanted, 0) if or_any else (wanted,):
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do
        try:
            listening.bind(("127.0.0.1", port))
            listening.listen(BACKLOG)  # at once: from now on no other program can take it
        except OSError:
            listening.close()
            continue
        return listening
    raise MisconfiguredError(
        f"Cổng {wanted} của máy chủ Prefect bị chương trình khác chiếm.",
        "Đóng chương trình đó, hoặc khởi động lại lệnh này.",
    )


def launch(home: Path, listening: socket.socket) -> subprocess.Popen[bytes]:
    """Start a server that answers at a socket, and that ends with the calling thread.

    Args:
        home: the folder of the server's files, its secret among them.
        listening: the socket; it stays open here too.
    """
    number, port = listening.fileno(), listening.getsockname()[1]
    given = {"PREFECT_SERVER_API_HOST": "127.0.0.1", "PREFECT_SERVER_API_PORT": str(port)}
    # By file: what stands in the environment of a process is shown by /proc and in crash reports.
    given |= {f"{SERVER_VARIABLE}_FILE": str(home / FILE_NAME)}
    ours = {SERVER_VARIABLE, CLIENT_VARIABLE, "PREFECT_API_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    command = [sys.executable, "-m", "flows.prefect_server"]
    with (home / "server.log").open("ab") as output:
        return subprocess.Popen(
            [*command, "--socket", str(number), "--starter", str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=kept | given,
            pass_fds=[number],
            start_new_session=True,  # Ctrl-C ends the work first, then we end the server
        )


def end(child: subprocess.Popen[bytes]) -> None:
    """End a server that this process started, by force when it takes too long."""
    child.terminate()
    try:
        child.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def end_noted(note: ServerNote) -> None:
    """End the server that a note names, by force when it takes too long.

    Args:
        note: the note; a process that is not the very one it names is left alone.
    """
    for number in (signal.SIGTERM, signal.SIGKILL):
        process = int(note.mark.rsplit(":", 2)[1])
        if process_identity(process) != note.mark:
            return
        with suppress(ProcessLookupError):
            os.kill(process, number)
        wait_until_gone(note, END_SECONDS)


def wait_until_gone(note: ServerNote, seconds: float) -> bool:
    """Tell whether the process that a note names is gone, or goes within so many seconds."""
    deadline = time.monotonic() + seconds
    while not is_gone(note.mark):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
