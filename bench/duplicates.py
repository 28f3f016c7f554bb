"""Measure finding of duplicates: how many are found and right, and how long a lookup takes.

    .venv/bin/python -m bench.duplicates [--keep FOLDER] [--pages 1000000] [--lookups-only]

Sheets are drawn, some of them equal forms of two people, and each is scanned by three machines: an
office scanner, a copier at 150 dpi, a crooked one. All scans are read with Tesseract, each is a
dossier of its own, and what is compared is what the product compares. Right pairs are scans of one
sheet. Lookups are timed among made-up pages of which most share the words of some form; their
hashes are written straight into the index.
``--keep`` keeps the store, to compare again without reading.
"""

from __future__ import annotations

import argparse
import itertools
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import numpy as np

from flows.upkeep.duplicates import MOST_APART, Comparing
from ocr import open_reader
from ocr.image.look import bits_apart, look_of
from owners import open_duplicates
from owners.duplicate_tables import packed
from pipeline import stages
from pipeline.duplicates.comparing import is_same_sheet
from pipeline.intake import receive, take_path
from pipeline.model import PageRef, Record
from pipeline.page_edits.reading import find_page
from pipeline.ports import Archive
from pipeline.settings import OwnerSettings, ReadingSettings, StorageSettings
from storage import new_dossier_id, open_archive
from tests.paper.cases import PROCEDURES, make_case
from tests.paper.degrade import degrade
from tests.paper.files import save_pdf
from tests.paper.fonts import typeface
from tests.paper.layouts import lay_out
from tests.paper.picture import DrawnPage, draw
from tests.paper.truth import Degradation

_SCANS = {
    "office": Degradation(skew=0.4, blur=0.7, noise=3.0, jpeg_quality=75),
    "copier": Degradation(dpi=150, grey=True, skew=-0.9, black_edge=True, noise=6.0),
    "crooked": Degradation(skew=2.0, blur=0.9, yellow=0.4, jpeg_quality=60),
}
_LAYOUTS = "FFFFGGCCABI"
_EACH = 2  # sheets of a layout that differ in nothing but what is filled in
_FORM_PAGES, _BUCKETS = 300, 18  # of made-up pages: forms there are; hashes of a page
_FORM_SHARE = 0.6  # of a page's hashes that all pages of its form have
_LOOKUPS = 1_000
_AT_ONCE = 100_000  # rows that are written together


