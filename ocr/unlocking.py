"""Takes the lock off a PDF by the password that somebody typed, in the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from ocr.files.client import MEMORY, PROGRAM
from ocr.sandbox.answers import Answer
from ocr.sandbox.job import MAX_FILE, Job, private_folder, take
from ocr.sandbox.pool import ask
from pipeline.errors import ReadingError, UnreadableScanError
from pipeline.settings import ReadingSettings

_SECONDS = 30.0


class _Unlocked(Answer):
    file: Literal["unlocked.pdf"] | None  # None: it has no lock


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
    with private_folder("sohoa-unlock-") as folder:
        job = Job(
            name="unlock",
            folder=folder,
            source=path.absolute(),
            seconds=min(_SECONDS, settings.page_seconds),
            memory=MEMORY,
            arguments={"passwords": (password,)},
            programs=(),
            demands_all=settings.sandbox == "required",
        )
        try:
            told = ask(job, PROGRAM, _Unlocked)
        except ReadingError as error:
            raise UnreadableScanError(error.message, error.remedy) from error
        take(path if told.file is None else folder / told.file, target, MAX_FILE)
