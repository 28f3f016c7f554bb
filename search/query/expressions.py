"""Builds the expressions of a query: one that all pages found match, and one for each rank.

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
from search.text.tokens import TokenForm

NEAR_WORDS = 12  # length of a stretch in which words are near each other: a line of print
Column = Literal["exact", "folded", "keys"]

_MOST_NEAR = 8  # words of a query that are looked for near each other


class Words(NamedTuple):
    """A phrase: these words of a column, one after the other."""

    column: Column
    words: tuple[str, ...]


class Prefix(NamedTuple):
    """Any keyword that begins with this text."""

    start: str


class Near(NamedTuple):
    """A proximity search: different words of a column, all in one stretch of ``NEAR_WORDS``."""

    column: Column
    words: tuple[str, ...]


class AllOf(NamedTuple):
    """A conjunction: a page matches when it matches every part."""

    parts: tuple[Expression, ...]


class AnyOf(NamedTuple):
    """A disjunction: a page matches when it matches one of the parts; without parts, none does."""

    parts: tuple[Expression, ...]


Expression = Words | Prefix | Near | AllOf | AnyOf


class Rank(NamedTuple):
    """Pages that match one expression share a score; higher is better. None matches all pages."""

    score: float
    expression: Expression | None
    near: tuple[str, ...] = ()  # folded words, all in one stretch of every page that matches


def expression_of(parsed: ParsedQuery) -> Expression:
    """Return the expression that every page found matches: all terms, or an identifier."""
    terms = [all_of(parsed.terms)] if parsed.terms else []
    return _any([*terms, *map(_key, parsed.keys), *map(Prefix, parsed.prefixes)])


def ranks(parsed: ParsedQuery) -> list[Rank]:
    """Return the ranks, best first: identifier, exact phrase and words, folded phrase and words.

    Each expression matches part of the pages that ``expression_of`` matches, the last ones
    together all of them.
    """
    steps = [*_identifier_ranks(parsed)]
    if parsed.has_mark:
        steps += [rank._replace(score=50 + rank.score) for rank in _word_ranks(parsed, "exact")]
    steps += _word_ranks(parsed, "folded")
    if any(term.number for term in parsed.terms):  # as a phrase, it may be an end of another one
        found = expression_of(parsed)
        steps = [rank._replace(expression=_both(rank.expression, found)) for rank in steps]
    best: dict[Expression | None, Rank] = {}
    for rank in steps:
        best.setdefault(rank.expression, rank)
    return list(best.values())


def all_of(terms: Iterable[Term]) -> Expression:
    """Return the expression of the pages that have all terms, marks aside."""
    return _all_terms(terms, "folded")


def any_of(choices: Iterable[Iterable[Term]]) -> Expression:
    """Return the expression of the pages that have all terms of any choice, marks aside."""
    return _any(all_of(choice) for choice in choices)


def _both(expression: Expression | None, found: Expression) -> Expression:
    return AllOf((expression, found)) if expression and expression != found else found


def _identifier_ranks(parsed: ParsedQuery) -> Iterator[Rank]:
    if parsed.keys:
        yield Rank(110, _any(map(_key, parsed.keys)))
    if parsed.prefixes:
        yield Rank(105, _any(map(Prefix, parsed.prefixes)))
    if any(term.key and not term.is_year for term in parsed.terms):
        yield Rank(100, _all_terms(parsed.terms, "folded", keyed="date"))


def _word_ranks(parsed: ParsedQuery, form: TokenForm) -> Iterator[Rank]:
    phrase = parsed.phrase
    if not phrase:
        return
    yield Rank(45, Words("keys", tuple(field_keys(_words(phrase, form), form))))
    together = tuple(dict.fromkeys(_words(phrase, "folded")))
    yield Rank(40, _phrase(phrase, form), together if len(phrase) <= NEAR_WORDS else ())
    if any(term.is_year for term in parsed.terms):
        yield Rank(35, _all_terms(parsed.terms, form, keyed="year"))
    near = tuple(dict.fromkeys(_words(phrase, form)))
    if 2 <= len(near) <= _MOST_NEAR:
        yield Rank(30, AllOf((Near(form, near), _all_terms(parsed.terms, form))), together)
    if parsed.terms != (Term((phrase,)),):
        yield Rank(25, _all_terms(parsed.terms, form))


def _all_terms(terms: Iterable[Term], form: TokenForm, keyed: str = "") -> Expression:
    parts = tuple(dict.fromkeys(_term(term, form, keyed) for term in terms))
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _term(term: Term, form: TokenForm, keyed: str = "") -> Expression:
    """Return a term's expression; a word typed without marks matches every marking of it.

    Args:
        term: the term.
        form: the form to match words in that were typed with marks.
        keyed: "date" or "year" when such terms must match by their keyword alone.
    """
    key = [_key(term.key)] if term.key else []
    if key and keyed == ("year" if term.is_year else "date"):
        return key[0]
    as_typed: TokenForm = form if term.has_mark else "folded"
    phrases = [_phrase(phrase, as_typed) for phrase in term.phrases]
    begins = [Prefix(start) for start in _beginnings(term)]
    return _any([*phrases, *begins, *key, *map(_key, term.mentions)])


def _beginnings(term: Term) -> list[str]:
    if not term.is_prefix:
        return []
    word = term.phrases[0][0].folded
    return [word, *field_keys([word], "folded")]


def _phrase(phrase: Phrase, form: TokenForm) -> Words:
    return Words(form, tuple(_words(phrase, form)))


def _words(phrase: Phrase, form: TokenForm) -> list[str]:
    return [word.exact if form == "exact" else word.folded for word in phrase]


def _key(key: str) -> Words:
    return Words("keys", (key,))


def _any(expressions: Iterable[Expression]) -> Expression:
    parts = tuple(dict.fromkeys(expressions))
    return parts[0] if len(parts) == 1 else AnyOf(parts)
