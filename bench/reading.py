"""Our reader beside plain Tesseract and OCRmyPDF, in the same run on the same pages.

    .venv/bin/python bench/reading.py [FOLDER …] [--pages 1] [--only clean,fax] [--plot FOLDER]
        [--program NAME=COMMAND] [--json FILE]

Synthetic pages with one degradation each, and the pages of folders with truth (``<stem>.gt.txt``).
Another reader takes part as a program that is given the path of a picture and prints its text
(docs/benchmark.md).
For each kind of page the character error of each reader; then word recall and precision, words
wrong in their marks only, processor and wall seconds a page on one and two cores, peak memory.
How errors are counted whatever the order of columns: bench/scoring.py.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from functools import reduce
from pathlib import Path
from typing import NamedTuple

from bench.bootstrap import as_json, show_intervals
from bench.page_set import digest_of
from bench.readers import NEEDS, PROGRAM, missing
from bench.scoring import Errors, errors
from tests.paper import STAMP, degrade, draw_page
from tests.paper.wear import SINGLE

HERE = Path(__file__).parent
LAYOUTS = ("A", "C", "G", "B", "F", "continuation")
SEED = 101  # of the pages that published figures are of
PICTURES = {".jpg", ".jpeg", ".png", ".tif", ".tiff"}
COLOURS = {"pytesseract": "#b0b0b0", "ocrmypdf": "#e0a030", "sohoa": "#2060a0"}
OTHER = "#509050"  # the colour of programs that others bring


class Sheet(NamedTuple):
    """A page to read, what kind it is, and what is printed on it."""

    path: Path
    kind: str
    text: str
    optional: str = ""


class Run(NamedTuple):
    """What one reader made of all pages."""

    texts: list[str]
    cpu: float  # seconds a page, children included
    wall: float
    peak: float  # MB of its largest process


def synthetic(folder: Path, count: int, only: set[str], seed: int = SEED) -> list[Sheet]:
    """Draw ``count`` pages a degradation; a seed gives the same pages every time."""
    sheets = []
    for number in range(count):
        layout = LAYOUTS[number % len(LAYOUTS)]
        drawn = draw_page(layout, seed + number, 300)
        for kind, worn in SINGLE.items():
            if only and kind not in only:
                continue
            made = degrade(drawn, worn, seed + number)
            path = folder / f"{kind}.{number}.png".replace(" ", "-")
            made.image.save(path, dpi=(made.truth.dpi,) * 2, compress_level=1)
            optional = " ".join((*made.truth.optional_text, STAMP))
            sheets.append(Sheet(path, kind, made.truth.text, optional))
    return sheets


def real(folder: Path) -> list[Sheet]:
    """Return the pages of a folder that have a truth."""
    sheets = []
    for path in sorted(folder.iterdir()):
        truth = path.with_suffix(".gt.txt")
        if path.suffix.lower() in PICTURES and truth.exists():
            by_hand = path.with_suffix(".gt.meta.json").exists()
            kind = "real, by hand" if by_hand else "real, rendered"
            sheets.append(Sheet(path, kind, truth.read_text(encoding="utf-8")))
    return sheets


def run(reader: str, cores: int, sheets: list[Sheet], folder: Path) -> Run:
    """Read the pages in a process of its own and measure that."""
    pages, texts = folder / "pages.json", folder / "texts.json"
    pages.write_text(json.dumps([str(sheet.path) for sheet in sheets]), encoding="utf-8")
    command = [sys.executable, str(HERE / "readers.py"), reader, str(cores)]
    command += [str(pages), str(texts)]
    began = time.monotonic()
    process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(HERE.parent)})
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{reader} ended with {process.returncode}")
    cpu, count = used.ru_utime + used.ru_stime, len(sheets)
    said = json.loads(texts.read_text(encoding="utf-8"))
    return Run(said["texts"], cpu / count, wall / count, said["peak"])


def by_page(sheets: list[Sheet], texts: list[str]) -> list[Errors]:
    """Return the errors of each page."""
    pairs = zip(sheets, texts, strict=True)
    return [errors(sheet.text, text, sheet.optional) for sheet, text in pairs]


def by_kind(sheets: list[Sheet], pages: list[Errors]) -> dict[str, Errors]:
    """Return the errors of each kind of page."""
    found: dict[str, Errors] = defaultdict(Errors)
    for sheet, page in zip(sheets, pages, strict=True):
        found[sheet.kind] = found[sheet.kind].plus(page)
    return found


def show(
    scores: dict[str, dict[str, Errors]], runs: dict[str, dict[int, Run]], cores: list[int]
) -> None:
    """Print both tables."""
    names = list(scores)
    print("\n| character error % |", *(f"{name} |" for name in names))
    print("|---|" + "---|" * len(names))
    for kind in scores[names[0]]:
        print(f"| {kind} |", *(f"{100 * scores[name][kind].rate:.2f} |" for name in names))
    print("\n| all pages |", *(f"{name} |" for name in names))
    print("|---|" + "---|" * len(names))
    sums = {name: reduce(Errors.plus, scores[name].values()) for name in names}
    rows = {
        "word recall": [f"{s.right / max(s.words, 1):.4f}" for s in sums.values()],
        "word precision": [f"{s.right / max(s.read, 1):.4f}" for s in sums.values()],
        "only marks wrong, words": [f"{100 * s.marks / s.words:.2f} %" for s in sums.values()],
        "processor s a page": [f"{runs[name][cores[0]].cpu:.2f}" for name in names],
        "peak MB of a process": [f"{runs[name][cores[0]].peak:.0f}" for name in names],
    }
    for number in cores:
        rows[f"wall s a page, cores: {number}"] = [f"{runs[n][number].wall:.2f}" for n in names]
    for label, cells in rows.items():
        print(f"| {label} | {' | '.join(cells)} |")


def plot(scores: dict[str, dict[str, Errors]], path: Path) -> None:
    """Draw the character errors as bars (SVG); bars end at 10 %, the figure tells the rest."""
    kinds = list(next(iter(scores.values())))
    high = 14 * len(scores) + 10
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="760" height="{30 + high * len(kinds)}"'
        ' font-family="sans-serif" font-size="11">'
    ]
    for place, (name, colour) in enumerate((n, COLOURS.get(n, OTHER)) for n in scores):
        lines.append(f'<text x="{170 + 130 * place}" y="16" fill="{colour}">{name}</text>')
    for row, kind in enumerate(kinds):
        top = 30 + high * row
        lines.append(f'<text x="4" y="{top + 16}">{kind}</text>')
        for place, name in enumerate(scores):
            rate = 100 * scores[name][kind].rate
            y, wide = top + 14 * place, 50 * min(rate, 10)
            colour = COLOURS.get(name, OTHER)
            lines.append(
                f'<rect x="170" y="{y}" width="{wide:.0f}" height="12" fill="{colour}"/>'
                f'<text x="{174 + wide:.0f}" y="{y + 10}">{rate:.2f} %</text>'
            )
    path.write_text("\n".join([*lines, "</svg>"]) + "\n", encoding="utf-8")


def chosen_options() -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(description="Readers side by side.")
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--pages", type=int, default=1, help="synthetic pages a degradation")
    parser.add_argument("--seed", type=int, default=SEED, help="of the synthetic pages")
    parser.add_argument("--only", default="", help="kinds of degradation, by comma")
    parser.add_argument("--readers", default=",".join(NEEDS))
    parser.add_argument("--program", action="append", default=[], metavar="NAME=COMMAND")
    parser.add_argument("--cores", default="1,2", help="numbers of cores to run on")
    parser.add_argument("--plot", type=Path, help="folder for reading.svg")
    parser.add_argument("--json", type=Path, help="file for the results, page by page")
    return parser.parse_args()


def readers_of(chosen: argparse.Namespace) -> dict[str, str]:
    """Map the name of each reader that takes part to what bench/readers.py calls it."""
    programs = (each.partition("=") for each in chosen.program)
    named = {name: name for name in chosen.readers.split(",") if name}
    return named | {name: PROGRAM + command for name, _, command in programs}


def main() -> None:
    """Compare all readers that this machine has."""
    chosen = chosen_options()
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as place:
        only = set(chosen.only.split(",")) - {""}
        sheets = synthetic(Path(place), chosen.pages, only, chosen.seed) if chosen.pages else []
        sheets += [sheet for folder in chosen.folders for sheet in real(folder)]
        digest = digest_of([(sheet.path, sheet.text) for sheet in sheets])
        pages: dict[str, list[Errors]] = {}
        runs: dict[str, dict[int, Run]] = {}
        cores = [int(number) for number in chosen.cores.split(",")]
        for name, reader in readers_of(chosen).items():
            if lack := missing(reader):
                print(f"{name}: {lack}")
                continue
            runs[name] = {number: run(reader, number, sheets, Path(place)) for number in cores}
            pages[name] = by_page(sheets, runs[name][cores[0]].texts)
    scores = {name: by_kind(sheets, each) for name, each in pages.items()}
    show(scores, runs, cores)
    show_intervals(pages)
    if chosen.plot:
        chosen.plot.mkdir(parents=True, exist_ok=True)
        plot(scores, chosen.plot / "reading.svg")
    if chosen.json:
        seconds = {name: each[cores[0]].cpu for name, each in runs.items()}
        kinds = [(sheet.path.name, sheet.kind) for sheet in sheets]
        told = as_json(kinds, pages, seconds, chosen.seed, digest)
        chosen.json.write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()
