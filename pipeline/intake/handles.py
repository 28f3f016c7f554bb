"""Works inside folders that others may change, by open directories instead of paths.

A path is looked up anew at every use, and whoever may write into one of its folders decides each
time what it leads to. An open directory stays what it is: names are looked up in it, one step
deep, and a name that is a link, a pipe or a device is never opened.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK the open of a pipe would wait for somebody who writes into it.
_FILE = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


class Identity(NamedTuple):
    """What tells that a file is the same and was not written to: inode, size, time of change."""

    device: int
    inode: int
    size: int  # bytes
    changed: int  # mtime, nanoseconds since 1970

    @classmethod
    def of(cls, state: os.stat_result) -> Identity:
        """Return the identity that ``fstat`` or ``lstat`` shows."""
        return cls(state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns)


class Entry(NamedTuple):
    """A name in a folder, as it was when the folder was listed."""

    name: str
    is_file: bool  # a regular file: no folder, link, pipe, socket or device
    identity: Identity


class Folder:
    """An open directory. Close it, or use it in a ``with`` statement."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    @classmethod
    def at(cls, path: Path) -> Folder:
        """Open a folder that the settings name; a link on its way is the operator's and followed.

        Raises:
            OSError: there is no such folder, or it may not be opened.
        """
        return cls(os.open(path, _FOLDER & ~os.O_NOFOLLOW))

    def __enter__(self) -> Self:
        """Return the folder itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the folder."""
        os.close(self.descriptor)

    def folder(self, name: str) -> Folder:
        """Open a folder in this one.

        Raises:
            OSError: it is not there, or no folder: ELOOP or ENOTDIR for a link.
        """
        return Folder(os.open(_one(name), _FOLDER, dir_fd=self.descriptor))

    @contextmanager
    def file(self, name: str, flags: int = os.O_RDONLY) -> Iterator[BinaryIO]:
        """Open a regular file in this folder.

        Args:
            name: its name.
            flags: ``os.O_RDONLY``, or how it is opened for writing.

        Raises:
            OSError: it is not there, may not be opened, or is no regular file (EINVAL, ELOOP).
        """
        descriptor = os.open(_one(name), flags | _FILE, 0o600, dir_fd=self.descriptor)
        with os.fdopen(descriptor, "rb" if flags == os.O_RDONLY else "r+b") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, "not a regular file")
            yield stream

    def create(self, name: str, flags: int = os.O_WRONLY) -> BinaryIO:
        """Create a file in this folder, for the owner alone. Raises ``FileExistsError``."""
        wanted = flags | os.O_CREAT | os.O_EXCL | _FILE
        return os.fdopen(os.open(_one(name), wanted, 0o600, dir_fd=self.descriptor), "wb")

    def make_folder(self, name: str) -> Folder:
        """Open a folder in this one; make it, for the owner alone, where there is none."""
        with suppress(FileExistsError):
            os.mkdir(_one(name), 0o700, dir_fd=self.descriptor)
        return self.folder(name)

    def entries(self) -> list[Entry]:
        """Return what is in this folder; what vanishes meanwhile is left out."""
        found = []
        with os.scandir(self.descriptor) as listing:
            for entry in listing:
                with suppress(FileNotFoundError):
                    state = entry.stat(follow_symlinks=False)
                    is_file = stat.S_ISREG(state.st_mode)
                    found.append(Entry(entry.name, is_file, Identity.of(state)))
        return found

    def has(self, name: str) -> bool:
        """Tell whether a name is taken, also by a link that leads nowhere."""
        try:
            os.stat(_one(name), dir_fd=self.descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True

    def move(self, name: str, target: Folder, new_name: str) -> None:
        """Move a file or folder into another folder of the same file system, whatever it is."""
        os.rename(
            _one(name), _one(new_name), src_dir_fd=self.descriptor, dst_dir_fd=target.descriptor
        )

    def remove(self, name: str) -> None:
        """Remove a file or a folder with all that is in it; links in it are not followed."""
        try:
            os.unlink(_one(name), dir_fd=self.descriptor)
        except (IsADirectoryError, PermissionError):  # POSIX leaves the choice of the two
            shutil.rmtree(_one(name), dir_fd=self.descriptor)

    def share_like(self, other: Folder) -> None:
        """Take over group and mode of another folder, so that its people may read this one."""
        state = os.fstat(other.descriptor)
        _share(self.descriptor, state.st_gid, stat.S_IMODE(state.st_mode) & 0o777)


def share_file(descriptor: int, folder: Folder) -> None:
    """Give an open file the group of a folder, and let those who may read the folder read it."""
    state = os.fstat(folder.descriptor)
    _share(descriptor, state.st_gid, stat.S_IMODE(state.st_mode) & 0o666)


def _share(descriptor: int, group: int, mode: int) -> None:
    # A share that forces owners and modes refuses this, and has its own way of sharing.
    with suppress(PermissionError):
        os.fchown(descriptor, -1, group)
    with suppress(PermissionError):
        os.fchmod(descriptor, mode | 0o600)


def is_ours(folder: Folder, parent: Folder) -> bool:
    """Tell whether a folder was made by this user, or by whom the file system says we are.

    Args:
        folder: the folder in question, opened in ``parent``.
        parent: the folder above it, in which this user may write.

    Raises:
        OSError: nothing can be written into ``parent``.
    """
    owner = os.fstat(folder.descriptor).st_uid
    if owner == os.geteuid():
        return True
    # A share may force one owner on everything; then what we make there has that owner too.
    name = f".sohoa-{os.getpid()}-{os.urandom(6).hex()}"
    with parent.create(name) as probe:
        forced = os.fstat(probe.fileno()).st_uid
    parent.remove(name)
    return owner == forced


def _one(name: str) -> str:
    """Return a name that is one step deep.

    Raises:
        ValueError: it is not.
    """
    if name in {"", ".", ".."} or "/" in name or "\0" in name:
        raise ValueError(f"not the name of an entry: {name!r}")
    return name
