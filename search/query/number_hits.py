"""Hashes the numbers of a query, and finds the words of a page that together are such a number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from search.query.parser import ParsedQuery, Term
from search.text.hidden_numbers import SHORTEST_PART, SHORTEST_WHOLE, NumberHash
from search.text.keywords import value_key
from search.text.numbers import LONGEST, normal_number
from search.text.tokens import SIGN

# Phones and firms, citizens, branches: whoever types all of it means no longer number.
_COMPLETE = re.compile(r"0\d{9}|0\d{11}|\d{13,}")
_MOST_DIGITS = LONGEST + 3  # +84 (0)


def hashed(parsed: ParsedQuery, hashing: NumberHash, *, with_parts: bool) -> ParsedQuery:
    """Return a query whose numbers are hashed as those of people are in an index.

    Args:
        parsed: the query as parsed.
        hashing: hashes with the key of the index.
        with_parts: whether digits may find the number of a person of which they are a part.
    """
    terms = tuple(_hashed(term, hashing, with_parts=with_parts) for term in parsed.terms)
    owned = {value_key(term.number): hashing.own(term.number) for term in terms if term.hashed}
    return replace(
        parsed,
        terms=terms,
        keys=tuple(f"{SIGN}{owned[key]}" if key in owned else key for key in parsed.keys),
        excluded=tuple(_hashed(term, hashing, with_parts=with_parts) for term in parsed.excluded),
    )


def _hashed(term: Term, hashing: NumberHash, *, with_parts: bool) -> Term:
    digits = term.number or _digits(term)
    parts: tuple[str, ...] = ()
    if with_parts and len(digits) >= SHORTEST_PART - 1 and not _COMPLETE.fullmatch(digits):
        parts = (hashing.part(digits),)
    if not term.number or len(term.number) < SHORTEST_WHOLE:
        return replace(term, parts=parts)
    key = f"{SIGN}{hashing.own(term.number)}"
    return replace(term, key=key, hashed=f"{SIGN}{hashing.whole(term.number)}", parts=parts)


def _digits(term: Term) -> str:
    """Return the digits of a term that is a number, and no year; empty for all else."""
    (typed, *others) = term.phrases[0]
    is_number = typed.folded.isdecimal() and not others and not term.is_year
    return typed.folded if is_number else ""


def number_positions(number: str, page: Sequence[str]) -> list[int]:
    """Return the positions in a page's words of each number that is the same in normal form.

    Args:
        number: the number in normal form.
        page: the page's words, folded.
    """
    beginnings = (number[:1], "84", "00")
    starts = [at for at, word in enumerate(page) if word.startswith(beginnings)]
    return [position for start in starts for position in _run(number, page, start)]


def _run(number: str, page: Sequence[str], start: int) -> range:
    digits = ""
    for at in range(start, min(len(page), start + _MOST_DIGITS)):
        word = page[at].removesuffix("vnd").removesuffix("d")
        if not word.isdigit() or len(digits) + len(word) > _MOST_DIGITS:
            break
        digits += word
        if normal_number(digits) == number:
            return range(start, at + 1)
    return range(0)
