"""Lists what waits in a watched folder, and what a drop consists of, in the order people read.

Links, pipes and devices are never read; names that are never taken are in ``ignored.py``.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.intake.watched.ignored import is_ignored, is_litter
from pipeline.intake.watched.standing import StandingFolders
from pipeline.vietnamese.file_order import OrderKey, reading_order

_NO_STANDING = StandingFolders()
_DEEPEST = 100  # folders in folders: no dossier is like that, and removing more of them recurses

Signature = tuple[tuple[str, int, int], ...]  # relative name, size in bytes, mtime in ns


class WaitingDrop(NamedTuple):
    """A file or folder that waits in a watched folder."""

    parts: tuple[str, ...]  # its path from the watched folder on
    entry: os.DirEntry[str]

    def signature(self) -> Signature:
        """Return names, sizes and times of its files; empty for a folder without files.

        Raises:
            OSError: it vanished, or may not be looked at.
        """
        if self.entry.is_dir(follow_symlinks=False):
            return signature_of(Path(self.entry.path))
        return (_sign(self.entry.name, self.entry.stat(follow_symlinks=False)),)


class DropContents(NamedTuple):
    """What a dropped folder contains, litter left out, in no order."""

    files: list[Path]
    strays: list[Path]  # never taken: hidden, unfinished, links, pipes


def drops_in(folder: Path, standing: StandingFolders = _NO_STANDING) -> Iterator[WaitingDrop]:
    """Yield the files and folders of a watched folder that will be taken, in no order.

    A standing folder that cannot be listed is yielded itself, so that its trouble is noticed.

    Args:
        folder: the watched folder.
        standing: the subfolders that stay; what lies in them is yielded in their place.

    Raises:
        OSError: the watched folder cannot be listed.
    """
    listed: list[tuple[tuple[str, ...], list[os.DirEntry[str]]]] = []
    with os.scandir(folder) as entries:
        listed.append(((), list(entries)))
    while listed:
        above, entries_here = listed.pop()
        for entry in entries_here:
            if is_ignored(entry.name) or not _is_paper(entry):
                continue
            parts = (*above, entry.name)
            if not entry.is_dir(follow_symlinks=False) or not standing.contain(parts):
                yield WaitingDrop(parts, entry)
                continue
            try:
                with os.scandir(entry) as inside:
                    listed.append((parts, list(inside)))
            except OSError:
                yield WaitingDrop(parts, entry)


def waiting_drops(folder: Path, standing: StandingFolders = _NO_STANDING) -> list[Path]:
    """Return the files and folders of a watched folder that will be taken, in reading order."""
    try:
        found = [drop.parts for drop in drops_in(folder, standing)]
    except FileNotFoundError:
        return []
    return [folder.joinpath(*parts) for parts in sorted(found, key=path_order)]


def path_order(parts: tuple[str, ...]) -> tuple[OrderKey, ...]:
    """Return what sorts paths in reading order, folder by folder."""
    return tuple(map(reading_order, parts))


def files_of(path: Path) -> list[Path]:
    """Return the files of a drop in the order people read them: itself, or all below it.

    Raises:
        OSError: a folder cannot be listed, or they are nested too deeply.
    """
    return _sorted(path, contents_of(path).files) if path.is_dir() else [path]


def strays_of(path: Path) -> list[Path]:
    """Return what a dropped folder contains that is not taken, litter left out.

    Raises:
        OSError: as ``files_of``.
    """
    if path.is_symlink() or not path.is_dir():
        return []
    return _sorted(path, contents_of(path).strays)


def contents_of(path: Path) -> DropContents:
    """Return the files and strays of a dropped folder.

    Raises:
        OSError: as ``files_of``.
    """
    found = DropContents([], [])
    folders = [(os.fspath(path), 0)]
    while folders:
        folder, depth = folders.pop()
        if depth == _DEEPEST:
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), folder)
        with os.scandir(folder) as entries:
            for entry in entries:
                if is_litter(entry.name):
                    continue
                if is_ignored(entry.name) or not _is_paper(entry):
                    found.strays.append(Path(entry.path))
                elif entry.is_dir(follow_symlinks=False):
                    folders.append((entry.path, depth + 1))
                else:
                    found.files.append(Path(entry.path))
    return found


def signature_of(path: Path) -> Signature:
    """Return names, sizes and times of a drop's files; empty for a folder without files.

    Strays are part of it: a file that still has its temporary name is being written.

    Raises:
        OSError: as ``files_of``, or a file vanished meanwhile.
    """
    return signed_contents(path)[0]


def signed_contents(path: Path) -> tuple[Signature, DropContents]:
    """Return the signature of a drop, a file or a folder, and what it consists of.

    Raises:
        OSError: as ``signature_of``.
    """
    state = path.lstat()
    if stat.S_ISREG(state.st_mode):
        return (_sign(path.name, state),), DropContents([path], [])
    if not stat.S_ISDIR(state.st_mode):
        return (), DropContents([], [])
    contents = contents_of(path)
    if not contents.files:
        return (), contents
    states = ((file, file.lstat()) for file in (*contents.files, *contents.strays))
    start = len(os.fspath(path)) + 1
    signed = (_sign(os.fspath(f)[start:], s) for f, s in states if stat.S_ISREG(s.st_mode))
    return tuple(sorted(signed)), contents


def _sign(name: str, state: os.stat_result) -> tuple[str, int, int]:
    return name, state.st_size, state.st_mtime_ns


def _sorted(above: Path, paths: list[Path]) -> list[Path]:
    return sorted(paths, key=lambda path: path_order(path.relative_to(above).parts))


def _is_paper(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry is a file or a folder: links, pipes and devices are never read."""
    return entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)
