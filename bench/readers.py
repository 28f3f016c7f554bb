"""The readers that bench/reading.py compares, each run as a process of its own.

    python bench/readers.py READER CORES PAGES.json TEXTS.json

READER is pytesseract (Tesseract as it comes), ocrmypdf (with --deskew --clean --rotate-pages),
sohoa, or ``program:`` and a command: any program that is given the path of a picture as its last
argument and prints what it reads there, UTF-8, a line for each line. So many pages are read at a
time as there are cores.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import which

if __name__ == "__main__":
    CORES = int(sys.argv[2])
    os.environ["OMP_THREAD_LIMIT"] = "1"
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])

import pytesseract

from ocr import open_reader
from pipeline.errors import SohoaError
from pipeline.settings import ReadingSettings

Read = Callable[[Path], str]

NEEDS = {
    "pytesseract": ("tesseract",),
    "ocrmypdf": ("ocrmypdf", "unpaper"),
    "sohoa": (),
}
_SECONDS = 600


PROGRAM = "program:"


def missing(reader: str) -> str:
    """Say what a reader lacks on this machine and how to get it; empty when nothing."""
    if reader.startswith(PROGRAM):
        first = shlex.split(reader.removeprefix(PROGRAM))[:1]
        return "" if first and which(first[0]) else f"left out, not found: {first}"
    lacking = [program for program in NEEDS[reader] if which(program) is None]
    return f"left out, install: apt-get install {' '.join(lacking)}" if lacking else ""


def pytesseract_reader() -> Read:
    """Tesseract's program on the page as it is."""
    return lambda path: str(pytesseract.image_to_string(str(path), lang="vie", timeout=_SECONDS))


def ocrmypdf_reader() -> Read:
    """OCRmyPDF as its users run it on scans; a picture it refuses is read as nothing."""

    def read(path: Path) -> str:
        with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as folder:
            text = Path(folder, "text.txt")
            command = ["ocrmypdf", "-q", "-l", "vie", "--deskew", "--clean", "--rotate-pages"]
            command += ["--jobs", "1", "--output-type", "pdf", "--image-dpi", "300"]
            command += ["--sidecar", str(text), str(path), str(Path(folder, "out.pdf"))]
            subprocess.run(command, check=False, timeout=_SECONDS, capture_output=True)
            return text.read_text(encoding="utf-8") if text.exists() else ""

    return read


def sohoa_reader() -> Read:
    """The product's own reader; a page it refuses is read as nothing."""
    reader = open_reader(ReadingSettings())

    def read(path: Path) -> str:
        try:
            return reader.read_page(path, 1).page.text.text
        except SohoaError:
            return ""

    return read


def program_reader(command: str) -> Read:
    """Any program that prints what it reads; a page on which it fails is read as nothing."""
    words = shlex.split(command)

    def read(path: Path) -> str:
        done = subprocess.run(
            [*words, str(path)], check=False, timeout=_SECONDS, capture_output=True
        )
        return done.stdout.decode(errors="replace") if done.returncode == 0 else ""

    return read


READERS: dict[str, Callable[[], Read]] = {
    "pytesseract": pytesseract_reader,
    "ocrmypdf": ocrmypdf_reader,
    "sohoa": sohoa_reader,
}


def main() -> None:
    """Read the pages and write their texts."""
    name = sys.argv[1]
    command = name.removeprefix(PROGRAM)
    read = program_reader(command) if name.startswith(PROGRAM) else READERS[name]()
    pages = [Path(page) for page in json.loads(Path(sys.argv[3]).read_text(encoding="utf-8"))]
    with ThreadPoolExecutor(CORES) as pool:
        texts = list(pool.map(read, pages))
    said = {"texts": texts, "peak": peak()}
    Path(sys.argv[4]).write_text(json.dumps(said), encoding="utf-8")


def peak() -> float:
    """Return the most MB that this process or one below it held (the parent's do not count)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    own = re.search(r"VmHWM:\s+(\d+)", status)
    below = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(int(own[1]) if own else 0, below) / 1024


if __name__ == "__main__":
    main()
