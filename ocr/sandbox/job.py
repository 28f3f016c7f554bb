"""Defines a sandboxed job, all that it may touch, and the private folder it is exchanged through.

Nothing of a job passes through the process that starts it: the order is a file in the job's private
folder, and so is the answer. What lies there afterwards was written by whoever took the job over,
so it is opened without following links, and only a regular file with one name is taken.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from ocr.sandbox.disk_space import disk_full

log = logging.getLogger(__name__)

ORDER, ANSWER, MESSAGES = "job.json", "answer.json", "messages.txt"
DONE, REFUSED, DIED, LATE = "done", "refused", "died", "late"  # how a job may end
MAX_FILE = 2**28  # bytes: the largest raster that is handed over takes 210 million
MAX_WORD = 10_000  # letters of a word of an answer
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LEVEL = "level"  # the job that only tells what of the sandbox is in force


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of untrusted work: what does it, what it may touch, and its limits."""

    name: str  # of the function that does it, in the table of its worker
    folder: Path  # the only folder it may write in, and read
    source: Path  # the only file it may read
    seconds: float  # longest time it may take
    memory: int  # bytes of address space, of its process and of each program it starts
    arguments: Mapping[str, Any] = field(default_factory=dict)  # what JSON can carry
    programs: tuple[Path, ...] = ()  # the only programs it may run
    reads: tuple[Path, ...] = ()  # what else it may read, outside the usual folders
    forks: bool = False  # whether it may start processes even where it may run no program
    cpu_seconds: int = 60  # ends a program that goes on when nobody is left to end it
    max_file: int = MAX_FILE  # bytes
    demands_all: bool = False  # whether it is refused where the sandbox is not complete

    def write(self) -> None:
        """Write the order into the folder.

        Raises:
            StorageUnavailableError: the temporary folder is full.
        """
        try:
            (self.folder / ORDER).write_text(json.dumps(asdict(self), default=str), "utf-8")
        except OSError as error:
            raise disk_full() from error


def read_job(folder: Path) -> Job:
    """Read the order that was written into a folder, and remove it: passwords may be in it."""
    order = folder / ORDER
    fields = json.loads(order.read_text("utf-8"))
    order.unlink()
    fields |= {"folder": folder, "source": Path(fields["source"])}
    fields |= {name: tuple(map(Path, fields[name])) for name in ("programs", "reads")}
    return Job(**fields)


def printable(text: str) -> str:
    """Return a text as an answer may contain it: a space for each control character."""
    return _CONTROL.sub(" ", text)


@contextmanager
def private_folder(prefix: str, within: Path | None = None) -> Iterator[Path]:
    """Make a folder that only this user can open, and remove it whatever was put into it.

    Args:
        prefix: the beginning of its name.
        within: the folder it is made in, if not the temporary folder.

    Raises:
        StorageUnavailableError: the temporary folder is full.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=within)).absolute()
    except OSError as error:
        raise disk_full() from error
    try:
        yield folder
    finally:
        remove_tree(folder)


def remove_tree(folder: Path) -> None:
    """Remove a folder, however deep, many or closed the folders in it are.

    ``shutil.rmtree`` calls itself for each level and can be led beyond Python's limits. Here inner
    folders are moved to the top before they are emptied. For folders nobody writes in any more.
    """
    names = (folder / f"{secrets.token_hex(8)}" for _ in count())
    waiting = [folder]
    try:
        while waiting:
            place = waiting.pop()
            for inner in _without_files(place):
                inner.chmod(0o700)
                waiting.append(inner.rename(next(names)))
            if place != folder:
                place.rmdir()
        folder.rmdir()
    except OSError as error:
        log.warning("a temporary folder is left: %s", type(error).__name__)


def _without_files(folder: Path) -> list[Path]:
    """Remove what is no folder from a folder; return the folders in it."""
    folders = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(Path(entry.path))
            else:
                Path(entry.path).unlink()
    return folders


@contextmanager
def opened(file: Path, most: int) -> Iterator[BinaryIO]:
    """Open a file that was handed back, if it is a plain file of its own.

    Args:
        file: the file, in a private folder of ours.
        most: the most bytes it may have.

    Raises:
        OSError: there is none, or it is a link, a pipe, a device, a file with a second name, or
            larger than that.
    """
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb", buffering=0) as stream:
        told = os.fstat(handle)
        if not stat.S_ISREG(told.st_mode) or told.st_nlink != 1 or told.st_size > most:
            raise OSError(f"not a plain file of at most {most} bytes")
        yield stream


def take(file: Path, target: Path, most: int) -> None:
    """Move a file that was handed back out of its private folder, and make it ours.

    Raises:
        OSError: as ``opened``.
    """
    with opened(file, most) as stream:
        if os.fstat(stream.fileno()).st_uid != os.geteuid():
            os.fchown(stream.fileno(), os.geteuid(), os.getegid())
        os.fchmod(stream.fileno(), 0o600)
        file.rename(target)
