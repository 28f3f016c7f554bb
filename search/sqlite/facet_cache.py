"""In-memory facet columns of the SQLite index, kept current from its change log.

Counting tens of thousands of found pages by facet takes SQLite longer than finding them; arrays
do it in a millisecond. They belong to one state of the file: writers note every dossier they
touch in the table ``changes``, readers compare the newest note with their own inside the very
transaction they search in, and take over the dossiers noted since. 24 bytes a page.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.sqlite.schema import PAGE_BITS
from search.text.entries import FACETS

Rows = NDArray[np.int64]  # rowids, ascending

_LAYOUT = np.dtype([("row", np.int64), *((facet, np.int32) for facet in FACETS)])
_ENTRIES = f"SELECT row, {', '.join(FACETS)} FROM entries"
_CHANGED = "SELECT DISTINCT place FROM changes WHERE number > ?"
_ENTERED = f"""
    {_ENTRIES.replace("FROM", f"FROM ({_CHANGED}) CROSS JOIN")}
    WHERE row BETWEEN place << {PAGE_BITS} AND (place + 1 << {PAGE_BITS}) - 1"""


@dataclass(frozen=True, slots=True)
class FacetCache:
    """The facet values of all pages, as numbers, in the order of the pages' rowids."""

    newest: int  # number of the last change it includes
    rows: Rows
    facets: dict[str, NDArray[np.int32]]  # facet -> number of each page's value

    def facets_of(self, rows: Rows) -> dict[str, NDArray[np.int32]]:
        """Return the facet numbers of some pages, all of which the index has."""
        if rows is self.rows:
            return self.facets
        at = np.searchsorted(self.rows, rows)
        return {facet: numbers[at] for facet, numbers in self.facets.items()}


def current(db: sqlite3.Connection, cache: FacetCache | None) -> FacetCache:
    """Return the cache of the state that a connection reads, updated from an earlier one.

    The numbers of changes begin anywhere with each file, so no file is taken for another.
    """
    newest = int(db.execute("SELECT max(number) FROM changes").fetchone()[0])
    if cache and cache.newest == newest:
        return cache
    known = "SELECT 1 FROM changes WHERE number = ?"
    if cache and db.execute(known, (cache.newest,)).fetchone():
        return _updated(db, cache, newest)
    return _cache(newest, _read(db, _ENTRIES))


def _updated(db: sqlite3.Connection, cache: FacetCache, newest: int) -> FacetCache:
    since = (cache.newest,)
    changed = [place for (place,) in db.execute(_CHANGED, since)]
    stays = ~np.isin(cache.rows >> PAGE_BITS, changed)
    entries = np.empty(np.count_nonzero(stays), _LAYOUT)
    entries["row"] = cache.rows[stays]
    for facet, numbers in cache.facets.items():
        entries[facet] = numbers[stays]
    fresh = _read(db, _ENTERED, since)
    return _cache(newest, np.insert(entries, np.searchsorted(entries["row"], fresh["row"]), fresh))


def _read(db: sqlite3.Connection, select: str, values: tuple[int, ...] = ()) -> NDArray[np.void]:
    return np.fromiter(db.execute(f"{select} ORDER BY row", values), _LAYOUT)


def _cache(newest: int, entries: NDArray[np.void]) -> FacetCache:
    facets = {facet: entries[facet].copy() for facet in FACETS}
    return FacetCache(newest, entries["row"].copy(), facets)
