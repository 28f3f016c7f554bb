"""Finding: which dossiers a query shows, in which order, each with its found pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Hit
from search.expressions import Rank
from search.matching import Matcher
from search.schema import PAGE_BITS
from search.shelf import span
from search.snippets import snippet

EVERYTHING = Rank(0, "")  # lists all pages

_PAGE = (1 << PAGE_BITS) - 1


@dataclass(frozen=True, slots=True)
class Search:
    """A query made ready for the tables."""

    ranks: Sequence[Rank]  # best first
    expression: str  # of everything they find
    matcher: Matcher
    allowed: Sequence[int] | None = None  # combinations the filters leave; None: all


def best_dossiers(db: sqlite3.Connection, search: Search, most: int) -> list[tuple[int, Rank]]:
    """Return up to ``most`` places of dossiers, best rank first, newest first within a rank."""
    best: dict[int, Rank] = {}
    for rank in search.ranks:
        if len(best) >= most:
            break
        row, source, values = _source(search, rank.expression)
        rows = db.execute(
            f"SELECT DISTINCT {row} >> {PAGE_BITS} {source} ORDER BY {row} DESC LIMIT ?",
            (*values, most),
        )
        for (place,) in rows:
            best.setdefault(place, rank)
    return list(best.items())[:most]


def hit(db: sqlite3.Connection, search: Search, place: int, rank: Rank) -> Hit:
    """Return a dossier as it is shown: its best page, its other pages, a snippet."""
    dossier, code, title = db.execute(
        "SELECT id, code, title FROM dossiers WHERE place = ?", (place,)
    ).fetchone()
    rows = _ranked_rows(db, search, place, rank)
    text, fields = db.execute("SELECT text, fields FROM texts WHERE row = ?", rows[:1]).fetchone()
    return Hit(
        dossier=dossier,
        code=code,
        page=rows[0] & _PAGE,
        title=title,
        snippet=snippet(text, fields, search.matcher),
        score=rank.score,
        pages=tuple(row & _PAGE for row in rows),
    )


def _ranked_rows(db: sqlite3.Connection, search: Search, place: int, best: Rank) -> list[int]:
    """Return the found pages of a dossier, best rank first, in their order within a rank."""
    found = _rows(db, search, search.expression, place)
    ranked: dict[int, None] = {}
    for rank in search.ranks[search.ranks.index(best) :]:
        if len(ranked) == len(found) or len(found) == 1:
            break
        ranked |= dict.fromkeys(_rows(db, search, rank.expression, place))
    return list(ranked or found)


def _rows(db: sqlite3.Connection, search: Search, expression: str, place: int) -> list[int]:
    row, source, values = _source(search, expression)
    rows = db.execute(
        f"SELECT {row} {source} AND {row} BETWEEN ? AND ? ORDER BY {row}", (*values, *span(place))
    )
    return [number for (number,) in rows]


def _source(search: Search, expression: str) -> tuple[str, str, tuple[str, ...]]:
    """Return the column of rowids, the FROM clause and its values."""
    filtered = "TRUE"
    if search.allowed is not None:
        filtered = f"entries.combination IN ({','.join(map(str, search.allowed))})"
    if not expression:
        return "entries.row", f"FROM entries WHERE {filtered}", ()
    if search.allowed is None:
        return "words.rowid", "FROM words WHERE words MATCH ?", (expression,)
    source = "FROM words CROSS JOIN entries ON entries.row = words.rowid WHERE words MATCH ?"
    return "words.rowid", f"{source} AND {filtered}", (expression,)
