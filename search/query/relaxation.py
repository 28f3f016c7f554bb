"""Relaxes a query that finds no page: misread words are tried first, then most of the words."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Protocol

from search.query.expressions import Expression, Rank, all_of, any_of
from search.query.parser import ParsedQuery, Term
from search.text.tokens import Token

MOST_WORDS = 8  # of which some may be missing: 8 give 70 choices of 4
_SHORTEST = 4  # letters of a word worth guessing at: of three letters every syllable is near
# What Tesseract writes for another (docs/domain.md §6.2), beside single letters; folded.
_MISREAD = (("tr", "u"), ("h", "di"), ("m", "rn"), ("d", "cl"), ("h", "li"), ("u", "ii"))


class Lexicon(Protocol):
    """The lookups in an index that relaxing needs; filters are left aside."""

    def finds(self, expressions: Sequence[Expression]) -> list[bool]:
        """Tell of each expression whether any page matches it."""
        ...

    def known(self, words: set[str]) -> list[str]:
        """Return those of the folded words that are on some page."""
        ...


def relax(lexicon: Lexicon, parsed: ParsedQuery) -> tuple[Rank, ParsedQuery] | None:
    """Relax a query until it finds a page.

    A word that is on no page at all stands for the words one letter away from it, or for none;
    at least half of the words must be found together.

    Returns:
        A rank that finds a page, and the query it answers; None when there is none.
    """
    if not parsed.terms:
        return None
    are_known = lexicon.finds([all_of([term]) for term in parsed.terms])
    terms = [
        usable
        for term, is_known in zip(parsed.terms, are_known, strict=True)
        if (usable := term if is_known else _misread(lexicon, term))
    ]
    if len(terms) == len(parsed.terms) and any(lexicon.finds([all_of(terms)])):
        return Rank(20, all_of(terms)), ParsedQuery(tuple(terms))
    half = (len(parsed.terms) + 1) // 2
    terms = terms[:MOST_WORDS]
    for size in range(min(len(terms), len(parsed.terms) - 1), min(half, MOST_WORDS) - 1, -1):
        expression = any_of(combinations(terms, size))
        if any(lexicon.finds([expression])):
            return Rank(10 * size / len(parsed.terms), expression), ParsedQuery(tuple(terms))
    return None


def misreadings(word: str) -> Iterator[str]:
    """Yield what a folded word may have been read or typed as: one edit, or a known confusion."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield from (head + letter + tail for letter in string.ascii_lowercase)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in string.ascii_lowercase)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for pair in _MISREAD:
            for true, read in (pair, pair[::-1]):
                if tail.startswith(true):
                    yield head + read + tail[len(true) :]


def _misread(lexicon: Lexicon, term: Term) -> Term | None:
    """Return a term of those misreadings of a word that are on some page; None without any."""
    if len(term.phrases) > 1 or len(term.phrases[0]) > 1:
        return None
    word = term.phrases[0][0].folded
    if len(word) < _SHORTEST or not word.isalpha():
        return None  # a number one digit away is another number
    known = sorted(lexicon.known({*misreadings(word)}))
    return Term(tuple((Token(variant, variant),) for variant in known)) if known else None
