"""Makes the terms of an entry's columns: words as typed, folded words, pairs of words, keywords.

A value is a page or a line of fields; its terms stand in a string with one space between two, so
an engine needs only to split. ``exact``, ``folded`` and ``keys`` keep the order of words, for
phrases; ``pairs`` is a set: adjacent folded words as one term, and where Tesseract may have
confused letters the skeletons of words and of pairs, after a tilde. A skeleton that is the folded
word itself is not repeated, so whoever looks for one looks for both (``search.query.terms``).
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from search.text.keywords import field_keys
from search.text.tokens import skeleton, tokens_of

WORD_COLUMNS = ("exact", "folded", "pairs", "keys")


class Columns(NamedTuple):
    """The terms of one value, one space between two terms."""

    exact: str
    folded: str
    pairs: str


def columns(text: str) -> Columns:
    """Return the terms of a page's text or of a line of fields, NFC."""
    words = tokens_of(text)
    folded = [word.folded for word in words]
    return Columns(
        " ".join([word.exact for word in words]), " ".join(folded), " ".join(pair_terms(folded))
    )


def pair_terms(folded: list[str]) -> set[str]:
    """Return the terms of the column ``pairs`` for folded words in their order."""
    bones = [skeleton(word) for word in folded]
    terms = {f"{first}_{second}" for first, second in pairwise(folded)}
    if bones != folded:
        terms |= {
            f"~{bones[at]}_{bones[at + 1]}"
            for at in range(len(folded) - 1)
            if bones[at] != folded[at] or bones[at + 1] != folded[at + 1]
        }
        terms |= {f"~{bone}" for bone, word in zip(bones, folded, strict=True) if bone != word}
    return terms


def field_terms(line: str) -> tuple[str, str]:
    """Return the keywords of a line of fields: of its words as they are, of its folded words."""
    words = tokens_of(line)
    return (
        " ".join(field_keys((word.exact for word in words), "exact")),
        " ".join(field_keys((word.folded for word in words), "folded")),
    )
