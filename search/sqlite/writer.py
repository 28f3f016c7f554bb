"""Writes a dossier's pages into the tables of the index, and deletes them again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from pipeline.model import Publication
from search.sqlite.row_order import place_for, span
from search.sqlite.schema import note
from search.text.entries import FACETS, IndexRow, columns, heading, index_rows

TextRow = tuple[int, str, str, str]  # a row of texts: rowid, text, fields, keys

_LEARN = "INSERT INTO words(rowid, exact, folded, keys) VALUES (?, ?, ?, ?)"
_ENTER = f"INSERT INTO entries(row, {', '.join(FACETS)}) VALUES (?, ?, ?, ?, ?)"
# FTS5 keeps no copy, so deleting needs the very words that were inserted.
_UNLEARN = "INSERT INTO words(words, rowid, exact, folded, keys) VALUES ('delete', ?, ?, ?, ?)"


def replace(db: sqlite3.Connection, publication: Publication) -> None:
    """Replace a dossier's entries, unless the index has a newer record of it."""
    dossier = publication.dossier
    indexed = db.execute(
        "SELECT place, sequence FROM dossiers WHERE id = ?", (dossier.id,)
    ).fetchone()
    if indexed and indexed[1] > publication.sequence:
        return
    if indexed:
        place = indexed[0]
        _erase(db, place)
    else:
        place = place_for(db, dossier.id, lambda old, new: _move(db, old, new))
    _insert(db, place, index_rows(publication))
    db.execute(
        "INSERT OR REPLACE INTO dossiers VALUES (?, ?, ?, ?, ?)",
        (place, dossier.id, publication.sequence, *heading(dossier)),
    )
    note(db, place)


def withdraw(db: sqlite3.Connection, dossier: str) -> None:
    """Delete a dossier's entries; a dossier that is not indexed is fine."""
    indexed = db.execute("SELECT place FROM dossiers WHERE id = ?", (dossier,)).fetchone()
    if indexed:
        _erase(db, indexed[0])
        db.execute("DELETE FROM dossiers WHERE place = ?", indexed)
        note(db, indexed[0])


def _insert(db: sqlite3.Connection, place: int, rows: Iterable[IndexRow]) -> None:
    first = span(place)[0]
    for row in rows:
        texts = (first + row.page, row.text, row.fields, " ".join(row.keys))
        facets = [_label(db, value) for value in row.facets]
        db.execute("INSERT INTO texts VALUES (?, ?, ?, ?)", texts)
        db.execute(_ENTER, (texts[0], *facets))
        db.execute(_LEARN, _columns(texts))


def _erase(db: sqlite3.Connection, place: int) -> None:
    """Take a dossier's pages out."""
    db.executemany(_UNLEARN, map(_columns, _texts(db, place)))
    for table in ("texts", "entries"):
        db.execute(f"DELETE FROM {table} WHERE row BETWEEN ? AND ?", span(place))


def _move(db: sqlite3.Connection, old: int, new: int) -> None:
    """Carry a dossier to another place."""
    db.executemany(_UNLEARN, map(_columns, _texts(db, old)))
    shift = span(new)[0] - span(old)[0]
    for table in ("texts", "entries"):
        db.execute(
            f"UPDATE {table} SET row = row + ? WHERE row BETWEEN ? AND ?", (shift, *span(old))
        )
    db.execute("UPDATE dossiers SET place = ? WHERE place = ?", (new, old))
    db.executemany(_LEARN, map(_columns, _texts(db, new)))
    for place in (old, new):
        note(db, place)


def _texts(db: sqlite3.Connection, place: int) -> list[TextRow]:
    return db.execute("SELECT * FROM texts WHERE row BETWEEN ? AND ?", span(place)).fetchall()


def _label(db: sqlite3.Connection, value: str) -> int:
    """Return the number of a facet's value, new or known."""
    known = db.execute("SELECT number FROM labels WHERE value = ?", (value,)).fetchone()
    if known is None:
        add = "INSERT INTO labels(value) VALUES (?) RETURNING number"
        known = db.execute(add, (value,)).fetchone()
    return int(known[0])


def _columns(row: TextRow) -> tuple[int, str, str, str]:
    rowid, text, fields, keys = row
    return (rowid, *columns(text, fields, keys))
