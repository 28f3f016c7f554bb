"""Writing: a dossier's pages into the tables, and out of them again."""

from __future__ import annotations

import sqlite3

from pipeline.model import Publication
from search.keys import field_keys
from search.records import IndexRow, clean, index_rows
from search.shelf import place_for, span
from search.words import readings

Kept = tuple[int, str, str, str]  # a row of texts: rowid, text, fields, keys

_BOUNDARY = " ¦ "  # takes a place between two fields, so that no phrase runs across


def replace(db: sqlite3.Connection, publication: Publication) -> None:
    """Put a dossier in place of what is held of it, unless that is newer."""
    dossier = publication.dossier
    held = db.execute("SELECT place, sequence FROM dossiers WHERE id = ?", (dossier.id,)).fetchone()
    if held and held[1] > publication.sequence:
        return
    if held:
        place = held[0]
        _erase(db, place)
    else:
        place = place_for(db, dossier.id, lambda old, new: _move(db, old, new))
    numbers = _insert(db, place, index_rows(publication))
    db.execute(
        "INSERT OR REPLACE INTO dossiers VALUES (?, ?, ?, ?, ?, ?)",
        (place, dossier.id, publication.sequence, dossier.code, clean(dossier.title), numbers),
    )


def withdraw(db: sqlite3.Connection, dossier: str) -> None:
    """Forget a dossier; one that is not held is fine."""
    held = db.execute("SELECT place FROM dossiers WHERE id = ?", (dossier,)).fetchone()
    if held:
        _erase(db, held[0])
        db.execute("DELETE FROM dossiers WHERE place = ?", held)


def _insert(db: sqlite3.Connection, place: int, rows: list[IndexRow]) -> str:
    """Write the pages; return the numbers of their combinations, joined by commas."""
    first = span(place)[0]
    numbers = set()
    for row in rows:
        number = _combination(db, row.facets)
        numbers.add(number)
        kept = (first + row.page, row.text, row.fields, " ".join(row.keys))
        db.execute("INSERT INTO texts VALUES (?, ?, ?, ?)", kept)
        db.execute("INSERT INTO entries VALUES (?, ?)", (kept[0], number))
        db.execute(
            "INSERT INTO words(rowid, exact, folded, keys) VALUES (?, ?, ?, ?)",
            _columns(kept),
        )
    return ",".join(map(str, sorted(numbers)))


def _erase(db: sqlite3.Connection, place: int) -> None:
    """Take a dossier's pages out; FTS5 must be told the very words it was given."""
    kept = db.execute("SELECT * FROM texts WHERE row BETWEEN ? AND ?", span(place)).fetchall()
    db.executemany(
        "INSERT INTO words(words, rowid, exact, folded, keys) VALUES ('delete', ?, ?, ?, ?)",
        map(_columns, kept),
    )
    for table in ("texts", "entries"):
        db.execute(f"DELETE FROM {table} WHERE row BETWEEN ? AND ?", span(place))


def _move(db: sqlite3.Connection, old: int, new: int) -> None:
    """Carry a dossier to another place."""
    shift = span(new)[0] - span(old)[0]
    kept = db.execute("SELECT * FROM texts WHERE row BETWEEN ? AND ?", span(old)).fetchall()
    entries = db.execute("SELECT * FROM entries WHERE row BETWEEN ? AND ?", span(old)).fetchall()
    _erase(db, old)
    moved = [(row + shift, *rest) for row, *rest in kept]
    db.executemany("INSERT INTO texts VALUES (?, ?, ?, ?)", moved)
    db.executemany("INSERT INTO entries VALUES (?, ?)", [(row + shift, n) for row, n in entries])
    db.executemany(
        "INSERT INTO words(rowid, exact, folded, keys) VALUES (?, ?, ?, ?)",
        map(_columns, moved),
    )
    db.execute("UPDATE dossiers SET place = ? WHERE place = ?", (new, old))


def _columns(kept: Kept) -> tuple[int, str, str, str]:
    """Return a page's rowid and the words of its columns; its fields follow its text."""
    row, text, fields, keys = kept
    lines = [readings(line) for line in (text, *fields.split("\n"))]
    exact = [[word.exact for word in line] for line in lines]
    folded = [[word.folded for word in line] for line in lines]
    titles = [field_keys(line, "exact") for line in exact[1:]]
    titles += [field_keys(line, "folded") for line in folded[1:]]
    return (
        row,
        _BOUNDARY.join(" ".join(line) for line in exact),
        _BOUNDARY.join(" ".join(line) for line in folded),
        _BOUNDARY.join([keys, *titles]),
    )


def _combination(db: sqlite3.Connection, facets: tuple[str, ...]) -> int:
    """Return the number of a combination of facet values, new or known."""
    find = (
        "SELECT number FROM combinations"
        " WHERE unit = ? AND document_type = ? AND year = ? AND state = ?"
    )
    known = db.execute(find, facets).fetchone()
    if known is None:
        db.execute(
            "INSERT INTO combinations(unit, document_type, year, state) VALUES (?, ?, ?, ?)", facets
        )
        known = db.execute(find, facets).fetchone()
    return int(known[0])
