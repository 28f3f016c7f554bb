"""Notices a damaged file of the indexes of owners and duplicates, and sets it aside for a new one.

The file is derived from the store, so nothing is lost; the copy stays for whoever wants to know
why. Of several processes that notice the damage one sets aside, under a lock.
"""

from __future__ import annotations

import fcntl
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)

ASIDE = ".damaged"  # behind the file's name
IsOurs = Callable[[sqlite3.Connection], bool]
_BROKEN = {11, 26}  # SQLITE_CORRUPT, SQLITE_NOTADB (sqlite.org/rescode.html)
_BESIDE = ("", "-wal", "-shm")


def tells_of_damage(error: DBAPIError) -> bool:
    """Tell whether an error means that SQLite's file is no database any more, or has bad pages."""
    return (getattr(error.orig, "sqlite_errorcode", 0) & 0xFF) in _BROKEN


def set_aside(path: Path, is_ours: IsOurs = lambda _: True) -> None:
    """Move a file out of the way, unless another process did and a sound one stands there.

    Args:
        path: the database.
        is_ours: tells of a whole database whether what it has is of use; an empty file is.

    Raises:
        OSError: it cannot be moved.
    """
    with _locked(path):
        if _is_sound(path, is_ours):
            return
        for suffix in _BESIDE:
            with suppress(FileNotFoundError):
                path.with_name(path.name + suffix).replace(aside(path, suffix))
    log.warning("%s is damaged or of another key: it is set aside and built anew", path.name)


def aside(path: Path, suffix: str = "") -> Path:
    """Return where a damaged database is kept."""
    return path.with_name(path.name + ASIDE + suffix)


def identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one of its name; None when there is none."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _is_sound(path: Path, is_ours: IsOurs) -> bool:
    """Tell whether a database is whole and ours; an empty file is, it gets its tables."""
    if identity(path) is None:
        return True
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=5)) as database:
            if database.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                return False
            with suppress(sqlite3.OperationalError):  # no such table yet
                return is_ours(database)
    except sqlite3.DatabaseError:
        return False
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.with_name(f"{path.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
