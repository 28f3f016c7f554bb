"""Measure what signing in, rights and the audit log cost a search and a page view.

The same sample dossiers are served twice: without accounts and with a log that writes nothing, and
to somebody who has signed in, with the audit log on the disk. Prints the median of each.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from httpx import Response

from pipeline.audit import AuditEntry
from tests.support.visitors import open_room
from tests.support.web_backend import BASE_URL, PARTIAL, TestClient, sample_backend
from web.app import build_app

ROUNDS = 100
PATHS = {"search": "/?q=thửa", "dossier": f"/ho-so/{PARTIAL}", "page": f"/ho-so/{PARTIAL}/trang/1"}


class NoLog:
    """An audit log that writes nothing."""

    def record(self, entry: AuditEntry) -> None:
        """Forget an entry."""

    def close(self) -> None:
        """There is nothing to close."""


def main() -> None:
    """Print the price of each kind of request."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        backend = sample_backend(Path(one))
        app = build_app(backend.archive, backend.index, backend.settings, None, NoLog())
        local = ("127.0.0.1", 50000)
        free = TestClient(app, base_url=BASE_URL, follow_redirects=False, client=local)
        room = open_room(Path(other))
        signed_in = room.signed_in(room.person("lan"))
        for what, path in PATHS.items():
            without, with_all = medians_ms(partial(free.get, path), partial(signed_in.get, path))
            price = with_all - without
            print(f"{what:8} {without:6.2f} ms, {with_all:6.2f} ms signed in: {price:+.2f} ms")
        room.app.state.context.audit.close()


def medians_ms(*asked: Callable[[], Response]) -> list[float]:
    """Return the median time of each request in milliseconds, asked in turn on a busy machine."""
    times: list[list[float]] = [[] for _ in asked]
    for _ in range(ROUNDS):
        for ask, kept in zip(asked, times, strict=True):
            began = time.perf_counter()
            assert ask().status_code == 200
            kept.append(1000 * (time.perf_counter() - began))
    return [statistics.median(kept[ROUNDS // 10 :]) for kept in times]  # caches fill at first


if __name__ == "__main__":
    main()
