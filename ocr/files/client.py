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
from ocr.files.passwords import ask_unlocking
from ocr.files.raster import Raster, RasterFile
from ocr.sandbox.pool import prepare as prepare_worker
from pipeline.errors import OversizedScanError, ReadingError, UnreadableScanError
from pipeline.model import Box, Line, PageText, Word
from pipeline.ports import ScanInfo
from pipeline.settings import ReadingSettings

log = logging.getLogger(__name__)

PROGRAM = "ocr.files.worker"
# Longest time to inspect a file and to open a page. Real ones take one or two seconds, a file of
# 5,000 pages or a page of 200 million pixels about ten; both together must end within a minute.
_INSPECT_SECONDS, _OPEN_SECONDS = 30.0, 25.0
# Bytes of address space of a worker process and of each program it starts. 0.35 GB are there before
# any work.
_MEMORY, _LARGE_MEMORY = 1_000_000_000, 1_600_000_000
_PIXELS = 36_000_000  # A4 at 600 dpi; larger images are opened one at a time
_LARGE_PAGE = threading.Lock()


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """A page that was opened: its raster, and the text layer it came with."""

    raster: Raster
    layer: PageText  # boxes in pixels of the raster; empty without a text layer
    scanned: bool  # whether an image covers the page, so that the layer is the OCR of others


def prepare() -> None:
    """Start a worker process, so that the first file need not wait for it."""
    prepare_worker(PROGRAM)


def inspect(path: Path, settings: ReadingSettings) -> ScanInfo:
    """Tell what a file is without reading its pages.

    Raises:
        RefusedScanError: the file cannot be taken, or brings the process down.
        StorageUnavailableError: no space is left in the temporary folder.
        MissingEngineError: poppler is not installed.
    """
    job = {"name": "inspect", "path": str(path.absolute()), "max_pages": settings.max_pages}
    job |= {"max_pixels": settings.max_pixels, "memory": _MEMORY}
    job["office"] = settings.office
    with tempfile.TemporaryDirectory(prefix="sohoa-look-") as folder:
        try:
            seconds, locks = min(_INSPECT_SECONDS, settings.page_seconds), settings.passwords_file
            result = ask_unlocking(job | {"folder": folder}, seconds, PROGRAM, locks)
        except ReadingError as error:
            raise UnreadableScanError(error.message, error.remedy) from error
    return ScanInfo(
        str(result["media_type"]),
        int(result["pages"]),
        holds_files=bool(result["holds_files"]),
        remarks=tuple(map(str, result["remarks"])),
    )


def open_page(path: Path, number: int, settings: ReadingSettings, deadline: Deadline) -> OpenedPage:
    """Open one page of a file.

    Args:
        path: the scan.
        number: the page's number, from 1.
        settings: the limits of pages.
        deadline: the page's time limit; waiting for another large page is given back to it.

    Raises:
        ReadingError: the page's image data is damaged, or takes too long.
        RefusedScanError: the file itself cannot be taken any more.
        StorageUnavailableError: no space is left in the temporary folder.
        MissingEngineError: poppler is not installed.
    """
    job = {"name": "open", "path": str(path.absolute()), "number": number}
    try:
        few = min(_PIXELS, settings.max_pixels)
        return _opened(job | {"max_pixels": few, "memory": _MEMORY}, settings, deadline)
    except OversizedScanError:
        log.info("a large page is opened alone")
    began = time.monotonic()
    with _LARGE_PAGE:
        deadline.allow(time.monotonic() - began)
        most = settings.max_pixels
        job |= {"max_pixels": most, "memory": _LARGE_MEMORY}
        return _opened(job, settings, deadline)


def _opened(job: dict[str, Any], settings: ReadingSettings, deadline: Deadline) -> OpenedPage:
    seconds = min(_OPEN_SECONDS, deadline.left())
    with tempfile.TemporaryDirectory(prefix="sohoa-page-") as folder:
        job |= {"folder": folder, "seconds": seconds}
        result = ask_unlocking(job, seconds, PROGRAM, settings.passwords_file)
        file = Path(folder, Path(result["file"]).name)
        raster = RasterFile(file, float(result["dpi"]), sound=bool(result["sound"])).load()
    lines = tuple(
        Line(tuple(Word(text, 1.0, Box(*box)) for text, *box in line)) for line in result["lines"]
    )
    return OpenedPage(raster, PageText(lines), scanned=bool(result["scanned"]))
