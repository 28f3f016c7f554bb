"""`sohoa reprocess --stage understand` over a store that older rules made.

What it tells: dossiers/s of listing, of listing again and of applying, one process.

    .venv/bin/python bench/reprocess.py --dossiers 500

The store is a folder: dossiers of five pages of thirty lines, the first with the head of a letter.
One in five was spoiled the way worse rules would have left it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench.made_pages import Paper
from flows.upkeep.reprocess import Reprocessing
from flows.upkeep.reprocess_progress import ReprocessProgress
from pipeline.model import (
    Box,
    Document,
    Dossier,
    Finding,
    Line,
    Outcome,
    Page,
    PageMeasures,
    PageNote,
    PageRef,
    PageState,
    PageText,
    Record,
    Scan,
    Source,
    Word,
)
from pipeline.ports import Archive, PageReading
from pipeline.reprocessing.rules import rules_version
from pipeline.reprocessing.understand import UNDERSTOOD, understand_again
from pipeline.settings import SearchSettings, StorageSettings
from pipeline.stages import newest_record, publication
from pipeline.versions import Act, keep_next
from search import open_index
from storage import new_dossier_id, open_archive

PAGES = 5  # of a dossier
RECIPE = "made-1"
HEAD = (
    "ỦY BAN NHÂN DÂN",
    "PHƯỜNG BẠCH MAI",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Số: 12/QĐ-UBND",
    "Hà Nội, ngày 05 tháng 3 năm 2026",
    "QUYẾT ĐỊNH",
    "Về việc cấp giấy phép xây dựng nhà ở",
)
WORDS_A_LINE = 9
SPOILED = 5  # one dossier in so many differs from what the present rules say
WRONG = Finding("sai", "sai", 0.9, Source.OCR, 1)


def fill(archive: Archive, dossiers: int, folder: Path) -> None:
    """Make the store: records with the kept words of their pages, which nobody understood yet."""
    for number, made in enumerate(Paper(1).dossiers(dossiers * PAGES)):
        path = folder / f"{number}.txt"
        path.write_text(f"{number}")
        scan = archive.keep_original(path)
        now = datetime.now(UTC)
        dossier = new_dossier_id(now)
        for page, entry in enumerate(made.entries, start=1):
            kept = PageReading(_page(page, entry.text.split()), b"picture")
            archive.keep_page(PageRef(dossier, scan, page), RECIPE, kept)
        notes = tuple(
            PageNote(scan, page, RECIPE, PageState.READ, 0.9, 0.0) for page in range(1, PAGES + 1)
        )
        scans = (Scan(scan, "scan.pdf", 1, "application/pdf", PAGES),)
        state = Dossier(dossier, "scan", now, scans=scans, pages=notes, outcome=Outcome.COMPLETE)
        archive.keep_record(Record(1, now, "bench", "received", state))


def _page(number: int, words: list[str]) -> Page:
    body = [" ".join(words[at : at + WORDS_A_LINE]) for at in range(0, len(words), WORDS_A_LINE)]
    texts = [*HEAD, *body] if number == 1 else body
    lines = tuple(_line(text, 100 + 60 * row) for row, text in enumerate(texts))
    return Page(number, PageState.READ, PageMeasures(2480, 3508, 300.0), PageText(lines))


def _line(text: str, top: int) -> Line:
    return Line(
        tuple(
            Word(word, 0.93, Box(200 + 180 * column, top, 160, 40))
            for column, word in enumerate(text.split())
        )
    )


def older(archive: Archive, dossier: str, *, spoiled: bool) -> Record:
    """Write a record as older rules would have made it: right, or with a wrong summary."""
    record = newest_record(dossier, archive)
    state = understand_again(record, archive, None).dossier
    papers = list(state.documents) or [Document("", (1,))]
    if spoiled:
        papers[0] = replace(papers[0], findings={**papers[0].findings, "summary": WRONG})
    made = replace(state, documents=tuple(papers), rules="older")
    return keep_next(record, made, UNDERSTOOD, archive)


def main() -> None:
    """Fill, list, list again, apply, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=500)
    parser.add_argument("--store", type=Path, help="where the store is made; else with the others")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-", dir=arguments.store) as place:
        home = Path(place)
        archive = open_archive(StorageSettings(), home)
        fill(archive, arguments.dossiers, home)
        index = open_index(SearchSettings(), home)
        records = [
            older(archive, dossier, spoiled=number % SPOILED == 0)
            for number, dossier in enumerate(list(archive.dossiers()))
        ]
        index.publish([publication(record, archive) for record in records])
        with closing(ReprocessProgress(home, rules_version())) as progress:
            for label in ("listed", "listed again", "applied"):
                walk = Reprocessing(archive, index, progress, list)
                began, began_cpu = time.perf_counter(), time.process_time()
                act = Act("bench")
                found = sum(1 for _ in (walk.apply(act) if label == "applied" else walk.changes()))
                spent = time.perf_counter() - began
                cpu = time.process_time() - began_cpu
                print(
                    f"{label}: {found} of {arguments.dossiers} dossiers change, {spent:.1f} s, "
                    f"{arguments.dossiers / spent:.0f} dossiers/s; of processor time {cpu:.1f} s, "
                    f"{arguments.dossiers / cpu:.0f} dossiers/s",
                    flush=True,
                )


if __name__ == "__main__":
    main()
