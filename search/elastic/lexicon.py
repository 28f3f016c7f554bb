"""Looks up what the index of a cluster knows, for relaxing a query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.elastic import query_dsl
from search.elastic.client import Cluster
from search.query.expressions import Expression
from search.query.relaxation import RARE

_SHARDS: dict[str, int] = {}  # of each index asked so far, by its name; they never change


@dataclass(frozen=True, slots=True)
class IndexLexicon:
    """The lookups for relaxing a query, in an index of a cluster."""

    cluster: Cluster
    index: str  # its name, or its alias
    scope: Expression | None

    def finds(self, expressions: Sequence[Expression]) -> list[bool]:
        """Tell of each expression whether any dossier matches it."""
        return [bool(number) for number in self._counted(expressions, 1)]

    def is_rare(self, expression: Expression) -> bool:
        """Tell whether fewer than ``RARE`` dossiers match an expression."""
        return self._counted([expression], RARE)[0] < RARE

    def known(self, column: str, words: set[str]) -> set[str]:
        """Return those of the terms of a column that are in some dossier.

        The dictionary says at once which terms there are; only those that may be found now count.
        """
        if not words:
            return set()
        there = sorted(self._frequencies(column, words))
        if not there:
            return set()
        return set(self._dossiers(self.scope, column, there))

    def frequencies(self, pairs: set[str]) -> dict[str, int]:
        """Return how many dossiers have each of some pairs of words, the scope aside."""
        return self._frequencies("pairs", pairs)

    def _frequencies(self, column: str, words: set[str]) -> dict[str, int]:
        """Return how many dossiers have each term of a column; others are left out.

        The dictionary that is asked first is that of one shard. Ours has no other; of an index that
        somebody gave more (by a template of their own), dossiers are counted instead.
        """
        terms = sorted(words)
        if not terms:
            return {}
        name, found = self.cluster.frequencies(self.index, column, terms)
        if name not in _SHARDS:
            _SHARDS[name] = self.cluster.number_of_shards(name)
        return found if _SHARDS[name] == 1 else self._dossiers(None, column, terms)

    def _dossiers(
        self, scope: Expression | None, column: str, terms: Sequence[str]
    ) -> dict[str, int]:
        """Count the dossiers of a scope with each term; terms of none are left out."""
        request = query_dsl.known_request(scope, column, terms)
        buckets = self.cluster.search(self.index, request)["aggregations"]["terms"]["buckets"]
        counts = {term: bucket["doc_count"] for term, bucket in buckets.items()}
        return {term: number for term, number in counts.items() if number}

    def _counted(self, expressions: Sequence[Expression], most: int) -> list[int]:
        """Count the dossiers that match each expression, up to a number."""
        if not expressions:
            return []
        body = {"size": 0, "terminate_after": most, "track_total_hits": most}
        bodies = [{**body, "query": query_dsl.within(self.scope, one)} for one in expressions]
        responses = self.cluster.multi_search(self.index, bodies)
        return [response["hits"]["total"]["value"] for response in responses]
