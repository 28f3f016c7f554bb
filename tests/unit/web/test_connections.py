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
from starlette.types import ASGIApp

from tests.support.visitors import open_room
from web.request_limits import ImpatientProtocol

PATIENCE = 20.0  # seconds for the server to begin


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
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                head = f"GET / {line}Host: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
                connection.sendall(head.encode())
                assert status in connection.recv(100), line
