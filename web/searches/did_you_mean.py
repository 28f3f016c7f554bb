"""Offers another text where a word of the search stands nowhere and a near one was found for it.

The near words come from the snippets that are shown, so nothing is offered that its reader may not
see, and both engines offer the same. A number is never replaced: one digit away is another number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from pipeline.model import MARK_CLOSE, MARK_OPEN, Hit
from search.query.relaxation import misreadings
from search.text.tokens import Token, tokens_of

_SHORTEST = 3  # letters of a word that is replaced
_MARKED = re.compile(f"{MARK_OPEN}([^{MARK_CLOSE}]*){MARK_CLOSE}")


def better_text(text: str, given_up: Iterable[str], hits: Iterable[Hit]) -> str:
    """Return the text with words that stand nowhere replaced; empty where nothing is better.

    Args:
        text: the search as it was typed.
        given_up: the words that the hits need not have, as the index tells them.
        hits: the hits as they are shown.
    """
    typed = {token.folded for token in tokens_of(text)}
    shown = Counter(
        token
        for hit in hits
        for marked in _MARKED.findall(hit.snippet)
        for token in tokens_of(marked)
        if token.folded not in typed and token.folded.isalpha()
    )
    better = text
    for word in given_up:
        near = _near(word, shown)
        if near:
            better = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", near, better, flags=re.IGNORECASE)
    return better if better != text else ""


def _near(word: str, shown: Counter[Token]) -> str:
    """Return the most frequent of the words that are one edit away, as it stands on paper."""
    tokens = tokens_of(word)
    if len(tokens) != 1 or len(word) < _SHORTEST or not word.isalpha():
        return ""
    alike = set(misreadings(tokens[0].folded))
    found = ((number, exact) for (exact, folded), number in shown.items() if folded in alike)
    return max(found, key=lambda one: (one[0], one[1]), default=(0, ""))[1]
