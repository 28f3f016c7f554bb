"""FTS5 expressions of a query: what is found at all, and the ranks it is found under.

Only words from ``search.words`` and keywords from ``search.keys`` get into an expression, in
quotes, so nothing a visitor types is ever syntax. Columns need no naming, which saves FTS5 half its
time: a word with marks is in the exact column only, and a word that stands there without marks
stands in the folded column too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from search.keys import field_keys
from search.query import Asked, Phrase, Unit

NEAR_WORDS = 10  # words that may stand between: a line of print holds 12 to 15
Form = Literal["exact", "folded"]

NOTHING = '"nothing·"'  # no such keyword
_MOST_NEAR = 8  # words of a query that are looked for near each other


class Rank(NamedTuple):
    """Pages found by one expression share a score; higher is better."""

    score: float
    expression: str


def found(asked: Asked) -> str:
    """Return the expression of every page that answers: all units, or an identifier."""
    return _any([_all_units(asked.units, "folded"), *_identifiers(asked)]) or NOTHING


def ranks(asked: Asked) -> list[Rank]:
    """Return the ranks, best first: identifier, exact phrase and words, folded phrase and words.

    Each expression finds part of what ``found`` finds, the last ones together all of it.
    """
    steps = [*_identifier_ranks(asked)]
    if asked.has_mark:
        steps += [Rank(50 + rank.score, rank.expression) for rank in _word_ranks(asked, "exact")]
    steps += _word_ranks(asked, "folded")
    best: dict[str, Rank] = {}
    for rank in steps:
        best.setdefault(rank.expression, rank)
    return list(best.values())


def all_of(units: Iterable[Unit]) -> str:
    """Return the expression of the pages that have all units, marks aside."""
    return _all_units(units, "folded")


def any_of(choices: Iterable[Iterable[Unit]]) -> str:
    """Return the expression of the pages that have all units of any choice, marks aside."""
    return _any(all_of(choice) for choice in choices)


def _identifiers(asked: Asked) -> list[str]:
    return [*map(_quoted, asked.keys), *(f"{_quoted(start)} *" for start in asked.starts)]


def _identifier_ranks(asked: Asked) -> Iterator[Rank]:
    if asked.keys:
        yield Rank(110, _any(map(_quoted, asked.keys)))
    if asked.starts:
        yield Rank(105, _any(f"{_quoted(start)} *" for start in asked.starts))
    if any(unit.key and not unit.is_year for unit in asked.units):
        yield Rank(100, _all_units(asked.units, "folded", keyed="date"))


def _word_ranks(asked: Asked, reading: Form) -> Iterator[Rank]:
    phrase = asked.phrase
    yield Rank(45, _quoted(field_keys(_words(phrase, reading), reading)))
    yield Rank(40, _phrase(phrase, reading))
    if any(unit.is_year for unit in asked.units):
        yield Rank(35, _all_units(asked.units, reading, keyed="year"))
    if 2 <= len(asked.units) <= _MOST_NEAR:
        words = " ".join(_phrase(unit.forms[0], reading) for unit in asked.units)
        yield Rank(30, f"NEAR({words}, {NEAR_WORDS})")
    if asked.units != (Unit((phrase,)),):
        yield Rank(25, _all_units(asked.units, reading))


def _all_units(units: Iterable[Unit], reading: Form, keyed: str = "") -> str:
    return " AND ".join(f"({_unit(unit, reading, keyed)})" for unit in units)


def _unit(unit: Unit, reading: Form, keyed: str = "") -> str:
    """Return a unit's expression; a word typed without marks means every marking of it."""
    key = [_quoted(unit.key)] if unit.key else []
    if key and keyed == ("year" if unit.is_year else "date"):
        return key[0]
    meant: Form = reading if unit.has_mark else "folded"
    return " OR ".join([*(_phrase(form, meant) for form in unit.forms), *key])


def _phrase(phrase: Phrase, reading: Form) -> str:
    return _quoted(" ".join(_words(phrase, reading)))


def _words(phrase: Phrase, reading: Form) -> list[str]:
    return [word.exact if reading == "exact" else word.folded for word in phrase]


def _any(expressions: Iterable[str]) -> str:
    return " OR ".join(f"({expression})" for expression in expressions if expression)


def _quoted(words: str) -> str:
    return f'"{words}"'
