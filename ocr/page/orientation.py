"""Which of the four ways up a page is read, proven by reading: a wrong turn is worse than none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ocr.engines.port import OcrLine
from pipeline.model import mean_confidence

ENOUGH = 0.70  # mean confidence of a page that is certainly not upside down
_PROVEN = 0.80  # mean confidence of a sample that needs no comparison
_LEAST = 0.60  # below, nothing is proven: handwriting, music, drawings
# How much better than the page as it lies another way must read. Tesseract can read whole blocks
# that lie on their side, so there the page's own stance counts for more.
_BETTER = {90: 0.7, 180: 1.3, 270: 0.7}


def best(turns: Sequence[int], sample: Callable[[int], list[OcrLine]]) -> int:
    """Return the turn whose sample reads best; 0 unless another is proven.

    Args:
        turns: clockwise turns to try, the likeliest first.
        sample: reads a part of the page under a turn.
    """
    samples: dict[int, list[OcrLine]] = {}
    for turn in turns:
        samples[turn] = sample(turn)
        if confidence(samples[turn]) >= _PROVEN:
            return turn
    winner = max(samples, key=lambda turn: score(samples[turn]))
    if winner == 0 or confidence(samples[winner]) < _LEAST:
        return 0
    as_it_lies = samples.get(0) or sample(0)
    return winner if score(samples[winner]) > _BETTER[winner] * score(as_it_lies) else 0


def score(lines: Sequence[OcrLine]) -> float:
    """Return how much was read with confidence: letters of words above one half, weighted."""
    return sum(
        len(word.text) * (word.confidence - 0.5)
        for line in lines
        for word in line.words
        if word.confidence > 0.5 and len(word.text) > 1
    )


def confidence(lines: Sequence[OcrLine]) -> float:
    """Return the mean confidence of what was read, weighted by letters; 0 without words."""
    return mean_confidence([word for line in lines for word in line.words])
