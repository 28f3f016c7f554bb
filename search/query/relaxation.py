"""What to look for when no page has all the words: misread words first, then most of the words."""

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
    """What relaxing asks of an index."""

    def finds(self, expressions: Sequence[Expression]) -> list[bool]:
        """Tell of each whether any page answers, filters aside."""
        ...

    def known(self, words: set[str]) -> list[str]:
        """Return those folded words that are on some page."""
        ...


def relax(lexicon: Lexicon, asked: ParsedQuery) -> tuple[Rank, ParsedQuery] | None:
    """Return a rank that finds something, and the query it answers; None when nothing helps.

    A word that is on no page at all stands for the words one letter away from it, or for none;
    at least half of the words must be found together.
    """
    if not asked.units:
        return None
    are_known = lexicon.finds([all_of([wanted]) for wanted in asked.units])
    known = [
        meant
        for wanted, is_known in zip(asked.units, are_known, strict=True)
        if (meant := wanted if is_known else _misread(lexicon, wanted))
    ]
    if len(known) == len(asked.units) and any(lexicon.finds([all_of(known)])):
        return Rank(20, all_of(known)), ParsedQuery(tuple(known))
    half = (len(asked.units) + 1) // 2
    known = known[:MOST_WORDS]
    for size in range(min(len(known), len(asked.units) - 1), min(half, MOST_WORDS) - 1, -1):
        expression = any_of(combinations(known, size))
        if any(lexicon.finds([expression])):
            return Rank(10 * size / len(asked.units), expression), ParsedQuery(tuple(known))
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


def _misread(lexicon: Lexicon, wanted: Term) -> Term | None:
    """Return what a unit that is on no page may have been read as and is on some."""
    if len(wanted.forms) > 1 or len(wanted.forms[0]) > 1:
        return None
    word = wanted.forms[0][0].folded
    if len(word) < _SHORTEST or not word.isalpha():
        return None  # a number one digit away is another number
    seen = sorted(lexicon.known({*misreadings(word)}))
    return Term(tuple((Token(term, term),) for term in seen)) if seen else None
