"""Finds the words of a page that a query hits, for snippets and for boxes on the page's picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.vietnamese import nfc
from search.query.number_hits import number_positions
from search.query.parser import ParsedQuery, Phrase, Term, parse
from search.text.tokens import Token, tokens_of

Positions = dict[str, list[int]]  # folded word -> its positions on the page, ascending


class Matcher:
    """Tells which words a query hits; marks that were typed are preferred, not demanded."""

    def __init__(self, parsed: ParsedQuery) -> None:
        self._terms = parsed.terms
        self._words = {
            token.folded for term in parsed.terms for phrase in term.phrases for token in phrase
        }
        self._starts = tuple(term.phrases[0][-1].folded for term in parsed.terms if term.is_prefix)
        self._numbers = {term.number for term in parsed.terms if term.number}
        hashes = {term.hashed for term in parsed.terms if term.hashed}
        self._looked_for = frozenset(self._words | hashes)

    def hits(self, word: str) -> bool:
        """Tell whether any part of a printed word is a word of the query, marks aside."""
        tokens = tokens_of(nfc(word))
        return any(self._may_hit(token.folded) for token in tokens) or any(
            number_positions(number, [token.folded for token in tokens]) for number in self._numbers
        )

    def marked(self, words: Sequence[str]) -> tuple[bool, ...]:
        """Tell of each printed word of a page, in reading order, whether it is hit.

        Phrases are hit as a whole; a word typed with marks hits other markings only when the page
        does not have it as typed.
        """
        parts = [
            (number, token) for number, word in enumerate(words) for token in tokens_of(nfc(word))
        ]
        hit = {parts[position][0] for position in self.positions([part[1] for part in parts])}
        return tuple(number in hit for number in range(len(words)))

    def positions(self, page: Sequence[Token]) -> dict[int, int]:
        """Return the positions in a page's tokens that are hit.

        Returns:
            Position of the token, from 0: number of the query's first term that hits it, from 0.
        """
        return self.positions_of([word.exact for word in page], [word.folded for word in page])

    def positions_of(self, exact: Sequence[str], folded: Sequence[str]) -> dict[int, int]:
        """Return the same for the words of a page in both forms, as an index keeps them."""
        positions: Positions = defaultdict(list)
        words, starts = self._looked_for, self._starts
        if starts:
            hit = [at for at, word in enumerate(folded) if word in words or word.startswith(starts)]
        else:
            hit = [at for at, word in enumerate(folded) if word in words]
        for position in hit:
            positions[folded[position]].append(position)
        page = _Page(exact, folded, positions)
        hits: dict[int, int] = {}
        for number, term in enumerate(self._terms if positions or self._numbers else ()):
            for position in _term_positions(term, page):
                hits.setdefault(position, number)
            others = number_positions(term.number, folded) if term.number else []
            for position in (*others, *positions.get(term.hashed, ())):
                hits.setdefault(position, number)
        return hits

    def _may_hit(self, folded: str) -> bool:
        return folded in self._words or bool(self._starts and folded.startswith(self._starts))


class _Page(NamedTuple):
    """The words of a page in both forms, and where those stand that a query may hit."""

    exact: Sequence[str]
    folded: Sequence[str]
    positions: Positions


def matcher(text: str) -> Matcher:
    """Return the matcher of what a visitor typed."""
    return Matcher(parse(text))


def _term_positions(term: Term, page: _Page) -> list[int]:
    if not term.is_prefix:
        return _occurrences(term.phrases, page)
    start = term.phrases[0][-1].folded
    return [at for word, found in page.positions.items() if word.startswith(start) for at in found]


def _occurrences(phrases: Iterable[Phrase], page: _Page) -> list[int]:
    """Return the positions that any of the phrases covers; as typed with marks, if there are."""
    folded: list[int] = []
    exact: list[int] = []
    for phrase in phrases:
        found = page.positions.get(phrase[0].folded, ())
        starts = [at for at in found if _occurs(phrase, page, at)]
        folded += _covered(starts, phrase)
        if any(word.has_mark for word in phrase):
            typed = [word.exact for word in phrase]
            starts = [at for at in starts if list(page.exact[at : at + len(phrase)]) == typed]
        exact += _covered(starts, phrase)
    return exact or folded


def _covered(starts: Iterable[int], phrase: Phrase) -> list[int]:
    return [start + offset for start in starts for offset in range(len(phrase))]


def _occurs(phrase: Phrase, page: _Page, start: int) -> bool:
    """Tell whether a phrase begins where its first word was found, marks aside."""
    if len(phrase) == 1:
        return True
    stretch = page.folded[start + 1 : start + len(phrase)]
    return list(stretch) == [word.folded for word in phrase[1:]]
