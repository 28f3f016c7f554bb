"""Ranks the dossiers that a query finds, and builds the hits that are shown."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from pipeline.model import Hit
from search.query.expressions import Expression, Rank
from search.query.plan import SearchPlan
from search.query.snippets import snippet
from search.sqlite.facet_cache import Rows
from search.sqlite.fts_query import intersection, rows_between
from search.sqlite.proximity import PageWords, holds, sift_near
from search.sqlite.schema import PAGE_BITS

_PAGE = (1 << PAGE_BITS) - 1
_SOME, _GROWTH = 500, 16  # found pages of the first block that is ranked; of each further one


@dataclass(frozen=True, slots=True)
class FoundPages:
    """A search plan, and what it finds in the tables."""

    plan: SearchPlan
    rows: Rows  # of all pages found, ascending


@dataclass(frozen=True, slots=True)
class RankedDossier:
    """A dossier, its best rank, and its pages of that rank."""

    place: int
    score: float
    rows: list[int] = field(default_factory=list)


def best_dossiers(db: sqlite3.Connection, found: FoundPages, most: int) -> list[RankedDossier]:
    """Return up to ``most`` dossiers, best rank first, newest first within a rank."""
    best: dict[int, RankedDossier] = {}
    ranked = _Ranked(db, found)
    for rank in found.plan.ranks:
        if len(best) >= most:
            break
        before = set(best)
        for number in ranked.newest_first(rank):
            place = number >> PAGE_BITS
            if place not in best:
                if len(best) >= most:
                    return list(best.values())
                best[place] = RankedDossier(place, rank.score)
            if place not in before:
                best[place].rows.append(number)
    return list(best.values())


def hit(db: sqlite3.Connection, found: FoundPages, dossier: RankedDossier) -> Hit:
    """Return a dossier as it is shown: a snippet, its pages of the best rank, then the others."""
    number, code, title = db.execute(
        "SELECT id, code, title FROM dossiers WHERE place = ?", (dossier.place,)
    ).fetchone()
    spans = [dossier.place << PAGE_BITS, dossier.place + 1 << PAGE_BITS]
    others = found.rows[slice(*np.searchsorted(found.rows, spans))].tolist()
    rows = list(dict.fromkeys([*sorted(dossier.rows), *others]))
    text, fields = db.execute("SELECT text, fields FROM texts WHERE row = ?", rows[:1]).fetchone()
    return Hit(
        dossier=number,
        code=code,
        page=rows[0] & _PAGE,
        title=title,
        snippet=snippet(text, fields, found.plan.matcher),
        score=dossier.score,
        pages=tuple(row & _PAGE for row in rows),
    )


class _Ranked:
    """Tells which rows a rank finds, in what is the quickest way for it."""

    def __init__(self, db: sqlite3.Connection, found: FoundPages) -> None:
        self._db = db
        self._found = found
        self._sifted: dict[tuple[str, ...], list[PageWords] | None] = {}

    def newest_first(self, rank: Rank) -> Iterator[int]:
        """Yield the rowids that a rank's expression finds, as far as somebody wants to know."""
        if rank.expression in (None, self._found.plan.expression):
            return self._all_found()
        assert rank.expression
        pages = self._near(rank.near)
        if pages is None:
            return self._matched(rank.expression)
        return (page.row for page in pages if holds(page, rank.expression))

    def _near(self, words: tuple[str, ...]) -> list[PageWords] | None:
        if len(words) < 2:
            return None
        if words not in self._sifted:
            self._sifted[words] = sift_near(self._db, self._found.rows, words)
        return self._sifted[words]

    def _all_found(self) -> Iterator[int]:
        for rows in _blocks(self._found.rows):
            yield from reversed(rows.tolist())

    def _matched(self, expression: Expression) -> Iterator[int]:
        for rows in _blocks(self._found.rows):
            matched = rows_between(self._db, expression, int(rows[0]), int(rows[-1]))
            yield from reversed(intersection(rows, matched))


def _blocks(rows: Rows) -> Iterator[Rows]:
    """Cut rows into blocks, newest first, each much larger than the one before.

    FTS5 goes backwards half as fast as forwards; so it goes forwards, a block at a time.
    """
    stop, size = len(rows), _SOME
    while stop > 0:
        yield rows[max(0, stop - size) : stop]
        stop, size = stop - size, size * _GROWTH
