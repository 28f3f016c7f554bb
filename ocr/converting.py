"""Turns a refused file into one that can be taken in, in the sandbox: pictures become a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from ocr.files.client import MEMORY, PROGRAM
from ocr.files.inside.office_parts import find_office
from ocr.sandbox.answers import Answer
from ocr.sandbox.job import MAX_FILE, Job, private_folder, take
from ocr.sandbox.pool import ask
from pipeline.errors import ReadingError, UnreadableScanError
from pipeline.settings import ReadingSettings

_SECONDS = 60.0


class _Converted(Answer):
    file: Literal["converted.pdf"] | None  # None: it is taken in as it is


def convert(path: Path, target: Path, settings: ReadingSettings) -> bool:
    """Write what can be taken in for a file; tell whether that is a PDF made of it.

    Args:
        path: the file, in a private folder of ours; moved when it is taken in as it is.
        target: the file to write; it must not exist.
        settings: the limits of files.

    Raises:
        RefusedScanError: nothing here reads it, it is too large, or brings the process down.
        OSError: the file cannot be written.
    """
    with private_folder("sohoa-convert-") as folder:
        job = Job(
            name="convert",
            folder=folder,
            source=path.absolute(),
            seconds=min(_SECONDS, settings.page_seconds),
            memory=MEMORY,
            arguments={"max_pixels": settings.max_pixels, "office": settings.office},
            programs=(),
            demands_all=settings.sandbox == "required",
        )
        try:
            told = ask(job, PROGRAM, _Converted)
        except ReadingError as error:
            raise UnreadableScanError(error.message, error.remedy) from error
        take(path if told.file is None else folder / told.file, target, MAX_FILE)
        return told.file is not None


def has_office(settings: ReadingSettings) -> bool:
    """Tell whether documents of offices become PDF here."""
    return settings.office == "auto" and find_office() is not None
