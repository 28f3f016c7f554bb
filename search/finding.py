"""Finding: which dossiers a query shows, in which order, each with its found pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.model import Hit
from search.census import Rows
from search.expressions import Expression, Rank
from search.fts import match
from search.matching import Matcher
from search.schema import PAGE_BITS
from search.snippets import snippet

EVERYTHING = Rank(0, None)  # lists all pages

_PAGE = (1 << PAGE_BITS) - 1
_SOME = 500  # rowids fetched at a time
_ALL_ROWS = "SELECT group_concat(rowid) FROM words WHERE words MATCH ?"
_ROWS = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC"


@dataclass(frozen=True, slots=True)
class Search:
    """A query made ready for the tables, and what it finds."""

    ranks: Sequence[Rank]  # best first
    expression: Expression | None  # of everything they find
    matcher: Matcher
    rows: Rows  # of all pages found


@dataclass(frozen=True, slots=True)
class Found:
    """A dossier, its best rank, and its pages of that rank."""

    place: int
    score: float
    rows: list[int] = field(default_factory=list)


def found_rows(db: sqlite3.Connection, expression: Expression) -> Rows:
    """Return the rowids of all pages that an expression finds, ascending."""
    # One long text of numbers is handed over in half the time of as many rows.
    (rows,) = db.execute(_ALL_ROWS, (match(expression),)).fetchone()
    return np.fromstring(rows or "", np.int64, sep=",")


def best_dossiers(db: sqlite3.Connection, search: Search, most: int) -> list[Found]:
    """Return up to ``most`` dossiers, best rank first, newest first within a rank."""
    best: dict[int, Found] = {}
    for rank in search.ranks:
        if len(best) >= most:
            break
        before = set(best)
        for number in _newest_first(db, search, rank.expression):
            place = number >> PAGE_BITS
            if place not in best:
                if len(best) >= most:
                    return list(best.values())
                best[place] = Found(place, rank.score)
            if place not in before:
                best[place].rows.append(number)
    return list(best.values())


def hit(db: sqlite3.Connection, search: Search, found: Found) -> Hit:
    """Return a dossier as it is shown: a snippet, its pages of the best rank, then the others."""
    dossier, code, title = db.execute(
        "SELECT id, code, title FROM dossiers WHERE place = ?", (found.place,)
    ).fetchone()
    spans = [found.place << PAGE_BITS, found.place + 1 << PAGE_BITS]
    others = search.rows[slice(*np.searchsorted(search.rows, spans))].tolist()
    rows = list(dict.fromkeys([*sorted(found.rows), *others]))
    text, fields = db.execute("SELECT text, fields FROM texts WHERE row = ?", rows[:1]).fetchone()
    return Hit(
        dossier=dossier,
        code=code,
        page=rows[0] & _PAGE,
        title=title,
        snippet=snippet(text, fields, search.matcher),
        score=found.score,
        pages=tuple(number & _PAGE for number in rows),
    )


def _newest_first(
    db: sqlite3.Connection, search: Search, expression: Expression | None
) -> Iterator[int]:
    """Yield the rowids that a rank's expression finds, as far as somebody wants to know."""
    if expression in (None, search.expression):
        for stop in range(len(search.rows), 0, -_SOME):
            yield from reversed(search.rows[max(0, stop - _SOME) : stop].tolist())
        return
    cursor = db.execute(_ROWS, (match(expression),))
    while some := [number for (number,) in cursor.fetchmany(_SOME)]:
        yield from _held(search.rows, np.array(some))


def _held(rows: Rows, some: Rows) -> list[int]:
    """Return those of some rowids that are among others, in their order."""
    if not len(rows):
        return []
    at = np.minimum(np.searchsorted(rows, some), len(rows) - 1)
    return [int(row) for row in some[rows[at] == some]]
