"""Moves refused files to ``_loi/`` under their own names, with a note of the reason beside each."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path, PurePath

from pipeline.errors import RefusedScanError
from pipeline.intake.handles import Folder, share_file
from pipeline.intake.own_folders import own_folder
from pipeline.intake.taking import DroppedFile, Stray
from pipeline.intake.watched.ignored import REFUSED

NOTE_SUFFIX = ".ly-do.txt"
_LONGEST_NAME = 255 - len(NOTE_SUFFIX)  # bytes: NAME_MAX of Linux, the note's ending added
_LONGEST_SUFFIX = 20  # characters; anything longer behind a dot is part of the name


def refused_folder(folder: Path) -> Path:
    """Return the folder into which the refused files of a watched folder are moved."""
    return folder / REFUSED


def move_to_refused(
    folder: Path, source: Folder, file: DroppedFile | Stray, error: RefusedScanError
) -> None:
    """Move a refused file to ``_loi/``, a note with the reason beside it; nothing is overwritten.

    It goes under the folders it was dropped in. A name that is taken there gets a number.

    Args:
        folder: the watched folder.
        source: the folder the drop lies in.
        file: the file; its private copy serves where ``_loi/`` is on another file system.
        error: the error with which it was refused.

    Raises:
        ForeignFolderError: ``_loi`` is not the product's folder.
        OSError: it cannot be moved.
    """
    *inside, last = file.parts
    with ExitStack() as opened:
        watched = opened.enter_context(Folder.at(folder))
        target = opened.enter_context(own_folder(watched, REFUSED))
        for part in (*file.above, *inside):
            target = opened.enter_context(_folder_in(target, part))
        for part in inside:
            source = opened.enter_context(source.folder(part))
        name = _free_name(last, target.has)
        _write_note(target, name, error)
        try:
            source.move(last, target, name)
        except OSError as trouble:
            if trouble.errno != errno.EXDEV or not isinstance(file, DroppedFile):
                raise
            _copy(file.copy, target, name)
            source.remove(last)


def _folder_in(parent: Folder, name: str) -> Folder:
    def is_other(wanted: str) -> bool:
        if not parent.has(wanted):
            return False
        try:
            parent.folder(wanted).__exit__()
        except OSError:
            return True
        return False

    folder = parent.make_folder(_free_name(name, is_other))
    folder.share_like(parent)
    return folder


def _write_note(target: Folder, name: str, error: RefusedScanError) -> None:
    with target.create(name + NOTE_SUFFIX) as note:
        note.write(f"{error.message}\n{error.remedy}\n".encode())
        share_file(note.fileno(), target)


def _copy(copy: Path, target: Folder, name: str) -> None:
    with copy.open("rb") as source, target.create(name) as stream:
        shutil.copyfileobj(source, stream)
        share_file(stream.fileno(), target)
        stream.flush()
        os.fsync(stream.fileno())


def _free_name(wanted: str, is_taken: Callable[[str], bool]) -> str:
    target, count = _numbered(wanted, ""), 1
    while is_taken(target) or is_taken(target + NOTE_SUFFIX):
        count += 1
        target = _numbered(wanted, f" ({count})")
    return target


def _numbered(name: str, number: str) -> str:
    """Append a number to a name, which is cut to leave space for the suffix of its note."""
    path = PurePath(name)
    suffix = path.suffix if len(path.suffix) <= _LONGEST_SUFFIX else ""
    stem, ending = name.removesuffix(suffix), number + suffix
    while len(os.fsencode(stem + ending)) > _LONGEST_NAME:
        stem = stem[:-1]
    return stem + ending
