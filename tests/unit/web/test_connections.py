"""Connections to a real server, byte by byte: old proxies, and clients that keep it waiting."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.support.visitors import open_room
from web import request_limits
from web.request_limits import UPLOADS, ImpatientProtocol

PATIENCE = 120.0  # seconds for the server to begin, and for an answer
SILENCE = 1.5
LARGE = 8_000_000  # bytes: more than the buffers of both ends hold


@contextmanager
def served(app: ASGIApp) -> Iterator[int]:
    """Serve an application as ``sohoa web`` does, on a free port of loopback.

    Args:
        app: the application.

    Yields:
        The port.
    """
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        how = uvicorn.Config(app, http=ImpatientProtocol, lifespan="off", log_level="error")
        how.server_header = how.proxy_headers = False
        server = uvicorn.Server(how)
        work = threading.Thread(target=asyncio.run, args=(server.serve([listening]),), daemon=True)
        work.start()
        try:
            deadline = time.monotonic() + PATIENCE
            while not server.started:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            yield port
        finally:
            server.should_exit = server.force_exit = True
            work.join(PATIENCE)


@pytest.mark.parametrize("words", ["HTTP/1.0\r\n", "HTTP/1.1\r\nX-Real-IP: 192.0.2.7\r\n"])
def test_a_proxy_that_was_told_nothing_opens_no_demonstration(tmp_path: Path, words: str) -> None:
    """nginx with a bare ``proxy_pass`` asks from loopback, in HTTP/1.0, with our own Host."""
    room = open_room(tmp_path)
    room.app.state.context.visits._accounts = None
    with served(room.app) as port:
        for line, status in ((words, b" 403 "), ("HTTP/1.1\r\n", b" 200 ")):
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
                head = f"GET / {line}Host: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
                connection.sendall(head.encode())
                assert status in connection.recv(100), line


async def answering(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer at once, late (``/late``), at length (``/large``), or once a form is whole."""
    request = Request(scope, receive)
    if request.url.path == "/late":
        await asyncio.sleep(4 * SILENCE)
    if request.method == "POST":
        await request.body()
    content = b"x" * (LARGE if request.url.path == "/large" else 10)
    response: Response = PlainTextResponse(content)
    await response(scope, receive, send)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a server that looks at its connections every second and a half."""
    monkeypatch.setattr(request_limits, "SILENCE_SECONDS", SILENCE)
    with served(answering) as made:
        yield made


def ask(connection: socket.socket, line: str = "GET /", more: str = "") -> None:
    connection.sendall(f"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\n{more}\r\n".encode())


def is_ended(connection: socket.socket, drip: bytes = b"") -> bool:
    """Tell whether the server ends it within ten looks, though a byte comes now and then."""
    connection.settimeout(SILENCE / 2)
    for _ in range(20):
        try:
            if connection.recv(1_000) == b"":
                return True
        except TimeoutError:
            pass
        except ConnectionError:
            return True
        try:
            connection.sendall(drip)
        except ConnectionError:
            return True
    return False


HALF = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "


@pytest.mark.parametrize("drip", [b"", b"x"])
@pytest.mark.parametrize("before", ["nothing", "an answer"])
def test_half_a_request_ends_its_connection(port: int, before: str, drip: bytes) -> None:
    """After one whole request a single byte kept the connection open for ever."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        if before == "an answer":
            ask(connection)
            assert b" 200 " in connection.recv(1_000)
        connection.sendall(HALF[:1] if not drip else HALF)
        assert is_ended(connection, drip)


@pytest.mark.parametrize("drip", [b"", b"x"])
def test_a_form_that_never_comes_ends_its_connection(port: int, drip: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        ask(connection, "POST /", "Content-Length: 5000\r\n")
        assert is_ended(connection, drip)


def test_who_waits_for_an_answer_or_reads_it_slowly_is_not_cut_off(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        ask(connection, "GET /late")
        assert b" 200 " in connection.recv(1_000)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        connection.settimeout(PATIENCE)
        connection.connect(("127.0.0.1", port))
        ask(connection, "GET /large", "Connection: close\r\n")
        time.sleep(4 * SILENCE)
        read = 0
        for _ in range(LARGE):
            part = connection.recv(1_000_000)
            read += len(part)
            if not part:
                break
        assert read > LARGE


def test_one_request_after_another_goes_on(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        for _ in range(6):  # in all, longer than a look
            ask(connection, "POST /", "Content-Length: 2\r\n")
            time.sleep(SILENCE / 4)
            connection.sendall(b"ab")
            answer = b""
            for _ in range(200):
                if answer.endswith(b"x" * 10):
                    break
                answer += connection.recv(1_000)
            assert b" 200 " in answer


def test_an_upload_may_take_long_but_not_trickle(port: int) -> None:
    parts, size = 25, 200_000
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        ask(connection, f"POST {UPLOADS}", f"Content-Length: {parts * size}\r\n")
        for _ in range(parts):  # three looks and more
            connection.sendall(b"x" * size)
            time.sleep(SILENCE / 8)
        assert b" 200 " in connection.recv(1_000)
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        ask(connection, f"POST {UPLOADS}", f"Content-Length: {parts * size}\r\n")
        assert is_ended(connection, b"x")
