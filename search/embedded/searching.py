"""Runs a search plan on one state of the embedded index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tantivy

from pipeline.model import Query, Results
from search.embedded import queries
from search.embedded.listing import (
    IndexState,
    Listing,
    anchor,
    best_score,
    counted,
    listing,
)
from search.embedded.pruning import may_be_whole, pruned
from search.embedded.schema import SETS
from search.embedded.showing import BestPage, best_page, hit
from search.embedded.stored import PART
from search.query.common_pairs import without_common_positions
from search.query.expressions import Expression, Words
from search.query.filters import spelled_alike
from search.query.plan import (
    SearchPlan,
    needs_relaxing,
    never_so_marked,
    plan_of,
    relaxed,
)
from search.query.relaxation import RARE
from search.text.entries import FACETS
from search.text.hidden_numbers import NumberHash

_MOST_VALUES = 65_000  # values, or sets of them, counted of one facet


@dataclass(frozen=True, slots=True)
class IndexLexicon:
    """The lookups for relaxing a query, in one state of the index."""

    searcher: tantivy.Searcher
    scope: Expression | None

    def finds(self, expressions: Sequence[Expression]) -> list[bool]:
        """Tell of each expression whether any dossier matches it."""
        return [self._is_found(expression) for expression in expressions]

    def is_rare(self, expression: Expression) -> bool:
        """Tell whether fewer than ``RARE`` dossiers match an expression."""
        return len(self._first(expression, RARE)) < RARE

    def known(self, column: str, words: set[str]) -> set[str]:
        """Return those of the terms of a column that are in some dossier."""
        # The engine counts what was replaced or withdrawn until it merges its files.
        known = (word for word in words if self.searcher.doc_freq(column, word))
        return {word for word in known if self._is_found(Words(column, (word,)))}

    def frequencies(self, pairs: set[str]) -> dict[str, int]:
        """Return how many dossiers have each of some pairs of words, the scope aside."""
        return {pair: self.searcher.doc_freq("pairs", pair) for pair in pairs}

    def is_there(self, column: str, term: str) -> bool:
        """Tell whether any dossier, replaced and withdrawn ones too, has a term of a column."""
        return bool(self.searcher.doc_freq(column, term))

    def _is_found(self, expression: Expression) -> bool:
        return bool(self._first(expression, 1))

    def _first(self, expression: Expression, number: int) -> list[Any]:
        query = tantivy.Query.const_score_query(queries.within(self.scope, expression), 0.0)
        return list(self.searcher.search(query, number, count=False).hits)


def find(searcher: tantivy.Searcher, query: Query, hashing: NumberHash) -> Results:
    """Search one state of the index; the time it took is for the caller to note.

    Args:
        searcher: the state of the index.
        query: a query that ``search.query.parser.check`` has passed.
        hashing: hashes numbers of people as this index does.
    """
    state = IndexState(searcher)
    plan = plan_of(query, hashing)
    lexicon = IndexLexicon(searcher, plan.scope)
    ready = _ready(plan, lexicon)
    found: Listing | None = None
    best: int | None
    if may_be_whole(ready):
        found = listing(state, ready, query.offset, query.limit)
        best, total = _best(state, ready, found), found.total
    else:  # a relaxed plan is likely, and the scores would be for nothing: none is high enough
        total = counted(searcher, queries.found(ready, ()))
        best = 0 if total else None
    if needs_relaxing(plan, best, total) and (further := relaxed(plan, lexicon, best)):
        ready, found = _ready(further, lexicon), None
    plan = ready
    found = found or listing(state, plan, query.offset, query.limit)
    shown = found.listed[: query.limit]
    pages = [best_page(searcher, plan, one) for one in shown]
    hits = tuple(hit(plan, *of_one) for of_one in zip(shown, pages, strict=True))
    goes_on = bool(shown) and len(found.listed) > len(shown)
    return Results(
        total=found.total,
        took_ms=0.0,
        hits=hits,
        facets=_facets(searcher, plan),
        approximate=plan.approximate,
        given_up=plan.given_up,
        never_so_marked=_never_so_marked(plan, lexicon, pages),
        next=str(anchor(plan, shown[-1], hits[-1].dossier)) if goes_on else "",
    )


def _ready(plan: SearchPlan, lexicon: IndexLexicon) -> SearchPlan:
    """Return a plan that finds and scores the same at less cost in this state of the index."""
    return pruned(without_common_positions(plan, lexicon.frequencies), lexicon.is_there)


def _best(state: IndexState, plan: SearchPlan, found: Listing) -> int | None:
    """Return the highest score of what a plan finds, filters aside; None when it finds nothing."""
    if plan.must is None or (found.best is not None and found.best >= plan.whole):
        return found.best
    if plan.filters or plan.sort != "relevance":
        return best_score(state, plan)
    return found.best


def _never_so_marked(
    plan: SearchPlan, lexicon: IndexLexicon, shown: Sequence[BestPage]
) -> tuple[str, ...]:
    """Return the words that no dossier has with the marks as typed; mostly those shown have."""
    marked = {word.exact for word in plan.parsed.phrase if word.has_mark}
    if all(any(f" {word} " in one.page.exact for one in shown) for word in marked):
        return ()
    return never_so_marked(plan, lexicon)


def _facets(searcher: tantivy.Searcher, plan: SearchPlan) -> dict[str, dict[str, int]]:
    """Count the dossiers by facet value, each facet under the filters of the others."""
    counted: dict[str, dict[str, int]] = {}
    free = [facet for facet in FACETS if facet not in plan.filters]
    counted |= facet_values(searcher, queries.found(plan, plan.filters.values()), free)
    for facet in FACETS:
        if facet in plan.filters:
            found = queries.found(plan, plan.filters_but(facet))
            counted |= facet_values(searcher, found, [facet])
    return {facet: counted[facet] for facet in FACETS}


def facet_values(
    searcher: tantivy.Searcher, query: tantivy.Query, facets: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Return of each facet its values and how many documents have them, most frequent first."""
    if not facets:
        return {}
    fields = {facet: f"{facet}_set" if facet in SETS else facet for facet in facets}
    asked = {
        facet: {"terms": {"field": field, "size": _MOST_VALUES}} for facet, field in fields.items()
    }
    answer: dict[str, Any] = searcher.aggregate(query, asked)
    return {facet: spelled_alike(facet, _counted(answer[facet]["buckets"])) for facet in facets}


def _counted(buckets: list[dict[str, Any]]) -> dict[str, int]:
    """Return how many dossiers have each value."""
    counts = Counter[str]()
    for bucket in buckets:
        for value in bucket["key"].split(PART):
            counts[value] += bucket["doc_count"]
    return {value: number for value, number in counts.items() if value}
