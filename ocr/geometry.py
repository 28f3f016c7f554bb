"""Affine maps between the original page, the reading picture and the picture people look at.

A map is a 2 x 3 matrix on continuous coordinates: pixel (i, j) covers the square from (i, j) to
(i + 1, j + 1), origin top left, y downwards.
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
Matrix = NDArray[np.float64]  # 2 x 3

_WHITE = (255, 255, 255)
_EXACT = 1e-9
_TOLERANCE = 0.25  # pixels a box may lose to rounding before it grows by one


class Mapping(NamedTuple):
    """Where the pixels of one picture go in another of the given size."""

    matrix: Matrix
    width: int
    height: int


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
    matrix = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0]])
    matrix[:, 2] = np.array(size) / 2 - matrix[:, :2] @ np.array([width / 2, height / 2])
    return Mapping(matrix, *size)


def redraw(pixels: Pixels, mapping: Mapping) -> Pixels:
    """Draw the picture a mapping describes; what lies outside the page is white."""
    height, width = pixels.shape[:2]
    scale = math.sqrt(abs(float(np.linalg.det(mapping.matrix[:, :2]))))
    matrix = mapping.matrix
    if scale < 1:  # shrinking by area first: interpolation alone would skip pixels
        small = (max(1, round(width * scale)), max(1, round(height * scale)))
        pixels = cv2.resize(pixels, small, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
        matrix = matrix @ np.diag([width / small[0], height / small[1], 1.0])
    if _is_identity(matrix) and pixels.shape[1::-1] == (mapping.width, mapping.height):
        return pixels
    drawn = cv2.warpAffine(
        pixels,
        _of_indices(matrix),
        (mapping.width, mapping.height),
        flags=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_LINEAR,
        borderValue=_WHITE,
    )
    return np.asarray(drawn, np.uint8)


def box_back(box: Box, mapping: Mapping, width: int, height: int) -> Box:
    """Return the box on the page of the given size that holds a box of its picture."""
    (a, b, c), (d, e, f) = mapping.matrix.tolist()
    turned = a * e - b * d
    corners = [
        ((e * (x - c) - b * (y - f)) / turned, (a * (y - f) - d * (x - c)) / turned)
        for x in (box.left, box.right)
        for y in (box.top, box.bottom)
    ]
    across, down = zip(*corners, strict=True)
    left = min(max(0, math.floor(min(across) + _TOLERANCE)), width - 1)
    top = min(max(0, math.floor(min(down) + _TOLERANCE)), height - 1)
    right = min(width, math.ceil(max(across) - _TOLERANCE))
    bottom = min(height, math.ceil(max(down) - _TOLERANCE))
    return Box(left, top, max(1, right - left), max(1, bottom - top))


def _of_indices(matrix: Matrix) -> Matrix:
    """Return the same map for OpenCV, which counts from the middle of the first pixel."""
    shifted = matrix.copy()
    shifted[:, 2] += matrix[:, :2] @ np.array([0.5, 0.5]) - 0.5
    return shifted


def _is_identity(matrix: Matrix) -> bool:
    return bool(np.allclose(matrix, np.eye(2, 3), atol=_EXACT))
