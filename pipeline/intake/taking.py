"""Copies a drop into private files, each opened once, and tells later whether it was written to.

What is inspected, hashed and stored is the copy, so nothing that its sender does meanwhile, as
swapping a file for a link, changes what is taken.
"""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.intake.handles import Folder, Identity
from pipeline.intake.settle import is_ignored, is_litter, reading_order
from pipeline.plain_text import replace_unseen

Facts = Mapping[str, tuple[tuple[str, str], ...]]  # of a file, by SHA-256: field, value

_CHUNK = 2**20  # bytes
DEEPEST = 32  # folders within folders: deeper ones are nobody's dossier


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """A file of a drop: its private copy, and what its source was when it was copied."""

    parts: tuple[str, ...]  # its path, from the drop's own name on
    copy: Path
    sha256: str
    source: Identity
    above: tuple[str, ...] = ()  # the standing folders it was dropped into

    @property
    def name(self) -> str:
        """Its path as people see it, from the watched folder on: NFC."""
        return "/".join(map(printable, (*self.above, *self.parts)))

    @property
    def size(self) -> int:
        """Bytes of the copy."""
        return self.copy.stat().st_size


@dataclass(frozen=True, slots=True)
class Stray:
    """What lies in a drop and is never read: hidden, unfinished, a link, a pipe, not readable."""

    parts: tuple[str, ...]
    size: int  # bytes
    above: tuple[str, ...] = ()  # the standing folders it was dropped into
    is_unreadable: bool = False  # a file that this user may not open

    @property
    def name(self) -> str:
        """Its path as people see it, from the watched folder on."""
        return "/".join(map(printable, (*self.above, *self.parts)))


@dataclass(frozen=True, slots=True)
class Drop:
    """What was dropped: one file, or a folder's files in the order people read them."""

    dossier: str  # id chosen when the drop was claimed
    name: str  # of the file or folder, as people see it
    files: tuple[DroppedFile, ...]
    strays: tuple[Stray, ...] = ()
    origin: str | None = None  # the folder it was dropped into; None: into none that is watched
    # SHA-256 of earlier versions of its files, which were written to after they had been taken;
    # the scans of the new versions take their places.
    outdated: frozenset[str] = frozenset()
    # What the sender of a file states of the first paper in it, by SHA-256.
    facts: Facts = field(default_factory=dict)

    @property
    def everything(self) -> tuple[DroppedFile | Stray, ...]:
        """Files, then strays: each gets a receipt, in this order."""
        return (*self.files, *self.strays)


def printable(name: str) -> str:
    """Return a file name as text that people see in full: NFC, on one line.

    U+FFFD stands for bytes that are no UTF-8, and for control characters and others unseen.
    """
    text = os.fsencode(name).decode("utf-8", errors="replace")
    return replace_unseen(unicodedata.normalize("NFC", text))


def take(
    parent: Folder, name: str, dossier: str, private: Path, above: tuple[str, ...] = ()
) -> Drop:
    """Copy a drop into private files.

    Args:
        parent: the folder the drop lies in.
        name: its name there.
        dossier: the id chosen for it.
        private: a folder that only this user may enter; the copies go there.
        above: the standing folders of the watched folder into which it was dropped.

    Raises:
        OSError: a file cannot be read, or a copy not be written.
    """
    taking = _Taking(private, above)
    taking.add(parent, (name,))
    return Drop(dossier, printable(name), tuple(taking.files), tuple(taking.strays))


def take_path(path: Path, dossier: str, private: Path) -> Drop:
    """Copy a file or folder that a path names, as ``take`` does; the source stays.

    Raises:
        OSError: a file cannot be read, or a copy not be written.
    """
    path = path.absolute()
    with Folder.at(path.parent) as parent:
        return take(parent, path.name, dossier, private)


def identities(parent: Folder, name: str) -> dict[tuple[str, ...], Identity]:
    """Return what a drop's files are now, by their paths, strays left out.

    Raises:
        OSError: a folder of it cannot be listed.
    """
    found: dict[tuple[str, ...], Identity] = {}

    def add(folder: Folder, parts: tuple[str, ...]) -> None:
        state = os.stat(parts[-1], dir_fd=folder.descriptor, follow_symlinks=False)
        if stat.S_ISREG(state.st_mode):
            found[parts] = Identity.of(state)
        elif stat.S_ISDIR(state.st_mode):
            with folder.folder(parts[-1]) as inside:
                for entry in inside.entries():
                    if not is_ignored(entry.name):
                        add(inside, (*parts, entry.name))

    add(parent, (name,))
    return found


def hash_of(parent: Folder, parts: tuple[str, ...]) -> str:
    """Return the SHA-256 of a file of a drop as it is now. Raises ``OSError``."""
    *above, last = parts
    with ExitStack() as opened:
        folder = parent
        for part in above:
            folder = opened.enter_context(folder.folder(part))
        stream, sha256 = opened.enter_context(folder.file(last)), hashlib.sha256()
        while chunk := stream.read(_CHUNK):
            sha256.update(chunk)
        return sha256.hexdigest()


class _Taking:
    """Walks through a drop and copies its files, in the order people read them."""

    def __init__(self, private: Path, above: tuple[str, ...]) -> None:
        self._private = private
        self._above = above
        self.files: list[DroppedFile] = []
        self.strays: list[Stray] = []

    def add(self, folder: Folder, parts: tuple[str, ...]) -> None:
        state = os.stat(parts[-1], dir_fd=folder.descriptor, follow_symlinks=False)
        if stat.S_ISREG(state.st_mode):
            try:
                self.files.append(self._copied(folder, parts))
            except PermissionError:
                self.strays.append(Stray(parts, state.st_size, self._above, is_unreadable=True))
        elif stat.S_ISDIR(state.st_mode) and len(parts) <= DEEPEST:
            with folder.folder(parts[-1]) as inside:
                self._add_all(inside, parts)
        else:
            self.strays.append(Stray(parts, state.st_size, self._above))

    def _add_all(self, folder: Folder, parts: tuple[str, ...]) -> None:
        for entry in sorted(folder.entries(), key=lambda entry: reading_order(entry.name)):
            inside = (*parts, entry.name)
            if is_litter(entry.name):
                continue
            if is_ignored(entry.name):
                self.strays.append(Stray(inside, entry.identity.size, self._above))
            else:
                self.add(folder, inside)

    def _copied(self, folder: Folder, parts: tuple[str, ...]) -> DroppedFile:
        copy, sha256 = self._private / f"{len(self.files):06d}", hashlib.sha256()
        with folder.file(parts[-1]) as source, copy.open("xb") as target:
            seen = Identity.of(os.fstat(source.fileno()))
            while chunk := source.read(_CHUNK):
                sha256.update(chunk)
                target.write(chunk)
        return DroppedFile(parts, copy, sha256.hexdigest(), seen, self._above)
