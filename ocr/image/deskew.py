"""Which way up a page lies and how far its lines lean, told from where its letters stand.

Printed letters stand on a line: the lower edges of their boxes fall into few rows, once the page is
turned back by its lean (after Baird 1987). Lower edges fall together more sharply than upper ones,
because marks and ascenders are above; so the sharpest of the four edges also hints which end is up.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.int32]  # n x 4: left top width height

_REACH = 15.0  # degrees
_STEPS = ((0.5, 30), (0.1, 6), (0.02, 6))  # degrees, steps to each side of the best so far
_ENOUGH = 12  # letters; fewer tell nothing
_SIDEWAYS = 1.5  # how much sharper lines must be down the page than across before it is turned
_ROW = 2.0  # pixels: how exactly letters stand on their line in the small picture


class SkewEstimate(NamedTuple):
    """How a page lies.

    ``turns`` are the clockwise turns worth trying, the likeliest first; ``sure`` tells that the
    first needs no proof. ``skew`` is how far the turned page leans clockwise, in degrees.
    """

    turns: tuple[int, ...]
    sure: bool
    skew: float


def estimate_skew(letters: Boxes) -> SkewEstimate:
    """Tell how a page lies from the boxes of its letters."""
    if len(letters) < _ENOUGH:
        return SkewEstimate((0,), sure=True, skew=0.0)
    across = {turn: _sharpest(*_feet(letters, turn)) for turn in (0, 180)}
    down = {turn: _sharpest(*_feet(letters, turn)) for turn in (90, 270)}
    sideways = _most(down) > _SIDEWAYS * _most(across)
    sharpness = down if sideways else across
    turns = tuple(sorted(sharpness, key=lambda turn: -sharpness[turn][0]))
    skew = sharpness[turns[0]][1]
    return SkewEstimate(turns, sure=turns[0] == 0, skew=round(skew, 2))


def _most(edges: dict[int, tuple[float, float]]) -> float:
    return max(sharpness for sharpness, _ in edges.values())


def _feet(letters: Boxes, turn: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where letters would stand if the page were turned: x along the line, y across it."""
    left, top, width, height = letters.astype(np.float64).T
    middle_x, middle_y = left + width / 2, top + height / 2
    return {
        0: (middle_x, top + height),
        180: (-middle_x, -top),
        90: (-middle_y, left + width),
        270: (middle_y, -left),
    }[turn]


def _sharpest(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Return how sharply feet fall into rows at the best lean, and that lean in degrees."""
    best, sharpness = 0.0, 0.0
    for step, reach in _STEPS:
        angles = best + step * np.arange(-reach, reach + 1)
        angles = angles[np.abs(angles) <= _REACH]
        values = _sharpness(x, y, angles)
        best, sharpness = float(angles[int(np.argmax(values))]), float(values.max())
    return sharpness, best


def _sharpness(
    x: NDArray[np.float64], y: NDArray[np.float64], angles: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return, for each lean, the share of pairs of letters that fall into the same row."""
    slopes = np.tan(np.radians(angles))[:, None]
    rows = (y[None, :] - slopes * x[None, :]) / _ROW
    rows -= rows.min()
    length = int(rows.max()) + 2
    whole = rows.astype(np.int64)
    part = rows - whole
    places = (whole + np.arange(len(angles))[:, None] * length).ravel()
    # A foot between two rows belongs to both in part: the count changes smoothly with the lean.
    counts = np.bincount(places, (1 - part).ravel(), len(angles) * length + 1)
    counts += np.bincount(places + 1, part.ravel(), len(angles) * length + 1)
    counts = counts[:-1].reshape(len(angles), length)
    return np.asarray((counts**2).sum(axis=1) / len(x) ** 2, np.float64)
