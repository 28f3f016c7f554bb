"""Makes the terms of an entry's columns: words in three forms, pairs of words, keywords.

A value is a page or a line of fields; its terms stand in a string with one space between two, so
an engine needs only to split. ``folded``, ``skeleton`` and ``keys`` keep the order of words, for
phrases; ``exact`` and ``pairs`` are sets. ``pairs`` has adjacent words as one term, so a phrase of
common words costs no positions: folded ones joined by ``_``, those as printed by ``=``, and where
Tesseract may have confused letters the skeletons by ``~``. Skeletons that are the folded words
themselves are not repeated, so whoever looks for them looks for both (``search.query.terms``).
Numbers that were taken out of a text are in none of them, nor are their hashes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from search.text.keywords import field_keys
from search.text.tokens import SIGN, Token, skeleton, tokens_of

ORDERED = ("folded", "skeleton", "keys")  # columns whose words keep their order
WORD_COLUMNS = ("exact", *ORDERED, "pairs")


class Columns(NamedTuple):
    """The terms of one value, one space between two terms."""

    exact: str
    folded: str
    skeleton: str
    pairs: str


def columns(text: str) -> Columns:
    """Return the terms of a page's text or of a line of fields, NFC."""
    words = _words_of(text)
    exact = [word.exact for word in words]
    folded = [word.folded for word in words]
    bones = [skeleton(word) for word in folded]
    pairs = " ".join(pair_terms(exact, folded, bones))
    return Columns(" ".join(exact), " ".join(folded), " ".join(bones), pairs)


def kept_words(text: str, terms: Columns) -> tuple[str, str]:
    """Return the exact and the folded words of a page in order, hashes of numbers among them.

    Args:
        text: the page's text.
        terms: its columns.
    """
    if SIGN not in text:
        return terms.exact, terms.folded
    words = tokens_of(text)
    return " ".join(word.exact for word in words), " ".join(word.folded for word in words)


def hashes_in(text: str) -> list[str]:
    """Return the different hashes of the numbers that were taken out of a text."""
    if SIGN not in text:
        return []
    hashes = (word.exact[1:] for word in tokens_of(text) if word.exact[0] == SIGN)
    return list(dict.fromkeys(hashes))


def pair_terms(exact: list[str], folded: list[str], bones: list[str]) -> set[str]:
    """Return the terms of the column ``pairs`` for words in their three forms, in their order."""
    terms = {*map("_".join, pairwise(folded)), *map("=".join, pairwise(exact))}
    for at, (bone, word) in enumerate(zip(bones, folded, strict=True)):
        if bone != word:
            terms.update(map("~".join, pairwise(bones[max(0, at - 1) : at + 2])))
    return terms


def field_terms(line: str) -> tuple[str, str]:
    """Return the keywords of a line of fields: of its words as they are, of its folded words."""
    words = _words_of(line)
    return (
        " ".join(field_keys((word.exact for word in words), "exact")),
        " ".join(field_keys((word.folded for word in words), "folded")),
    )


def _words_of(text: str) -> list[Token]:
    """Return the words of a text without numbers that were taken out."""
    words = tokens_of(text)
    return [word for word in words if word.exact[0] != SIGN] if SIGN in text else words
