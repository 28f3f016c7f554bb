"""Defines the expressions of a search: small trees that know no engine.

Each engine writes them in its own language (``search.embedded.queries``,
``search.elastic.query_dsl``), so all find the same. Only words from ``search.text.tokens``,
keywords from ``search.text.keywords`` and values of filters get into one, so nothing a visitor
types is ever syntax.

All speak of a dossier: its pages and fields are values of its columns, and no phrase runs from one
value into the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Words(NamedTuple):
    """A phrase: these words of a column, one after the other; never without a word."""

    column: str  # a name of ``search.text.entries``: of words, or of whole values
    words: tuple[str, ...]


class Prefix(NamedTuple):
    """Any word of a column that begins with this text."""

    column: str
    start: str


class Between(NamedTuple):
    """A number of a column, both ends counted."""

    column: str
    first: int
    last: int


class AllOf(NamedTuple):
    """A conjunction: a dossier matches when it matches every part; without parts, all match."""

    parts: tuple[Expression, ...]


class AnyOf(NamedTuple):
    """A disjunction: a dossier matches when it matches one of the parts; without any, none does."""

    parts: tuple[Expression, ...]


class AtLeast(NamedTuple):
    """A dossier matches when it matches so many of the parts."""

    number: int
    parts: tuple[Expression, ...]


Expression = Words | Prefix | Between | AllOf | AnyOf | AtLeast


class Weighted(NamedTuple):
    """What adds a whole number to the score of the dossiers that match it."""

    expression: Expression
    weight: int


def all_of(expressions: Iterable[Expression]) -> Expression:
    """Return the conjunction of different expressions; a single one as it is."""
    parts = tuple(dict.fromkeys(expressions))
    return parts[0] if len(parts) == 1 else AllOf(parts)


def any_of(expressions: Iterable[Expression]) -> Expression:
    """Return the disjunction of different expressions; a single one as it is."""
    parts = tuple(dict.fromkeys(expressions))
    return parts[0] if len(parts) == 1 else AnyOf(parts)
