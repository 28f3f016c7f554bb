"""Which words of a page a query hits: for snippets and for boxes on the page's picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pipeline.vietnamese import nfc
from search.query.parser import ParsedQuery, Phrase, parse
from search.text.tokens import Token, tokens_of

Places = dict[str, list[int]]  # folded word -> its positions


class Matcher:
    """Tells which words a query hits; marks that were typed are preferred, not demanded."""

    def __init__(self, asked: ParsedQuery) -> None:
        self._units = asked.units
        self._words = {
            reading.folded for unit in asked.units for form in unit.forms for reading in form
        }

    def hits(self, word: str) -> bool:
        """Tell whether any part of a printed word is a word of the query, marks aside."""
        return any(reading.folded in self._words for reading in tokens_of(nfc(word)))

    def marked(self, words: Sequence[str]) -> tuple[bool, ...]:
        """Tell of each printed word of a page, in reading order, whether it is hit.

        Phrases are hit as a whole; a word typed with marks hits other markings only when the page
        does not have it as typed.
        """
        parts = [
            (place, reading) for place, word in enumerate(words) for reading in tokens_of(nfc(word))
        ]
        hit = {parts[position][0] for position in self.positions([part[1] for part in parts])}
        return tuple(place in hit for place in range(len(words)))

    def positions(self, page: Sequence[Token]) -> dict[int, int]:
        """Return the positions of a page's words that are hit, each with the unit that hits it."""
        places: Places = defaultdict(list)
        for position, (_, folded) in enumerate(page):
            if folded in self._words:
                places[folded].append(position)
        found: dict[int, int] = {}
        for number, unit in enumerate(self._units):
            for position in _occurrences(unit.forms, page, places):
                found.setdefault(position, number)
        return found


def matcher(text: str) -> Matcher:
    """Return what tells the words that a search for ``text`` hits."""
    return Matcher(parse(text))


def _occurrences(forms: Iterable[Phrase], page: Sequence[Token], places: Places) -> list[int]:
    """Return the positions that any of the forms covers; as typed with marks, if there are such."""
    folded: list[int] = []
    exact: list[int] = []
    for form in forms:
        starts = [start for start in places.get(form[0].folded, ()) if _stands(form, page, start)]
        folded += _covered(starts, form)
        if any(word.has_mark for word in form):
            starts = [at for at in starts if tuple(page[at : at + len(form)]) == form]
        exact += _covered(starts, form)
    return exact or folded


def _covered(starts: Iterable[int], form: Phrase) -> list[int]:
    return [start + at for start in starts for at in range(len(form))]


def _stands(form: Phrase, page: Sequence[Token], start: int) -> bool:
    """Tell whether a phrase stands at a place where its first word stands, marks aside."""
    if len(form) == 1:
        return True
    stretch = page[start + 1 : start + len(form)]
    return [word.folded for word in stretch] == [word.folded for word in form[1:]]
