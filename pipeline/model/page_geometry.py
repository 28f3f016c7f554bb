"""Defines places on a page: boxes in its pixels, and the map onto the picture shown to people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle in pixels, origin top left."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column right of the box."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row below the box."""
        return self.top + self.height

    def union(self, other: Box) -> Box:
        """Return the bounding box of both."""
        left, top = min(self.left, other.left), min(self.top, other.top)
        right, bottom = max(self.right, other.right), max(self.bottom, other.bottom)
        return Box(left, top, right - left, bottom - top)

    @classmethod
    def around(cls, boxes: Iterable[Box]) -> Box:
        """Return the bounding box of one box or more; a third of the time of joining in pairs."""
        edges = [(left, top, left + width, top + height) for left, top, width, height in boxes]
        lefts, tops, rights, bottoms = zip(*edges, strict=True)
        left, top = min(lefts), min(tops)
        return cls(left, top, max(rights) - left, max(bottoms) - top)


@dataclass(frozen=True, slots=True)
class View:
    """Size of the picture shown to people, and the projective map onto it from the original page.

    The picture is cropped to the sheet, rotated upright and deskewed, otherwise as scanned. A point
    (x, y) of the original page is at (ax + by + c, dx + ey + f) / (gx + hy + i), where a to
    f are ``matrix`` and g to i are ``tilt``.
    """

    width: int
    height: int
    matrix: tuple[float, float, float, float, float, float]
    tilt: tuple[float, float, float] = (0.0, 0.0, 1.0)  # other for a photographed sheet

    def project(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the original page, in its pixels, lies on the picture.

        Args:
            x: pixels from the left edge of the original page.
            y: pixels from its top edge.
        """
        (a, b, c, d, e, f), (g, h, i) = self.matrix, self.tilt
        depth = g * x + h * y + i
        return (a * x + b * y + c) / depth, (d * x + e * y + f) / depth
