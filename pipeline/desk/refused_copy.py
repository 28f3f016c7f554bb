"""Finds a refused file where intake moved it, and copies it into a private place."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, suppress
from pathlib import Path, PurePosixPath

from pipeline.desk.files import DeskFile
from pipeline.intake.handles import Folder
from pipeline.intake.watched.ignored import REFUSED

_MOST_NUMBERED = 20  # names that intake made by a number because the plain one was taken


def copy_refused(file: DeskFile, target: Path) -> bool:
    """Copy a refused file; False when it does not lie where this process sees it.

    It is known by its name and size. Nothing is followed: ``_loi`` may lie on a share.

    Args:
        file: the refused file.
        target: the file to write; it must not exist.
    """
    *inside, last = PurePosixPath(file.receipt.name).parts
    path = PurePosixPath(last)
    with suppress(OSError), ExitStack() as opened:
        folder = opened.enter_context(Folder.at(file.folder))
        for part in (REFUSED, *inside):
            folder = opened.enter_context(folder.folder(part))
        for number in range(1, _MOST_NUMBERED):
            name = last if number == 1 else f"{path.stem} ({number}){path.suffix}"
            if folder.has(name) and _copy(folder, name, file.receipt.size, target):
                return True
    return False


def _copy(folder: Folder, name: str, size: int, target: Path) -> bool:
    with folder.file(name) as stream:
        if os.fstat(stream.fileno()).st_size != size:
            return False
        with target.open("xb") as copy:
            shutil.copyfileobj(stream, copy)
    return True
