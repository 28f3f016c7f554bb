"""Measure how long finding an owner's papers takes among a million, and how fast they are kept.

    .venv/bin/python bench/kho.py [PAPERS]

Numbers are made up; an owner has four papers at the mean, of as many dossiers. Times are on the
clock: of the index alone, and with the newest records read from a store on the disk.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))

from owners import open_owners
from pipeline.model import Document, Dossier, Finding, OwnerPapers, Record, Source
from pipeline.owners import MOST_PAPERS, owner_number, papers_held
from pipeline.ports import Archive
from pipeline.ports.owners import OwnerIndex
from pipeline.settings import OwnerSettings, StorageSettings
from storage import open_archive

_OWNERS_OF_PAPERS = 4
_LOOKUPS = 2_000
_BATCH = 5_000
_WITH_RECORDS = 200  # owners whose dossiers lie in a store as well


def main(papers: int) -> None:
    """Fill an index, then look owners up in any order."""
    random = Random(30)
    people = papers // _OWNERS_OF_PAPERS
    with tempfile.TemporaryDirectory() as home:
        index = open_owners(OwnerSettings(), Path(home))
        began = time.monotonic()
        for start in range(0, papers, _BATCH):
            index.keep(
                [
                    OwnerPapers(_id(at), 2, ((owner_number(_number(random.randrange(people))), 1),))
                    for at in range(start, min(start + _BATCH, papers))
                ]
            )
        spent = time.monotonic() - began
        size = sum(file.stat().st_size for file in Path(home).glob("owners.sqlite3*"))
        print(f"{papers} papers kept in {spent:.0f} s, {size / 2**20:.0f} MiB")
        _tell("index alone", [_timed(index, random.randrange(people)) for _ in range(_LOOKUPS)])
        archive = open_archive(StorageSettings(), Path(home))
        for owner in range(_WITH_RECORDS):
            for place in index.find(owner_number(_number(owner)), MOST_PAPERS):
                _store(place.dossier, _number(owner), archive)
        times = [_timed(index, owner, archive) for owner in range(_WITH_RECORDS)]
        _tell("with the records", times)
        index.close()


def _timed(index: OwnerIndex, owner: int, archive: Archive | None = None) -> float:
    """Return the milliseconds that one look takes."""
    number = owner_number(_number(owner))
    began = time.perf_counter()
    if archive:
        list(islice(papers_held(number, index, archive, date(2026, 1, 1)), MOST_PAPERS))
    else:
        assert index.find(number, MOST_PAPERS) is not None
    return (time.perf_counter() - began) * 1_000


def _tell(what: str, times: list[float]) -> None:
    cuts = statistics.quantiles(times, n=100)
    print(f"{what}: {cuts[49]:.2f} ms median, {cuts[94]:.2f} ms p95, {max(times):.2f} ms most")


def _store(dossier: str, number: str, archive: Archive) -> None:
    finding = Finding(number, number, 0.99, Source.OCR, page=1)
    document = Document("Giấy khai sinh", (1,), {"personal_id": finding})
    state = Dossier(dossier, "kho.pdf", datetime(2026, 1, 1, tzinfo=UTC), documents=(document,))
    record = Record(1, state.received, "bench", "received", state)
    archive.keep_record(record)
    archive.keep_record(replace(record, sequence=2, action="digitised"))


def _number(owner: int) -> str:
    return f"{owner:012d}"


def _id(at: int) -> str:
    return f"{at:022x}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
