"""Measure an index: pages/s published, bytes a page, p50/p95/p99 of a mixed list of queries.

    .venv/bin/python bench/search_index.py --pages 100000 --clients 1,4,16
    .venv/bin/python bench/search_index.py --pages 1000000 --form elasticsearch --clients 1,4,16

The first is the embedded index; the second needs ``SOHOA_TEST_ELASTICSEARCH_*`` (an alias of its
own is made there, and taken away at the end). Publishing is streamed, ``--batch`` dossiers a call,
as ``sohoa reindex`` does; making the pages up is not counted. Of the embedded index also: memory,
replacing one dossier, and the first search of a fresh process (``--cold`` is that process).

Pages are made up (``bench/made_pages.py``).
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

from bench.made_pages import PAGES, UNITS, Paper, beginnings, queries
from pipeline.model import Publication, Query, Scope
from pipeline.ports import Rebuild, SearchIndex
from pipeline.settings import SearchSettings
from search import open_index
from tests.support.servers import client_of, fresh_alias


def index_all(
    index: SearchIndex | Rebuild, arguments: argparse.Namespace
) -> tuple[float, list[Publication]]:
    """Publish everything; return the seconds spent in the index and a sample of dossiers."""
    spent, sample = 0.0, []
    number = arguments.pages // PAGES
    dossiers = Paper(arguments.seed).dossiers(arguments.pages)
    for start in range(0, number, arguments.batch):
        batch = list(islice(dossiers, arguments.batch))
        spent += seconds(partial(index.publish, batch))
        if start // arguments.batch % max(1, number // arguments.batch // 500) == 0:
            sample.append(batch[0])
    return spent, sample


def seconds(work: Callable[[], object]) -> float:
    """Return how long it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def timings(index: SearchIndex, asked: list[Query], clients: int) -> list[float]:
    """Return the milliseconds of each query, asked once, by so many clients at the same time."""
    with ThreadPoolExecutor(clients) as threads:
        return list(threads.map(lambda query: index.find(query).took_ms, asked))


def processor(index: SearchIndex, query: Query) -> tuple[float, float]:
    """Return the milliseconds of a query, and those of processor time of this process."""
    before = time.process_time()
    took = index.find(query).took_ms
    return took, (time.process_time() - before) * 1000


def of_processor(work: Callable[[], object]) -> float:
    """Return the milliseconds of processor time of this process that something takes."""
    before = time.process_time()
    work()
    return (time.process_time() - before) * 1000


def row(label: str, times: list[float]) -> str:
    """Return a line of the table: median, 95th and 99th percentile, worst, in milliseconds."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return f"{label:30}{len(times):5}{cuts[49]:9.1f}{cuts[94]:9.1f}{cuts[98]:9.1f}{max(times):9.1f}"


def bytes_in(folder: Path) -> int:
    """Return what the files of a folder take."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def opened(form: str, kept: str) -> Iterator[tuple[SearchIndex, Callable[[], int], Path]]:
    """Lend a fresh index, what tells its bytes on disk, and its home; nothing is left of it."""
    if form == "elasticsearch":
        with fresh_alias() as settings, client_of(settings) as client:
            stats = partial(client.indices.stats, index=settings.index, metric="store")
            yield (
                open_index(settings, Path("nowhere")),
                lambda: int(stats().body["_all"]["primaries"]["store"]["size_in_bytes"]),
                Path("nowhere"),
            )
        return
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as home:
        place = Path(kept or home)
        yield open_index(SearchSettings(), place), lambda: bytes_in(place), place


def publish_all(index: SearchIndex, size: Callable[[], int], arguments: argparse.Namespace) -> None:
    """Build the index and print what that took."""
    built = index.rebuild()
    processor = time.process_time()
    spent, sample = index_all(built, arguments)
    spent += seconds(built.serve)
    kibibytes, speed = size() / arguments.pages / 1024, arguments.pages / spent
    print(f"{arguments.form}, {arguments.pages} pages: {speed:.0f} pages/s", end=", ")
    print(f"{kibibytes:.2f} KiB a page, {spent:.1f} s", end=", ")
    print(f"{time.process_time() - processor:.1f} s of processor with making the pages", end=", ")
    print(f"{resident():.0f} MiB resident at most", flush=True)
    SAMPLES.extend(sample)


SAMPLES: list[Publication] = []


def resident() -> float:
    """Return the largest memory of this process so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def replaced(index: SearchIndex, times: int) -> list[float]:
    """Return the milliseconds of replacing one dossier, each time another."""
    return [
        seconds(partial(index.publish, [replace(one, sequence=one.sequence + 1)])) * 1000
        for one in SAMPLES[:times]
    ]


def cold_start(home: Path) -> str:
    """Return what the first searches of a fresh process take."""
    command = [sys.executable, __file__, "--cold", str(home)]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    return subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=60, env=environment
    ).stdout.strip()


def first_searches(home: Path) -> None:
    """Print the milliseconds of the first searches of this process, and its memory."""
    index = open_index(SearchSettings(), home)
    times = [
        seconds(partial(index.find, Query(text))) * 1000 for text in ("giấy phép xây dựng",) * 2
    ]
    print(f"first search {times[0]:.0f} ms, again {times[1]:.0f} ms, {resident():.0f} MiB resident")


def ask_all(index: SearchIndex, arguments: argparse.Namespace) -> None:
    """Ask by kind, then all kinds mixed by several clients, and print the times."""
    print(f"{'queries':30}{'n':>5}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'max ms':>9}")
    kinds = queries(SAMPLES, arguments.seed)
    everything, spent = list[float](), list[float]()
    for kind, asked in kinds.items():
        times, of_processor = zip(*(processor(index, query) for query in asked), strict=True)
        everything += times
        spent += of_processor
        print(row(kind, list(times)), flush=True)
    print(row("all, 1 client", everything))
    print(row("… processor time here", spent))
    mixed = [query for together in zip(*kinds.values(), strict=True) for query in together]
    for clients in map(int, arguments.clients.split(",")):
        if clients > 1:
            print(row(f"all, {clients} clients", timings(index, mixed, clients)), flush=True)


def suggest_all(index: SearchIndex, arguments: argparse.Namespace) -> None:
    """Ask for suggestions, of everything and of three units, and print processor times."""
    three = Scope(units=frozenset(UNITS[:3]))
    everything = list[float]()
    for kind, typed in beginnings(SAMPLES, arguments.seed).items():
        for name, scope in (("", None), (", 3 units", three)):
            times = [of_processor(partial(index.suggest, text, scope)) for text in typed]
            everything += times
            print(row(f"{kind}{name}", times), flush=True)
    print(row("all suggestions", everything), flush=True)


def main() -> None:
    """Index, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--form", choices=["embedded", "elasticsearch"], default="embedded")
    parser.add_argument("--clients", default="1", help="for example 1,4,16")
    parser.add_argument("--batch", type=int, default=400, help="dossiers a call")
    parser.add_argument("--home", default="", help="embedded: where the index is made and stays")
    parser.add_argument("--cold", default="", help="only the first searches in this home")
    arguments = parser.parse_args()
    if arguments.cold:
        first_searches(Path(arguments.cold))
        return
    with opened(arguments.form, arguments.home) as (index, size, home):
        publish_all(index, size, arguments)
        if arguments.form == "embedded":
            print("fresh process:", cold_start(home), flush=True)
        ask_all(index, arguments)
        suggest_all(index, arguments)
        print(row("replace one dossier", replaced(index, 40)))


if __name__ == "__main__":
    main()
