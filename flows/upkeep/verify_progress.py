"""Remembers when each object was last verified, so that `sohoa verify` resumes where it stopped.

The SQLite file beside the store may be deleted at any time; then the next round begins with
nothing verified. It is written without waiting for the disk: what a power failure takes of it is
only verified again.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path

from flows.upkeep.progress_file import open_file, open_or_replace

log = logging.getLogger(__name__)

FILE = "verify.sqlite3"
_TABLES = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = OFF",
    # at: seconds since 1970; 0 for an object that was faulty, which is verified first
    "CREATE TABLE IF NOT EXISTS looked(key TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS round(began REAL NOT NULL)",
    "CREATE TEMP TABLE listed(key TEXT PRIMARY KEY) WITHOUT ROWID",
)
_OF_LISTED = "FROM listed LEFT JOIN looked USING (key)"
_DUE = "(at IS NULL OR at > 0 AND at < ?)"


class VerifyProgress:
    """When each object was last verified, by key; usable from one thread."""

    def __init__(self, home: Path) -> None:
        """Open the file of a home; where it cannot be written, remember in memory only.

        Args:
            home: the folder that holds the store.
        """
        try:
            self._db = open_or_replace(home / FILE, _TABLES)
        except (sqlite3.Error, OSError) as error:  # a backup on a medium that is read-only
            log.warning("%s is not usable (%s): nothing is remembered", FILE, error)
            self._db = open_file(":memory:", _TABLES)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def note_listing(self, keys: Iterable[str]) -> int:
        """Store the keys of all objects there are now; return their number.

        Args:
            keys: keys of the archive's objects.
        """
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
        """Return the keys of listed objects that were faulty when last verified, sorted."""
        return self._keys(f"SELECT key {_OF_LISTED} WHERE at = 0 ORDER BY key")

    def due(self, before: float, limit: int | None) -> list[str]:
        """Return the keys of listed objects that are due: never verified first, then the oldest.

        Args:
            before: the time in seconds since 1970; an object last verified earlier is due.
            limit: the largest number of keys; None for all.
        """
        query = f"SELECT key {_OF_LISTED} WHERE {_DUE} ORDER BY at, key LIMIT ?"
        return self._keys(query, before, -1 if limit is None else limit)

    def count_due(self, before: float) -> int:
        """Return how many keys ``due`` would return without a limit.

        Args:
            before: the time in seconds since 1970, as for ``due``.
        """
        return self._number(f"SELECT count(*) {_OF_LISTED} WHERE {_DUE}", before)

    def vanished(self) -> list[str]:
        """Return the keys of objects that were verified once and are not listed any more."""
        return self._keys("SELECT key FROM looked WHERE key NOT IN (SELECT key FROM listed)")

    def note(self, key: str, *, is_sound: bool) -> None:
        """Store the result of verifying an object just now.

        Args:
            key: the object's key.
            is_sound: whether no fault was found.
        """
        at = time.time() if is_sound else 0.0
        try:
            self._db.execute("INSERT OR REPLACE INTO looked VALUES (?, ?)", (key, at))
        except sqlite3.Error as error:  # a full disk is no reason to stop verifying
            log.warning("%s cannot be written (%s)", FILE, error)

    def round_began(self) -> float:
        """Return when this round began, in seconds since 1970; begin one if there is none."""
        began = self._db.execute("SELECT began FROM round").fetchone()
        if began is None:
            began = (time.time(),)
            self._db.execute("INSERT INTO round VALUES (?)", began)
        return float(began[0])

    def end_round(self) -> None:
        """Store that everything was verified: the next round begins with the oldest again."""
        self._db.execute("DELETE FROM round")

    def _keys(self, query: str, *values: float) -> list[str]:
        return [row[0] for row in self._db.execute(query, values)]

    def _number(self, query: str, *values: float) -> int:
        return int(self._db.execute(query, values).fetchone()[0])
