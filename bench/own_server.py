"""Start time of the Prefect server of a home, and what its secret and checks cost a call.

    .venv/bin/python bench/own_server.py [--calls 300] [--starts 3]

A call asks the API for its version: once of our server, with its secret and behind its checks, and
once of Prefect's own, which asks nobody. Both run at the same time and are called in turns; what
is compared is the processor time of each server, which the load of the machine hardly changes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from bench.throughput import server_seconds
from flows.local_prefect import LocalPrefect
from flows.prefect_api import set_defaults
from flows.prefect_secret import authorization, home_secret
from tests.support.ports import free_port
from tests.support.prefect_servers import servers_of

PATIENCE = 120.0  # seconds for a server to answer


class Called(NamedTuple):
    """A server to be called."""

    url: str
    headers: dict[str, str]  # that open it
    processes: list[int]


def main() -> None:
    """Print start times, then what a call costs each server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--starts", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as place:
        home = Path(place) / "prefect"
        for number in range(arguments.starts):
            starts(home, "first start, empty database" if number == 0 else "later start")
        with LocalPrefect(home, free_port()) as ours, plain_server(Path(place)) as plain:
            secret = authorization(home_secret(home))
            found = servers_of(os.getpid())
            calls(arguments.calls, Called(ours.url, secret, found), plain)


def starts(home: Path, what: str) -> None:
    """Print how long one start takes until the server answers, and its processor time."""
    set_defaults(home)
    home_secret(home)  # the first call makes it
    began = time.perf_counter()
    with LocalPrefect(home, free_port()):
        seconds = time.perf_counter() - began
        spent = server_seconds(servers_of(os.getpid()))
    print(f"{what}: answers after {seconds:.1f} s, {spent:.1f} s of its processor time")


@contextmanager
def plain_server(place: Path) -> Iterator[Called]:
    """Run Prefect's own server, which asks for no secret."""
    port = free_port()
    words = ("server", "start", "--host", "127.0.0.1", "--port", str(port))
    kept = {name: value for name, value in os.environ.items() if "AUTH_STRING" not in name}
    kept |= {"PREFECT_HOME": str(place / "plain"), "PREFECT_SERVER_UI_ENABLED": "false"}
    with (place / "plain.log").open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "prefect", *words], env=kept, stdout=log, stderr=log
        )
    url = f"http://127.0.0.1:{port}/api"
    try:
        end = time.monotonic() + PATIENCE
        while not answers(f"{url}/health"):
            if time.monotonic() > end or child.poll() is not None:
                raise TimeoutError((place / "plain.log").read_text()[-2000:])
            time.sleep(0.2)
        yield Called(url, {}, [child.pid])
    finally:
        child.terminate()
        child.wait(30)


def answers(url: str) -> bool:
    """Tell whether a server answers."""
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.HTTPError:
        return False


def calls(count: int, ours: Called, plain: Called) -> None:
    """Call both servers in turns and print what a call costs each.

    Args:
        count: the number of calls of each.
        ours: our server.
        plain: Prefect's own.
    """
    servers = (ours, plain)
    clients = [httpx.Client(base_url=each.url, headers=each.headers) for each in servers]
    times: list[list[float]] = [[] for _ in clients]
    for client in clients:
        for _ in range(10):
            client.get("/version").raise_for_status()
    before = [server_seconds(each.processes) for each in servers]
    for _ in range(count):
        for client, spent in zip(clients, times, strict=True):
            began = time.perf_counter()
            client.get("/version").raise_for_status()
            spent.append(time.perf_counter() - began)
    for name, server, start, spent in zip(
        ("ours, with its secret", "Prefect's own, open"), servers, before, times, strict=True
    ):
        processor = (server_seconds(server.processes) - start) / count * 1000
        print(f"{name}: {processor:.2f} ms of processor, {statistics.median(spent) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
