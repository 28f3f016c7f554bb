"""Gives bigram probabilities of Vietnamese syllables, counted in texts of public offices.

Also tells which syllables Vietnamese spelling allows. The tables are in ``syllables.zip`` beside
this file, written by ``setup/pack_syllables.py``; ``docs/words.md`` says what was counted and why
it may be used. They are read at the first use, in some hundredths of a second.
"""

from __future__ import annotations

import math
import sys
import zipfile
from array import array
from bisect import bisect_left
from collections import defaultdict
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import IO

from pipeline.vietnamese.text import fold

MODEL = "vn6"  # part of the recipe: other tables or rules of repair give other words

# Numbers of: the edges of a phrase, anything with a digit, a syllable that was never counted.
BEGIN, END, NUMBER, UNKNOWN = 0, 1, 2, -1

_PACKED = Path(__file__).with_name("syllables.zip")
_DISCOUNT = 0.75  # what seen pairs cede to unseen ones (absolute discounting)
_UNSEEN = 0.5  # occurrences of a syllable that was never counted
_ILLEGAL = math.exp(-4.0)  # how much rarer still is one that spelling forbids
_PROVEN = 20  # occurrences that prove a spelling outside the rules: đắk, internet, ubnd


class LanguageModel:
    """Counts of syllables and of pairs of neighbours, with absolute discounting for unseen pairs.

    Args:
        packed: the zip of tables, a file or an open stream.
    """

    def __init__(self, packed: IO[bytes] | Path) -> None:
        with zipfile.ZipFile(packed) as archive:
            self._legal = frozenset(archive.read("legal.txt").decode().split())
            rows = [line.split("\t") for line in archive.read("counts.tsv").decode().split("\n")]
            left = _array("H", archive.read("pairs_left.u16"))
            self._right = _array("H", archive.read("pairs_right.u16"))
            self._pairs = _array("I", archive.read("pairs_count.u32"))
        self._number = {name: number for number, (name, _) in enumerate(rows)}
        self._count = [int(count) for _, count in rows]
        self._total = sum(self._count)
        self._first = [bisect_left(left, number) for number in range(len(rows) + 1)]
        followed = [sum(self._pairs[first:end]) for first, end in pairwise(self._first)]
        self._base = list(map(max, self._count, followed))
        self._ceded = [
            base - pairs + _DISCOUNT * (end - first)
            for base, pairs, (first, end) in zip(
                self._base, followed, pairwise(self._first), strict=True
            )
        ]
        self._with_letters = self._by_letters()

    def number(self, syllable: str) -> int:
        """Return the number of a counted syllable in canonical form, or ``UNKNOWN``."""
        return self._number.get(syllable, UNKNOWN)

    def is_attested(self, syllable: str) -> bool:
        """Tell whether a canonical syllable is legal and counted, or counted often enough."""
        number = self.number(syllable)
        count = 0 if number == UNKNOWN else self._count[number]
        return count >= _PROVEN or (count > 0 and syllable in self._legal)

    def is_legal(self, syllable: str) -> bool:
        """Tell whether a canonical syllable can exist: by the rules of spelling, or by use."""
        return syllable in self._legal or self.is_attested(syllable)

    def with_letters(self, letters: str) -> tuple[str, ...]:
        """Return the attested syllables that fold to these letters: quyết for ``quyet``."""
        return self._with_letters.get(letters, ())

    def bigram_count(self, left: int, right: int) -> int:
        """Return how often one syllable, by number, was counted right after another."""
        if left == UNKNOWN or right == UNKNOWN:
            return 0
        end = self._first[left + 1]
        index = bisect_left(self._right, right, self._first[left], end)
        return self._pairs[index] if index < end and self._right[index] == right else 0

    def log_bigram(self, left: int, right: int, unigram: float) -> float:
        """Return the natural log of the probability that a syllable follows another.

        Args:
            left: number of the syllable before.
            right: number of the syllable that follows.
            unigram: probability of the syllable that follows, without regard to its neighbour.
        """
        if left == UNKNOWN or not self._base[left]:
            return math.log(unigram)
        seen = max(self.bigram_count(left, right) - _DISCOUNT, 0.0)
        return math.log((seen + self._ceded[left] * unigram) / self._base[left])

    def frequency(self, number: int) -> float:
        """Return the relative frequency of a counted syllable, by number (0-1)."""
        return self._count[number] / self._total

    def unigram(self, syllable: str) -> float:
        """Return the unigram probability of a canonical syllable, counted or not (0-1)."""
        number = self.number(syllable)
        if number != UNKNOWN and self.is_attested(syllable):
            return self.frequency(number)
        return _UNSEEN * (1.0 if syllable in self._legal else _ILLEGAL) / self._total

    def _by_letters(self) -> dict[str, tuple[str, ...]]:
        with_letters: dict[str, list[str]] = defaultdict(list)
        for name in self._number:
            if name in self._legal and self.is_attested(name):
                with_letters[fold(name)].append(name)
        return {letters: tuple(names) for letters, names in with_letters.items()}


@lru_cache(maxsize=1)
def language_model() -> LanguageModel:
    """Return the shipped language model, read at the first call."""
    return LanguageModel(_PACKED)


def is_attested(syllable: str) -> bool:
    """Tell whether the shipped language model attests a canonical syllable."""
    return language_model().is_attested(syllable)


def is_legal(syllable: str) -> bool:
    """Tell whether a canonical syllable can exist, as the shipped language model knows."""
    return language_model().is_legal(syllable)


def can_be_spelled(letters: str) -> bool:
    """Tell whether an attested syllable has these letters, whatever its marks: ``quyet``."""
    return bool(language_model().with_letters(letters))


def _array(kind: str, data: bytes) -> array[int]:
    values = array(kind)
    values.frombytes(data)
    if sys.byteorder == "big":
        values.byteswap()
    return values
