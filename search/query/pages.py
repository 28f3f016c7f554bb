"""Orders the pages of a dossier found: the page that shows most of the query comes first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, Protocol

from search.query.expressions import Expression, Prefix, Weighted, any_of
from search.query.parser import ParsedQuery, Term
from search.query.terms import in_order, key
from search.text.tokens import tokens_of

MOST_READ = 24  # pages of a large dossier that are compared
_BETWEEN = " ¦ "  # between two lines, so that no phrase runs across


class FieldWords(NamedTuple):
    """The fields that some pages of a dossier share."""

    text: str  # one a line
    folded: str  # their words, a sign between two lines, a space before and after


class PageWords(NamedTuple):
    """A page as it is compared and shown."""

    number: int  # within the dossier, from 1
    text: str
    exact: str  # terms of the column of this name, a space before and after
    folded: str
    fields: FieldWords


class ShownPage(Protocol):
    """A page as it is compared and shown, however an engine keeps it: as ``PageWords`` says."""

    @property
    def number(self) -> int:
        """Its number within the dossier, from 1."""
        ...

    @property
    def text(self) -> str:
        """Its text."""
        ...

    @property
    def exact(self) -> str:
        """Terms of the column of this name, a space before and after."""
        ...

    @property
    def folded(self) -> str:
        """Terms of the column of this name, a space before and after."""
        ...

    @property
    def fields(self) -> FieldWords:
        """The fields that it shares with other pages."""
        ...


class _Needle(NamedTuple):
    """What to look for in a page: a term's phrases, as typed where that says more, and folded."""

    bit: int
    exact: tuple[str, ...]
    folded: tuple[str, ...]
    number: re.Pattern[str] | None  # a number, whatever gaps it has


def field_words(fields: str) -> FieldWords:
    """Return the fields of a page as they are compared.

    Args:
        fields: its dossier's and its document's fields, one a line, NFC.
    """
    lines = (" ".join(word.folded for word in tokens_of(line)) for line in fields.split("\n"))
    return FieldWords(fields, padded(_BETWEEN.join(lines)))


def padded(terms: str) -> str:
    """Return terms with a space before the first and after the last."""
    return f" {terms} "


def best_pages(parsed: ParsedQuery, pages: Sequence[ShownPage]) -> tuple[int, ...]:
    """Return the numbers of the pages that show what the query found, best first.

    These are the pages with as many terms as any, then pages with terms that those lack; all pages
    where none has a term.

    Args:
        parsed: the query.
        pages: the dossier's pages, or those of a large dossier that may be best.
    """
    needles = _needles(parsed.terms)
    in_fields = {
        fields: _terms(fields.folded, needles) for fields in {page.fields for page in pages}
    }
    having = defaultdict[int, list[tuple[int, ShownPage]]](list)  # by the number of terms
    for page in pages:
        terms = _terms(page.folded, needles) | in_fields[page.fields]
        having[terms.bit_count()].append((terms, page))
    most = max(having, default=0)
    if not most:
        return tuple(sorted(page.number for page in pages))
    best, covered = [], 0
    for number in sorted(having, reverse=True):
        # What only orders pages costs more than their terms: it is asked where pages are shown.
        if number < most and not any(terms & ~covered for terms, _ in having[number]):
            continue
        for terms, page in _in_order(having[number], parsed, needles):
            if number == most or terms & ~covered:
                best.append(page.number)
                covered |= terms
    return tuple(best)


def _in_order(
    pages: list[tuple[int, ShownPage]], parsed: ParsedQuery, needles: Sequence[_Needle]
) -> list[tuple[int, ShownPage]]:
    """Return pages with as many terms each: by adjacent words, then by words as typed."""
    if len(pages) < 2:
        return pages
    pairs = [f" {one.folded} {other.folded} " for one, other in pairwise(parsed.phrase)]
    by_pairs = defaultdict[int, list[tuple[int, ShownPage]]](list)
    for one in pages:
        folded = one[1].folded
        by_pairs[sum([pair in folded for pair in pairs])].append(one)
    ordered = []
    for number in sorted(by_pairs, reverse=True):
        alike = by_pairs[number]
        if len(alike) > 1:
            alike.sort(key=lambda one: (-_as_typed(one[1].exact, needles), one[1].number))
        ordered += alike
    return ordered


def page_weights(parsed: ParsedQuery) -> tuple[Weighted, ...]:
    """Return what makes a page of a large dossier worth comparing: its terms, then its pairs.

    All is in the columns ``folded`` and ``WHOLE``, the only ones that pages of their own have.
    """
    pairs: dict[Expression, int] = {in_order(pair): 1 for pair in pairwise(parsed.phrase)}
    terms = {_of_page(term): len(pairs) + 1 for term in parsed.terms}
    return tuple(Weighted(*item) for item in (pairs | terms).items())


def _of_page(term: Term) -> Expression:
    if term.is_prefix:
        return Prefix("folded", term.phrases[0][-1].folded)
    return any_of([*map(in_order, term.phrases), *([key(term.hashed)] if term.hashed else [])])


def _as_typed(words: str, needles: Sequence[_Needle]) -> int:
    """Return how many of the terms stand in a page's words with the marks as typed."""
    return sum(any(phrase in words for phrase in needle.exact) for needle in needles)


def _terms(words: str, needles: Sequence[_Needle]) -> int:
    """Return a bit for each of the terms that stand in some folded words."""
    terms = 0
    for bit, _, phrases, number in needles:
        if number and number.search(words):
            terms |= bit
        for phrase in phrases:
            if phrase in words:
                terms |= bit
                break
    return terms


@lru_cache(maxsize=64)
def _needles(terms: tuple[Term, ...]) -> tuple[_Needle, ...]:
    return tuple(_needle(number, term) for number, term in enumerate(terms))


def _needle(number: int, term: Term) -> _Needle:
    end = "" if term.is_prefix else " "
    return _Needle(
        1 << number,
        tuple(
            f" {' '.join(word.exact for word in phrase)}{end}"
            for phrase in term.phrases
            if any(word.has_mark for word in phrase)
        ),
        (
            *(f" {' '.join(word.folded for word in phrase)}{end}" for phrase in term.phrases),
            *([f" {term.hashed} "] if term.hashed else []),
        ),
        re.compile(f" {' ?'.join(term.number)}d? ") if term.number else None,
    )
