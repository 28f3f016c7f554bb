"""Inspects untrusted files and opens their pages in a sandboxed worker process."""

from __future__ import annotations

import logging
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocr.deadline import Deadline
from ocr.files.inspect import ScanInfo
from ocr.files.raster import Raster, RasterFile
from ocr.sandbox.pool import ask
from ocr.sandbox.pool import prepare as prepare_worker
from pipeline.errors import OversizedScanError, ReadingError, UnreadableScanError
from pipeline.model import Box, Line, PageText, Word
from pipeline.settings import ReadingSettings

log = logging.getLogger(__name__)

PROGRAM = "ocr.files.worker"
# Longest time to look at a file and to open a page. Real ones take one or two seconds, a file of
# 5,000 pages or a page of 200 million pixels about ten; both together must end within a minute.
_LOOK_SECONDS, _OPEN_SECONDS = 30.0, 25.0
# Address space of a cell and of each program it starts. 0.35 GB are there before any work.
_MEMORY, _LARGE_MEMORY = 1_000_000_000, 1_600_000_000
_PIXELS = 36_000_000  # A4 at 600 dpi; larger pictures are opened one at a time
_ONE_LARGE = threading.Lock()


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """A page that was opened: its pixels and the text layer it came with."""

    raster: Raster
    layer: PageText
    scanned: bool


def prepare() -> None:
    """Start a worker, so that the first file need not wait for it."""
    prepare_worker(PROGRAM)


def inspect(path: Path, settings: ReadingSettings) -> ScanInfo:
    """Look at a file without reading its pages. Raises ``RefusedScanError``."""
    job = {"name": "inspect", "path": str(path.absolute()), "max_pages": settings.max_pages}
    job |= {"max_pixels": settings.max_pixels, "memory": _MEMORY}
    with tempfile.TemporaryDirectory(prefix="sohoa-look-") as folder:
        try:
            said = ask(job | {"folder": folder}, min(_LOOK_SECONDS, settings.page_seconds), PROGRAM)
        except ReadingError as error:
            raise UnreadableScanError(error.message, error.remedy) from error
    return ScanInfo(str(said["media_type"]), int(said["pages"]))


def open_page(path: Path, number: int, settings: ReadingSettings, deadline: Deadline) -> OpenedPage:
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


def _opened(job: dict[str, Any], deadline: Deadline) -> OpenedPage:
    seconds = min(_OPEN_SECONDS, deadline.left())
    with tempfile.TemporaryDirectory(prefix="sohoa-page-") as folder:
        said = ask(job | {"folder": folder, "seconds": seconds}, seconds, PROGRAM)
        file = Path(folder, Path(said["file"]).name)
        raster = RasterFile(file, float(said["dpi"]), sound=bool(said["sound"])).load()
    lines = tuple(
        Line(tuple(Word(text, 1.0, Box(*box)) for text, *box in line)) for line in said["lines"]
    )
    return OpenedPage(raster, PageText(lines), scanned=bool(said["scanned"]))
