"""Plans a search: the ranked expressions that both engines carry out for a query.

An engine gets the plan of the text; where that finds no page, a relaxed plan. The embedded and
the served index give the same hits in the same order because neither decides anything that is
decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Query
from search.query import expressions, relaxation
from search.query.expressions import Expression, Rank
from search.query.matching import Matcher
from search.query.parser import ParsedQuery, active_filters, parse
from search.query.relaxation import Lexicon

EVERYTHING = Rank(0, None)  # matches all pages


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """How to answer a query."""

    ranks: Sequence[Rank]  # best first
    expression: Expression | None  # matches every page that a rank finds; None matches all pages
    matcher: Matcher  # finds the words of a page that the query hits
    parsed: ParsedQuery
    filters: dict[str, str]  # facet -> the value that the index stores


def plan_of(query: Query) -> SearchPlan:
    """Return the plan that demands all words of a query; an empty text lists everything."""
    parsed, filters = parse(query.text), active_filters(query.filters)
    if not query.text.strip():
        return SearchPlan([EVERYTHING], None, Matcher(parsed), parsed, filters)
    ranks, expression = expressions.ranks(parsed), expressions.expression_of(parsed)
    return SearchPlan(ranks, expression, Matcher(parsed), parsed, filters)


def relaxed(plan: SearchPlan, lexicon: Lexicon) -> SearchPlan | None:
    """Return a plan that demands less and finds pages, for a plan that finds none.

    Args:
        plan: the plan that found no page.
        lexicon: the lookups in the same state of the index.

    Returns:
        The relaxed plan; None when no relaxation finds a page, or when the plan matches all pages.
    """
    if plan.expression is None or not (answer := relaxation.relax(lexicon, plan.parsed)):
        return None
    rank, parsed = answer
    return SearchPlan([rank], rank.expression, Matcher(parsed), parsed, plan.filters)
