"""Implements `PdfBinder`: builds searchable PDFs in a sandboxed worker process."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from ocr.files.passwords import unlocking
from ocr.files.poppler import programs_of_poppler
from ocr.pdfa import TARGET
from ocr.sandbox import pool
from ocr.sandbox.answers import Answer, Sentence, crashed
from ocr.sandbox.disk_space import disk_full
from ocr.sandbox.job import Job, private_folder, take
from pipeline.model import Page, Source
from pipeline.ports.searchable_pdf import PdfRequest, PdfResult
from pipeline.settings import ReadingSettings
from pipeline.vietnamese import nfc

PROGRAM = "ocr.pdfa.worker"
_MEMORY = 1_600_000_000  # bytes of address space: 500 pages take a quarter of it
_SECONDS, _SECONDS_A_PAGE = 60.0, 1.0  # a page takes less than a tenth on an idle machine
_EXTRA_BYTES = 2**28  # by which a PDF may become larger than twice its scan


class _Built(Answer):
    level: Literal["", "1b", "2b", "3b"]
    words: Annotated[int, Field(ge=0, le=1_000_000_000)]
    reasons: Annotated[list[Sentence], Field(max_length=20)]
    sound: bool


class _Checked(Answer):
    is_inert: bool


class Binder:
    """Builds searchable PDFs. Safe to use from many threads."""

    def __init__(self, settings: ReadingSettings) -> None:
        self._settings = settings

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
        with private_folder("bind-", folder) as room:
            words = room / "words.jsonl"
            count = _write_words(words, pages, wanted.left_out)
            job = self._job(source.absolute(), wanted, words, _SECONDS + _SECONDS_A_PAGE * count)

            def attempt(passwords: tuple[str, ...]) -> _Built:
                with private_folder("job-", room) as inner:
                    given = {**job.arguments, "passwords": passwords}
                    done = replace(job, folder=inner, arguments=given)
                    return _built(done, folder / TARGET)

            built = unlocking(attempt, self._settings.passwords_file)
        if built.sound and not self.is_inert(folder / TARGET):
            raise crashed()  # what built it was no longer ours
        return PdfResult(
            path=folder / TARGET if built.sound else None,
            level=built.level,
            words=built.words,
            reasons=tuple(built.reasons),
            seconds=round(time.monotonic() - began, 3),
        )

    def _job(self, source: Path, wanted: PdfRequest, words: Path, seconds: float) -> Job:
        fields = {"media_type": wanted.media_type, "title": wanted.title, "code": wanted.code}
        return Job(
            name="bind",
            folder=words.parent,
            source=source,
            seconds=seconds,
            memory=_MEMORY,
            arguments=fields | {"level": self._settings.pdf_level, "words": str(words)},
            programs=programs_of_poppler(),
            reads=(words,),
            cpu_seconds=round(seconds),
            max_file=2 * source.stat().st_size + _EXTRA_BYTES,
            demands_all=self._settings.sandbox == "required",
        )

    def is_inert(self, pdf: Path) -> bool:
        """Tell whether nothing in a PDF acts, leads outside or carries files.

        Raises:
            ReadingError: it takes too long, or more memory than it may.
        """
        with private_folder("sohoa-pdf-") as folder:
            job = Job(
                name="check",
                folder=folder,
                source=pdf.absolute(),
                seconds=_SECONDS,
                memory=_MEMORY,
                cpu_seconds=round(_SECONDS),
                demands_all=self._settings.sandbox == "required",
            )
            return pool.ask(job, PROGRAM, _Checked).is_inert


def _built(job: Job, target: Path) -> _Built:
    """Have a PDF built, and move it out of the job's folder when it is sound."""
    built = pool.ask(job, PROGRAM, _Built)
    if built.sound:
        try:
            take(job.folder / TARGET, target, job.max_file)
        except OSError as error:
            raise crashed() from error
    return built


def _write_words(path: Path, pages: Iterable[Page], left_out: Collection[int]) -> int:
    """Write a line of JSON for each page, one page in memory at a time; return how many."""
    count = 0
    try:
        with path.open("w", encoding="utf-8") as stream:
            for page in pages:
                row = _words(page) | {"is_left_out": page.number in left_out}
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
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
