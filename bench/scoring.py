"""Errors of a reading against its truth, whatever the order of lines and columns.

Words of the truth that were read exactly are taken out, each as often as it occurs. What is left on
both sides is paired, the most alike first; an edit distance is counted for each pair, all letters
of a word that has no partner. So a header read across its two columns costs nothing, a lost or an
invented word all its letters. Leader dots count nowhere. The same rule judges all readers.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import NamedTuple

from pipeline.vietnamese import fold

_LEADERS = re.compile(r"[.…_·]{3,}|…")


class Errors(NamedTuple):
    """What is wrong with the reading of some pages, in letters and words; sums may be added."""

    letters: int = 0  # of the truth
    wrong: int = 0  # letters to change, add or take away
    words: int = 0  # of the truth, without outer punctuation
    read: int = 0
    right: int = 0
    marks: int = 0  # words whose letters are right and whose marks are not

    def plus(self, other: Errors) -> Errors:
        """Return both together."""
        return Errors(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def rate(self) -> float:
        """Character error, as a share."""
        return self.wrong / max(self.letters, 1)


def errors(truth: str, read: str, optional: str = "") -> Errors:
    """Compare a reading with the truth.

    Args:
        truth: what is printed.
        read: what was read.
        optional: what is printed too and may be read or not (stamps).
    """
    wanted, found = _tokens(truth), _tokens(read)
    lost, extra = wanted - found, found - wanted
    letters = sum(len(word) * count for word, count in wanted.items())
    bare_wanted, bare_found = _bare(wanted), _bare(found)
    right = bare_wanted & bare_found
    folded = _folded(bare_wanted - right) & _folded(bare_found - right)
    allowed = _bare(_tokens(optional))
    invented = (bare_found - right) - allowed
    return Errors(
        letters,
        _unpaired(list(lost.elements()), list(extra.elements()), list(_tokens(optional))),
        bare_wanted.total(),
        right.total() + invented.total(),
        right.total(),
        folded.total(),
    )


def _unpaired(lost: list[str], extra: list[str], optional: list[str]) -> int:
    wanted = [*lost, *optional]
    pairs = sorted(
        (distance(a, b), i, j)
        for i, a in enumerate(wanted)
        for j, b in enumerate(extra)
        if abs(len(a) - len(b)) < max(len(a), len(b)) and distance(a, b) < max(len(a), len(b))
    )
    lost_left, extra_left, wrong = set(range(len(wanted))), set(range(len(extra))), 0
    for steps, i, j in pairs:
        if i in lost_left and j in extra_left:
            lost_left.remove(i)
            extra_left.remove(j)
            wrong += steps if i < len(lost) else 0
    wrong += sum(len(lost[i]) for i in lost_left if i < len(lost))
    return wrong + sum(len(extra[j]) for j in extra_left)


def distance(a: str, b: str) -> int:
    """Return the edits between two words (Levenshtein)."""
    above = list(range(len(b) + 1))
    for row, letter in enumerate(a, start=1):
        here = [row]
        for column, other in enumerate(b, start=1):
            change = above[column - 1] + (letter != other)
            here.append(min(above[column] + 1, here[-1] + 1, change))
        above = here
    return above[-1]


def _tokens(text: str) -> Counter[str]:
    return Counter(_LEADERS.sub(" ", unicodedata.normalize("NFC", text)).split())


def _bare(words: Counter[str]) -> Counter[str]:
    bare: Counter[str] = Counter()
    for word, count in words.items():
        inner = [place for place, char in enumerate(word) if char.isalnum()]
        if inner:
            bare[word[inner[0] : inner[-1] + 1]] += count
    return bare


def _folded(words: Counter[str]) -> Counter[str]:
    folded: Counter[str] = Counter()
    for word, count in words.items():
        folded[fold(word)] += count
    return folded
