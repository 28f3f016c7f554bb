"""How alike two phrases are, whatever the marks: labels are matched fuzzily (docs/domain.md §9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.vietnamese import fold, syllables


class Window(NamedTuple):
    """A run of words found in a longer one."""

    likeness: float
    start: int
    end: int


def plain(text: str) -> str:
    """Return folded words with one space between them, nothing else."""
    return " ".join(syllables(fold(text)))


def likeness(one: str, other: str, floor: float = 0.0) -> float:
    """Return 1 minus the share of letters that differ (Levenshtein); compare plain texts.

    Less than ``floor`` may come back as 0: most pairs share too few letters to be worth comparing.
    """
    longest = max(len(one), len(other))
    if not longest:
        return 1.0
    if floor and (Counter(one) & Counter(other)).total() < floor * longest:
        return 0.0
    return 1 - _distance(one, other) / longest


def find_window(words: Sequence[str], phrase: str, floor: float) -> Window | None:
    """Find the run of words most like a plain phrase, at least ``floor`` alike.

    Args:
        words: as printed, one token each.
        phrase: plain text.
        floor: least likeness, 0-1.
    """
    plains = [plain(word) for word in words]
    wanted = phrase.split()
    if len(set(wanted) & set(" ".join(plains).split())) < len(wanted) / 3:
        return None  # a reader that spoils so many words spoils the rest as well
    best = Window(0.0, 0, 0)
    for start in range(len(words)):
        for size in range(max(1, len(wanted) - 2), len(wanted) + 3):
            if start + size <= len(words):
                joined = " ".join(filter(None, plains[start : start + size]))
                alike = likeness(joined, phrase, max(floor, best.likeness))
                best = max(best, Window(alike, start, start + size), key=lambda found: found[0])
    return best if best.likeness >= floor else None


def upper_share(text: str) -> float:
    """Return the share of letters that are capitals; 0 without letters."""
    letters = [char for char in text if char.isalpha()]
    return sum(char.isupper() for char in letters) / len(letters) if letters else 0.0


def _distance(one: str, other: str) -> int:
    previous = list(range(len(other) + 1))
    for row, left in enumerate(one, start=1):
        current, last = [row], row
        for column, right in enumerate(other):
            last = (
                previous[column]
                if left == right
                else 1 + min(previous[column], previous[column + 1], last)
            )
            current.append(last)
        previous = current
    return previous[-1]
