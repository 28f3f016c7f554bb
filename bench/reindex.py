"""`sohoa reindex` of many pages while a client searches all the time.

What it tells: pages/s, and how many searches failed or came back empty.

    .venv/bin/python bench/reindex.py --pages 100000
    .venv/bin/python bench/reindex.py --pages 100000 --form elasticsearch

The second needs ``SOHOA_TEST_ELASTICSEARCH_*``. The store is a folder: dossiers of five pages, 250
words each, with a record each. They share the pages of 400 scans, so that making the store takes a
minute and not an hour; each page is read anew for every dossier that has it. The client is a
process of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import TYPE_CHECKING

from bench.made_pages import PAGES, Paper
from flows.upkeep.reindex import rebuild_index
from pipeline.errors import SearchUnavailableError
from pipeline.model import Outcome, PageNote, PageRef, PageState, Publication, Query, Record, Scan
from pipeline.ports import Archive
from pipeline.settings import SearchSettings, StorageSettings
from search import open_index
from storage import open_archive
from tests.support.servers import fresh_alias
from tests.support.stored import TextReader

if TYPE_CHECKING:
    from multiprocessing.queues import Queue

SCANS = 400
PHRASES = ("quyết định", "thủ tục hành chính", "giay chung nhan", "Hà Nội", "")
Answer = tuple[int, float]  # found, -1 when it failed; milliseconds


def fill(archive: Archive, pages: int, folder: Path) -> None:
    """Make the store."""
    dossiers = list(Paper(1).dossiers(pages))
    scans = [_scan(archive, made, folder / f"{n}.txt") for n, made in enumerate(dossiers[:SCANS])]
    for number, made in enumerate(dossiers):
        archive.keep_record(_record(made, scans[number % len(scans)]))


def _scan(archive: Archive, made: Publication, path: Path) -> str:
    path.write_text("\n".join(" ".join(entry.text.split()) for entry in made.entries))
    scan = archive.keep_original(path)
    for number in range(1, PAGES + 1):
        reading = TextReader().read_page(path, number)
        archive.keep_page(PageRef(made.dossier.id, scan, number), TextReader.recipe, reading)
    return scan


def _record(made: Publication, scan: str) -> Record:
    now = datetime.now(UTC)
    notes = tuple(
        PageNote(scan, page, TextReader.recipe, PageState.READ, 1.0, 0.0)
        for page in range(1, PAGES + 1)
    )
    scans = (Scan(scan, "scan.txt", 1, "application/pdf", PAGES),)
    held = replace(made.dossier, outcome=Outcome.COMPLETE, pages=notes, scans=scans)
    return Record(1, now, "sohoa", "digitised", held)


def search(settings: SearchSettings, home: Path, stop: Event, answers: Queue[Answer]) -> None:
    """Search until told to stop."""
    index = open_index(settings, home)
    while not stop.is_set():
        for phrase in PHRASES:
            began = time.perf_counter()
            try:
                found = index.find(Query(phrase)).total
            except SearchUnavailableError:
                found = -1
            answers.put((found, (time.perf_counter() - began) * 1000))


@contextmanager
def searching(settings: SearchSettings, home: Path) -> Iterator[list[Answer]]:
    """Let a client search; its answers are in the list when the context has ended."""
    stop = multiprocessing.Event()
    answers: Queue[Answer] = multiprocessing.Queue()
    client = multiprocessing.Process(target=search, args=(settings, home, stop, answers))
    client.start()
    found: list[Answer] = []
    try:
        yield found
    finally:
        stop.set()
        while client.is_alive() or not answers.empty():
            if not answers.empty():
                found.append(answers.get())
        client.join()


@contextmanager
def settings_of(form: str) -> Iterator[SearchSettings]:
    """Lend an index of the form."""
    if form == "embedded":
        yield SearchSettings()
        return
    with fresh_alias() as settings:
        yield settings


def main() -> None:
    """Fill, index once, index again beside the client, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=5_000)
    parser.add_argument("--form", choices=["embedded", "elasticsearch"], default="embedded")
    parser.add_argument("--store", type=Path, help="where the store is made; else with the others")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="sohoa-bench-", dir=arguments.store) as place,
        settings_of(arguments.form) as settings,
    ):
        home = Path(place)
        archive = open_archive(StorageSettings(), home)
        fill(archive, arguments.pages, home)
        index = open_index(settings, home)
        for label in ("alone", "while a client searches"):
            found: list[Answer] = []
            began = time.perf_counter()
            if label == "alone":
                rebuilt = rebuild_index(archive, index, list)
            else:
                with searching(settings, home) as found:
                    rebuilt = rebuild_index(archive, index, list)
            spent = time.perf_counter() - began
            speed = f"{arguments.pages / spent:.0f} pages/s, {spent:.0f} s"
            print(f"{arguments.form}, {label}: {rebuilt.dossiers} dossiers, {speed}", flush=True)
            report(found)


def report(found: list[Answer]) -> None:
    """Print what became of the searches."""
    if not found:
        return
    failed, empty = (sum(total == bad for total, _ in found) for bad in (-1, 0))
    times = [took for _, took in found]
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    print(f"  {len(found)} searches: {failed} failed, {empty} empty", end="; ")
    print(f"p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, longest {max(times):.0f} ms")


if __name__ == "__main__":
    main()
