"""Sets a damaged file of the index of owners aside, so that a new one takes its place.

The file is derived from the store, so nothing is lost; the copy stays for whoever wants to know
why. Of several processes that notice the damage one sets aside, under a lock.
"""

from __future__ import annotations

import fcntl
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from pipeline.errors import OwnersUnavailableError

log = logging.getLogger(__name__)

ASIDE = ".damaged"  # behind the file's name
_BESIDE = ("", "-wal", "-shm")


def set_aside(path: Path, fingerprint: str) -> None:
    """Move a file out of the way, unless another process did and a sound one stands there.

    Args:
        path: the database.
        fingerprint: the fingerprint of the key whose hashes the database must have.

    Raises:
        OwnersUnavailableError: it cannot be moved.
    """
    try:
        with _locked(path):
            if _is_sound(path, fingerprint):
                return
            for suffix in _BESIDE:
                with suppress(FileNotFoundError):
                    path.with_name(path.name + suffix).replace(aside(path, suffix))
    except OSError as error:
        raise OwnersUnavailableError(
            f"Tệp kho của tổ chức, cá nhân bị hỏng và không chuyển đi được ({error.strerror}).",
            f"Xóa {path} rồi chạy `sohoa reindex`.",
        ) from error
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


def _is_sound(path: Path, fingerprint: str) -> bool:
    """Tell whether a database is whole and of our key; an empty file is, it gets its tables."""
    if identity(path) is None:
        return True
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=5)) as database:
            if database.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                return False
            with suppress(sqlite3.OperationalError):  # no such table yet
                asked = "SELECT value FROM owned_facts WHERE name = 'key'"
                return database.execute(asked).fetchone() in {None, (fingerprint,)}
    except sqlite3.DatabaseError:
        return False
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.with_name(f"{path.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
