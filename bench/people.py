"""How well people and other fields are found on synthetic paper of all layouts, clean and worn.

    .venv/bin/python -m bench.people [--count 6] [--first 1] [--worn] [--keep FOLDER]

Draws so many pages of each layout A-J, reads each as a dossier of its own, and counts as
``bench/fields.py`` does. Of a marriage certificate alone nobody can tell which of the two applies,
so its people do not count. ``--keep`` keeps pages and readings, to try rules again.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable
from pathlib import Path
from random import Random

from bench.fields import PERSONS, Case, Paper, Result, compare, pages_of, show
from ocr import open_reader
from pipeline.documents import PageOfDossier, assemble
from pipeline.settings import ReadingSettings
from tests.paper import degrade, draw_page, save_pdf, wear
from tests.paper.truth import PageTruth

LAYOUTS = "ABCDEFGHIJ"
_DPI = 300
_COUPLE = "Giấy chứng nhận kết hôn"


def drawn(folder: Path, layout: str, seed: int, *, worn: bool) -> tuple[Path, PageTruth]:
    """Draw a page as a scanned PDF, unless it is there, and return it with its truth."""
    page = draw_page(layout, seed, _DPI)
    if worn:
        page = degrade(page, wear.moderate(Random(f"{layout} {seed}"), 200), seed)
    path = folder / f"{layout}{seed:03d}{'-worn' if worn else ''}.pdf"
    if not path.exists():
        save_pdf([page], path)
    return path, page.truth


def paper(truth: PageTruth) -> Paper:
    """Return what a page truly says."""
    fields = {name: known.value for name, known in truth.fields.items()}
    couple = truth.type == _COUPLE
    if couple:
        fields = {name: value for name, value in fields.items() if name not in PERSONS}
    return Paper(1, truth.type, fields, is_whole=not couple)


def main() -> None:
    """Draw, read and compare."""
    parser = argparse.ArgumentParser(description="People found on synthetic paper.")
    parser.add_argument("--count", type=int, default=6, help="pages of each layout")
    parser.add_argument("--first", type=int, default=1, help="seed of the first page of each")
    parser.add_argument("--worn", action="store_true", help="as an office scanner delivers them")
    parser.add_argument("--keep", type=Path, help="folder for pages and what was read")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = chosen.keep or Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        seeds = range(chosen.first, chosen.first + chosen.count)
        _measure(folder, seeds, worn=chosen.worn)


def _measure(folder: Path, seeds: Iterable[int], *, worn: bool) -> None:
    reader = open_reader(ReadingSettings())
    results: list[Result] = []
    for layout in LAYOUTS:
        for seed in seeds:
            path, truth = drawn(folder, layout, seed, worn=worn)
            pages = pages_of(path, reader, folder / "read")
            documents = assemble([PageOfDossier(1, pages[0])])
            case = Case(f"{layout}{seed}", [path], [paper(truth)])
            results += compare(case, documents)
    show(results, reader.recipe, quiet=True)


if __name__ == "__main__":
    main()
