"""Turns the terms of a query into expressions: as typed, marks aside, or as Tesseract misreads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from search.query.expressions import Expression, Prefix, Words, all_of, any_of
from search.query.parser import Phrase, Term
from search.text.keywords import field_keys
from search.text.tokens import Token, skeleton


def all_terms(terms: Iterable[Term], *, only_marked: bool = False) -> Expression:
    """Return the expression of the dossiers that have all terms."""
    return all_of(term_expression(term, only_marked=only_marked) for term in terms)


def term_expression(term: Term, *, only_marked: bool = False) -> Expression:
    """Return a term's expression: any of its phrases, its keyword, or what mentions it.

    Args:
        term: the term.
        only_marked: whether words typed with marks match with these marks only.
    """
    choices: list[Expression] = [
        exact(phrase) if only_marked and any(word.has_mark for word in phrase) else folded(phrase)
        for phrase in term.phrases
    ]
    if term.is_prefix:
        (word,) = term.phrases[0][-1:]
        is_exact = only_marked and word.has_mark
        choices = [Prefix("exact", word.exact) if is_exact else Prefix("folded", word.folded)]
    keywords = [*([term.key] if term.key else []), *term.mentions]
    return any_of([*choices, *map(key, keywords)])


def exact(phrase: Phrase) -> Words:
    """Return the expression of a phrase as typed."""
    return Words("exact", tuple(word.exact for word in phrase))


def folded(phrase: Phrase) -> Words:
    """Return the expression of a phrase, marks aside."""
    return Words("folded", tuple(word.folded for word in phrase))


def key(keyword: str) -> Words:
    """Return the expression of a keyword."""
    return Words("keys", (keyword,))


def exact_field(phrase: Phrase) -> Words:
    """Return the expression of a phrase as typed in a field."""
    return Words("keys", tuple(field_keys((word.exact for word in phrase), "exact")))


def folded_field(phrase: Phrase) -> Words:
    """Return the expression of a phrase in a field, marks aside."""
    return Words("keys", tuple(field_keys((word.folded for word in phrase), "folded")))


def pair(first: str, second: str) -> Words:
    """Return the expression of two adjacent folded words."""
    return Words("pairs", (f"{first}_{second}",))


def pairs(phrase: Phrase) -> Iterator[tuple[Words, Expression]]:
    """Yield the expressions of each two adjacent words: folded, and as Tesseract misreads."""
    for first, second in pairwise(phrase):
        yield pair(first.folded, second.folded), alike_pair(first, second)


def alike_pair(first: Token, second: Token) -> Expression:
    """Return the expression of two adjacent words, letters that Tesseract confuses being equal."""
    term = f"{skeleton(first.folded)}_{skeleton(second.folded)}"
    return any_of([Words("pairs", (term,)), Words("pairs", (f"~{term}",))])


def alike_phrase(phrase: Phrase) -> Expression:
    """Return the expression of a phrase by its pairs, letters that Tesseract confuses being equal.

    Pairs need not follow each other, but three or more words that do are as good as never parted.
    """
    if len(phrase) == 1:
        return alike(phrase[0])
    return all_of(misread for _, misread in pairs(phrase))


def alike(word: Token) -> Expression:
    """Return the expression of a word, letters that Tesseract confuses being equal."""
    bone = skeleton(word.folded)
    return any_of([Words("folded", (bone,)), Words("pairs", (f"~{bone}",))])
