"""Writes figures as people write them: strokes of a pen, each hand with habits of its own.

A figure is drawn from a few points of a box one high and 0.6 wide (origin top left), joined by a
smooth curve. A hand decides the form of each figure (a 1 with a roof, a 7 with a bar, an open 4),
slant, size, pressure and how steady it is; chance does the rest. No font has these shapes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tests.paper.sheet import BLACK, BLUE, Colour, Point, Sheet, Stroke

Figure = tuple[tuple[Point, ...], ...]  # strokes, each through its points

_OVAL = (
    (0.36, 0.02), (0.12, 0.16), (0.04, 0.52), (0.16, 0.92), (0.34, 0.99), (0.52, 0.82),
    (0.56, 0.42), (0.46, 0.08), (0.34, 0.02),
)  # fmt: skip
FORMS: dict[str, tuple[Figure, ...]] = {
    "0": ((_OVAL,), ((*_OVAL, (0.28, 0.08)),)),
    "1": (
        (((0.3, 0.0), (0.29, 0.5), (0.28, 1.0)),),
        (((0.08, 0.3), (0.2, 0.16), (0.32, 0.0)), ((0.32, 0.0), (0.31, 0.5), (0.3, 1.0))),
        (
            ((0.12, 0.24), (0.32, 0.0)),
            ((0.32, 0.0), (0.32, 1.0)),
            ((0.14, 1.0), (0.5, 0.99)),
        ),
    ),
    "2": (
        (((0.08, 0.24), (0.2, 0.04), (0.44, 0.06), (0.5, 0.3), (0.3, 0.66), (0.06, 0.96)),
         ((0.06, 0.96), (0.3, 0.95), (0.56, 0.94))),
        (((0.1, 0.2), (0.28, 0.0), (0.5, 0.16), (0.42, 0.5), (0.12, 0.92), (0.1, 0.98),
          (0.26, 0.86), (0.42, 0.97), (0.58, 0.88)),),
    ),
    "3": (
        (((0.08, 0.12), (0.28, 0.0), (0.48, 0.14), (0.44, 0.36), (0.24, 0.46), (0.46, 0.54),
          (0.54, 0.76), (0.34, 0.98), (0.06, 0.9)),),
        (((0.08, 0.04), (0.5, 0.02)), ((0.5, 0.02), (0.24, 0.4)),
         ((0.24, 0.4), (0.5, 0.5), (0.52, 0.82), (0.26, 1.0), (0.04, 0.88))),
    ),
    "4": (
        (((0.28, 0.02), (0.18, 0.3), (0.04, 0.62)), ((0.04, 0.62), (0.58, 0.6)),
         ((0.42, 0.3), (0.4, 0.7), (0.38, 1.0))),
        (((0.44, 0.0), (0.04, 0.66)), ((0.04, 0.66), (0.6, 0.66)), ((0.44, 0.0), (0.44, 1.0))),
    ),
    "5": (
        (((0.14, 0.04), (0.12, 0.24), (0.1, 0.44)),
         ((0.1, 0.44), (0.32, 0.36), (0.52, 0.54), (0.46, 0.86), (0.22, 0.99), (0.04, 0.9)),
         ((0.14, 0.04), (0.5, 0.03))),
        (((0.52, 0.02), (0.16, 0.04)), ((0.16, 0.04), (0.12, 0.42)),
         ((0.12, 0.42), (0.4, 0.4), (0.54, 0.64), (0.36, 0.94), (0.06, 0.94))),
    ),
    "6": (
        (((0.46, 0.02), (0.2, 0.28), (0.06, 0.64), (0.16, 0.94), (0.38, 0.98), (0.54, 0.78),
          (0.42, 0.54), (0.2, 0.58), (0.08, 0.76)),),
    ),
    "7": (
        (((0.06, 0.06), (0.54, 0.04)), ((0.54, 0.04), (0.34, 0.48), (0.24, 1.0))),
        (((0.06, 0.08), (0.54, 0.04)), ((0.54, 0.04), (0.36, 0.5), (0.26, 1.0)),
         ((0.18, 0.52), (0.5, 0.48))),
    ),
    "8": (
        (((0.46, 0.14), (0.28, 0.0), (0.12, 0.16), (0.26, 0.42), (0.48, 0.62), (0.5, 0.88),
          (0.28, 1.0), (0.08, 0.84), (0.2, 0.56), (0.42, 0.36), (0.46, 0.14)),),
    ),
    "9": (
        (((0.5, 0.2), (0.32, 0.02), (0.1, 0.18), (0.12, 0.44), (0.34, 0.48), (0.5, 0.22)),
         ((0.5, 0.2), (0.48, 0.6), (0.4, 1.0))),
        (((0.5, 0.16), (0.28, 0.02), (0.08, 0.24), (0.2, 0.48), (0.44, 0.36), (0.52, 0.14)),
         ((0.52, 0.14), (0.52, 0.64), (0.36, 0.96), (0.1, 0.94))),
    ),
}  # fmt: skip
_STEPS = 8  # points of a curve between two that are given


@dataclass(frozen=True, slots=True)
class Hand:
    """How somebody writes: forms, slant, size, pen."""

    forms: dict[str, int]
    lean: float  # degrees to the right
    high: float  # of a figure, in sizes of the print beside it
    wide: float  # of a figure, as a share of what is usual
    apart: float  # between figures, in heights
    pen: float  # points
    ink: Colour
    shake: float  # share of the height by which points are off

    @classmethod
    def of(cls, seed: int) -> Hand:
        """Return a hand; the same number always gives the same."""
        random = Random(f"hand {seed}")
        forms = {figure: random.randrange(len(known)) for figure, known in FORMS.items()}
        return cls(
            forms,
            lean=random.uniform(-4, 16),
            high=random.uniform(0.75, 1.15),
            wide=random.uniform(0.8, 1.15),
            apart=random.uniform(0.08, 0.2),
            pen=random.uniform(0.7, 1.3),
            ink=random.choice((BLUE, BLUE, BLACK, (40, 60, 170))),
            shake=random.uniform(0.012, 0.035),
        )

    def width(self, text: str, size: float) -> float:
        """Return about how much room figures take beside print of a size, in points."""
        each = 0.6 * self.wide + self.apart
        return len(text) * each * self.high * size + 0.3 * size

    def write(self, sheet: Sheet, text: str, at: Point, size: float, random: Random) -> None:
        """Write figures on a sheet.

        Args:
            sheet: what is written on.
            text: digits.
            at: where they begin on their baseline, in points.
            size: of the print beside them, in points.
            random: decides what differs each time.
        """
        x, high = at[0], self.high * size
        drift = random.uniform(-0.04, 0.04)
        for figure in text:
            strokes = FORMS[figure][self.forms[figure]]
            tall = high * random.uniform(0.92, 1.08)
            low = at[1] + (x - at[0]) * drift + random.uniform(-0.05, 0.05) * high
            for points in strokes:
                placed = [self._placed(point, (x, low), tall, random) for point in points]
                sheet.strokes.append(Stroke(tuple(smooth(placed)), self.pen, self.ink))
            x += (0.6 * self.wide + self.apart * random.uniform(0.7, 1.3)) * high

    def _placed(self, point: Point, at: Point, tall: float, random: Random) -> Point:
        off = [random.gauss(0, self.shake) for _ in range(2)]
        up = 1 - point[1] + off[1]
        across = point[0] * self.wide + up * math.tan(math.radians(self.lean)) + off[0]
        return at[0] + across * tall, at[1] - up * tall


def smooth(points: Sequence[Point]) -> list[Point]:
    """Return a curve through points (Catmull-Rom)."""
    if len(points) < 3:
        return list(points)
    padded = [points[0], *points, points[-1]]
    curve = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for step in range(_STEPS):
            t = step / _STEPS
            curve.append((_between(a[0], b[0], c[0], d[0], t), _between(a[1], b[1], c[1], d[1], t)))
    return [*curve, points[-1]]


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    linear = 2 * b + (c - a) * t
    curved = (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3
    return (linear + curved) / 2
