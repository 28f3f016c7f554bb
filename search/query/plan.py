"""The search plan: what both engines carry out for a query, whatever their language.

An engine asks for the plan of the text; where that finds no page, for a plan that demands less.
The embedded and the served index give the same hits in the same order because neither decides
anything that stands here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Query
from search.query import expressions, relaxation
from search.query.expressions import Expression, Rank
from search.query.matching import Matcher
from search.query.parser import ParsedQuery, chosen, parse
from search.query.relaxation import Lexicon

EVERYTHING = Rank(0, None)  # lists all pages


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """How to answer a query."""

    ranks: Sequence[Rank]  # best first
    expression: Expression | None  # of every page they find; None finds all pages
    matcher: Matcher  # marks the words of a page that answer
    parsed: ParsedQuery
    filters: dict[str, str]  # facet: value as the index keeps it


def plan_of(query: Query) -> SearchPlan:
    """Return the plan that demands all words of a query; an empty text lists everything."""
    parsed, filters = parse(query.text), chosen(query.filters)
    if not query.text.strip():
        return SearchPlan([EVERYTHING], None, Matcher(parsed), parsed, filters)
    ranks, found = expressions.ranks(parsed), expressions.found(parsed)
    return SearchPlan(ranks, found, Matcher(parsed), parsed, filters)


def relaxed(plan: SearchPlan, lexicon: Lexicon) -> SearchPlan | None:
    """Return a plan that demands less and finds something, for one that finds nothing.

    None when nothing helps, or when the plan finds everything anyway.
    """
    if plan.expression is None or not (found := relaxation.relax(lexicon, plan.parsed)):
        return None
    rank, parsed = found
    return SearchPlan([rank], rank.expression, Matcher(parsed), parsed, plan.filters)
