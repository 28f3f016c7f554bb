"""Finds the page in an image that shows more: a scanner's dark bed, or a table under a camera.

A page is a bright quadrilateral on a dark background. A rectangle was scanned: it is cropped and
turned by its skew. Any other quadrilateral was photographed: its perspective is corrected. Whatever
is less certain leaves the image as it is, since nothing printed may be cut off.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image.background import to_grey
from ocr.image.geometry import Mapping, Pixels, identity

Corners = NDArray[np.float32]  # 4 x 2: upper left, upper right, lower right, lower left

_LONGEST = 600  # pixels of the small image in which the page is looked for
_PRINT = 9  # pixels of that image: what is narrower is print, on the page or around it
_PAPER, _DARKNESS = 140, 110  # grey: darker is no paper, brighter no bed
_PLAIN = 35.0  # grey levels: what is around a page has no pattern
_LINES, _FEW = 40, 0.005  # grey levels that thin things there are brighter; share: more is print
_LEAST, _MOST = 0.2, 0.97  # share of the image that the page takes
_SIDES = 2  # of the image that must be dark: a page may lie in a corner of the bed
_DARK_SIDE, _MAYBE_DARK = 0.85, 0.5  # share of a side; share for which it is looked at closely
_RECTANGLE, _QUADRILATERAL = 0.985, 0.97  # share of the shape that the page fills
_BRIGHT = 0.75  # share of the page that is bright: dense print takes a fifth
_ISO, _NEAR_ISO = 2**0.5, 0.12  # long to short side of A and B papers (ISO 216)


def find_page(image: Pixels) -> Mapping:
    """Return the mapping from an image to the page in it, cropped and seen from straight above.

    An image that is all page, or shows none for certain, maps to itself. A photographed page gets
    the proportions of ISO 216 when it nearly has them.

    Args:
        image: the image as scanned, grey (height by width) or BGR (height by width by 3).
    """
    height, width = image.shape[:2]
    shrink = min(1.0, _LONGEST / max(height, width))
    size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    # Most images are all page, which four pixels of each small one tell at a thirtieth of the cost.
    glance = to_grey(np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.uint8))
    if _dark_sides(_paper(_bright(glance)), _MAYBE_DARK) < _SIDES:
        return identity(width, height)
    small = to_grey(np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8))
    corners = _corners(small)
    if corners is None:
        return identity(width, height)
    corners += 0.5  # from indices of pixels to their middles: no rim of the bed is left
    return _rectified(corners * np.array((width / size[0], height / size[1]), np.float32))


def _corners(small: Pixels) -> Corners | None:
    bright = _bright(small)
    paper = _paper(bright)
    if _dark_sides(paper, _DARK_SIDE) < _SIDES:
        return None
    outlines, _ = cv2.findContours(paper, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    corners = _shape(np.asarray(hull, np.int32))
    if corners is None or not _is_page(small, bright, corners):
        return None
    return corners


def _bright(small: Pixels) -> Pixels:
    bright = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1]
    return np.asarray(bright, np.uint8)


def _paper(bright: Pixels) -> Pixels:
    """Return it without lines of print: a page is still as wide and as high as its margins."""
    kernel = np.ones((_PRINT, _PRINT), np.uint8)
    return np.asarray(cv2.morphologyEx(bright, cv2.MORPH_OPEN, kernel), np.uint8)


def _dark_sides(paper: Pixels, share: float) -> int:
    """Return how many sides of the image are dark for a share of their length."""
    sides = (paper[:2], paper[-2:], paper[:, :2], paper[:, -2:])
    return sum(float(np.mean(side == 0)) >= share for side in sides)


def _shape(hull: NDArray[np.int32]) -> Corners | None:
    """Return the corners of the rectangle that a hull fills, else of the quadrilateral."""
    area = cv2.contourArea(hull)
    rectangle = np.asarray(cv2.boxPoints(cv2.minAreaRect(hull)), np.float32)
    if area >= _RECTANGLE * cv2.contourArea(rectangle):
        return _in_order(rectangle)
    around = cv2.approxPolyN(hull, 4, ensure_convex=True).reshape(-1, 2).astype(np.float32)
    if len(around) == 4 and area >= _QUADRILATERAL * cv2.contourArea(around):
        return _in_order(around)
    return None


def _in_order(corners: NDArray[np.float32]) -> Corners:
    """Return corners clockwise from the upper left, the one nearest to the image's origin."""
    middle = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    clockwise = corners[np.argsort(angles)]
    return np.roll(clockwise, -int(np.argmin(clockwise.sum(axis=1))), axis=0).astype(np.float32)


def _is_page(small: Pixels, bright: Pixels, corners: Corners) -> bool:
    """Tell whether a shape is all paper, and all around it plain darkness."""
    shape = np.zeros(small.shape, np.uint8)
    cv2.fillConvexPoly(shape, np.round(corners).astype(np.int32), 255)
    inside = shape > 0
    # The edge of the page is neither inside nor outside.
    kernel = np.ones((_PRINT, _PRINT), np.uint8)
    outside = cv2.dilate(shape, kernel) == 0
    if not (_LEAST <= inside.mean() <= _MOST and outside.any()):
        return False
    around = small[outside]
    is_paper = bright[inside].mean() >= 255 * _BRIGHT and np.median(small[inside]) > _PAPER
    lines = np.asarray(cv2.morphologyEx(small, cv2.MORPH_TOPHAT, kernel))[outside] > _LINES
    is_plain = around.std() < _PLAIN and lines.mean() <= _FEW
    return bool(is_paper and is_plain and np.median(around) < _DARKNESS)


def _rectified(corners: Corners) -> Mapping:
    """Return the mapping that takes the corners of a page to those of an upright rectangle."""
    upper, right, lower, left = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    across, down = (upper + lower) / 2, (left + right) / 2
    is_rectangle = _is_rectangle(corners)
    if not is_rectangle:
        across, down = _as_iso(across, down)
    size = (max(1, round(float(across))), max(1, round(float(down))))
    flat = np.array(((0, 0), (size[0], 0), size, (0, size[1])), np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(corners, flat), np.float64)
    if is_rectangle:
        matrix[2] = (0, 0, 1)
    return Mapping(matrix, *size)


def _is_rectangle(corners: Corners) -> bool:
    """Tell whether opposite sides are alike, as a rectangle's are but for rounding."""
    diagonals = corners[0] + corners[2] - corners[1] - corners[3]
    return bool(np.abs(diagonals).max() < 1e-3 * np.ptp(corners, axis=0).max())


def _as_iso(across: float, down: float) -> tuple[float, float]:
    """Return the sides of a photographed page, in the proportions of ISO 216 if nearly so."""
    short, long = sorted((across, down))
    if abs(long / short / _ISO - 1) > _NEAR_ISO:
        return across, down
    short = (short * long / _ISO) ** 0.5  # the same area
    return (short, short * _ISO) if across < down else (short * _ISO, short)
