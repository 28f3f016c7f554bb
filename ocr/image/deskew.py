"""Estimates the skew and likely orientations of a page from the boxes of its letters.

Printed letters stand on a line: the lower edges of their boxes fall into few rows, once the page is
turned back by its skew (after Baird 1987). Lower edges fall together more sharply than upper ones,
because marks and ascenders are above; so the sharpest of the four edges also hints which end is up.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ocr.image.components import Boxes

_MAX_SKEW = 15.0  # degrees
_STEPS = ((0.5, 30), (0.1, 6), (0.02, 6))  # degrees, steps to each side of the best so far
_FEWEST = 12  # letters; fewer tell nothing
_SIDEWAYS = 1.5  # how much sharper lines must be down the page than across before it is turned
_CLEAR = 1.25  # how much sharper feet are than heads where they tell for certain; print has 1.3-1.7
_ROW = 2.0  # pixels of the small image: how exactly letters stand on their line


class SkewEstimate(NamedTuple):
    """Likely orientations of a page, and its skew."""

    turns: tuple[int, ...]  # degrees clockwise worth trying, the likeliest first
    sure: bool  # whether the first turn needs no proof by reading
    skew: float  # degrees the turned page leans clockwise, from -15 to 15
    clear: bool  # whether the first turn is far likelier than the second


def estimate_skew(letters: Boxes) -> SkewEstimate:
    """Estimate orientation and skew; with fewer than 12 letters the page counts as upright.

    Args:
        letters: the boxes of the page's letters in pixels, n by 4.
    """
    if len(letters) < _FEWEST:
        return SkewEstimate((0,), sure=True, skew=0.0, clear=True)
    across = {turn: _best_skew(*_feet(letters, turn)) for turn in (0, 180)}
    down = {turn: _best_skew(*_feet(letters, turn)) for turn in (90, 270)}
    sideways = _greatest(down) > _SIDEWAYS * _greatest(across)
    sharpness = down if sideways else across
    turns = tuple(sorted(sharpness, key=lambda turn: -sharpness[turn][0]))
    (best, skew), (second, _) = (sharpness[turn] for turn in turns)
    is_clear = best >= _CLEAR * second
    return SkewEstimate(turns, sure=turns[0] == 0, skew=round(skew, 2), clear=is_clear)


def _greatest(estimates: dict[int, tuple[float, float]]) -> float:
    return max(sharpness for sharpness, _ in estimates.values())


def _feet(letters: Boxes, turn: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the foot of each letter once the page is turned: x along the line, y across it."""
    left, top, width, height = letters.astype(np.float64).T
    middle_x, middle_y = left + width / 2, top + height / 2
    return {
        0: (middle_x, top + height),
        180: (-middle_x, -top),
        90: (-middle_y, left + width),
        270: (middle_y, -left),
    }[turn]


def _best_skew(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Return how sharply feet fall into rows at the best skew, and that skew in degrees."""
    best, sharpness = 0.0, 0.0
    for step, count in _STEPS:
        angles = best + step * np.arange(-count, count + 1)
        angles = angles[np.abs(angles) <= _MAX_SKEW]
        values = _sharpness(x, y, angles)
        best, sharpness = float(angles[int(np.argmax(values))]), float(values.max())
    return sharpness, best


def _sharpness(
    x: NDArray[np.float64], y: NDArray[np.float64], angles: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return, for each skew, the share of pairs of letters that fall into the same row."""
    slopes = np.tan(np.radians(angles))[:, None]
    rows = (y[None, :] - slopes * x[None, :]) / _ROW
    rows -= rows.min()
    length = int(rows.max()) + 2
    whole = rows.astype(np.int64)
    part = rows - whole
    bins = (whole + np.arange(len(angles))[:, None] * length).ravel()
    # A foot between two rows belongs to both in part: the count changes smoothly with the skew.
    counts = np.bincount(bins, (1 - part).ravel(), len(angles) * length + 1)
    counts += np.bincount(bins + 1, part.ravel(), len(angles) * length + 1)
    counts = counts[:-1].reshape(len(angles), length)
    return np.asarray((counts**2).sum(axis=1) / len(x) ** 2, np.float64)
