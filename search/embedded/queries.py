"""Writes expressions and plans as queries of Tantivy, object by object: nothing is ever parsed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tantivy import FieldType, Occur, Query

from search.embedded.schema import schema
from search.query.expressions import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Expression,
    Prefix,
    Weighted,
    Words,
)
from search.query.plan import SearchPlan

_LISTED = Words("listed", ("1",))


def matching(expression: Expression, columns: Mapping[str, str] | None = None) -> Query:
    """Return the query of the documents that match an expression.

    Args:
        expression: the expression.
        columns: other names for columns; None: their own.
    """
    if isinstance(expression, Words):
        return _phrase((columns or {}).get(expression.column, expression.column), expression.words)
    if isinstance(expression, Prefix):
        column = (columns or {}).get(expression.column, expression.column)
        return Query.fuzzy_term_query(schema(), column, expression.start, 0, prefix=True)
    if isinstance(expression, Between):
        return Query.range_query(
            schema(), expression.column, FieldType.Integer, expression.first, expression.last
        )
    parts = [matching(part, columns) for part in expression.parts]
    if isinstance(expression, AllOf):
        return _all(parts)
    if isinstance(expression, AtLeast):
        return Query.boolean_query([(Occur.Should, part) for part in parts], expression.number)
    return _any(expression, parts)


def found(plan: SearchPlan, filters: Iterable[Expression]) -> Query:
    """Return the query of what a plan finds, without any score.

    Args:
        plan: the plan.
        filters: the names of those of its filters that apply.
    """
    clauses = _must(plan, filters)
    return Query.boolean_query(
        [(occur, Query.const_score_query(one, 0.0)) for occur, one in clauses]
    )


def scored(plan: SearchPlan, filters: Iterable[Expression], *others: Query) -> Query:
    """Return the query of what a plan finds, each dossier with the sum of its weights as score.

    Args:
        plan: the plan.
        filters: the names of those of its filters that apply.
        others: queries that must match too.
    """
    clauses = [*_must(plan, filters), *((Occur.Must, other) for other in others)]
    unscored = [(occur, Query.const_score_query(one, 0.0)) for occur, one in clauses]
    return Query.boolean_query([*unscored, *_should(plan.weights)])


def weighed(must: Query, weights: Sequence[Weighted], columns: Mapping[str, str]) -> Query:
    """Return the query of documents with the sum of weights as score.

    Args:
        must: the expression that all of them match.
        weights: the weights.
        columns: other names for columns.
    """
    return Query.boolean_query(
        [(Occur.Must, Query.const_score_query(must, 0.0)), *_should(weights, columns)]
    )


def within(scope: Expression | None, expression: Expression) -> Query:
    """Return the query of the dossiers that match an expression and may be found."""
    parts = [expression] if scope is None else [expression, scope]
    return _all([matching(part) for part in parts])


def within_but(scope: Expression | None, expression: Expression, without: Expression) -> Query:
    """Return the query, without a score, of the dossiers in a scope that match one of two."""
    clauses = [(Occur.Must, within(scope, expression)), (Occur.MustNot, matching(without))]
    return Query.const_score_query(Query.boolean_query(clauses), 0.0)


def both(one: Query, other: Query) -> Query:
    """Return the query, without a score, of the documents that match two."""
    return Query.const_score_query(_all([one, other]), 0.0)


def since(place: int) -> Query:
    """Return the query of the dossiers from a place on, newer ones."""
    return Query.range_query(schema(), "place", FieldType.Integer, place, None)


def until(place: int) -> Query:
    """Return the query of the dossiers up to a place, older ones."""
    return Query.range_query(schema(), "place", FieldType.Integer, None, place)


def _must(plan: SearchPlan, filters: Iterable[Expression]) -> list[tuple[Occur, Query]]:
    required = [_LISTED if plan.must is None else plan.must, *filters]
    required += [plan.scope] if plan.scope else []
    clauses = [(Occur.Must, matching(one)) for one in required]
    if plan.must_not:
        clauses.append((Occur.MustNot, matching(plan.must_not)))
    return clauses


def _should(
    weights: Sequence[Weighted], columns: Mapping[str, str] | None = None
) -> list[tuple[Occur, Query]]:
    return [
        (Occur.Should, Query.const_score_query(matching(one, columns), float(weight)))
        for one, weight in weights
    ]


def _phrase(column: str, words: Sequence[str]) -> Query:
    if len(words) == 1:
        return Query.term_query(schema(), column, words[0], index_option="basic")
    return Query.phrase_query(schema(), column, list(words))


def _all(parts: Sequence[Query]) -> Query:
    if not parts:
        return Query.all_query()
    return Query.boolean_query([(Occur.Must, part) for part in parts])


def _any(expression: AnyOf, parts: Sequence[Query]) -> Query:
    if not parts:
        return Query.empty_query()
    words = [part for part in expression.parts if isinstance(part, Words)]
    columns = {part.column for part in words}
    if len(words) == len(parts) and len(columns) == 1 and all(len(one.words) == 1 for one in words):
        return Query.term_set_query(schema(), columns.pop(), [one.words[0] for one in words])
    return Query.boolean_query([(Occur.Should, part) for part in parts])
