"""Settles where the positions of words are not looked at: in phrases whose pairs are all common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from search.query.expressions import AllOf, Weighted, Words
from search.query.plan import SearchPlan

COMMON = 5_000  # dossiers with a pair of words: more make it common

Frequencies = Callable[[set[str]], Mapping[str, int]]


def without_common_positions(plan: SearchPlan, frequencies: Frequencies) -> SearchPlan:
    """Return a plan that takes a phrase for found where its pairs are, if all pairs are common.

    Looking where words stand takes a microsecond a dossier: too long for a phrase that most
    dossiers have, and there it tells the least.

    Args:
        plan: the plan.
        frequencies: tells of terms of the column ``pairs`` how many dossiers have them.
    """
    phrases = {one.expression: terms for one in plan.weights if (terms := _pairs(one))}
    if not phrases:
        return plan
    known = frequencies({term for terms in phrases.values() for term in terms})

    def settled(weighted: Weighted) -> Weighted:
        terms = phrases.get(weighted.expression)
        if not terms or any(known.get(term, 0) <= COMMON for term in terms):
            return weighted
        pairs = tuple(Words("pairs", (term,)) for term in terms)
        return Weighted(AllOf(pairs), weighted.weight)

    return replace(plan, weights=tuple(map(settled, plan.weights)))


def _pairs(weighted: Weighted) -> tuple[str, ...]:
    """Return the terms of the pairs of a phrase of three or more words; empty for all else."""
    whole = weighted.expression
    if not isinstance(whole, AllOf) or len(whole.parts) < 3:
        return ()
    *pairs, phrase = whole.parts
    if not isinstance(phrase, Words) or phrase.column != "folded":
        return ()
    return tuple(pair.words[0] for pair in pairs if isinstance(pair, Words))
