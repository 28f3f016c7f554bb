"""Finds the Prefect servers that a process started, and calls their API with its secret."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx

from flows.prefect_secret import authorization, given_secret


def servers_of(starter: int) -> list[int]:
    """Return the ids of the Prefect servers that a process started, even if it has ended."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if b"flows.prefect_server" in words and str(starter).encode() in words:
                found.append(int(folder.name))
    return found


def happens(condition: Callable[[], object], seconds: float) -> bool:
    """Tell whether a condition comes true within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def api(url: str) -> httpx.Client:
    """Return a client of an API that the environment's secret opens.

    It is Prefect's own, which asks again where a busy server says 503 (its database was locked).
    """
    from prefect.client.base import PrefectHttpxSyncClient  # noqa: PLC0415 — see bench/throughput

    return PrefectHttpxSyncClient(
        base_url=url,
        headers=authorization(given_secret()),
        timeout=120,
        raise_on_all_errors=False,
    )
