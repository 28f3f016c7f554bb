"""Makes snippets: the stretch of a page that has most words of the query, hits marked."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.model import MARK_CLOSE, MARK_OPEN
from search.query.matching import Matcher
from search.text.hidden_numbers import shown
from search.text.tokens import spans, tokens_of

WIDTH = 30  # words
LONGEST = 600  # characters: 30 words are about 150, tables of numbers without a space are longer

_LEAD = 5  # words before the first hit
_SIDE_BY_SIDE = re.compile(rf"{MARK_CLOSE}([ ./&_-]){MARK_OPEN}")


def snippet(
    text: str, fields: str, matcher: Matcher, words: tuple[list[str], list[str]] | None = None
) -> str:
    """Return about 30 words around the best hits, with marks; from the fields when only they hit.

    Args:
        text: the page's text as the index stores it, NFC.
        fields: its dossier's and its document's fields, one a line.
        matcher: finds the words that the query hits.
        words: the exact and the folded words of the text, where an index keeps them.

    Returns:
        One line; each hit stands between ``MARK_OPEN`` and ``MARK_CLOSE``.
    """
    for source in (text, fields.replace("\n", " · ")):
        if source is text and words is not None:
            number, hits = len(words[0]), matcher.positions_of(*words)
        else:
            found = tokens_of(source)
            number, hits = len(found), matcher.positions(found)
        if hits:
            return _excerpt(source, hits, min(_best_start(hits), max(0, number - WIDTH)))
    return _excerpt(text, {}, 0)


def _excerpt(text: str, hits: dict[int, int], first: int) -> str:
    """Return ``WIDTH`` words of a text from number ``first`` on, the hits marked."""
    text = text.replace(MARK_OPEN, " ").replace(MARK_CLOSE, " ")
    words = spans(text, first, first + WIDTH + 1)  # one more, to know whether the text goes on
    goes_on = len(words) > WIDTH
    parts = ["… "] if first else []
    end = words[0][0] if first else 0
    for position, (start, stop) in enumerate(words[:WIDTH], first):
        parts.append(text[end:start][:LONGEST])
        word = shown(text[start:stop])[:LONGEST]
        parts.append(f"{MARK_OPEN}{word}{MARK_CLOSE}" if position in hits else word)
        end = stop
    parts.append(" …" if goes_on else text[end:][:LONGEST])
    return _SIDE_BY_SIDE.sub(r"\1", " ".join("".join(parts).split()))


def _best_start(hits: dict[int, int]) -> int:
    """Return where the window begins that has most terms, then most of them in typed order.

    Args:
        hits: position of each token that is hit -> number of the term that hits it; not empty.
    """
    positions = sorted(hits)
    worth = {at: 3 if hits.get(at - 1, -2) == hits[at] - 1 else 1 for at in positions}
    best, begin, end, value = (0, 0), 0, 0, 0
    inside: Counter[int] = Counter()
    for position in positions:
        while end < len(positions) and positions[end] < position + WIDTH - _LEAD:
            inside[hits[positions[end]]] += 1
            value += worth[positions[end]]
            end += 1
        if (len(inside), value) > best:
            best, begin = (len(inside), value), max(0, position - _LEAD)
        value -= worth[position]
        inside[hits[position]] -= 1
        if not inside[hits[position]]:
            del inside[hits[position]]
    return begin
