"""Has the files inside a file taken out by a worker process, and checks what it left."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from ocr.files.client import PROGRAM
from ocr.files.passwords import ask_unlocking
from ocr.sandbox.pool import error_of
from pipeline.errors import ReadingError, RefusedScanError, UnreadableScanError
from pipeline.ports import InnerFile, UnpackLimits
from pipeline.settings import ReadingSettings

# Longest time to unpack 2 GB, or to turn a document into PDF; a document takes 5 seconds.
_SECONDS, _OFFICE_SECONDS = 120.0, 60.0
# Bytes of address space; LibreOffice alone needs 0.7 GB to start.
_MEMORY = 1_600_000_000
_DIGITS = 6  # of the names under which files are put


def unpack(
    path: Path, folder: Path, limits: UnpackLimits, settings: ReadingSettings
) -> tuple[InnerFile, ...]:
    """Take the files out of a file, as ``ScanReader.unpack`` says.

    Raises:
        RefusedScanError: it is damaged, holds more than it may, or brings the process down.
        StorageUnavailableError: no space is left.
    """
    into = folder / "files"
    into.mkdir()
    job: dict[str, Any] = {"name": "unpack", "path": str(path.absolute())}
    job |= {"folder": str(folder.absolute()), "into": str(into.absolute())}
    most = max(1, settings.max_unpacked - limits.spent)
    bounds = {"max_files": limits.files, "max_bytes": most, "max_file": most}
    times = {"seconds": _OFFICE_SECONDS, "cpu_seconds": round(_SECONDS), "memory": _MEMORY}
    try:
        job |= bounds | times
        result = ask_unlocking(job, _SECONDS, PROGRAM, settings.passwords_file)
    except ReadingError as error:
        raise UnreadableScanError(error.message, error.remedy) from error
    return tuple(_inner(into, member) for member in result["members"])


def _inner(folder: Path, member: dict[str, Any]) -> InnerFile:
    parts = tuple(map(str, member["parts"]))
    if "error" in member:
        error = error_of(member)
        refusal = error if isinstance(error, RefusedScanError) else None
        return InnerFile(parts, None, refusal or UnreadableScanError(error.message, error.remedy))
    copy = folder / f"{int(member['file']):0{_DIGITS}d}"
    # The process that wrote it was given a hostile file: a link would lead to any file of ours.
    if not stat.S_ISREG(copy.lstat().st_mode):
        raise UnreadableScanError("Tệp con không phải tệp thường.", "Giải nén rồi thả cả thư mục.")
    return InnerFile(parts, copy)
