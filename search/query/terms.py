"""Turns the terms of a query into expressions: as typed, marks aside, or as Tesseract misreads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from search.query.expressions import Expression, Prefix, Words, all_of, any_of
from search.query.parser import Phrase, Term
from search.text.hidden_numbers import PARTS, WHOLE
from search.text.keywords import field_keys
from search.text.tokens import SIGN, Token, skeleton


def all_terms(terms: Iterable[Term], *, only_marked: bool = False) -> Expression:
    """Return the expression of the dossiers that have all terms."""
    return all_of(term_expression(term, only_marked=only_marked) for term in terms)


def term_expression(term: Term, *, only_marked: bool = False) -> Expression:
    """Return a term's expression: any of its phrases, or of its keywords.

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
    keyed = [key(one) for one in (term.key, term.hashed, *term.mentions) if one]
    return any_of([*choices, *keyed, *(Words(PARTS, (part,)) for part in term.parts)])


def exact(phrase: Phrase) -> Expression:
    """Return the expression of a phrase as typed; by its pairs, which cost less than positions."""
    if len(phrase) == 1:
        return Words("exact", (phrase[0].exact,))
    joined = [Words("pairs", (f"{one.exact}={other.exact}",)) for one, other in pairwise(phrase)]
    return joined[0] if len(phrase) == 2 else all_of([*joined, in_order(phrase)])


def folded(phrase: Phrase) -> Expression:
    """Return the expression of a phrase, marks aside."""
    if len(phrase) == 1:
        return in_order(phrase)
    joined = [pair(one.folded, other.folded) for one, other in pairwise(phrase)]
    return joined[0] if len(phrase) == 2 else all_of([*joined, in_order(phrase)])


def in_order(phrase: Phrase) -> Words:
    """Return the expression of a phrase, marks aside, by the order of its words alone."""
    return Words("folded", tuple(word.folded for word in phrase))


def key(keyword: str) -> Words:
    """Return the expression of a keyword, or of the hash of a number of a person."""
    if keyword.startswith(SIGN):
        return Words(WHOLE, (keyword[1:],))
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
    one, other = skeleton(first.folded), skeleton(second.folded)
    return any_of([pair(one, other), Words("pairs", (f"{one}~{other}",))])


def alike_phrase(phrase: Phrase) -> Expression:
    """Return the expression of a phrase by its pairs, letters that Tesseract confuses being equal.

    The pairs need not follow each other; ``alike_in_order`` says that too, and costs positions.
    """
    if len(phrase) == 1:
        return alike_in_order(phrase)
    return all_of(misread for _, misread in pairs(phrase))


def alike_in_order(phrase: Phrase) -> Expression:
    """Return the expression of a phrase, letters that Tesseract confuses being equal."""
    bones = Words("skeleton", tuple(skeleton(word.folded) for word in phrase))
    return all_of([*(misread for _, misread in pairs(phrase)), bones])
