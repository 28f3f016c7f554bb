"""How well the boundaries between papers of a scan are found: precision and recall.

    .venv/bin/python -m bench.boundaries [--bundles 200] [--seed 1] [--read 0] [--wrong]
                                         [--real FOLDER [--keep FOLDER]]

Bundles of twelve kinds are made by ``tests/paper``. Their words are taken as printed, or worn as
engines misread them (letters changed, rows lost, headings torn); ``--read`` draws so many bundles,
wears them as an office does, and reads them with Tesseract. A boundary is a page that belongs to
another paper than the page before it; right papers are those of which all pages, and no other, are
found. ``--wrong`` names what went wrong. ``--real`` stacks real documents of one paper each at
random, forty times; ``--keep`` keeps what was read of them, as ``bench.fields`` does.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from time import process_time
from typing import NamedTuple

from bench.fields import cases, pages_of
from ocr import open_reader
from pipeline.documents import PageOfDossier
from pipeline.documents.assembling import assemble_all
from pipeline.model import Document, Line, Page, PageMeasures, PageState, PageText, Word
from pipeline.settings import ReadingSettings
from tests.paper import wear
from tests.paper.bundles import Bundle, make_bundle
from tests.paper.degrade import degrade
from tests.paper.files import save_pdf
from tests.paper.picture import draw, page_truth
from tests.paper.sheet import HEIGHT, WIDTH, Sheet

_DPI = 150
_STACKS = 40
_WRONG_WORDS, _LOST_ROWS = 0.06, 0.03  # shares, on worn paper
_LETTERS = "aeiounthcgmldđ"


class Counts(NamedTuple):
    """Boundaries and papers of some bundles; sums may be added."""

    right: int = 0
    found: int = 0
    there: int = 0
    papers_right: int = 0
    papers: int = 0
    pages: int = 0

    def plus(self, other: Counts) -> Counts:
        """Return both together."""
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))

    def row(self, name: str) -> str:
        """Return a row of the table."""
        precision, recall = self.right / max(self.found, 1), self.right / max(self.there, 1)
        whole = self.papers_right / max(self.papers, 1)
        return (
            f"{name:22} {precision:9.3f} {recall:7.3f} {whole:12.3f} {self.there:11} {self.pages}"
        )


def printed_page(sheet: Sheet, number: int, wearing: Random | None) -> Page:
    """Return a sheet as a reader would: its words, worn where ``wearing`` is given."""
    size = (round(WIDTH * _DPI / 72), round(HEIGHT * _DPI / 72))
    rows: dict[int, list[Word]] = defaultdict(list)
    for word in page_truth(sheet, _DPI, size).words:
        text = word.text if wearing is None else _misread(word.text, wearing)
        rows[word.line].append(Word(text, 0.96 if wearing is None else 0.8, word.box))
    lines = [
        Line(tuple(words))
        for words in rows.values()
        if wearing is None or wearing.random() > _LOST_ROWS
    ]
    state = PageState.READ if lines else PageState.BLANK
    return Page(number, state, PageMeasures(*size, _DPI, blank=not lines), PageText(tuple(lines)))


def _misread(word: str, wearing: Random) -> str:
    if wearing.random() > _WRONG_WORDS or not word:
        return word
    at = wearing.randrange(len(word))
    new = wearing.choice(_LETTERS)
    return word[:at] + (new.upper() if word[at].isupper() else new) + word[at + 1 :]


def printed_pages(bundle: Bundle, wearing: Random | None = None) -> list[PageOfDossier]:
    """Return the pages of a bundle as printed, or worn, numbered through its files."""
    pages = []
    for at, sheet in enumerate(bundle.sheets):
        within = at - max(first for first in bundle.files if first <= at) + 1
        pages.append(PageOfDossier(at + 1, printed_page(sheet, within, wearing)))
    return pages


def _read_pages(bundle: Bundle, seed: int) -> Iterator[PageOfDossier]:
    """Draw, wear and read a bundle with the engine."""
    random = Random(f"worn {seed}")
    reader = open_reader(ReadingSettings())
    drawn = [
        degrade(draw(sheet, 200), wear.moderate(random, 200), seed * 100 + at)
        for at, sheet in enumerate(bundle.sheets)
    ]
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as room:
        path = Path(room) / "bundle.pdf"
        save_pdf(drawn, path)
        for at in range(len(drawn)):
            yield PageOfDossier(at + 1, reader.read_page(path, at + 1).page)


def score(paper_of: Sequence[int], documents: Sequence[Document]) -> Counts:
    """Compare the papers that were found with those that are there.

    Args:
        paper_of: the paper that each page belongs to; -1 for a separator.
        documents: the papers that were found.
    """
    pages = [at for at, paper in enumerate(paper_of, 1) if paper >= 0]
    found_in = {page: at for at, one in enumerate(documents) for page in one.pages}
    truly = {(a, b) for a, b in pairwise(pages) if paper_of[a - 1] != paper_of[b - 1]}
    found = {(a, b) for a, b in pairwise(pages) if found_in.get(a) != found_in.get(b)}
    papers = {
        frozenset(page for page in pages if paper_of[page - 1] == paper)
        for paper in {*paper_of} - {-1}
    }
    right = papers & {frozenset(one.pages) for one in documents}
    counted = (len(truly & found), len(found), len(truly))
    return Counts(*counted, len(right), len(papers), len(paper_of))


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundles", type=int, default=200)
    parser.add_argument("--read", type=int, default=0, help="so many bundles through Tesseract")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", type=Path, help="folder with documents and metadata.jsonl")
    parser.add_argument("--keep", type=Path, help="folder for what was read of them")
    parser.add_argument("--wrong", action="store_true", help="name what went wrong")
    options = parser.parse_args()
    print(f"{'':22} precision  recall  papers right  boundaries  pages")
    for name, count in (("as printed", options.bundles), ("worn", options.bundles),
                        ("read by Tesseract", options.read)):  # fmt: skip
        if count:
            _measure(name, count, options.seed, shows_wrong=options.wrong)
    if options.real:
        print(_stacked(options.real, options.keep).row(f"real, {_STACKS} stacks"))
    return 0


def _stacked(folder: Path, keep: Path | None) -> Counts:
    """Score stacks of all documents of a folder, each in another order."""
    reader, total = open_reader(ReadingSettings()), Counts()
    papers = [
        [page for path in case.files for page in pages_of(path, reader, keep)]
        for case in cases(folder)
    ]
    for stack in range(_STACKS):
        order = Random(stack).sample(papers, len(papers))
        owners = [at for at, pages in enumerate(order) for _ in pages]
        pages = [page for paper in order for page in paper]
        numbered = [PageOfDossier(number, page) for number, page in enumerate(pages, 1)]
        total = total.plus(score(owners, assemble_all(numbered).documents))
    return total


def _measure(name: str, count: int, seed: int, *, shows_wrong: bool) -> None:
    by_kind: dict[str, Counts] = defaultdict(Counts)
    seconds = 0.0
    for number in range(count):
        bundle = make_bundle(number, seed)
        if name.startswith("read"):
            pages = list(_read_pages(bundle, number))
        else:
            pages = printed_pages(bundle, Random(number) if name == "worn" else None)
        began = process_time()
        documents = assemble_all(pages).documents
        seconds += process_time() - began
        counts = score(bundle.paper_of, documents)
        by_kind[bundle.kind] = by_kind[bundle.kind].plus(counts)
        if shows_wrong and (counts.right, counts.found) != (counts.there, counts.there):
            told = [(one.pages, one.boundary) for one in documents]
            print(f"  {name} {number} {bundle.kind}: {bundle.papers} found {told}")
    total = Counts()
    for counts in by_kind.values():
        total = total.plus(counts)
    print(total.row(f"{name}, {count}"))
    for kind, counts in by_kind.items():
        print(counts.row(f"  {kind}"))
    print(f"  {total.pages / max(seconds, 0.001):.0f} pages/s of one processor, fields as well")


if __name__ == "__main__":
    raise SystemExit(main())
