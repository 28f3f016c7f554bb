"""Takes out of a plan what the terms of an index say already, so that nothing is looked at twice.

What is found and its scores stay as they are: only terms that no document has are left out, and
what is the same without them is asked for once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from search.query.expressions import AllOf, AnyOf, Expression, Weighted, Words, all_of, any_of
from search.query.plan import SearchPlan

IsThere = Callable[[str, str], bool]

_NOTHING = AnyOf(())


def pruned(plan: SearchPlan, is_there: IsThere) -> SearchPlan:
    """Return a plan that finds and scores the same.

    Args:
        plan: the plan.
        is_there: tells whether any document, deleted ones too, has a term of a column.
    """
    worth = dict[str, Weighted]()  # by what it says: as tuples, all of and any of are equal
    for expression, weight in plan.weights:
        left = _left(expression, is_there)
        if not _is_nothing(left):
            same = worth.get(repr(left))
            worth[repr(left)] = Weighted(left, weight + (same.weight if same else 0))
    must = plan.must and _covered(_left(plan.must, is_there))
    return replace(plan, must=must, weights=tuple(worth.values()))


def may_be_whole(plan: SearchPlan) -> bool:
    """Tell whether the weights of a pruned plan can add up to its query as a phrase."""
    return sum(weight for _, weight in plan.weights) >= plan.whole


def _left(expression: Expression, is_there: IsThere) -> Expression:
    """Return an expression without what nothing matches; ``_NOTHING`` when nothing is left."""
    if isinstance(expression, Words):
        known = all(is_there(expression.column, word) for word in expression.words)
        pairs = (is_there("pairs", pair) for pair in _pairs_in_field(expression))
        return expression if known and all(pairs) else _NOTHING
    if isinstance(expression, AllOf):
        parts = [_left(part, is_there) for part in expression.parts]
        return _NOTHING if any(map(_is_nothing, parts)) else all_of(parts)
    if isinstance(expression, AnyOf):
        parts = [_left(part, is_there) for part in expression.parts]
        return any_of(part for part in parts if not _is_nothing(part))
    return expression


def _pairs_in_field(expression: Words) -> Iterator[str]:
    """Yield the terms of adjacent words that stand wherever a phrase stands in a field."""
    for form, joint in (("folded·", "_"), ("exact·", "=")):
        if expression.column == "keys" and expression.words[0].startswith(form):
            yield from map(joint.join, pairwise(word[len(form) :] for word in expression.words))


def _is_nothing(expression: Expression) -> bool:
    return isinstance(expression, AnyOf) and not expression.parts


def _covered(expression: Expression) -> Expression:
    """Return a disjunction without the phrases whose words another part demands anyway."""
    if not isinstance(expression, AnyOf):
        return expression
    phrases = {part: words for part in expression.parts if (words := _phrase_words(part))}
    others = [part for part in expression.parts if part not in phrases]
    kept = [
        part
        for part in expression.parts
        if part not in phrases or not any(_demands_only(other, phrases[part]) for other in others)
    ]
    return any_of(kept)


def _phrase_words(expression: Expression) -> frozenset[str]:
    """Return the folded words that adjacent pairs of folded words need; none of other things."""
    words = set[str]()
    for part in _parts(expression):
        if not isinstance(part, Words) or part.column != "pairs" or "_" not in part.words[0]:
            return frozenset()
        words.update(part.words[0].split("_"))
    return frozenset(words)


def _demands_only(expression: Expression, words: frozenset[str]) -> bool:
    """Tell whether whatever has these folded words matches an expression."""
    return all(
        any(
            isinstance(choice, Words)
            and choice.column == "folded"
            and len(choice.words) == 1
            and choice.words[0] in words
            for choice in (part.parts if isinstance(part, AnyOf) else (part,))
        )
        for part in _parts(expression)
    )


def _parts(expression: Expression) -> Iterable[Expression]:
    return expression.parts if isinstance(expression, AllOf) else (expression,)
