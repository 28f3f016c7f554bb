"""Maps between the original page, the reading picture and the picture people look at.

A map is a 3 x 3 matrix on continuous homogeneous coordinates: pixel (i, j) covers the square from
(i, j) to (i + 1, j + 1), origin top left, y downwards. Its last row is (0, 0, 1) but for a sheet
that was photographed at a tilt.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model import Box

Pixels = NDArray[np.uint8]  # height x width, grey; or height x width x 3, blue-green-red
SIDE_MOST = 30_000  # pixels; OpenCV cannot turn pictures of 32,767 and more
Matrix = NDArray[np.float64]  # 3 x 3

_WHITE = (255, 255, 255)
_EXACT = 1e-9
_TOLERANCE = 0.25  # pixels a box may lose to rounding before it grows by one


class Mapping(NamedTuple):
    """Where the pixels of one picture go in another of the given size."""

    matrix: Matrix
    width: int
    height: int


def whole(width: int, height: int) -> Mapping:
    """Return the map of a picture to itself."""
    return Mapping(np.eye(3), width, height)


def then(first: Mapping, second: Mapping) -> Mapping:
    """Return one map in place of two, so that pixels are drawn once."""
    return second._replace(matrix=second.matrix @ first.matrix)


def shrunken(mapping: Mapping, scale: float) -> Mapping:
    """Return a map to a picture of so many pixels for each pixel of a map's own, at least one."""
    return then(mapping, upright(mapping.width, mapping.height, 0, 0.0, scale))


def upright(width: int, height: int, orientation: int, skew: float, scale: float) -> Mapping:
    """Map a page to its turned, straightened and scaled picture.

    Args:
        width: pixels of the page.
        height: pixels of the page.
        orientation: degrees clockwise to turn: 0, 90, 180, 270.
        skew: degrees the turned page leans clockwise; taken back.
        scale: pixels of the picture for each pixel of the page.
    """
    turned = (height, width) if orientation in (90, 270) else (width, height)
    angle = math.radians(orientation - skew)
    cosine, sine = math.cos(angle) * scale, math.sin(angle) * scale
    size = (max(1, round(turned[0] * scale)), max(1, round(turned[1] * scale)))
    matrix = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    matrix[:2, 2] = np.array(size) / 2 - matrix[:2, :2] @ np.array([width / 2, height / 2])
    return Mapping(matrix, *size)


def redraw(pixels: Pixels, mapping: Mapping) -> Pixels:
    """Draw the picture a mapping describes; what lies outside the page is white."""
    height, width = pixels.shape[:2]
    matrix = mapping.matrix
    scale = _scale(matrix, width / 2, height / 2)
    if scale < 1:  # shrinking by area first: interpolation alone would skip pixels
        small = (max(1, round(width * scale)), max(1, round(height * scale)))
        pixels = cv2.resize(pixels, small, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
        matrix = matrix @ np.diag([width / small[0], height / small[1], 1.0])
    size = (mapping.width, mapping.height)
    if _is_identity(matrix) and pixels.shape[1::-1] == size:
        return pixels
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_LINEAR
    indices = _of_indices(matrix)
    if is_flat(mapping):
        drawn = cv2.warpAffine(pixels, indices[:2], size, flags=how, borderValue=_WHITE)
    else:
        drawn = cv2.warpPerspective(pixels, indices, size, flags=how, borderValue=_WHITE)
    return np.asarray(drawn, np.uint8)


def is_flat(mapping: Mapping) -> bool:
    """Tell whether a map keeps parallels: all but those of photographed sheets do."""
    return bool(np.array_equal(mapping.matrix[2], (0, 0, 1)))


def lean(mapping: Mapping) -> float:
    """Return by how many degrees clockwise a page leaned that a map straightens, quarters aside."""
    return math.degrees(math.atan2(-float(mapping.matrix[1, 0]), float(mapping.matrix[0, 0])))


def box_onto(box: Box, mapping: Mapping) -> Box:
    """Return the box on the picture that holds a box of the page; it may lie outside."""
    across, down = _moved(box, mapping.matrix)
    left, top = math.floor(min(across)), math.floor(min(down))
    return Box(left, top, math.ceil(max(across)) - left, math.ceil(max(down)) - top)


def box_back(box: Box, mapping: Mapping, width: int, height: int) -> Box:
    """Return the box on the page of the given size that holds a box of its picture."""
    across, down = _moved(box, np.asarray(np.linalg.inv(mapping.matrix), np.float64))
    left = min(max(0, math.floor(min(across) + _TOLERANCE)), width - 1)
    top = min(max(0, math.floor(min(down) + _TOLERANCE)), height - 1)
    right = min(width, math.ceil(max(across) - _TOLERANCE))
    bottom = min(height, math.ceil(max(down) - _TOLERANCE))
    return Box(left, top, max(1, right - left), max(1, bottom - top))


def _moved(box: Box, matrix: Matrix) -> tuple[list[float], list[float]]:
    """Return where the corners of a box go: their x, and their y."""
    corners = [(x, y, 1.0) for x in (box.left, box.right) for y in (box.top, box.bottom)]
    moved = np.array(corners) @ matrix.T
    across, down = (moved[:, :2] / moved[:, 2:]).T.tolist()
    return across, down


def _scale(matrix: Matrix, x: float, y: float) -> float:
    """Return how much longer a short line at a place of the page is on its picture."""
    depth = float(matrix[2] @ (x, y, 1.0))
    return math.sqrt(abs(float(np.linalg.det(matrix)) / depth**3))


def _of_indices(matrix: Matrix) -> Matrix:
    """Return the same map for OpenCV, which counts from the middle of the first pixel."""
    to_middle = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    return np.asarray(np.linalg.inv(to_middle) @ matrix @ to_middle, np.float64)


def _is_identity(matrix: Matrix) -> bool:
    return bool(np.allclose(matrix, np.eye(3), atol=_EXACT))
