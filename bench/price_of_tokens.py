"""Measure what a token costs a call of the API, apart from the audit log.

The same sample dossiers are asked for by calls of the demonstration, which have no token, and with
a token; both with a log that writes nothing, then with the log on the disk. Prints medians.
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

from bench.price_of_rights import NoLog, medians_ms
from tests.support.callers import V1, caller
from tests.support.visitors import TestClient, open_room
from tests.support.web_backend import BASE_URL, PARTIAL, sample_backend
from web.api.rates import RateLimit
from web.app import build_app

ROUNDS = 2_000
MANY = 1_000_000  # calls a minute, so that no limit counts here
PATHS = {
    "newest": "/dossiers?limit=1",
    "dossier": f"/dossiers/{PARTIAL}",
    "search": "/dossiers?q=đất",
}


def main() -> None:
    """Print the price of each kind of call."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        backend = sample_backend(Path(one))
        limits = {"api_calls_a_minute": MANY, "api_address_calls_a_minute": MANY}
        web = backend.settings.web.model_copy(update=limits)
        settings = backend.settings.model_copy(update={"web": web})
        local = ("127.0.0.1", 50000)
        app = build_app(backend.archive, backend.index, settings, None, NoLog())
        free = TestClient(app, base_url=BASE_URL, client=local)
        room = open_room(Path(other), None, **limits)
        logged = caller(room, "may")
        quiet_app = build_app(
            room.backend.archive, room.backend.index, room.backend.settings, room.accounts, NoLog()
        )
        quiet = TestClient(
            quiet_app, base_url=BASE_URL, client=local, headers=dict(logged.client.headers)
        )
        for what, path in PATHS.items():
            asked = (partial(each.get, f"{V1}{path}") for each in (free, quiet, logged.client))
            without, token, log = medians_ms(*asked)
            print(f"{what:8} {without:6.2f} ms, token {token - without:+.2f} ms", end=", ")
            print(f"audit log {log - token:+.2f} ms")
        rate = RateLimit(MANY)
        print(f"finding a token {median_us(lambda: room.accounts.tokens.find(logged.text)):.0f} µs")
        print(f"counting a call {median_us(lambda: rate.take('a')):.1f} µs")
        room.app.state.context.audit.close()


def median_us(do: Callable[[], object]) -> float:
    """Return the median time of a call in microseconds of this thread's processor time."""
    times = []
    for _ in range(ROUNDS):
        began = time.thread_time_ns()
        do()
        times.append((time.thread_time_ns() - began) / 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
