"""What was verified when: a file beside the store, so that verifying goes on where it stopped.

It may be deleted at any time; then the next round begins with nothing looked at. Written without
waiting for the disk: what a power failure takes of it is only looked at again.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path

log = logging.getLogger(__name__)

FILE = "verify.sqlite3"
_BUSY_SECONDS = 30.0
_TABLES = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = OFF",
    # at: seconds since 1970; 0 for what was not as it should be, and is looked at first
    "CREATE TABLE IF NOT EXISTS looked(key TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS round(began REAL NOT NULL)",
    "CREATE TEMP TABLE listed(key TEXT PRIMARY KEY) WITHOUT ROWID",
)
_OF_LISTED = "FROM listed LEFT JOIN looked USING (key)"
_DUE = "(at IS NULL OR at > 0 AND at < ?)"


class VerifyProgress:
    """When each object was last found to be as it was written."""

    def __init__(self, home: Path) -> None:
        """Open the ledger of a home; one that cannot be written is done without."""
        try:
            self._db = _mended(home / FILE)
        except (sqlite3.Error, OSError) as error:  # a backup on a medium that is read-only
            log.warning("%s is not usable (%s): nothing is remembered", FILE, error)
            self._db = _opened(":memory:")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def note_listing(self, keys: Iterable[str]) -> int:
        """Note what the archive holds now; return how much that is."""
        self._db.execute("BEGIN")
        try:
            self._db.execute("DELETE FROM listed")
            self._db.executemany(
                "INSERT OR IGNORE INTO listed VALUES (?)", ((key,) for key in keys)
            )
        finally:
            self._db.execute("COMMIT")
        return self._number("SELECT count(*) FROM listed")

    def faulty(self) -> list[str]:
        """Return the listed objects that were not as they should be when last looked at."""
        return self._keys(f"SELECT key {_OF_LISTED} WHERE at = 0 ORDER BY key")

    def due(self, before: float, limit: int | None) -> list[str]:
        """Return the listed objects not looked at since then: never looked at first, then oldest.

        Args:
            before: seconds since 1970.
            limit: how many at most.
        """
        query = f"SELECT key {_OF_LISTED} WHERE {_DUE} ORDER BY at, key LIMIT ?"
        return self._keys(query, before, -1 if limit is None else limit)

    def count_due(self, before: float) -> int:
        """Count what ``due`` would return without a limit."""
        return self._number(f"SELECT count(*) {_OF_LISTED} WHERE {_DUE}", before)

    def vanished(self) -> list[str]:
        """Return what was looked at once and is not listed any more."""
        return self._keys("SELECT key FROM looked WHERE key NOT IN (SELECT key FROM listed)")

    def note(self, key: str, *, well: bool) -> None:
        """Note how an object was found just now."""
        at = time.time() if well else 0.0
        try:
            self._db.execute("INSERT OR REPLACE INTO looked VALUES (?, ?)", (key, at))
        except sqlite3.Error as error:  # a full disk is no reason to stop looking
            log.warning("%s cannot be written (%s)", FILE, error)

    def round_began(self) -> float:
        """Return when the present round began, in seconds since 1970; begin one if none is on."""
        began = self._db.execute("SELECT began FROM round").fetchone()
        if began is None:
            began = (time.time(),)
            self._db.execute("INSERT INTO round VALUES (?)", began)
        return float(began[0])

    def end_round(self) -> None:
        """Note that everything was looked at: the next round begins with the oldest again."""
        self._db.execute("DELETE FROM round")

    def _keys(self, query: str, *values: float) -> list[str]:
        return [row[0] for row in self._db.execute(query, values)]

    def _number(self, query: str, *values: float) -> int:
        return int(self._db.execute(query, values).fetchone()[0])


def _mended(path: Path) -> sqlite3.Connection:
    """Open the file, or a new one in place of a damaged one."""
    try:
        return _opened(str(path))
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return _opened(str(path))


def _opened(path: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        for statement in _TABLES:
            db.execute(statement)
    except sqlite3.Error:
        db.close()
        raise
    return db
