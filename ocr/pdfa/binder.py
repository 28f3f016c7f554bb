"""Implements `PdfBinder`: builds searchable PDFs in a sandboxed worker process."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ocr.files.passwords import ask_unlocking
from ocr.sandbox import pool
from ocr.sandbox.disk_space import disk_full
from pipeline.model import Page, Source
from pipeline.ports.searchable_pdf import PdfRequest, PdfResult
from pipeline.settings import ReadingSettings
from pipeline.vietnamese import nfc

PROGRAM = "ocr.pdfa.worker"
_MEMORY = 1_600_000_000  # bytes of address space: 500 pages take a quarter of it
_SECONDS, _SECONDS_A_PAGE = 60.0, 1.0  # a page takes less than a tenth on an idle machine
_EXTRA_BYTES = 2**28  # by which a PDF may become larger than twice its scan


class Binder:
    """Builds searchable PDFs. Safe to use from many threads."""

    def __init__(self, settings: ReadingSettings) -> None:
        self._level = settings.pdf_level
        self._passwords_file = settings.passwords_file

    def bind(
        self, source: Path, wanted: PdfRequest, pages: Iterable[Page], folder: Path
    ) -> PdfResult:
        """Write the words of the pages over a scan, as a PDF in a folder of the caller's.

        Args:
            source: the scan.
            wanted: the scan's media type, and the title and code that the PDF states.
            pages: the pages of the scan in order, as they were read.
            folder: where the PDF is put, beside what is needed to build it.

        Raises:
            ReadingError: the scan cannot be written on, or it takes too long.
            RefusedScanError: the scan cannot be opened any more.
            StorageUnavailableError: no space is left in the folder.
        """
        began = time.monotonic()
        target, words = folder / "searchable.pdf", folder / "words.jsonl"
        count = _write_words(words, pages)
        seconds = _SECONDS + _SECONDS_A_PAGE * count
        job = {
            "name": "bind",
            "path": str(source.absolute()),
            "media_type": wanted.media_type,
            "words": str(words),
            "target": str(target),
            "folder": str(folder),
            "level": self._level,
            "title": wanted.title,
            "code": wanted.code,
            "seconds": seconds,
            "memory": _MEMORY,
            "cpu_seconds": round(seconds),
            "max_file": 2 * source.stat().st_size + _EXTRA_BYTES,
        }
        result = ask_unlocking(job, seconds, PROGRAM, self._passwords_file)
        return PdfResult(
            path=target if result["sound"] else None,
            level=str(result["level"]),
            words=int(result["words"]),
            reasons=tuple(map(str, result["reasons"])),
            seconds=round(time.monotonic() - began, 3),
        )

    def is_inert(self, pdf: Path) -> bool:
        """Tell whether nothing in a PDF acts, leads outside or carries files.

        Raises:
            ReadingError: it takes too long, or more memory than it may.
        """
        with tempfile.TemporaryDirectory(prefix="sohoa-pdf-") as folder:
            job = {
                "name": "check",
                "path": str(pdf.absolute()),
                "folder": folder,
                "memory": _MEMORY,
                "cpu_seconds": round(_SECONDS),
            }
            return bool(pool.ask(job, _SECONDS, PROGRAM)["is_inert"])


def _write_words(path: Path, pages: Iterable[Page]) -> int:
    """Write a line of JSON for each page, one page in memory at a time; return how many."""
    count = 0
    try:
        with path.open("w", encoding="utf-8") as stream:
            for page in pages:
                stream.write(json.dumps(_words(page), ensure_ascii=False) + "\n")
                count += 1
    except OSError as error:
        raise disk_full() from error
    return count


def _words(page: Page) -> dict[str, Any]:
    is_own = page.source is Source.TEXT_LAYER
    lines = () if is_own else page.text.lines
    return {
        "width": page.measures.width,
        "height": page.measures.height,
        "turn": page.measures.orientation,
        "skew": page.measures.skew,
        "is_own": is_own,
        "lines": [[(nfc(word.text), *word.box) for word in line.words] for line in lines],
    }
