"""Has foreign files opened in cells: processes that die alone, watched for time and memory.

A cell serves one thread at a time and is kept for the next; one that dies or takes too long is
replaced, and what it was asked becomes the file's or the page's reason.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocr.deadline import Deadline
from ocr.drawn import Drawn, Raster
from ocr.facts import Facts
from pipeline import errors
from pipeline.errors import (
    OversizedScanError,
    ReadingError,
    ReadingTimeoutError,
    SohoaError,
    UnreadableScanError,
)
from pipeline.model import Box, Line, PageText, Word
from pipeline.settings import ReadingSettings

log = logging.getLogger(__name__)

# Longest time to look at a file and to open a page. Real ones take one or two seconds, a file of
# 5,000 pages or a page of 200 million pixels about ten; both together must end within a minute.
_LOOK_SECONDS, _OPEN_SECONDS = 30.0, 25.0
_GRACE = 1.0  # for the cell to notice by itself that the time is over
# Address space of a cell and of each program it starts. 0.35 GB are there before any work.
_MEMORY, _LARGE_MEMORY = 1_000_000_000, 1_600_000_000
_PIXELS = 36_000_000  # A4 at 600 dpi; larger pictures are opened one at a time
_ANSWER = 2**24  # bytes; a text layer of 5,000 words has a quarter of a million
_KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "TESSDATA_PREFIX")
_ONE_LARGE = threading.Lock()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page that was opened: its pixels and the text layer it came with."""

    raster: Raster
    layer: PageText
    scanned: bool


class Cell:
    """A process that opens files."""

    def __init__(self, program: str) -> None:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        # One arena and no threads for linear algebra: they only take address space.
        lean = {"MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            cwd="/",
            env=kept | lean | {"PYTHONPATH": str(Path(__file__).parents[1])},
            start_new_session=True,  # so that all it starts can be ended with it
        )
        self._answers = selectors.DefaultSelector()
        self._answers.register(self._out, selectors.EVENT_READ)

    @property
    def _out(self) -> Any:
        return self._process.stdout

    def ask(self, job: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Return the answer to a job.

        Raises:
            TimeoutError: there is none in time.
            EOFError: the process died, or says more than it should.
        """
        try:
            self._process.stdin.write(json.dumps(job).encode() + b"\n")  # type: ignore[union-attr]
        except BrokenPipeError as error:
            raise EOFError from error
        end, said = time.monotonic() + seconds, bytearray()
        while not said.endswith(b"\n"):
            if not self._answers.select(max(0.0, end - time.monotonic())):
                raise TimeoutError
            piece = os.read(self._out.fileno(), 2**16)
            said += piece
            if not piece or len(said) > _ANSWER:
                raise EOFError
        answer: dict[str, Any] = json.loads(said)
        return answer

    def end(self) -> None:
        """End the process and all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._answers.close()
        self._process.communicate()


READERS, BINDERS = "ocr.cell", "ocr.bindery"  # programs of cells
_free: dict[str, list[Cell]] = {READERS: [], BINDERS: []}  # append and pop are atomic


def prepare(program: str = READERS) -> None:
    """Start a cell, so that the first file need not wait for it."""
    if not _free[program]:
        _free[program].append(Cell(program))


@atexit.register
def end_all() -> None:
    """End the cells that are waiting for work."""
    for waiting in _free.values():
        while waiting:
            waiting.pop().end()


def inspect(path: Path, settings: ReadingSettings) -> Facts:
    """Look at a file without reading its pages. Raises ``RefusedScanError``."""
    job = {"name": "inspect", "path": str(path.absolute()), "max_pages": settings.max_pages}
    job |= {"max_pixels": settings.max_pixels, "memory": _MEMORY}
    with tempfile.TemporaryDirectory(prefix="sohoa-look-") as folder:
        try:
            said = ask(job | {"folder": folder}, min(_LOOK_SECONDS, settings.page_seconds))
        except ReadingError as error:
            raise UnreadableScanError(error.message, error.remedy) from error
    return Facts(str(said["media_type"]), int(said["pages"]))


def open_page(path: Path, number: int, settings: ReadingSettings, deadline: Deadline) -> Sheet:
    """Open one page (from 1) of a file.

    Raises:
        ReadingError: its picture is damaged, or takes too long.
        RefusedScanError: the file itself cannot be taken any more.
        StorageUnavailableError: no room in the temporary folder.
        MissingEngineError: poppler is not installed.
    """
    job = {"name": "open", "path": str(path.absolute()), "number": number}
    try:
        few = min(_PIXELS, settings.max_pixels)
        return _opened(job | {"max_pixels": few, "memory": _MEMORY}, deadline)
    except OversizedScanError:
        log.info("a large page is opened alone")
    began = time.monotonic()
    with _ONE_LARGE:
        deadline.allow(time.monotonic() - began)
        most = settings.max_pixels
        return _opened(job | {"max_pixels": most, "memory": _LARGE_MEMORY}, deadline)


def _opened(job: dict[str, Any], deadline: Deadline) -> Sheet:
    seconds = min(_OPEN_SECONDS, deadline.left())
    with tempfile.TemporaryDirectory(prefix="sohoa-page-") as folder:
        said = ask(job | {"folder": folder, "seconds": seconds}, seconds)
        file = Path(folder, Path(said["file"]).name)
        raster = Drawn(file, float(said["dpi"]), sound=bool(said["sound"])).load()
    lines = tuple(
        Line(tuple(Word(text, 1.0, Box(*box)) for text, *box in line)) for line in said["lines"]
    )
    return Sheet(raster, PageText(lines), scanned=bool(said["scanned"]))


def ask(job: dict[str, Any], seconds: float, program: str = READERS) -> dict[str, Any]:
    """Ask a free cell that runs a program, or a new one.

    Raises:
        SohoaError: what the cell says of the file.
        ReadingTimeoutError: it takes too long.
        ReadingError: it brought the cell down.
    """
    try:
        cell = _free[program].pop()
    except IndexError:
        cell = Cell(program)
    answer: dict[str, Any] = {"last": True}
    try:
        answer = cell.ask(job, seconds + _GRACE)
    except TimeoutError as error:
        raise _too_slow(seconds) from error
    except EOFError as error:
        log.warning("a cell died at: %s", job["name"])
        raise _fatal() from error
    finally:
        if "last" in answer:
            cell.end()
        else:
            _free[program].append(cell)
    if "error" in answer:
        raise _error(answer)
    said: dict[str, Any] = answer["said"]
    return said


def _error(answer: dict[str, Any]) -> SohoaError:
    kind = getattr(errors, str(answer["error"]), ReadingError)
    error: SohoaError = kind(str(answer["message"]), str(answer["remedy"]))
    return error


def _too_slow(seconds: float) -> ReadingTimeoutError:
    return ReadingTimeoutError(
        f"Mở tệp hoặc trang quá {seconds:.0f} giây nên đã dừng.",
        "In lại tệp ra PDF mới hoặc quét lại rồi nộp lại.",
    )


def _fatal() -> ReadingError:
    return ReadingError(
        "Dữ liệu hình ảnh bị hỏng đến mức chương trình mở ảnh phải dừng.",
        "Quét lại hoặc in lại ra PDF mới rồi nộp lại.",
    )
