"""Implements ``SearchIndex`` in one SQLite file with FTS5."""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from pipeline.model import Publication, Query, Results
from search.query.expressions import Expression
from search.query.parser import check
from search.query.plan import SearchPlan, plan_of, relaxed
from search.sqlite import facets, file_swap, schema, writer
from search.sqlite.connections import Connections, DamagedIndexError, translated
from search.sqlite.facet_cache import FacetCache, Rows, current
from search.sqlite.fts_query import found_rows, match
from search.sqlite.ranking import FoundPages, best_dossiers, hit

log = logging.getLogger(__name__)

BATCH = 500  # pages written in one transaction: about a quarter of a second


class SqliteIndex:
    """Finds pages in a file; any number of threads and processes may share it."""

    def __init__(self, path: Path) -> None:
        self._connections = Connections(path)
        self._facet_cache: FacetCache | None = None
        self._caching = Lock()

    def publish(self, publications: Sequence[Publication]) -> None:
        """Replace each dossier's entries, unless the index has a newer record of it."""
        for batch in _batches(publications):
            with self._connections.writing() as db:
                for publication in batch:
                    writer.replace(db, publication)

    def withdraw(self, dossier: str) -> None:
        """Delete a dossier's entries; a dossier that is not indexed is fine."""
        with self._connections.writing() as db:
            writer.withdraw(db, dossier)

    def find(self, query: Query) -> Results:
        """Search; an empty text lists all dossiers that pass the filters, newest first.

        Raises:
            QueryError: a filter is unknown, or the limit or offset is negative.
        """
        started = time.perf_counter()
        check(query)
        with self._connections.reading() as db:
            cache = self._current(db)
            plan, rows = _found(db, cache, query)
            filters = facets.numbered(db, plan.filters)
            counts = facets.count(db, cache, rows, filters)
            found = FoundPages(plan, counts.rows)
            stop = min(query.offset + query.limit, counts.total)
            shown = best_dossiers(db, found, stop)[min(query.offset, stop) :]
            hits = tuple(hit(db, found, dossier) for dossier in shown)
        took_ms = (time.perf_counter() - started) * 1000
        return Results(counts.total, took_ms, hits, counts.facets)

    def _current(self, db: sqlite3.Connection) -> FacetCache:
        """Return the facet cache of the state that a connection reads, and remember it."""
        with self._caching:  # one thread updates it, the others wait and share it
            self._facet_cache = current(db, self._facet_cache)
            return self._facet_cache

    def sequences(self) -> Iterator[tuple[str, int]]:
        """Yield each dossier's id and the number of its indexed record, in any order."""
        with self._connections.reading() as db:
            rows = db.execute("SELECT id, sequence FROM dossiers").fetchall()
        yield from rows

    def clear(self) -> None:
        """Forget everything, before a rebuild; a damaged file is made anew."""
        try:
            with self._connections.writing() as db:
                schema.make(db)
        except DamagedIndexError:
            log.warning("the search index was damaged and is made anew")
            self._connections.remove()

    def rebuild(self) -> FileRebuild:
        """Begin an empty index in a file beside this one, which goes on to serve."""
        return FileRebuild(self._connections.path)

    def remove_old(self) -> int:
        """Forget the files that no longer serve."""
        with translated(self._connections.path):
            return file_swap.remove_old(self._connections.path)


class FileRebuild:
    """A file being filled that will take the place of another."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = file_swap.beside(path)
        self._index = SqliteIndex(self._file)
        self.publish = self._index.publish
        self.sequences = self._index.sequences

    def serve(self) -> None:
        """Take the place of the file that serves; it is kept under a name of its own."""
        with translated(self._path):
            file_swap.serve(self._path, self._file)

    def abandon(self) -> None:
        """Forget what was built."""
        with translated(self._path):
            file_swap.remove(self._file)


def _found(db: sqlite3.Connection, cache: FacetCache, query: Query) -> tuple[SearchPlan, Rows]:
    """Return how to answer a query, and the pages it finds, filters aside."""
    plan = plan_of(query)
    rows = _rows(db, cache, plan)
    if not len(rows) and (relaxed_plan := relaxed(plan, _Lexicon(db))):
        return relaxed_plan, _rows(db, cache, relaxed_plan)
    return plan, rows


def _rows(db: sqlite3.Connection, cache: FacetCache, plan: SearchPlan) -> Rows:
    return cache.rows if plan.expression is None else found_rows(db, plan.expression)


class _Lexicon(NamedTuple):
    """The lookups for relaxing a query, in one state of the file."""

    db: sqlite3.Connection

    def finds(self, expressions: Sequence[Expression]) -> list[bool]:
        find = "SELECT 1 FROM words WHERE words MATCH ? LIMIT 1"
        found = [self.db.execute(find, (match(one),)) for one in expressions]
        return [rows.fetchone() is not None for rows in found]

    def known(self, words: set[str]) -> list[str]:
        seen = self.db.execute(
            "SELECT value FROM json_each(?) WHERE EXISTS"
            " (SELECT 1 FROM vocabulary WHERE term = value AND col = 'folded')",
            (json.dumps(sorted(words)),),
        )
        return [term for (term,) in seen]


def _batches(publications: Sequence[Publication]) -> Iterator[list[Publication]]:
    batch: list[Publication] = []
    pages = 0
    for publication in publications:
        batch.append(publication)
        pages += max(1, len(publication.entries))
        if pages >= BATCH:
            yield batch
            batch, pages = [], 0
    if batch:
        yield batch
