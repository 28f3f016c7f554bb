"""Orders the pages of a dossier found: the page that shows most of the query comes first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from search.query.expressions import Weighted
from search.query.parser import ParsedQuery, Term
from search.query.terms import folded, term_expression
from search.text.columns import columns

MOST_READ = 64  # pages of a large dossier that are compared
_BETWEEN = " ¦ "  # between two lines, so that no phrase runs across


class PageWords(NamedTuple):
    """A page as it is compared and shown."""

    number: int  # within the dossier, from 1
    exact: str  # terms of the column of this name
    folded: str
    fields: str  # its dossier's and its document's fields, one a line


class _Needles(NamedTuple):
    """What to look for in a page: a term's phrases, as typed where that says more, and folded."""

    exact: tuple[str, ...]
    folded: tuple[str, ...]
    number: re.Pattern[str] | None  # a number, whatever gaps it has


class _Worth(NamedTuple):
    """What a page has of a query; more is better."""

    terms: frozenset[int]
    pairs: int
    exact: int


def best_pages(parsed: ParsedQuery, pages: Sequence[PageWords]) -> tuple[int, ...]:
    """Return the numbers of the pages that show what the query found, best first.

    These are the pages with as many terms as any, then pages with terms that those lack; all pages
    where none has a term.

    Args:
        parsed: the query.
        pages: the dossier's pages, or those of a large dossier that may be best.
    """
    needles = [_needles(term) for term in parsed.terms]
    pairs = [f" {one.folded} {other.folded} " for one, other in pairwise(parsed.phrase)]
    worth = {page.number: _worth(page, needles, pairs) for page in pages}
    most = max((len(of.terms) for of in worth.values()), default=0)
    order = sorted(worth, key=lambda number: (*_descending(worth[number]), number))
    if not most:
        return tuple(order)
    best = [number for number in order if len(worth[number].terms) == most]
    covered = frozenset().union(*(worth[number].terms for number in best))
    for number in order:
        if worth[number].terms - covered:
            best.append(number)
            covered |= worth[number].terms
    return tuple(best)


def page_weights(parsed: ParsedQuery) -> tuple[Weighted, ...]:
    """Return what makes a page of a large dossier worth comparing: its terms, then its pairs."""
    pairs = {folded(pair): None for pair in pairwise(parsed.phrase)}
    weighted = {term_expression(term): len(pairs) + 1 for term in parsed.terms}
    return tuple(Weighted(*item) for item in ({pair: 1 for pair in pairs} | weighted).items())


def _descending(worth: _Worth) -> tuple[int, int, int]:
    return -len(worth.terms), -worth.pairs, -worth.exact


def _worth(page: PageWords, needles: Sequence[_Needles], pairs: Sequence[str]) -> _Worth:
    exact, words = f" {page.exact} ", f" {page.folded} "
    of_fields = _field_words(page.fields)
    return _Worth(
        frozenset(
            number
            for number, needle in enumerate(needles)
            if _has(words, needle.folded)
            or _has(of_fields, needle.folded)
            or (needle.number and needle.number.search(words))
        ),
        sum(pair in words for pair in pairs),
        sum(_has(exact, needle.exact) for needle in needles),
    )


def _has(words: str, needles: Iterable[str]) -> bool:
    return any(needle in words for needle in needles)


def _needles(term: Term) -> _Needles:
    end = "" if term.is_prefix else " "
    return _Needles(
        tuple(
            f" {' '.join(word.exact for word in phrase)}{end}"
            for phrase in term.phrases
            if any(word.has_mark for word in phrase)
        ),
        tuple(f" {' '.join(word.folded for word in phrase)}{end}" for phrase in term.phrases),
        re.compile(f" {' ?'.join(term.number)}d? ") if term.number else None,
    )


@lru_cache(maxsize=1 << 10)
def _field_words(fields: str) -> str:
    return f" {_BETWEEN.join(columns(line).folded for line in fields.split(chr(10)))} "
