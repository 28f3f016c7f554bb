"""Looks up what the index of a cluster knows, for relaxing a query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.elastic import query_dsl
from search.elastic.client import Cluster
from search.query.expressions import Expression


@dataclass(frozen=True, slots=True)
class IndexLexicon:
    """The lookups for relaxing a query, in an index of a cluster."""

    cluster: Cluster
    index: str  # its name, or its alias
    scope: Expression | None

    def finds(self, expressions: Sequence[Expression]) -> list[bool]:
        """Tell of each expression whether any dossier matches it."""
        if not expressions:
            return []
        body = {"size": 0, "terminate_after": 1, "track_total_hits": 1}
        bodies = [{**body, "query": query_dsl.within(self.scope, one)} for one in expressions]
        responses = self.cluster.multi_search(self.index, bodies)
        return [bool(response["hits"]["total"]["value"]) for response in responses]

    def known(self, column: str, words: set[str]) -> set[str]:
        """Return those of the terms of a column that are in some dossier.

        The dictionary says at once which terms there are; only those that may be found now count.
        """
        if not words:
            return set()
        there = sorted(self.cluster.frequencies(self.index, column, sorted(words)))
        if not there:
            return set()
        request = query_dsl.known_request(self.scope, column, there)
        buckets = self.cluster.search(self.index, request)["aggregations"]["terms"]["buckets"]
        return {term for term, bucket in buckets.items() if bucket["doc_count"]}

    def frequencies(self, pairs: set[str]) -> dict[str, int]:
        """Return how many dossiers have each of some pairs of words, the scope aside."""
        return self.cluster.frequencies(self.index, "pairs", sorted(pairs))
