"""Maps coordinates between the original page, the image for OCR and the image for people.

A mapping is a 3 x 3 matrix on continuous homogeneous coordinates: pixel (i, j) covers the square
from (i, j) to (i + 1, j + 1), origin top left, y downwards. Its last row is (0, 0, 1) except for a
page that was photographed at a tilt.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model import Box, PageMeasures, View

Pixels = NDArray[np.uint8]  # height x width, grey; or height x width x 3, blue-green-red
MAX_SIDE = 30_000  # pixels; OpenCV cannot warp images of 32,767 and more
Matrix = NDArray[np.float64]  # 3 x 3

_WHITE = (255, 255, 255, 255)
_EXACT = 1e-9
_ROOM = 4  # pixels of a page around a cut-out that turning it may need
_PART = 0.9  # share of an image's rows from which the whole of it is shrunken
_TOLERANCE = 0.25  # pixels a box may lose to rounding before it grows by one


class Mapping(NamedTuple):
    """Where the pixels of one image go in another of the given size."""

    matrix: Matrix
    width: int  # pixels of the other image
    height: int


def identity(width: int, height: int) -> Mapping:
    """Return the mapping of an image of this size, in pixels, to itself."""
    return Mapping(np.eye(3), width, height)


def compose(first: Mapping, second: Mapping) -> Mapping:
    """Return the mapping that applies the first and then the second, so that pixels move once."""
    return second._replace(matrix=second.matrix @ first.matrix)


def scaled(mapping: Mapping, scale: float) -> Mapping:
    """Return a mapping to an image larger by a factor, but at least one pixel wide and high."""
    return compose(mapping, upright_mapping(mapping.width, mapping.height, 0, 0.0, scale))


def upright_mapping(
    width: int, height: int, orientation: int, skew: float, scale: float
) -> Mapping:
    """Return the mapping of a page to its turned, deskewed and scaled image.

    Args:
        width: the page's width in pixels.
        height: the page's height in pixels.
        orientation: degrees clockwise to turn the page: 0, 90, 180 or 270.
        skew: degrees the turned page leans clockwise, which are taken back.
        scale: pixels of the image for each pixel of the page.
    """
    turned = (height, width) if orientation in (90, 270) else (width, height)
    angle = math.radians(orientation - skew)
    cosine, sine = math.cos(angle) * scale, math.sin(angle) * scale
    size = (max(1, round(turned[0] * scale)), max(1, round(turned[1] * scale)))
    matrix = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    matrix[:2, 2] = np.array(size) / 2 - matrix[:2, :2] @ np.array([width / 2, height / 2])
    return Mapping(matrix, *size)


def upright_page(pixels: Pixels, measures: PageMeasures) -> Mapping:
    """Return the mapping of a page to its upright image of the same scale.

    Args:
        pixels: the original page.
        measures: its orientation and skew.
    """
    height, width = pixels.shape[:2]
    return upright_mapping(width, height, measures.orientation, measures.skew, 1.0)


def warp(pixels: Pixels, mapping: Mapping) -> Pixels:
    """Return the image that a mapping describes; what lies outside the page is white."""
    height, width = pixels.shape[:2]
    matrix = mapping.matrix
    scale = _scale(matrix, width / 2, height / 2)
    if scale < 1:  # shrinking by area first: interpolation alone would skip pixels
        small = (max(1, round(width * scale)), max(1, round(height * scale)))
        matrix = matrix @ np.diag([width / small[0], height / small[1], 1.0])
        pixels = shrunken(pixels, small, _last_row(matrix, mapping))
    size = (mapping.width, mapping.height)
    if _is_identity(matrix) and pixels.shape[1::-1] == size:
        return pixels
    if scale > 1:
        return _resampled(pixels, matrix, size, cv2.INTER_CUBIC)
    if pixels.ndim == 2:
        return _resampled(pixels, matrix, size, cv2.INTER_LINEAR)
    # OpenCV interpolates four channels in half the time of three, to the same colours.
    pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2BGRA), np.uint8)
    pixels = _resampled(pixels, matrix, size, cv2.INTER_LINEAR)
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2BGR), np.uint8)


def _resampled(pixels: Pixels, matrix: Matrix, size: tuple[int, int], method: int) -> Pixels:
    """Return an image, moved by a matrix and interpolated; what lies outside is white."""
    indices = _of_indices(matrix)
    if is_affine(matrix):
        warped = cv2.warpAffine(pixels, indices[:2], size, flags=method, borderValue=_WHITE)
    else:
        warped = cv2.warpPerspective(pixels, indices, size, flags=method, borderValue=_WHITE)
    return np.asarray(warped, np.uint8)


def _last_row(matrix: Matrix, mapping: Mapping) -> int:
    """Return how many rows of an image, from the top, are seen through a mapping."""
    if not is_affine(matrix):
        return MAX_SIDE  # seldom worth it: photographs are seen whole
    _, down = _corners(Box(0, 0, mapping.width, mapping.height), _inverse(matrix))
    return math.ceil(max(down)) + _ROOM


def shrunken(pixels: Pixels, size: tuple[int, int], rows: int) -> Pixels:
    """Return an image shrunken by area, of which rows below so many may be left out.

    Args:
        pixels: the image.
        size: width and height of the whole shrunken image.
        rows: rows of the shrunken image that are wanted, from the top.
    """
    height, width = pixels.shape[:2]
    across, down = size[0] / width, size[1] / height
    part = pixels[: math.ceil((rows + 1) / down)] if 0 < rows < _PART * size[1] else pixels
    if len(part) == height:
        return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    # By factors instead of a size: so each pixel is made of the same pixels as in the whole image.
    return np.asarray(
        cv2.resize(part, None, fx=across, fy=down, interpolation=cv2.INTER_AREA), np.uint8
    )


def view_of(mapping: Mapping) -> View:
    """Return a mapping from the original page to the picture for people as records keep it."""
    (a, b, c), (d, e, f), (g, h, i) = (mapping.matrix / mapping.matrix[2, 2]).tolist()
    return View(mapping.width, mapping.height, (a, b, c, d, e, f), (g, h, i))


def cut_out(page: Pixels, mapping: Mapping, box: Box) -> Pixels:
    """Return a part of the image that a mapping describes, without making the whole of it.

    Args:
        page: the image to take it from.
        mapping: the mapping from that image to the one that the box is on.
        box: the part; what lies outside the page is white.
    """
    place = unmap_box(box, mapping, page.shape[1], page.shape[0])
    left, top = max(0, place.left - _ROOM), max(0, place.top - _ROOM)
    part = page[top : place.bottom + _ROOM, left : place.right + _ROOM]
    moved = _moved(-box.left, -box.top) @ mapping.matrix @ _moved(left, top)
    return warp(np.ascontiguousarray(part), Mapping(moved, box.width, box.height))


def _moved(across: int, down: int) -> Matrix:
    return np.array([[1.0, 0.0, across], [0.0, 1.0, down], [0.0, 0.0, 1.0]])


def is_affine(matrix: Matrix) -> bool:
    """Tell whether a mapping's matrix keeps parallels: all but those of photographed pages do."""
    return bool(np.array_equal(matrix[2], (0, 0, 1)))


