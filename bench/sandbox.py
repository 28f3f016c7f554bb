"""What the sandbox costs a page and a job: the same files opened with it and without, in turns.

    .venv/bin/python bench/sandbox.py [--rounds 12] [--beside CHECKOUT] [--only PDF]

Without means in a process that stays, as it is: no copy of it, no confinement. ``--beside`` names a
checkout of another version, which is measured as well; the ratio is to that. Processor time counts
everything below each side, the programs included; wall times are medians.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from ocr.files import kinds
from ocr.files.inside.office_parts import can_convert
from tests import ROOT
from tests.paper import Degradation, degrade, draw_page, office, save_pdf, save_picture, zips

_TICKS = os.sysconf("SC_CLK_TCK")

WITHOUT = """
from ocr.files import worker
from ocr.pdfa import worker as pdfs
jobs = {"open": worker._open, "codes": worker._codes}
jobs |= {"inspect": worker._inspect, "unpack": worker._unpack}
jobs |= {"bind": pdfs._bind, "check": pdfs._check}
def ask(job, program, form):
    tempfile.tempdir = str(job.folder)
    try:
        return form.model_validate_json(json.dumps(jobs[job.name](job)))
    finally:
        tempfile.tempdir = None
client.ask = unpacking.ask = binder.pool.ask = ask
"""
# Uses only what other versions have as well.
SIDE = """
import json, sys, tempfile, time
from pathlib import Path
from ocr.deadline import Deadline
from ocr.files import client
from ocr.files.inside import unpacking
from ocr.pdfa import binder
from pipeline.model import Page, PageMeasures, PageState
from pipeline.ports import UnpackLimits
from pipeline.ports.searchable_pdf import PdfRequest
from pipeline.settings import ReadingSettings
settings = ReadingSettings()
def open_page(path, folder):
    client.open_page(path, 1, settings, Deadline(120))
def inspect(path, folder):
    client.inspect(path, settings)
def unpack(path, folder):
    assert unpacking.unpack(path, folder, UnpackLimits(100, 0), settings)
def bind(path, folder):
    wanted, page = PdfRequest("application/pdf", "", ""), Page(
        1, PageState.NOT_READ, PageMeasures(100, 100, 0.0))
    assert binder.Binder(settings).bind(path, wanted, [page], folder).path
{more}
for line in sys.stdin:
    does, path, times = json.loads(line)
    seconds = []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            globals()[does](Path(path), Path(folder))
            seconds.append(time.perf_counter() - began)
    print(json.dumps(seconds), flush=True)
"""


class Work(NamedTuple):
    """What is done with a file, and how often in a round."""

    name: str
    does: str  # a function of SIDE
    path: Path
    times: int = 10


class Side:
    """A process that opens files in one way."""

    def __init__(self, more: str, tree: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", SIDE.replace("{more}", more)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            env=os.environ | {"PYTHONPATH": str(tree), "OPENBLAS_NUM_THREADS": "1"},
        )

    def do(self, work: Work, times: int) -> tuple[list[float], float]:
        """Do some work so many times; return the seconds of each, and the processor time of all."""
        before = spent(self._process.pid)
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([work.does, str(work.path), times]) + "\n")
        self._process.stdin.flush()
        seconds: list[float] = json.loads(self._process.stdout.readline())
        return seconds, spent(self._process.pid) - before

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def spent(process: int) -> float:
    """Return the processor seconds of a process, of all below it, and of those that ended."""
    place = Path(f"/proc/{process}")
    fields = place.joinpath("stat").read_text().rsplit(")", 1)[1].split()
    total = sum(map(int, fields[11:15])) / _TICKS
    for task in place.joinpath("task").iterdir():
        total += sum(map(spent, map(int, (task / "children").read_text().split())))
    return total


def all_work(folder: Path) -> list[Work]:
    """Make a file of each kind that is opened in another way."""
    scan = degrade(draw_page("A", 5, 300), Degradation(dpi=300, yellow=0.4, jpeg_quality=80), 5)
    save_pdf([scan], folder / "scan.pdf")
    save_picture(scan, folder / "scan.jpg")
    save_picture(draw_page("B", 5, 150), folder / "small.png")
    zips.save(folder / "some.zip", {"1.jpg": (folder / "scan.jpg").read_bytes()})
    office.docx(folder / "letter.docx")
    work = [
        Work("page: PDF, 300 dpi", "open_page", folder / "scan.pdf"),
        Work("page: JPEG, 300 dpi", "open_page", folder / "scan.jpg"),
        Work("page: PNG, 150 dpi", "open_page", folder / "small.png"),
        Work("inspect: PDF", "inspect", folder / "scan.pdf"),
        Work("inspect: JPEG", "inspect", folder / "scan.jpg"),
        Work("unpack: ZIP", "unpack", folder / "some.zip"),
        Work("searchable PDF of a page", "bind", folder / "scan.pdf"),
    ]
    if can_convert(kinds.DOCX):
        work.append(Work("DOCX to PDF", "unpack", folder / "letter.docx", 1))
    return work


def measured(sides: dict[str, Side], work: Work, rounds: int) -> dict[str, tuple[float, float]]:
    """Return for each side the median wall time and the processor time of one time, in ms."""
    walls: dict[str, list[float]] = {name: [] for name in sides}
    processor = dict.fromkeys(sides, 0.0)
    for side in sides.values():
        side.do(work, 2)  # everything is loaded
    for _ in range(rounds):
        for name, side in sides.items():
            seconds, used = side.do(work, work.times)
            walls[name] += seconds
            processor[name] += used
    return {
        name: (1e3 * statistics.median(walls[name]), 1e3 * processor[name] / (rounds * work.times))
        for name in sides
    }


def empty_job() -> dict[str, float]:
    """Return the median ms of a job that only enters the sandbox and says so."""
    from ocr.checks import check_sandbox  # noqa: PLC0415 — starts a worker process

    check_sandbox()
    times = []
    for _ in range(40):
        began = time.perf_counter()
        check_sandbox()
        times.append(1e3 * (time.perf_counter() - began))
    return {"median": statistics.median(times), "least": min(times)}


def main() -> None:
    """Print a table, a row for each kind of page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--beside", type=Path)
    parser.add_argument("--only", default="", help="a part of the name of the work to do")
    arguments = parser.parse_args()
    ways = {"without": (WITHOUT, ROOT), "with": ("", ROOT)}
    if arguments.beside:
        ways["beside"] = ("", arguments.beside.resolve())
    sides = {name: Side(*way) for name, way in ways.items()}
    other = list(sides)[-1] if arguments.beside else "without"
    heads = [f"{name}: wall, processor ms" for name in sides]
    print("| work | " + " | ".join(heads) + f" | with / {other}: wall, processor |")
    print("|---" * (len(sides) + 2) + "|")
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as folder:
        for work in all_work(Path(folder)):
            if arguments.only not in work.name:
                continue
            told = measured(sides, work, arguments.rounds)
            cells = [f"{wall:.0f}, {processor:.0f}" for wall, processor in told.values()]
            pairs = zip(told["with"], told[other], strict=True)
            ratios = [f"{one / max(before, 0.1):.2f}" for one, before in pairs]
            print(f"| {work.name} | {' | '.join(cells)} | {', '.join(ratios)} |", flush=True)
    for side in sides.values():
        side.close()
    job = empty_job()
    print(f"an empty job: median {job['median']:.1f} ms, least {job['least']:.1f} ms")


if __name__ == "__main__":
    main()
