"""Finds the orientation of a page (0, 90, 180, 270 degrees) and reads it so.

A wrong turn is worse than none, so a page is turned only where reading it proves that: the whole of
it where its letters clearly stand on their feet so, or else samples under several turns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ocr.engines.port import OcrLine
from ocr.image.deskew import SkewEstimate
from ocr.image.preprocess import ReadingPicture
from pipeline.model import mean_confidence

CONFIDENT = 0.70  # mean confidence of a page that is certainly not upside down
_SAMPLE_HEIGHT = 0.35  # share of the page's height that is read to find its orientation
_PROVEN = 0.80  # mean confidence of a sample that needs no comparison
_LEAST = 0.60  # below, nothing is proven: handwriting, music, drawings
# By how much the score of a turned page must exceed that of the page as it came. Tesseract can read
# whole blocks that lie on their side, so for those turns less is asked.
_BETTER = {90: 0.7, 180: 1.3, 270: 0.7}


class UprightReading(NamedTuple):
    """A page as it was read under a turn."""

    turn: int  # degrees clockwise: 0, 90, 180 or 270
    picture: ReadingPicture
    lines: list[OcrLine]


def read_upright(
    estimate: SkewEstimate,
    known: int | None,
    turned: Callable[[int], ReadingPicture],
    read: Callable[[ReadingPicture], list[OcrLine]],
) -> UprightReading:
    """Return what is read of a page that is turned upright.

    A page that clearly lies is read whole at once: most are as their letters tell, and then no
    sample was needed.

    Args:
        estimate: how the page's letters stand.
        known: degrees clockwise that bring it upright; None: to be found.
        turned: makes the image for OCR under a turn.
        read: recognises the words of such an image.
    """

    def whole(turn: int) -> UprightReading:
        picture = turned(turn)
        return UprightReading(turn, picture, read(picture))

    def sample(turn: int) -> list[OcrLine]:
        return read(densest_band(turned(turn)))

    if known is not None:
        return whole(known)
    first = whole(estimate.turns[0]) if estimate.sure or estimate.clear else None
    least, turns = (CONFIDENT, (180,)) if estimate.sure else (_PROVEN, estimate.turns)
    if first is not None and confidence(first.lines) >= least:
        return first
    turn = best_turn(turns, sample)
    return first if first is not None and first.turn == turn else whole(turn)


def best_turn(turns: Sequence[int], sample: Callable[[int], list[OcrLine]]) -> int:
    """Return the turn, in degrees clockwise, whose sample reads best; 0 unless another is proven.

    Args:
        turns: the turns to try in degrees clockwise (0, 90, 180, 270), the likeliest first.
        sample: recognises a part of the page under a turn.
    """
    samples: dict[int, list[OcrLine]] = {}
    for turn in turns:
        samples[turn] = sample(turn)
        if confidence(samples[turn]) >= _PROVEN:
            return turn
    winner = max(samples, key=lambda turn: score(samples[turn]))
    if winner == 0 or confidence(samples[winner]) < _LEAST:
        return 0
    unturned = samples.get(0) or sample(0)
    return winner if score(samples[winner]) > _BETTER[winner] * score(unturned) else 0


def score(lines: Sequence[OcrLine]) -> float:
    """Return the letters of words above confidence 0.5, weighted by how far above it they are."""
    return sum(
        len(word.text) * (word.confidence - 0.5)
        for line in lines
        for word in line.words
        if word.confidence > 0.5 and len(word.text) > 1
    )


def confidence(lines: Sequence[OcrLine]) -> float:
    """Return the mean confidence (0-1) of the words, weighted by letters; 0 without words."""
    return mean_confidence([word for line in lines for word in line.words])


def densest_band(picture: ReadingPicture) -> ReadingPicture:
    """Return the horizontal band of an image with most ink in it, which is a sample of its page."""
    ink = (picture.grey < 128).sum(axis=1, dtype=np.int64)
    height = max(1, round(len(ink) * _SAMPLE_HEIGHT))
    sums = np.convolve(ink, np.ones(height, np.int64), mode="valid")
    top = int(np.argmax(sums))
    return picture._replace(grey=np.ascontiguousarray(picture.grey[top : top + height]))
