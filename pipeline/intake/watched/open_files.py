"""Finds out whether somebody has a file open for writing: by a lease, else by a scan of /proc.

A read lease (fcntl(2), "Leases") is refused while any process of this kernel has the file open for
writing or mapped into its memory to write, whoever runs it and in whatever container. It is granted
to the file's owner and to processes with CAP_LEASE. Where it is not, /proc shows the open files of
the processes that we may look at: all of them for root, our own for others. What another machine
does on a share, neither of them shows.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import BinaryIO

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK the open of a pipe, or of a file somebody else has a lease on, would wait.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_PROCESSES = Path("/proc")
_HOST_PROCESSES = 0xEFFFFFFC  # inode of the first process namespace: include/linux/proc_ns.h


class Writing(Enum):
    """Whether anybody has a file open for writing."""

    NOBODY = "nobody"
    SOMEBODY = "somebody"
    UNKNOWN = "unknown"


def open_below(folder: Path, parts: tuple[str, ...]) -> BinaryIO:
    """Open a regular file in a folder that others may write, following no link below it.

    Args:
        folder: a folder that the settings name.
        parts: the path from there to the file.

    Raises:
        BlockingIOError: somebody has an exclusive lease on the file.
        OSError: there is no such regular file, or it may not be read.
    """
    above = os.open(folder, _FOLDER & ~os.O_NOFOLLOW)
    try:
        for part in parts[:-1]:
            below = os.open(part, _FOLDER, dir_fd=above)
            os.close(above)
            above = below
        descriptor = os.open(parts[-1], _FILE, dir_fd=above)
    finally:
        os.close(above)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))


def take_read_lease(descriptor: int) -> None:
    """Take a read lease, which ends with ``F_UNLCK`` or when the file is closed.

    While it is held, whoever opens the file to write waits for its end, 45 s at most.

    Args:
        descriptor: a regular file on a local file system, opened for reading only.

    Raises:
        BlockingIOError: somebody has the file open for writing.
        OSError: another user's file and no CAP_LEASE, or a file system without leases.
    """
    # The kernel tells us by a signal when somebody waits: by SIGIO, which ends a process, or by the
    # one that is chosen here, which is ignored by default.
    fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)


def writing_by_lease(descriptor: int) -> Writing:
    """Tell by a read lease, given back at once, whether somebody writes into a file.

    Args:
        descriptor: the descriptor of the file, opened as ``take_read_lease`` asks for it.
    """
    try:
        take_read_lease(descriptor)
    except BlockingIOError:
        return Writing.SOMEBODY
    except OSError:
        return Writing.UNKNOWN
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return Writing.NOBODY


class OpenFiles:
    """The files that the processes we may look at had open for writing at one moment."""

    def __init__(self) -> None:
        self._links: defaultdict[int, list[Path]] = defaultdict(list)  # inode -> links to them
        for process in _numbered(_PROCESSES):
            for link in _numbered(process / "fd"):
                # Sockets and pipes are most of them, and no paths.
                with suppress(OSError):
                    if link.readlink().is_absolute():
                        self._note(process, link)

    def _note(self, process: Path, link: Path) -> None:
        lines = (process / "fdinfo" / link.name).read_text().splitlines()
        facts = dict(line.split(":", 1) for line in lines if ":" in line)
        if int(facts["flags"], 8) & os.O_ACCMODE == os.O_RDONLY:
            return
        # Before Linux 5.14 the inode stands at the file alone, which may be on a share that hangs.
        inode = int(facts["ino"]) if "ino" in facts else link.stat().st_ino
        self._links[inode].append(link)

    def writing(self, file: os.stat_result) -> bool:
        """Tell whether one of the processes still has this file open for writing."""
        for link in self._links.get(file.st_ino, ()):
            with suppress(OSError):
                if os.path.samestat(link.stat(), file):
                    return True
        return False


def sees_all_processes() -> bool:
    """Tell whether ``OpenFiles`` holds those of every process of this machine."""
    try:
        list((_PROCESSES / "1" / "fd").iterdir())
        return (_PROCESSES / "self" / "ns" / "pid").stat().st_ino == _HOST_PROCESSES
    except OSError:
        return False


def _numbered(folder: Path) -> Iterator[Path]:
    with suppress(OSError):  # a process ends, or is another user's
        yield from [path for path in folder.iterdir() if path.name.isdecimal()]