def skew_of(mapping: Mapping) -> float:
    """Return the degrees clockwise that a page leaned which a mapping deskews, quarters aside."""
    return math.degrees(math.atan2(-float(mapping.matrix[1, 0]), float(mapping.matrix[0, 0])))


def map_box(box: Box, mapping: Mapping) -> Box:
    """Return the box on the image that contains a box of the page; it may lie outside."""
    across, down = _corners(box, mapping.matrix)
    left, top = math.floor(min(across)), math.floor(min(down))
    return Box(left, top, math.ceil(max(across)) - left, math.ceil(max(down)) - top)


def unmap_box(box: Box, mapping: Mapping, width: int, height: int) -> Box:
    """Return the box on the page that contains a box of its image.

    Args:
        box: the box in pixels of the image.
        mapping: the mapping from the page to the image.
        width: the page's width in pixels; the result is cut off there.
        height: the page's height in pixels; the result is cut off there.
    """
    return unmap_boxes((box,), mapping, width, height)[0]


def unmap_boxes(boxes: Iterable[Box], mapping: Mapping, width: int, height: int) -> tuple[Box, ...]:
    """Return the boxes on the page that contain boxes of its image; see ``unmap_box``."""
    places = np.array(tuple(boxes), np.float64).reshape(-1, 4).T
    x, y, wide, high = places
    corners = [(x, y), (x, y + high), (x + wide, y), (x + wide, y + high)]
    (a, b, c), (d, e, f), (g, h, i) = _inverse(mapping.matrix)
    depths = [g * x + h * y + i for x, y in corners]
    across = [(a * x + b * y + c) / depth for (x, y), depth in zip(corners, depths, strict=True)]
    down = [(d * x + e * y + f) / depth for (x, y), depth in zip(corners, depths, strict=True)]
    left = np.clip(np.floor(np.min(across, axis=0) + _TOLERANCE), 0, width - 1)
    top = np.clip(np.floor(np.min(down, axis=0) + _TOLERANCE), 0, height - 1)
    right = np.minimum(np.ceil(np.max(across, axis=0) - _TOLERANCE), width)
    bottom = np.minimum(np.ceil(np.max(down, axis=0) - _TOLERANCE), height)
    sides = left, top, np.maximum(right - left, 1), np.maximum(bottom - top, 1)
    return tuple(map(Box._make, np.stack(sides, axis=1).astype(int).tolist()))


def _corners(box: Box, matrix: Matrix) -> tuple[list[float], list[float]]:
    """Return where the corners of a box go: their x, and their y."""
    corners = [(x, y, 1.0) for x in (box.left, box.right) for y in (box.top, box.bottom)]
    moved = np.array(corners) @ matrix.T
    across, down = (moved[:, :2] / moved[:, 2:]).T.tolist()
    return across, down


def _scale(matrix: Matrix, x: float, y: float) -> float:
    """Return by what factor a short line at a point of the page is longer on its image."""
    depth = float(matrix[2] @ (x, y, 1.0))
    return math.sqrt(abs(float(np.linalg.det(matrix)) / depth**3))


def _inverse(matrix: Matrix) -> Matrix:
    return np.asarray(np.linalg.inv(matrix), np.float64)


def _of_indices(matrix: Matrix) -> Matrix:
    """Return the same mapping for OpenCV, which counts from the middle of the first pixel."""
    to_middle = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    return np.asarray(np.linalg.inv(to_middle) @ matrix @ to_middle, np.float64)


def _is_identity(matrix: Matrix) -> bool:
    return bool(np.allclose(matrix, np.eye(3), atol=_EXACT))
