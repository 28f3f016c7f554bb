"""Opens the SQLite files in which long rounds over the store remember how far they came.

They lie beside the store and may be deleted at any time: a damaged one is replaced by an empty one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

_BUSY_SECONDS = 30.0


def open_or_replace(path: Path, statements: Sequence[str]) -> sqlite3.Connection:
    """Open a file; replace it by an empty one when it is damaged.

    Args:
        path: the file.
        statements: set the database up and make the tables that are missing.

    Raises:
        OSError: a damaged file cannot be removed.
        sqlite3.Error: it cannot be opened or written.
    """
    try:
        return open_file(str(path), statements)
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return open_file(str(path), statements)


def open_file(path: str, statements: Sequence[str]) -> sqlite3.Connection:
    """Open a file, or ``:memory:``, as ``open_or_replace`` does; raises where it is damaged."""
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        for statement in statements:
            db.execute(statement)
    except sqlite3.Error:
        db.close()
        raise
    return db
