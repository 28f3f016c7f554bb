"""What becomes of hostile, broken and awkward files: an outcome for each, within time and memory.

    .venv/bin/python bench/hostile.py [FOLDER] [--pages 5] [--page-seconds 120] [--json]

Each file is inspected as intake does, and its first pages are read, by a worker process that is
watched from outside: 60 seconds a file, 2 GB of resident memory for all our processes together.
A worker that dies or hangs is replaced and the file counts as CRASHED or HUNG. Without a folder
the files of ``tests/paper/bombs.py`` are made and read.
"""

from __future__ import annotations

import argparse
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ocr import open_reader
from pipeline.errors import ReadingError, RefusedScanError
from pipeline.intake.containers import expand
from pipeline.ports import ScanReader
from pipeline.settings import ReadingSettings
from tests.paper import bombs

SECONDS, MEGABYTES = 60.0, 2048
LOOK = 0.02  # seconds between two looks at the memory
ILL = ("CRASHED", "HUNG", "OVER MEMORY")
KINDS = (
    (b"%PDF-", "PDF"), (b"II*\0", "TIFF"), (b"MM\0*", "TIFF"), (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"), (b"\xff\xd8\xff", "JPEG"), (b"\x89PNG", "PNG"), (b"RIFF", "WebP"),
    (b"PK\3\4", "ZIP, DOCX, ODT"), (b"BM", "BMP"), (b"\0\0\0\x0cjP", "JPEG 2000"),
    (b"\xd0\xcf\x11\xe0", "DOC"),
)  # fmt: skip


@dataclass
class Row:
    """What became of a file: pages as they ended, how long it took, the most memory at a time."""

    name: str
    kind: str
    outcomes: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    pages: int = 0
    seconds: float = 0.0
    megabytes: int = 0

    @property
    def ill(self) -> str:
        """The first thing that must never happen, or nothing."""
        return next((outcome for outcome in self.outcomes if outcome in ILL), "")


class Worker:
    """A process that reads files, replaced when it dies."""

    def __init__(self, pages: int, page_seconds: float) -> None:
        self._how = ["--pages", str(pages), "--page-seconds", str(page_seconds)]
        self._start()

    def look_at(self, path: Path, row: Row) -> None:
        """Fill in what becomes of a file."""
        began, done = time.monotonic(), False
        self._questions.write(f"{path}\n".encode())
        self._questions.flush()
        while not done and row.seconds < SECONDS and self._process.poll() is None:
            ready = self._replies.select(LOOK)
            row.megabytes = max(row.megabytes, resident(self._process.pid))
            row.seconds = time.monotonic() - began
            done = bool(ready) and self._reply(row)
        if not done:
            row.outcomes.append("HUNG" if self._process.poll() is None else "CRASHED")
            row.reasons.append(f"exit status {self._process.poll()}")
            self.close()
            self._start()
        if row.megabytes > MEGABYTES:
            row.outcomes.append("OVER MEMORY")

    def close(self) -> None:
        """End the process and all that it started."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--worker", *self._how],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,  # what is read ahead would hide from the selector
            start_new_session=True,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._questions, self._answers = self._process.stdin, self._process.stdout
        self._replies = selectors.DefaultSelector()
        self._replies.register(self._answers, selectors.EVENT_READ)
        self._answers.readline()  # the engine is loaded

    def _reply(self, row: Row) -> bool:
        line = self._answers.readline()
        if not line:
            self._process.wait()
            return False
        said = json.loads(line)
        row.outcomes += said.get("outcomes", [])
        row.reasons += said.get("reasons", [])
        row.pages = said.get("pages", row.pages)
        return bool(said.get("done"))


def resident(process: int) -> int:
    """Return the megabytes that a process and all that it started hold in memory now."""
    total, waiting = 0, [process]
    while waiting:
        place = Path("/proc", str(waiting.pop()))
        try:
            total += int(place.joinpath("statm").read_text().split()[1])
            for task in place.joinpath("task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
        except (OSError, IndexError):  # it just ended
            continue
    return total * os.sysconf("SC_PAGE_SIZE") // 2**20


def work(pages: int, page_seconds: float) -> None:
    """Read the files named on standard input; answer in lines of JSON."""
    reader = open_reader(ReadingSettings(page_seconds=page_seconds))
    print("{}", flush=True)
    for line in sys.stdin:
        for said in looked_at(reader, Path(line.rstrip("\n")), pages):
            print(json.dumps(said, ensure_ascii=False), flush=True)
        print(json.dumps({"done": True}), flush=True)


def looked_at(reader: ScanReader, path: Path, most: int) -> Iterator[dict[str, Any]]:
    """Yield what intake says of a file, then what reading says of its first pages."""
    with tempfile.TemporaryDirectory(prefix="sohoa-inside-") as room:
        try:
            found = expand(path.name, path, reader, Path(room))
        except RefusedScanError as error:
            yield {"outcomes": [f"refused: {type(error).__name__}"], "reasons": [str(error)]}
            return
        places = [
            (paper.copy, number)
            for paper in found.papers
            for number in range(1, paper.info.pages + 1)
        ]
        yield {"pages": len(places), "reasons": list(found.reasons)}
        for file, number in places[:most]:
            try:
                page = reader.read_page(file, number).page
                yield {"outcomes": [page.state.value], "reasons": list(page.reasons)}
            except (ReadingError, RefusedScanError) as error:
                yield {"outcomes": ["not_read"], "reasons": [str(error)]}


def kind_of(path: Path) -> str:
    """Name a file's format by its first bytes."""
    with path.open("rb") as stream:
        head = stream.read(1024)
    if not head:
        return "empty"
    if head[4:8] == b"ftyp":
        return "HEIC"
    if b"%PDF-" in head:
        return "PDF"
    return next((kind for mark, kind in KINDS if head.startswith(mark)), "text and others")


def print_table(rows: list[Row]) -> None:
    """Print the outcomes by class, then every row that is not well."""
    print("| class | files | outcomes | slowest | most memory |\n|---|---|---|---|---|")
    for kind in sorted({row.kind for row in rows}):
        same = [row for row in rows if row.kind == kind]
        counted = Counter(outcome for row in same for outcome in row.outcomes)
        said = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counted.items()))
        slowest, most = max(row.seconds for row in same), max(row.megabytes for row in same)
        print(f"| {kind} | {len(same)} | {said} | {slowest:.1f} s | {most} MB |")
    for row in rows:
        if row.ill:
            print(f"{row.ill}: {row.name} after {row.seconds:.0f} s, {row.megabytes} MB")
            print(f"    {row.outcomes} {row.reasons[-1:]}")


def main() -> None:
    """Read every file of a folder, or our own set, and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--pages", type=int, default=5)
    parser.add_argument("--page-seconds", type=float, default=120.0)
    parser.add_argument("--json", action="store_true", help="a row as JSON for each file")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        work(arguments.pages, arguments.page_seconds)
        return
    with tempfile.TemporaryDirectory(prefix="sohoa-hostile-") as made:
        if not arguments.folder:
            bombs.make_all(Path(made))
        folder = arguments.folder or Path(made)
        rows, worker = [], Worker(arguments.pages, arguments.page_seconds)
        for path in sorted(path for path in folder.resolve().iterdir() if path.is_file()):
            row = Row(path.name, kind_of(path))
            worker.look_at(path, row)
            rows.append(row)
            if arguments.json:
                print(json.dumps(asdict(row), ensure_ascii=False), flush=True)
        worker.close()
    if not arguments.json:
        print_table(rows)
    sys.exit(any(row.ill for row in rows))


if __name__ == "__main__":
    main()
