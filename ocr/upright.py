"""Which of the four ways up a page is read, proven by reading: a wrong turn is worse than none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ocr.tesseract import RawLine

ENOUGH = 0.70  # mean confidence of a page that is certainly not upside down
_CLEARLY = 1.3  # how much better than the page as it lies another way must read


def best(turns: Sequence[int], sample: Callable[[int], list[RawLine]]) -> int:
    """Return the turn whose sample reads best; 0 unless another is clearly better."""
    scores = {turn: score(sample(turn)) for turn in (0, *turns)}
    winner = max(scores, key=lambda turn: scores[turn])
    return winner if scores[winner] > _CLEARLY * scores[0] else 0


def score(lines: Sequence[RawLine]) -> float:
    """Return how much was read with confidence: letters of words above one half, weighted."""
    return sum(
        len(word.text) * (word.confidence - 0.5)
        for line in lines
        for word in line.words
        if word.confidence > 0.5 and len(word.text) > 1
    )


def confidence(lines: Sequence[RawLine]) -> float:
    """Return the mean confidence of what was read, weighted by letters; 0 without words."""
    words = [word for line in lines for word in line.words]
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0
