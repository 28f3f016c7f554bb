"""Defines the tables of the SQLite index (FTS5, https://www.sqlite.org/fts5.html).

A page's rowid is its dossier's place and its number; places follow the dossiers' ids
(``search.sqlite.row_order``), so the newest rowids are the newest pages and a dossier's pages are
neighbours.
Text is tokenised in Python, because FTS5 folds neither đ nor letters with two marks: columns
hold tokens, one space between them, and the ascii tokenizer only splits at those spaces. FTS5
keeps no copy of its columns; ``texts`` keeps what they were made from, to show and to erase it.

What facets need stands in the narrow table ``entries``, a row of numbers for each page, whose words
are in ``labels``. ``changes`` notes the dossiers touched last, for those who have these numbers in
memory (``search.sqlite.facet_cache``).
"""

from __future__ import annotations

import sqlite3

from search.text.tokens import version_of

PAGE_BITS = 20  # a dossier may have a million pages
NOTED = 1_000  # changes: who missed more reads everything anew

TABLES = ("words", "texts", "entries", "dossiers", "labels", "changes")
_SCHEMA = (
    """CREATE VIRTUAL TABLE words USING fts5(
        exact, folded, keys, content='', tokenize='ascii')""",
    "CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, instance)",
    """CREATE TABLE texts(
        row INTEGER PRIMARY KEY, text TEXT NOT NULL, fields TEXT NOT NULL, keys TEXT NOT NULL)""",
    "CREATE TABLE entries(row INTEGER PRIMARY KEY, unit, state, document_type, year)",
    """CREATE TABLE dossiers(
        place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sequence INTEGER NOT NULL,
        code TEXT, title TEXT NOT NULL)""",
    "CREATE TABLE labels(number INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE)",
    "CREATE TABLE changes(number INTEGER PRIMARY KEY, place INTEGER)",
)


def version() -> int:
    """Return the checksum of this schema and of the tokens; with another one the index is empty."""
    return version_of(_SCHEMA)


def make(db: sqlite3.Connection) -> None:
    """Drop what is there and make empty tables; the caller holds the transaction."""
    for table in ("vocabulary", *TABLES):
        db.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in _SCHEMA:
        db.execute(statement)
    # By its number a reader tells this file, and this making of it, from any other.
    db.execute("INSERT INTO changes(number) VALUES (random() >> 2)")
    db.execute(f"PRAGMA user_version = {version()}")


def note(db: sqlite3.Connection, place: int) -> None:
    """Note that a dossier changed; the caller holds the transaction."""
    add = "INSERT INTO changes(place) VALUES (?) RETURNING number"
    (number,) = db.execute(add, (place,)).fetchone()
    db.execute("DELETE FROM changes WHERE number <= ?", (number - NOTED,))


def is_current(db: sqlite3.Connection) -> bool:
    """Tell whether the file holds this schema."""
    return bool(db.execute("PRAGMA user_version").fetchone()[0] == version())
