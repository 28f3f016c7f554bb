"""Fifty people who search and view at once: how long they wait, and what each request costs.

    .venv/bin/python -m bench.people_load [--people 50] [--seconds 60] [--json]

A real `sohoa web` over 200 dossiers, with accounts and audit log on the disk; each person has
signed in, thinks for 1 to 3 seconds and goes on: searches, a dossier, a page, its picture. The
clock tells what they wait on a machine that others use too; the server's processor time, which is
given for the requests after all have signed in, depends little on them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

from accounts import open_accounts
from pipeline.model import NewAccount, PersonRole, Record
from pipeline.settings import AccountSettings
from tests.support.graded_queries import fill, make_told, queries
from tests.support.people import PASSWORD
from tests.support.ports import free_port
from tests.support.web_backend import PARTIAL, sample_backend

SEED = 5
PATIENCE = 60.0  # seconds for the server to start
Waits = dict[str, list[float]]  # kind of request -> seconds


def furnish(home: Path, people: int) -> list[str]:
    """Fill a home with dossiers and accounts; return what people search for."""
    backend, told = sample_backend(home), make_told(SEED)
    for one in told:
        dossier = one.publication.dossier
        backend.archive.keep_record(Record(1, dossier.received, "bench", "received", dossier))
    fill(backend.index, told)
    with closing(open_accounts(AccountSettings(), home)) as accounts:
        for number in range(people):
            new = NewAccount(f"nguoi-{number}", frozenset({PersonRole.READER}))
            accounts.people.add(new, PASSWORD, must_change=False)
    return [query.text for query in queries(told, SEED)]


@contextmanager
def room(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the reading room until the block ends."""
    words = [sys.executable, "-m", "flows.cli", "web"]
    ours = {"SOHOA_HOME": str(home), "SOHOA_WEB__PORT": str(port)}
    process = subprocess.Popen(words, env=os.environ | ours)
    try:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5)
                break
            except httpx.TransportError:
                time.sleep(0.2)
        yield process
    finally:
        process.terminate()
        process.wait(60)


async def sign_in(client: httpx.AsyncClient, name: str) -> None:
    """Sign in through the form, as a browser does."""
    page = (await client.get("/dang-nhap")).text
    token = re.search(r'name="khoa" value="([0-9a-f]{64})"', page)
    assert token
    form = {"khoa": token[1], "ten": name, "mat-khau": PASSWORD}
    answer = await client.post("/dang-nhap", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == httpx.codes.SEE_OTHER, answer.status_code


async def work(client: httpx.AsyncClient, until: float, typed: list[str], waits: Waits) -> int:
    """Search and view until a moment; return how many answers were none."""
    failed = 0
    await asyncio.sleep(random.uniform(0, 3))  # nobody presses a key in step with the others
    while time.monotonic() < until:
        page = f"/ho-so/{PARTIAL}/trang/{random.randint(1, 2)}"
        kinds = {
            "search": ("/", {"q": random.choice(typed)}),
            "dossier": (f"/ho-so/{PARTIAL}", {}),
            "page": (page, {}),
            "picture": (f"{page}/anh.webp", {}),
        }
        kind = random.choices(list(kinds), [5, 2, 2, 2])[0]
        path, asked = kinds[kind]
        began = time.perf_counter()
        try:
            is_well = (await client.get(path, params=asked)).status_code == httpx.codes.OK
        except httpx.TransportError:
            is_well = False
        waits[kind].append(time.perf_counter() - began)
        failed += not is_well
        await asyncio.sleep(random.uniform(1, 3))
    return failed


async def crowd(
    url: str, people: int, seconds: float, typed: list[str], pid: int
) -> tuple[Waits, int, float]:
    """Have everybody sign in one after the other, then work at once.

    Returns:
        What they waited, how many requests failed, and the processor time of the server in seconds
        after all had signed in.
    """
    waits: Waits = defaultdict(list)
    clients = [httpx.AsyncClient(base_url=url, timeout=60) for _ in range(people)]
    for number, client in enumerate(clients):
        began = time.perf_counter()
        await sign_in(client, f"nguoi-{number}")
        waits["sign-in"].append(time.perf_counter() - began)
    until, before = time.monotonic() + seconds, processor_seconds(pid)
    failed = await asyncio.gather(*(work(client, until, typed, waits) for client in clients))
    for client in clients:
        await client.aclose()
    return waits, sum(failed), processor_seconds(pid) - before


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print what they waited, and what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as made:
        home, port = Path(made), free_port()
        typed = furnish(home, args.people)
        with room(home, port) as server:
            url = f"http://127.0.0.1:{port}"
            waits, failed, spent = asyncio.run(
                crowd(url, args.people, args.seconds, typed, server.pid)
            )
    rows = [
        {
            "request": kind,
            "n": len(times),
            "median_ms": round(1000 * statistics.median(times)),
            "p95_ms": round(1000 * sorted(times)[int(0.95 * len(times))]),
        }
        for kind, times in waits.items()
    ]
    asked = sum(map(len, waits.values())) - args.people
    cost = round(1000 * spent / asked, 1)
    told = {"failed": failed, "server_ms_a_request": cost, "requests": asked}
    told["load"] = os.getloadavg()[0]
    if args.json:
        print(json.dumps({"rows": rows, **told}))
        return
    for row in rows:
        print(*(f"{value!s:>10}" for value in row.values()))
    print(told)


if __name__ == "__main__":
    main()
