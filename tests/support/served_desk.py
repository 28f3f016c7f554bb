"""Serves a reading room over an office's home, with a watcher that takes what is sent to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from flows.watch import Watcher
from pipeline.settings import UPLOADS, Settings
from tests.support.drops import Office
from tests.support.served_app import serving
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

    with serving(app) as address, ThreadPoolExecutor(1) as pool:
        watched = pool.submit(watch)
        try:
            yield address
        finally:
            ended.set()
            watched.result()
