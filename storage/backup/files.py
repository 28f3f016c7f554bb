"""Copies single files of a backup: hashed on the way, whole or absent, never through a link."""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

_CHUNK = 1 << 20
_BUSY_SECONDS = 30.0


def file_sha256(chunks: Iterable[bytes]) -> str:
    """Return the SHA-256 of bytes that come in pieces, hexadecimal."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def chunks_of(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a plain file. Raises ``OSError``, also for a link or device."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a plain file", str(path))
        while chunk := stream.read(_CHUNK):
            yield chunk


def read_plain(path: Path) -> bytes:
    """Return the bytes of a plain file. Raises ``OSError``, also for a link or device."""
    return b"".join(chunks_of(path))


def copy_whole(source: Path, arriving: Path, target: Path) -> tuple[str, int]:
    """Copy a file so that its name is there only once it is whole; an older one is replaced.

    Its bytes are brought to the disk by the caller, for many files at once.

    Args:
        source: the file.
        arriving: where it is written first, on the same file system as the target.
        target: its name.

    Returns:
        SHA-256 of what was copied, and its bytes.

    Raises:
        OSError: the source cannot be read, or the target not be written.
    """
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        for chunk in chunks_of(source):
            digest.update(chunk)
            stream.write(chunk)
            size += len(chunk)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    arriving.replace(target)
    return digest.hexdigest(), size


def copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite database as it is at one moment, with what lies in its write-ahead log.

    Writers go on meanwhile.

    Args:
        source: the database.
        target: the copy, which must not exist.

    Raises:
        sqlite3.Error: it is damaged, locked for long, or the target is full.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    address = f"{source.absolute().as_uri()}?mode=rw"  # rw: a reader of a log needs its index
    with (
        closing(sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS)) as original,
        closing(sqlite3.connect(target, timeout=_BUSY_SECONDS)) as copy,
    ):
        original.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
    check_database(target)


def check_database(path: Path) -> None:
    """Read a whole SQLite database. Raises ``sqlite3.Error``: it is damaged."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        told = db.execute("PRAGMA integrity_check").fetchone()[0]
    if told != "ok":
        raise sqlite3.DatabaseError(told)
