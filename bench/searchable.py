"""Searchable PDFs of real scans: what they became, and whether the words come back.

    .venv/bin/python bench/searchable.py FOLDER [--level 2b] [--keep OUT]
    .venv/bin/python bench/searchable.py --long PAGES [--level 2b]

Each scan is read, bound, and read back with poppler (``pdftotext -raw``) and pdfium. Words of
pages whose own text was taken are not ours and not counted. With ``--keep`` the PDFs stay, for
veraPDF and for eyes. ``--long`` binds one made-up scan of so many pages instead and tells its
memory.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ocr import open_reader
from ocr.reader import Reader
from ocr.sandbox import pool
from pipeline.model import Page, Source
from pipeline.settings import ReadingSettings
from tests.paper import save_pdf
from tests.support.searchable_pdfs import (
    FAX,
    attempt,
    bind,
    drawn,
    overlap,
    pages_of,
    pdfium_words,
    raw_words,
    shown_boxes,
)


@dataclass(frozen=True)
class Scan:
    """A file and what was read on its pages."""

    path: Path
    media_type: str
    pages: list[Page]

    @property
    def ours(self) -> list[int]:
        """Places of the pages that got our words."""
        return [at for at, page in enumerate(self.pages) if page.source is Source.OCR]


@dataclass
class Row:
    """What became of a scan."""

    name: str
    pages: int
    level: str
    added: int = 0  # bytes
    seconds: float = 0.0
    words: int = 0
    poppler: tuple[int, int] = (0, 0)  # missing, extra
    pdfium: tuple[int, int] = (0, 0)
    in_order: bool = True  # ours, after what the page shows itself
    overlaps: tuple[float, ...] = ()
    reasons: tuple[str, ...] = ()


def read(reader: Reader, path: Path) -> Scan:
    """Read all pages of a scan."""
    facts = reader.inspect(path)
    with ThreadPoolExecutor(2) as pool:
        numbers = range(1, facts.pages + 1)
        pages = list(pool.map(lambda number: reader.read_page(path, number).page, numbers))
    return Scan(path, facts.media_type, pages)


def measured(scan: Scan, level: str, keep: Path | None) -> Row:
    """Bind a scan and read it back."""
    with tempfile.TemporaryDirectory() as folder:
        made = attempt(scan.path, scan.media_type, scan.pages, Path(folder), level)
        pdf = Path(folder) / "searchable.pdf"
        row = Row(scan.path.name, len(scan.pages), made.level or "plain", seconds=made.seconds)
        row.level = row.level if made.path else "none"
        row.added = pdf.stat().st_size - scan.path.stat().st_size
        row.reasons = made.reasons
        _read_back(scan, pdf, row)
        if keep:
            keep.mkdir(exist_ok=True)
            shutil.copy(pdf, keep / f"{scan.path.name}.pdf")
    return row


def _read_back(scan: Scan, pdf: Path, row: Row) -> None:
    poppler, pdfium = raw_words(pdf), pdfium_words(pdf)
    for at in scan.ours:
        words = scan.pages[at].text.text.split()
        row.words += len(words)
        row.poppler = _sum(row.poppler, differing(words, poppler[at]))
        row.pdfium = _sum(row.pdfium, differing(words, pdfium[at]))
        row.in_order &= poppler[at][len(poppler[at]) - len(words) :] == words
    if 0 in scan.ours:
        row.overlaps = tuple(_overlaps(scan.pages[0], pdf))


def differing(words: Sequence[str], found: Sequence[str]) -> tuple[int, int]:
    """Return how many words are missing and how many are extra."""
    ours, theirs = Counter(words), Counter(found)
    return (ours - theirs).total(), (theirs - ours).total()


def _overlaps(page: Page, pdf: Path) -> list[float]:
    found = shown_boxes(pdf)
    right, bottom = max(box[2] for _, box in found), max(box[3] for _, box in found)
    scale = 72 / page.measures.dpi if page.measures.dpi else 0.0
    if not scale or right > page.measures.width * scale or bottom > page.measures.height * scale:
        return []  # a frame of poppler's own, or of ours: no dpi was said
    overlaps = []
    for word in page.text.words:
        box = [side * scale for side in (word.box.left, word.box.top)]
        box += [side * scale for side in (word.box.right, word.box.bottom)]
        here = [overlap(box, there) for text, there in found if text == word.text]
        overlaps.append(max(here, default=0.0))
    return overlaps


def _sum(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def show(rows: Sequence[Row], processor: float) -> None:
    """Print a line for each scan, and the sums."""
    print(f"{'file':<12}pages level  +bytes   sec  words  poppler   pdfium order IoU")
    for row in rows:
        print(
            f"{row.name:<12}{row.pages:>5} {row.level:<5}{row.added:>8}{row.seconds:>6.2f}"
            f"{row.words:>7}  {row.poppler!s:<9} {row.pdfium!s:<8} {row.in_order!s:<5} "
            f"{_mean(row.overlaps):.2f} {' '.join(row.reasons)}"
        )
    pages, levels = sum(row.pages for row in rows), Counter(row.level for row in rows)
    print(f"\n{len(rows)} scans, {pages} pages: {dict(levels)}")
    print(f"words {sum(row.words for row in rows)}")
    for name in ("poppler", "pdfium"):
        missing, extra = map(sum, zip(*(getattr(row, name) for row in rows), strict=True))
        print(f"{name}: {missing} missing, {extra} extra")
    print(f"order equal in {sum(row.in_order for row in rows)} of {len(rows)}")
    print(f"mean overlap of boxes, first pages: {_mean([o for r in rows for o in r.overlaps]):.2f}")
    print(f"processor seconds a page, starting the process included: {processor / pages:.3f}")
    print(f"bytes added a page: {sum(row.added for row in rows) / pages:.0f}")


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _long(count: int, level: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, scan = Path(folder) / "long.pdf", drawn(FAX) * count
        save_pdf(scan, path)
        made = bind(path, "application/pdf", pages_of(scan), Path(folder) / "made", level)
        pool.end_all()
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"{count} pages, {made.words} words: {made.level}, {made.seconds:.1f} s")
        print(
            f"processor {spent.ru_utime + spent.ru_stime:.1f} s, peak {spent.ru_maxrss // 1000} MB"
        )


def main() -> None:
    """Measure a folder of scans, or one long scan."""
    parser = argparse.ArgumentParser(description="Searchable PDFs of real scans.")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--level", default="2b", choices=["1b", "2b", "3b"])
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--long", type=int, metavar="PAGES")
    chosen = parser.parse_args()
    if chosen.long:
        _long(chosen.long, chosen.level)
        return
    if chosen.folder is None:
        parser.error("name a folder of scans, or --long PAGES")
    reader = open_reader(ReadingSettings())
    files = [path for path in sorted(chosen.folder.iterdir()) if path.suffix != ".jsonl"]
    scans = [read(reader, path) for path in files]
    pool.end_all()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    rows = [measured(scan, chosen.level, chosen.keep) for scan in scans]
    pool.end_all()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    show(rows, spent)


if __name__ == "__main__":
    main()
