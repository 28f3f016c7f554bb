"""Finding: which dossiers a query shows, in which order, each with its found pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.model import Hit
from search.counting import Filters, conditions
from search.expressions import Expression, Rank
from search.fts import match
from search.matching import Matcher
from search.schema import PAGE_BITS
from search.shelf import span
from search.snippets import snippet

EVERYTHING = Rank(0, None)  # lists all pages

_PAGE = (1 << PAGE_BITS) - 1


@dataclass(frozen=True, slots=True)
class Search:
    """A query made ready for the tables."""

    ranks: Sequence[Rank]  # best first
    expression: Expression | None  # of everything they find
    matcher: Matcher
    filters: Filters = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A dossier, its best rank, and its pages of that rank."""

    place: int
    score: float
    rows: list[int] = field(default_factory=list)


def best_dossiers(db: sqlite3.Connection, search: Search, most: int) -> list[Found]:
    """Return up to ``most`` dossiers, best rank first, newest first within a rank."""
    best: dict[int, Found] = {}
    for rank in search.ranks:
        if len(best) >= most:
            break
        before = set(best)
        row, source, values = _source(search, rank.expression)
        for (number,) in db.execute(f"SELECT {row} {source} ORDER BY {row} DESC", values):
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
    row, source, values = _source(search, search.expression)
    others = db.execute(
        f"SELECT {row} {source} AND {row} BETWEEN ? AND ? ORDER BY {row}",
        (*values, *span(found.place)),
    )
    rows = list(dict.fromkeys([*sorted(found.rows), *(number for (number,) in others)]))
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


def _source(search: Search, expression: Expression | None) -> tuple[str, str, tuple[str, ...]]:
    """Return the column of rowids, the FROM clause and its values."""
    if expression and not search.filters:
        return "words.rowid", "FROM words WHERE words MATCH ?", (match(expression),)
    wanted = conditions(search.filters)
    if not expression:
        return "entries.row", f"FROM entries WHERE {wanted}", ()
    source = "FROM words CROSS JOIN entries ON entries.row = words.rowid WHERE words MATCH ?"
    return "words.rowid", f"{source} AND {wanted}", (match(expression),)
