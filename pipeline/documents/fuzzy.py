"""Compares phrases by edit distance, marks ignored: labels match fuzzily (docs/domain.md §9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.vietnamese import fold, syllables


class PhraseMatch(NamedTuple):
    """Where a phrase was found in a list of words."""

    similarity: float  # 0-1
    start: int  # index of its first word
    end: int  # index after its last word


def folded_text(text: str) -> str:
    """Return the words of a text, folded, one space between them, without punctuation."""
    return " ".join(syllables(fold(text)))


def similarity(one: str, other: str, floor: float = 0.0) -> float:
    """Return the normalised Levenshtein similarity of two texts: 1 minus the share that differs.

    Args:
        one: the one text, folded.
        other: the other text, folded.
        floor: least similarity that matters; less may come back as 0, because most pairs share
            too few letters to be worth comparing.
    """
    longest = max(len(one), len(other))
    if not longest:
        return 1.0
    if floor and (Counter(one) & Counter(other)).total() < floor * longest:
        return 0.0
    return 1 - _distance(one, other) / longest


def find_phrase(words: Sequence[str], phrase: str, floor: float) -> PhraseMatch | None:
    """Find the consecutive words most similar to a phrase; None when none reach ``floor``.

    Args:
        words: the words as printed, one token each.
        phrase: the phrase to look for, as folded text.
        floor: least similarity, 0-1.
    """
    folded = [folded_text(word) for word in words]
    wanted = phrase.split()
    if len(set(wanted) & set(" ".join(folded).split())) < len(wanted) / 3:
        return None  # where OCR spoiled so many words, it spoiled the rest as well
    best = PhraseMatch(0.0, 0, 0)
    for start in range(len(words)):
        for size in range(max(1, len(wanted) - 2), len(wanted) + 3):
            if start + size <= len(words):
                joined = " ".join(filter(None, folded[start : start + size]))
                alike = similarity(joined, phrase, max(floor, best.similarity))
                best = max(
                    best, PhraseMatch(alike, start, start + size), key=lambda found: found[0]
                )
    return best if best.similarity >= floor else None


def upper_share(text: str) -> float:
    """Return the share of letters that are capitals (0-1); 0 without letters."""
    letters = [char for char in text if char.isalpha()]
    return sum(char.isupper() for char in letters) / len(letters) if letters else 0.0


def _distance(one: str, other: str) -> int:
    """Return the Levenshtein distance, a column of its table at a time in the bits of a number.

    Myers' algorithm as Hyyrö simplified it ("A bit-vector algorithm for computing Levenshtein and
    Damerau edit distances", 2003): a tenth of the time that the table takes in Python.
    """
    if not one:
        return len(other)
    places: dict[str, int] = {}  # letter -> bits of where it stands in the one text
    for place, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << place
    all_bits, last = (1 << len(one)) - 1, 1 << (len(one) - 1)
    more, less, distance = all_bits, 0, len(one)  # differences between neighbours in the column
    for letter in other:
        same = places.get(letter, 0)
        across = (((same & more) + more) ^ more) | same
        longer = less | (all_bits & ~(across | more))
        shorter = more & across
        distance += bool(longer & last) - bool(shorter & last)
        longer = (longer << 1) | 1
        more = ((shorter << 1) | ~(same | less | longer)) & all_bits
        less = longer & (same | less) & all_bits
    return distance
