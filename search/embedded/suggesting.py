"""Reads values to suggest from one state of the embedded index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import tantivy

from search.embedded import queries
from search.embedded.schema import SUGGESTED_PARTS, suggested_parts
from search.embedded.searching import facet_values
from search.query.expressions import Prefix
from search.query.suggesting import READ_AT_ONCE, ValuesWanted
from search.text.entries import FACETS


@dataclass(frozen=True, slots=True)
class IndexValues:
    """The values in one state of the index."""

    searcher: tantivy.Searcher

    def values(self, asked: Sequence[ValuesWanted]) -> list[list[str]]:
        """Return values for each thing asked for, as ``ValueSource`` says."""
        return [self._values(one) for one in asked]

    def _values(self, asked: ValuesWanted) -> list[str]:
        query = queries.within_but(asked.scope, asked.expression, asked.without)
        if asked.column in FACETS:
            return list(facet_values(self.searcher, query, [asked.column])[asked.column])
        part = SUGGESTED_PARTS.index(asked.column)
        # Sorted by the value that begins with the id: the newest dossiers first, nothing is read.
        hits = self.searcher.search(
            self._newest(asked, query), READ_AT_ONCE, count=False, order_by_field="suggested"
        ).hits
        return [suggested_parts(value)[part] for value, _ in hits]

    def _newest(self, asked: ValuesWanted, query: tantivy.Query) -> tantivy.Query:
        """Return the query of those that may be among the newest: texts are slow to sort by."""
        if isinstance(asked.expression, Prefix):  # what begins so is slower to find
            return query
        last = self.searcher.search(
            query, 1, count=False, order_by_field="place", offset=READ_AT_ONCE - 1
        ).hits
        return queries.both(query, queries.since(int(last[0][0]))) if last else query
