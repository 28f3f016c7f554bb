"""Makes of a refused file one that can be taken in, in the sandbox: locked PDFs, pictures."""

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

_UNLOCK_SECONDS, _CONVERT_SECONDS = 30.0, 60.0  # at most


class _Unlocked(Answer):
    file: Literal["unlocked.pdf"] | None  # None: it has no lock


class _Converted(Answer):
    file: Literal["converted.pdf"] | None  # None: it is taken in as it is


def unlock(path: Path, password: str, target: Path, settings: ReadingSettings) -> None:
    """Write a copy of a locked PDF that opens without its password.

    The password is in the order of the job, in a folder for this user alone, until the job has
    read it; nowhere else, and not in the copy.

    Args:
        path: the PDF, in a private folder of ours; moved when it has no lock.
        password: the password as it was typed.
        target: the file to write; it must not exist.
        settings: the limits of files.

    Raises:
        EncryptedScanError: the password does not open it.
        RefusedScanError: the file cannot be taken, or brings the process down.
        OSError: the copy cannot be written.
    """
    _remake("unlock", (path, target), settings, _UNLOCK_SECONDS, _Unlocked, passwords=(password,))


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
    limits = {"max_pixels": settings.max_pixels, "office": settings.office}
    return _remake("convert", (path, target), settings, _CONVERT_SECONDS, _Converted, **limits)


def has_office(settings: ReadingSettings) -> bool:
    """Tell whether documents of offices become PDF here."""
    return settings.office == "auto" and find_office() is not None


def _remake(
    name: str,
    files: tuple[Path, Path],
    settings: ReadingSettings,
    seconds: float,
    answer: type[_Unlocked] | type[_Converted],
    **arguments: object,
) -> bool:
    """Have a job make a file of one and bring it, or that one itself, to its place.

    Returns:
        Whether the job made a file.
    """
    source, target = files
    with private_folder(f"sohoa-{name}-") as folder:
        job = Job(
            name=name,
            folder=folder,
            source=source.absolute(),
            seconds=min(seconds, settings.page_seconds),
            memory=MEMORY,
            arguments=arguments,
            programs=(),
            demands_all=settings.sandbox == "required",
        )
        try:
            told = ask(job, PROGRAM, answer)
        except ReadingError as error:
            raise UnreadableScanError(error.message, error.remedy) from error
        take(source if told.file is None else folder / told.file, target, MAX_FILE)
        return told.file is not None
