"""Serves a reading room over an office's home, with a watcher that takes what is sent to it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from flows.watch import Watcher
from pipeline.settings import UPLOADS, Settings
from tests.support.drops import Office
from web.app import build_app


@contextmanager
def served(office: Office) -> Iterator[str]:
    """Serve a room without accounts on a free port; return its address.

    Args:
        office: the office whose home it is; the environment names that home too.
    """
    app = build_app(office.archive, office.index, Settings(home=office.home))
    ended = threading.Event()

    def watch() -> None:
        watcher, folder = Watcher(), office.home / UPLOADS
        while not ended.wait(0.1):
            if folder.is_dir():
                watcher.poll(folder)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        threads = [
            threading.Thread(target=server.run, args=([listener],)),
            threading.Thread(target=watch),
        ]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 30
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            ended.set()
            for thread in threads:
                thread.join(30)
