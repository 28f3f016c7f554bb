"""Has the files inside a file taken out in a sandboxed job, and checks what it left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from ocr.files.client import PROGRAM
from ocr.files.inside.office_parts import folders_of_office
from ocr.files.inside.packed import MAX_FACTS, MAX_NAME, MAX_PARTS, MAX_VALUE, clean
from ocr.files.passwords import unlocking
from ocr.sandbox.answers import Answer, Refusal, crashed
from ocr.sandbox.job import MAX_FILE, Job, private_folder, take
from ocr.sandbox.pool import ask
from pipeline.errors import ReadingError, RefusedScanError, UnreadableScanError
from pipeline.plain_text import one_line
from pipeline.ports import InnerFile, UnpackLimits
from pipeline.settings import ReadingSettings

# Longest time to unpack 2 GB, or to turn a document into PDF; a document takes 5 seconds.
_SECONDS, _OFFICE_SECONDS = 120.0, 60.0
# Bytes of address space; LibreOffice alone needs 0.7 GB to start.
_MEMORY = 1_600_000_000

_Name = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME, pattern=r"^[^/\\]*$")]


_Field = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
_Value = Annotated[str, StringConstraints(min_length=1, max_length=MAX_VALUE)]


class _Member(Answer):
    parts: Annotated[list[_Name], Field(min_length=1, max_length=MAX_PARTS)]
    file: Annotated[str, StringConstraints(pattern=r"^(\d{6})?$")]  # empty: it was not taken out
    refusal: Refusal | None
    facts: Annotated[tuple[tuple[_Field, _Value], ...], Field(max_length=MAX_FACTS)] = ()


class _Unpacked(Answer):
    members: list[_Member]


def unpack(
    path: Path, folder: Path, limits: UnpackLimits, settings: ReadingSettings
) -> tuple[InnerFile, ...]:
    """Take the files out of a file, as ``ScanReader.unpack`` says.

    Raises:
        RefusedScanError: it is damaged, holds more than it may, or brings the process down.
        StorageUnavailableError: no space is left.
    """

    def attempt(passwords: tuple[str, ...]) -> tuple[InnerFile, ...]:
        with private_folder("unpack-", folder) as inner:
            job = _job(path, inner, limits, settings, passwords)
            told = ask(job, PROGRAM, _Unpacked)
            if len(told.members) > limits.files:
                raise crashed()
            return tuple(_taken(told.members, inner, folder, job.arguments["max_bytes"]))

    try:
        return unlocking(attempt, settings.passwords_file)
    except ReadingError as error:
        raise UnreadableScanError(error.message, error.remedy) from error


def _job(
    path: Path,
    folder: Path,
    limits: UnpackLimits,
    settings: ReadingSettings,
    passwords: tuple[str, ...],
) -> Job:
    office = folders_of_office() if settings.office == "auto" else ()
    most = max(1, settings.max_unpacked - limits.spent)
    bounds = {"max_files": limits.files, "max_bytes": most, "office_seconds": _OFFICE_SECONDS}
    return Job(
        name="unpack",
        folder=folder,
        source=path.absolute(),
        seconds=_SECONDS,
        memory=_MEMORY,
        arguments=bounds | {"passwords": passwords},
        reads=office,
        forks=bool(office),
        cpu_seconds=round(_SECONDS),
        max_file=max(most, MAX_FILE),  # what it needs besides is not what it takes out
        demands_all=settings.sandbox == "required",
    )


def _taken(members: list[_Member], inner: Path, folder: Path, most: int) -> Iterator[InnerFile]:
    """Move the files out of the job's folder into the caller's, as many bytes as may be."""
    for member in members:
        parts = clean(tuple(member.parts))
        if member.refusal or not member.file:
            yield InnerFile(parts, None, _refusal(member))
            continue
        try:
            take(inner / member.file, folder / member.file, most)
        except OSError as error:
            raise crashed() from error
        most -= (folder / member.file).stat().st_size
        facts = tuple((name, one_line(value)) for name, value in member.facts)
        yield InnerFile(parts, folder / member.file, facts=facts)


def _refusal(member: _Member) -> RefusedScanError:
    error = member.refusal.error_told() if member.refusal else crashed()
    if isinstance(error, RefusedScanError):
        return error
    return UnreadableScanError(error.message, error.remedy)
