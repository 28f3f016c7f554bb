"""Runs a search plan on one state of the embedded index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tantivy

from pipeline.model import Query, Results
from search.embedded import queries
from search.embedded.listing import Snapshot, anchor, best_score, filters_but, listing
from search.embedded.showing import hit
from search.query.expressions import Expression, Words
from search.query.plan import (
    SearchPlan,
    needs_relaxing,
    never_so_marked,
    plan_of,
    relaxed,
)
from search.text.entries import FACETS

_MOST_VALUES = 10_000  # values counted of one facet


@dataclass(frozen=True, slots=True)
class IndexLexicon:
    """The lookups for relaxing a query, in one state of the index."""

    searcher: tantivy.Searcher
    scope: Expression | None

    def finds(self, expressions: Sequence[Expression]) -> list[bool]:
        """Tell of each expression whether any dossier matches it."""
        return [self._is_found(expression) for expression in expressions]

    def known(self, column: str, words: set[str]) -> set[str]:
        """Return those of the terms of a column that are in some dossier."""
        known = {word for word in words if self.searcher.doc_freq(column, word)}
        if self.scope is None:
            return known
        return {word for word in known if self._is_found(Words(column, (word,)))}

    def _is_found(self, expression: Expression) -> bool:
        query = tantivy.Query.const_score_query(queries.within(self.scope, expression), 0.0)
        return bool(self.searcher.search(query, 1, count=False).hits)


def find(searcher: tantivy.Searcher, query: Query) -> Results:
    """Search one state of the index; the time it took is for the caller to note.

    Args:
        searcher: the state of the index.
        query: a query that ``search.query.parser.check`` has passed.
    """
    snapshot = Snapshot(searcher)
    plan, unmarked = _planned(snapshot, query)
    total = _count(searcher, plan)
    first = 0 if plan.after else min(query.offset, total)
    stop = min(first + query.limit, total)
    listed = listing(snapshot, plan, stop + 1)  # one more, to know whether there is a next page
    shown = listed[first:stop]
    hits = tuple(hit(searcher, plan, one) for one in shown)
    goes_on = bool(shown) and len(listed) > first + len(shown)
    return Results(
        total=total,
        took_ms=0.0,
        hits=hits,
        facets=_facets(searcher, plan),
        approximate=plan.approximate,
        given_up=plan.given_up,
        never_so_marked=unmarked,
        next=str(anchor(plan, shown[-1], hits[-1].dossier)) if goes_on else "",
    )


def _planned(snapshot: Snapshot, query: Query) -> tuple[SearchPlan, tuple[str, ...]]:
    """Return how to answer a query, and which words stand nowhere with the marks as typed."""
    plan = plan_of(query)
    if plan.must is None:
        return plan, ()
    lexicon = IndexLexicon(snapshot.searcher, plan.scope)
    best = best_score(snapshot, plan)
    unmarked = never_so_marked(plan, lexicon)
    if needs_relaxing(plan, best):
        plan = relaxed(plan, lexicon, best) or plan
    return plan, unmarked


def _count(searcher: tantivy.Searcher, plan: SearchPlan) -> int:
    found = searcher.search(queries.found(plan, plan.filters.values()), 1)
    return int(found.count)  # type: ignore[attr-defined]  # its stub forgets it


def _facets(searcher: tantivy.Searcher, plan: SearchPlan) -> dict[str, dict[str, int]]:
    """Count the dossiers by facet value, each facet under the filters of the others."""
    counted: dict[str, dict[str, int]] = {}
    free = [facet for facet in FACETS if facet not in plan.filters]
    counted |= _values(searcher, queries.found(plan, plan.filters.values()), free)
    for facet in FACETS:
        if facet in plan.filters:
            found = queries.found(plan, filters_but(plan, facet))
            counted |= _values(searcher, found, [facet])
    return {facet: counted[facet] for facet in FACETS}


def _values(
    searcher: tantivy.Searcher, query: tantivy.Query, facets: Sequence[str]
) -> dict[str, dict[str, int]]:
    if not facets:
        return {}
    asked = {facet: {"terms": {"field": facet, "size": _MOST_VALUES}} for facet in facets}
    answer: dict[str, Any] = searcher.aggregate(query, asked)
    return {
        facet: dict(
            sorted(
                ((bucket["key"], bucket["doc_count"]) for bucket in answer[facet]["buckets"]),
                key=lambda item: (-item[1], item[0]),
            )
        )
        for facet in facets
    }
