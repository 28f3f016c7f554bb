"""Facets and totals: how many dossiers a query finds, and of which kinds.

All counting is SQLite's. Of the found pages it keeps each dossier once for each of their kinds, in
a table sorted by dossier, and counts each facet from that under the filters of the others.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from search.asking import chosen
from search.expressions import Expression
from search.fts import match
from search.records import FACETS
from search.schema import KIND, PAGE_BITS

Filters = dict[str, int]  # facet -> number of the wanted value

FOUND = f"""
    CREATE TEMP TABLE found(
        place, unit, state, document_type, year, PRIMARY KEY({KIND})) WITHOUT ROWID"""
_FILL = f"""
    INSERT OR IGNORE INTO found SELECT row >> {PAGE_BITS}, unit, state, document_type, year
    FROM words CROSS JOIN entries ON entries.row = words.rowid WHERE words MATCH ?"""
# What to tell apart so that each dossier counts once for a value: beginnings of the key, which
# SQLite tells apart without sorting (a dossier has one unit and one state), but for the year.
_APART = {
    "unit": "place, unit",
    "state": "place, unit, state",
    "document_type": "place, unit, state, document_type",
    "year": "place, year",
}
_UNKNOWN = -1  # number of a value that no page has


@dataclass(frozen=True, slots=True)
class Counts:
    """What a query finds before paging."""

    total: int  # dossiers
    facets: dict[str, dict[str, int]]  # facet -> value -> dossiers, most frequent first


def numbered(db: sqlite3.Connection, filters: dict[str, str]) -> Filters:
    """Return the filters by the numbers of their values; empty ones do not count."""
    numbers = {}
    for name, value in chosen(filters).items():
        row = db.execute("SELECT number FROM labels WHERE value = ?", (value,)).fetchone()
        numbers[name] = row[0] if row else _UNKNOWN
    return numbers


def conditions(filters: Filters) -> str:
    """Return filters as a condition on the columns of the tables."""
    return " AND ".join(["TRUE", *(f"{name} = {number}" for name, number in filters.items())])


def collect(db: sqlite3.Connection, expression: Expression) -> bool:
    """Collect what an expression finds for counting; tell whether it finds anything."""
    db.execute("DELETE FROM found")
    db.execute(_FILL, (match(expression),))
    return db.execute("SELECT 1 FROM found LIMIT 1").fetchone() is not None


def count(db: sqlite3.Connection, table: str, filters: Filters) -> Counts:
    """Count dossiers, each facet under the filters of the other facets.

    Args:
        db: the index.
        table: ``found`` for what was collected, ``kinds`` for all there is.
        filters: what the visitor chose.
    """
    counted = {facet: _counted(db, table, facet, filters) for facet in FACETS}
    states = counted["state"].items()  # a dossier has one state, so these add up
    total = sum(n for state, n in states if filters.get("state", state) == state)
    return Counts(total, {facet: _named(db, numbers) for facet, numbers in counted.items()})


def _counted(db: sqlite3.Connection, table: str, facet: str, filters: Filters) -> dict[int, int]:
    others = {name: number for name, number in filters.items() if name != facet}
    apart = f"SELECT DISTINCT {_APART[facet]} FROM {table} WHERE {conditions(others)}"
    return dict(db.execute(f"SELECT {facet}, count(*) FROM ({apart}) GROUP BY {facet}").fetchall())


def _named(db: sqlite3.Connection, counted: dict[int, int]) -> dict[str, int]:
    """Return counts by value instead of its number, most frequent first."""
    numbers = ",".join(map(str, counted))
    labels = db.execute(f"SELECT number, value FROM labels WHERE number IN ({numbers})")
    named = {value: counted[number] for number, value in labels if value}
    return dict(sorted(named.items(), key=lambda item: (-item[1], item[0])))
