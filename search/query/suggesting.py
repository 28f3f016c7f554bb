"""Suggests codes, units, procedures and titles to who types, from dossiers that may be found.

Every value comes from a dossier of the scope that has it now: the engine is asked for dossiers, so
nothing is suggested that a search could not show. Both engines suggest the same in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from pipeline.model import Scope, Suggestion
from pipeline.vietnamese import canonical, nfc
from search.query.expressions import Expression, Prefix, Words, any_of
from search.query.filters import scope_expression
from search.text.beginnings import COLUMNS, END, SuggestedColumn, beginning, value_term
from search.text.entries import FACETS
from search.text.tokens import tokens_of

READ_AT_ONCE = 64  # newest dossiers that are read for their values
MOST = {"code": 3, "unit": 3, "procedure": 3, "title": 8}  # values of a kind
LONGEST_TYPED = 300  # characters: longer ones begin no value


class ValuesWanted(NamedTuple):
    """Values of a column that are asked for."""

    column: SuggestedColumn
    expression: Expression  # the dossiers that have such a value
    without: Expression  # those of them that are left out
    scope: Expression | None


class ValueSource(Protocol):
    """What an engine knows of values, in one state of the index."""

    def values(self, asked: Sequence[ValuesWanted]) -> list[list[str]]:
        """Return values for each thing asked for.

        Of a facet the counted ones, most frequent first; of other columns those of the newest
        ``READ_AT_ONCE`` dossiers, one each.
        """
        ...


def suggestions(
    source: ValueSource, text: str, scope: Scope | None, limit: int
) -> list[Suggestion]:
    """Return at most so many values that a typed text begins, or a word of them.

    Codes first, then units, procedures, and titles: those that begin so before those with a word
    that does, the newest first; and those with the marks as typed before all others.

    Args:
        source: the values of an engine.
        text: the text typed so far.
        scope: the dossiers that values may come from; None: all.
        limit: how many values are wanted.
    """
    asked = _asked(text[:LONGEST_TYPED], scope)
    if limit <= 0 or not asked:
        return []
    found: dict[SuggestedColumn, dict[str, None]] = {column: {} for column in COLUMNS}
    inside = asked.pop()  # titles with such a word: only where too few begin so, for it costs most
    for one, values in zip(asked, source.values(asked), strict=True):
        _add_different(source, one, values, found[one.column])
    if len(found["title"]) < MOST["title"]:
        (values,) = source.values([inside])
        _add_different(source, inside, values, found["title"])
    chosen = [
        Suggestion(column, value)
        for column in COLUMNS
        for value in _marked_first(found[column], text)[: MOST[column]]
    ]
    return chosen[:limit]


def _asked(text: str, scope: Scope | None) -> list[ValuesWanted]:
    within = scope_expression(scope)
    begun: list[tuple[SuggestedColumn, str | None]] = [
        *((column, beginning(column, text)) for column in COLUMNS if column != "title"),
        ("title", beginning("title", text, of_whole=True)),
        ("title", beginning("title", text)),
    ]
    return [
        ValuesWanted(column, _begun(start), any_of(()), within) for column, start in begun if start
    ]


def _begun(start: str) -> Expression:
    if start.endswith(END):
        return Words("beginnings", (start,))
    return Prefix("beginnings", start)


def _add_different(
    source: ValueSource, asked: ValuesWanted, values: list[str], found: dict[str, None]
) -> None:
    """Add different values; where many dossiers have the same ones, ask for those without them."""
    wanted = len(found) + MOST[asked.column]
    found |= dict.fromkeys(values)
    if asked.column in FACETS:  # all of them were counted
        return
    for _ in range(wanted):  # each round brings a value at least
        if len(found) >= wanted or len(values) < READ_AT_ONCE:
            return
        known = any_of(Words("beginnings", (value_term(asked.column, one),)) for one in found)
        (values,) = source.values([asked._replace(without=known)])
        found |= dict.fromkeys(values)


def _marked_first(values: dict[str, None], text: str) -> list[str]:
    """Return values in their order, but those first that have the words with the marks as typed."""
    typed = nfc(text)
    if not any(word.has_mark for word in tokens_of(typed)):
        return list(values)
    sought = canonical(" ".join(typed.split()))
    return sorted(values, key=lambda value: sought not in canonical(nfc(value)))
