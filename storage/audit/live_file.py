"""The file in the home that one process appends audit entries to, until it is sealed.

A kernel lock on the file says that its writer lives: the kernel frees it when the process dies.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.audit import Chain, SegmentPlace, Verb
from pipeline.errors import AuditUnavailableError
from pipeline.private_files import fsync_folder

SUFFIX = ".jsonl"


def new_writer() -> str:
    """Return the id of a new writer: milliseconds since 1970, then 5 random bytes, hexadecimal."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(5)}"


def name_of(place: SegmentPlace) -> str:
    """Return the name of a segment's live file."""
    return str(place).replace("/", "-") + SUFFIX


def place_of(path: Path) -> SegmentPlace | None:
    """Return the place of a live file; None for a file that is none."""
    text = path.name.removesuffix(SUFFIX).replace("-", "/")
    return SegmentPlace.parse(text) if path.name.endswith(SUFFIX) else None


class LiveFile:
    """A segment that grows; entries of many threads share one wait for the disk."""

    def __init__(self, folder: Path, place: SegmentPlace, chain: Chain, follows: str) -> None:
        """Make the file with its first line, locked and on the disk.

        Args:
            folder: where live files lie; made where it is missing.
            place: where the segment will belong in the store.
            chain: the end of the writer's chain so far; from now on the file's own.
            follows: the place of the segment before; empty for the first.

        Raises:
            AuditUnavailableError: it cannot be made.
        """
        self.place = place
        self.began = time.monotonic()
        self._chain = chain
        self._waiting: list[bytes] = []  # lines that are not on the disk yet
        self._changed = threading.Condition()
        self._is_writing = False
        self._durable = 0  # number of the last line that is on the disk
        self._error: OSError | None = None
        self._is_sealed = False
        with unavailable():
            path, self._descriptor = _make(folder, place)
        self._first = self._add(_beginning(place, follows))
        self.commit(self._first)
        try:
            path.rename(folder / name_of(place))
            fsync_folder(folder)
        except OSError as error:
            self._give_up(error)
            raise _refused(error) from error

    @property
    def has_entries(self) -> bool:
        """Whether anything was recorded in it."""
        return self._chain.number > self._first

    @property
    def chain(self) -> Chain:
        """The end of the chain, for the segment that follows."""
        return Chain(self._chain.head, self._chain.number)

    def add(self, body: Mapping[str, Any]) -> int:
        """Take a line, to be written by the next ``commit``; return its number."""
        with self._changed:
            if self._error or self._is_sealed:
                raise _refused(self._error or OSError(0, "sealed"))
            return self._add(body)

    def _add(self, body: Mapping[str, Any]) -> int:
        stamped = {"at": datetime.now(UTC).isoformat(), **body}
        self._waiting.append(self._chain.link(stamped))
        return self._chain.number

    def commit(self, number: int) -> None:
        """Return when the line of this number is on the disk.

        Whoever comes first writes what all have added; those who waited meanwhile are done.

        Raises:
            AuditUnavailableError: it could not be written; the file takes no more lines.
        """
        with self._changed:
            while self._is_writing and self._durable < number:
                self._changed.wait()
            if self._durable >= number:
                return
            if self._error:
                raise _refused(self._error)
            self._is_writing = True
            lines, last = b"".join(self._waiting), self._chain.number
            self._waiting.clear()
        try:
            _write(self._descriptor, lines)
            os.fsync(self._descriptor)
        except OSError as error:
            self._give_up(error)
            raise _refused(error) from error
        with self._changed:
            self._durable, self._is_writing = last, False
            self._changed.notify_all()

    def _give_up(self, error: OSError) -> None:
        """Leave the file to whoever seals it: what of the last lines is on the disk is unknown."""
        self._release()
        with self._changed:
            self._error, self._is_writing = error, False
            self._changed.notify_all()

    def seal(self, body: Mapping[str, Any]) -> None:
        """Write the last line and let go of the file. Raises ``AuditUnavailableError``."""
        with self._changed:
            if self._error:
                raise _refused(self._error)
            self._is_sealed = True
            last = self._add({"verb": str(Verb.SEALED), **body})
        self.commit(last)
        self._release()

    def _release(self) -> None:
        with suppress(OSError):  # also of children that were forked meanwhile
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        os.close(self._descriptor)


@contextmanager
def unavailable() -> Iterator[None]:
    """Turn errors of the file system into ours."""
    try:
        yield
    except OSError as error:
        raise _refused(error) from error


def _refused(error: OSError) -> AuditUnavailableError:
    return AuditUnavailableError(
        f"Không ghi được nhật ký truy cập ({error.strerror}), nên không đưa ra gì.",
        "Kiểm tra ổ đĩa của SOHOA_HOME: còn chỗ trống, còn quyền ghi; rồi làm lại.",
    )


def _make(folder: Path, place: SegmentPlace) -> tuple[Path, int]:
    """Make and lock a file under a name that nobody takes for a live file yet."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fsync_folder(folder.parent)
    path = folder / f".new-{place.writer}-{place.number:06d}"
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return path, descriptor


def _beginning(place: SegmentPlace, follows: str) -> dict[str, Any]:
    return {
        "verb": str(Verb.BEGUN),
        "day": place.day,
        "writer": place.writer,
        "segment": place.number,
        "follows": follows,
        "host": socket.gethostname(),
        "process": os.getpid(),
    }


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
