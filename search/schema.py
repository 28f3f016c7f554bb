"""Tables of the embedded index (SQLite FTS5, https://www.sqlite.org/fts5.html).

A page's rowid is its dossier's place on the shelf and its number; places follow the dossiers' ids
(``search.shelf``), so the newest rowids are the newest pages and a dossier's pages lie together.
The words are read in Python, because FTS5 folds neither đ nor letters with two marks: columns
hold readings, one space between them, and the ascii tokenizer only splits at those spaces. FTS5
keeps no copy of its columns; ``texts`` keeps what they were made from, to show and to erase it.

What facets need stands in narrow tables of numbers, whose words are in ``labels``: of each page in
``entries``, and of a dossier's pages together, each kind once, in ``kinds``.
"""

from __future__ import annotations

import sqlite3

from search.words import version_of

PAGE_BITS = 20  # a dossier may have a million pages
KIND = "place, unit, state, document_type, year"

TABLES = ("words", "texts", "entries", "dossiers", "kinds", "labels")
_SCHEMA = (
    """CREATE VIRTUAL TABLE words USING fts5(
        exact, folded, keys, content='', tokenize='ascii')""",
    "CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, col)",
    """CREATE TABLE texts(
        row INTEGER PRIMARY KEY, text TEXT NOT NULL, fields TEXT NOT NULL, keys TEXT NOT NULL)""",
    "CREATE TABLE entries(row INTEGER PRIMARY KEY, unit, state, document_type, year)",
    """CREATE TABLE dossiers(
        place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sequence INTEGER NOT NULL,
        code TEXT, title TEXT NOT NULL)""",
    f"""CREATE TABLE kinds(
        place, unit, state, document_type, year, PRIMARY KEY({KIND})) WITHOUT ROWID""",
    "CREATE TABLE labels(number INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE)",
)


def version() -> int:
    """Return the number of this schema and of the readings its words were made with."""
    return version_of(_SCHEMA)


def make(db: sqlite3.Connection) -> None:
    """Drop what is there and make empty tables; the caller holds the transaction."""
    for table in ("vocabulary", *TABLES):
        db.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in _SCHEMA:
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {version()}")


def is_current(db: sqlite3.Connection) -> bool:
    """Tell whether the file holds this schema."""
    return bool(db.execute("PRAGMA user_version").fetchone()[0] == version())
