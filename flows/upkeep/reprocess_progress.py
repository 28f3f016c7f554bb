"""Remembers what `sohoa reprocess` listed, so that it resumes and applies what was listed alone.

The SQLite file beside the store holds ids and numbers, and may be deleted at any time: then
everything is listed again.
"""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from typing import NamedTuple

from flows.upkeep.progress_file import open_file, open_or_replace
from pipeline.reprocessing.understand import Understanding

log = logging.getLogger(__name__)

FILE = "reprocess.sqlite3"
_TABLES = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = OFF",  # what a power failure takes is only listed again
    "CREATE TABLE IF NOT EXISTS compared(dossier TEXT PRIMARY KEY, sequence INTEGER NOT NULL,"
    " rules TEXT NOT NULL, state TEXT NOT NULL) WITHOUT ROWID",
)


class Compared(NamedTuple):
    """Which record of a dossier was compared, and what the rules made of it."""

    sequence: int
    state: Understanding


class ReprocessProgress:
    """What some rules made of each dossier; usable from one thread."""

    def __init__(self, home: Path, rules: str) -> None:
        """Open the file of a home; where it cannot be written, remember in memory only.

        Args:
            home: the folder that holds the store.
            rules: the version of the rules; what others made is forgotten.
        """
        self._rules = rules
        try:
            self._db = open_or_replace(home / FILE, _TABLES)
        except (sqlite3.Error, OSError) as error:
            log.warning("%s is not usable (%s): nothing is remembered", FILE, error)
            self._db = open_file(":memory:", _TABLES)
        self._db.execute("DELETE FROM compared WHERE rules <> ?", (rules,))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def find(self, dossier: str) -> Compared | None:
        """Return what is remembered of a dossier."""
        asked = "SELECT sequence, state FROM compared WHERE dossier = ?"
        row = self._db.execute(asked, (dossier,)).fetchone()
        return Compared(row[0], Understanding(row[1])) if row else None

    def note(self, dossier: str, sequence: int, state: Understanding) -> None:
        """Remember what the rules made of a record."""
        row = (dossier, sequence, self._rules, str(state))
        self._db.execute("INSERT OR REPLACE INTO compared VALUES (?, ?, ?, ?)", row)