def main() -> None:
    """Print precision, recall and the time of lookups."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--lookups-only", action="store_true", help="draw and read nothing")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as made:
        if not args.lookups_only:
            home = args.keep or Path(made)
            archive = open_archive(StorageSettings(), home)
            if not list(archive.dossiers()):
                _scan_all(archive, home)
            _tell_found(archive, Path(made) / "index")
        _tell_lookups(args.pages, Path(made) / "many")


def _scan_all(archive: Archive, home: Path) -> None:
    reader = open_reader(ReadingSettings())
    for sheet, drawn in _sheets():
        for scan, degradation in _SCANS.items():
            dossier = new_dossier_id(datetime.now(UTC))
            path = home / f"{sheet}-{scan}.pdf"
            save_pdf([degrade(drawn, degradation, sum(map(ord, scan + sheet)))], path)
            with tempfile.TemporaryDirectory() as private:
                assert receive(take_path(path, dossier, Path(private)), archive, reader).dossier
            path.unlink()
            record = stages.newest_record(dossier, archive)
            refs = record.dossier.page_refs()
            notes = [stages.read_page(ref, archive, reader) for ref in refs]
            stages.conclude(record, notes, archive)


def _sheets() -> list[tuple[str, DrawnPage]]:
    made = []
    for at, layout in enumerate(_LAYOUTS):
        for copy in range(_EACH):
            random = Random(f"duplicates {at} {copy}")
            case = make_case(random, PROCEDURES[at % len(PROCEDURES)])
            face = typeface("termes")
            made.append((f"{layout}{at}{copy}", draw(lay_out(layout, case, random, face), 300)))
    return made


def _tell_found(archive: Archive, home: Path) -> None:
    records = [stages.newest_record(each, archive) for each in archive.dossiers()]
    sheet_of = {each.dossier.id: each.dossier.name.partition("-")[0] for each in records}
    index = open_duplicates(OwnerSettings(), home)
    began = time.process_time()
    Comparing(archive, index).refresh()
    spent = (time.process_time() - began) / len(records) * 1_000
    found = {frozenset((one.dossier, other.dossier)) for _, one, other in index.all(10_000)}
    index.close()
    pairs = [frozenset(two) for two in itertools.combinations(sheet_of, 2)]
    truth = {two for two in pairs if len({sheet_of[each] for each in two}) == 1}
    right = len(found & truth)
    sheets = len(set(sheet_of.values()))
    print(f"{len(records)} scans of {sheets} sheets, {spent:.0f} ms of processor each")
    print(f"pairs: {len(truth)} true, {len(found)} told, {right} right")
    print(f"precision {right / max(1, len(found)):.3f}, recall {right / len(truth):.3f}")
    _tell_apart(records, truth, archive)


def _tell_apart(records: list[Record], truth: set[frozenset[str]], archive: Archive) -> None:
    """Print what words and pictures say of each pair alone, and how far pictures are apart."""
    seen = {}
    for record in records:
        note = record.dossier.pages[0]
        page = find_page(record.dossier, note, archive)
        picture = archive.picture(PageRef(record.dossier.id, note.scan, 1), note.recipe)
        seen[record.dossier.id] = (
            page,
            look_of(picture, page) if page else None,
            record.dossier.name,
        )
    counts: Counter[str] = Counter()
    apart: dict[bool, list[int]] = {True: [], False: []}
    for one, other in itertools.combinations(seen, 2):
        (page, look, name), (other_page, other_look, other_name) = seen[one], seen[other]
        if page is None or other_page is None or look is None or other_look is None:
            continue
        is_true = frozenset((one, other)) in truth
        says = is_same_sheet(page.text.words, other_page.text.words)
        apart[is_true].append(bits_apart(look, other_look))
        counts[f"{'same' if is_true else 'other'} sheet, words say {says}"] += 1
        if says != is_true:
            print("  words are wrong:", name, other_name, apart[is_true][-1], "bits")
        elif is_true and apart[True][-1] > MOST_APART:
            print("  pictures are wrong:", name, other_name, apart[True][-1], "bits")
    print(*sorted(counts.items()), sep="\n")
    for is_true, bits in apart.items():
        cuts = statistics.quantiles(bits, n=20)
        what = "one sheet" if is_true else "different sheets"
        shares = f"{cuts[0]:.0f} p5, {cuts[9]:.0f} median, {cuts[18]:.0f} p95"
        print(f"{what}, bits apart: {shares}, {max(bits)} most")


def _tell_lookups(pages: int, home: Path) -> None:
    """Print the processor time of lookups among made-up pages, of which no sheet was ever drawn."""
    random = Random(14)
    index = open_duplicates(OwnerSettings(), home)
    index.sequences()  # makes the tables
    began = time.process_time()
    kept = _fill(home / "duplicates.sqlite3", pages, random)
    size = sum(file.stat().st_size for file in home.glob("duplicates.sqlite3*")) / 2**20
    print(f"{pages} pages written in {time.process_time() - began:.0f} s, {size:.0f} MiB")
    new = [_hashes(random, _BUCKETS) for _ in range(_LOOKUPS)]
    for what, wanted in ("a page that is there", kept), ("a new page", new):
        times = []
        for buckets in wanted:
            began = time.thread_time()
            found = index.candidates(buckets, 9)
            times.append((time.thread_time() - began) * 1_000)
            assert bool(found) is (wanted is kept)
        cuts = statistics.quantiles(times, n=100)
        shown = f"{cuts[49]:.2f} ms median, {cuts[94]:.2f} ms p95, {max(times):.2f} ms most"
        print(f"lookup of {what}, processor time: {shown}")
    index.close()


def _fill(file: Path, pages: int, random: Random) -> list[tuple[int, ...]]:
    """Write the rows of made-up pages as ``DuplicateStore.keep`` does; return hashes of some."""
    shared = round(_BUCKETS * _FORM_SHARE)
    forms = [_hashes(random, shared) for _ in range(_FORM_PAGES)]
    every = max(1, pages // _LOOKUPS)
    hashes = np.zeros((pages, _BUCKETS), np.int64)
    with closing(sqlite3.connect(file)) as connection, connection:
        for page in range(1, pages + 1):
            buckets = (*random.choice(forms), *_hashes(random, _BUCKETS - shared))
            dossier, number = divmod(page, 100)
            place = (page, f"{dossier:022x}", f"{dossier:064x}", number, packed(buckets))
            connection.execute("INSERT INTO duplicate_pages VALUES (?, ?, ?, ?, ?)", place)
            hashes[page - 1] = buckets
        # A table without rowids is written fastest, and smallest, in its own order.
        order = np.argsort(hashes, axis=None, kind="stable")
        for at in range(0, order.size, _AT_ONCE):
            some = order[at : at + _AT_ONCE]
            rows = zip(hashes.ravel()[some].tolist(), (some // _BUCKETS + 1).tolist(), strict=True)
            connection.executemany("INSERT INTO duplicate_buckets VALUES (?, ?)", rows)
    return [tuple(each) for each in hashes[::every].tolist()]


def _hashes(random: Random, count: int) -> tuple[int, ...]:
    return tuple(random.getrandbits(64) - 2**63 for _ in range(count))


if __name__ == "__main__":
    main()
