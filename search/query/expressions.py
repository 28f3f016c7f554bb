"""What a query asks of a page: what is found at all, and the ranks it is found under.

Expressions are small trees that know no engine; each engine writes them in its own language
(``search.sqlite.fts_query``, ``search.elastic.query_dsl``), so all find the same in the same order.
Only words from ``search.text.tokens`` and keywords from ``search.text.keywords`` get into one, so
nothing a visitor types is ever syntax.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from search.query.parser import ParsedQuery, Phrase, Term
from search.text.keywords import field_keys

NEAR_WORDS = 12  # of a stretch in which words stand near each other: a line of print
Column = Literal["exact", "folded", "keys"]
Reading = Literal["exact", "folded"]

_MOST_NEAR = 8  # words of a query that are looked for near each other


class Words(NamedTuple):
    """Words of a column, one after the other."""

    column: Column
    words: tuple[str, ...]


class Beginning(NamedTuple):
    """A keyword that begins so."""

    start: str


class Near(NamedTuple):
    """Different words of a column, all in one stretch of ``NEAR_WORDS``."""

    column: Column
    words: tuple[str, ...]


class AllOf(NamedTuple):
    """Everything of this."""

    parts: tuple[Expression, ...]


class AnyOf(NamedTuple):
    """Anything of this; of nothing, no page."""

    parts: tuple[Expression, ...]


Expression = Words | Beginning | Near | AllOf | AnyOf


class Rank(NamedTuple):
    """Pages found by one expression share a score; higher is better. None lists all pages."""

    score: float
    expression: Expression | None
    near: tuple[str, ...] = ()  # folded words, all in one stretch of every page it finds


def found(asked: ParsedQuery) -> Expression:
    """Return the expression of every page that answers: all units, or an identifier."""
    units = [all_of(asked.units)] if asked.units else []
    return _any([*units, *map(_key, asked.keys), *map(Beginning, asked.starts)])


def ranks(asked: ParsedQuery) -> list[Rank]:
    """Return the ranks, best first: identifier, exact phrase and words, folded phrase and words.

    Each expression finds part of what ``found`` finds, the last ones together all of it.
    """
    steps = [*_identifier_ranks(asked)]
    if asked.has_mark:
        steps += [rank._replace(score=50 + rank.score) for rank in _word_ranks(asked, "exact")]
    steps += _word_ranks(asked, "folded")
    best: dict[Expression | None, Rank] = {}
    for rank in steps:
        best.setdefault(rank.expression, rank)
    return list(best.values())


def all_of(units: Iterable[Term]) -> Expression:
    """Return the expression of the pages that have all units, marks aside."""
    return _all_units(units, "folded")


def any_of(choices: Iterable[Iterable[Term]]) -> Expression:
    """Return the expression of the pages that have all units of any choice, marks aside."""
    return _any(all_of(choice) for choice in choices)


def _identifier_ranks(asked: ParsedQuery) -> Iterator[Rank]:
    if asked.keys:
        yield Rank(110, _any(map(_key, asked.keys)))
    if asked.starts:
        yield Rank(105, _any(map(Beginning, asked.starts)))
    if any(unit.key and not unit.is_year for unit in asked.units):
        yield Rank(100, _all_units(asked.units, "folded", keyed="date"))


def _word_ranks(asked: ParsedQuery, reading: Reading) -> Iterator[Rank]:
    phrase = asked.phrase
    if not phrase:
        return
    yield Rank(45, Words("keys", tuple(field_keys(_words(phrase, reading), reading))))
    together = tuple(dict.fromkeys(_words(phrase, "folded")))
    yield Rank(40, _phrase(phrase, reading), together if len(phrase) <= NEAR_WORDS else ())
    if any(unit.is_year for unit in asked.units):
        yield Rank(35, _all_units(asked.units, reading, keyed="year"))
    near = tuple(dict.fromkeys(_words(phrase, reading)))
    if 2 <= len(near) <= _MOST_NEAR:
        yield Rank(30, AllOf((Near(reading, near), _all_units(asked.units, reading))), together)
    if asked.units != (Term((phrase,)),):
        yield Rank(25, _all_units(asked.units, reading))


def _all_units(units: Iterable[Term], reading: Reading, keyed: str = "") -> Expression:
    parts = tuple(dict.fromkeys(_unit(unit, reading, keyed) for unit in units))
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _unit(unit: Term, reading: Reading, keyed: str = "") -> Expression:
    """Return a unit's expression; a word typed without marks means every marking of it."""
    key = [_key(unit.key)] if unit.key else []
    if key and keyed == ("year" if unit.is_year else "date"):
        return key[0]
    meant: Reading = reading if unit.has_mark else "folded"
    return _any([*(_phrase(form, meant) for form in unit.forms), *key])


def _phrase(phrase: Phrase, reading: Reading) -> Words:
    return Words(reading, tuple(_words(phrase, reading)))


def _words(phrase: Phrase, reading: Reading) -> list[str]:
    return [word.exact if reading == "exact" else word.folded for word in phrase]


def _key(key: str) -> Words:
    return Words("keys", (key,))


def _any(expressions: Iterable[Expression]) -> Expression:
    parts = tuple(dict.fromkeys(expressions))
    return parts[0] if len(parts) == 1 else AnyOf(parts)
