"""Finds frames as dark as print, of copied stamps and of boxes, and takes their lines off it.

A line of a frame is longer than any stroke of a letter, however the stamp leans (some degrees): it
is opened by a stretch of itself. Strokes of letters that go on at both of its sides stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image.components import Boxes, label_components
from ocr.image.geometry import Pixels
from pipeline.model import Box

_SIDES = (9.0, 70.0), (9.0, 110.0)  # millimetres of a frame's height and width
_INK = 170  # normalised grey below which a pixel is ink
_STRETCH = 2.2  # letter heights: longer than any stroke of a letter
_SHARE = 0.6  # of a side of the frame that a line of it runs along, at least
_EDGES = (1, 2)  # pixels around a line that are as grey as its edge: few, and more
_THICKEST = 0.8  # letter heights: a thicker thing is no line


class Frame(NamedTuple):
    """A frame on an image."""

    box: Box
    lines: Pixels  # 255 on its lines, else 0; as large as the box
    cleaned: tuple[Pixels, ...]  # the box without them, taken off more and more widely


def black_frames(
    grey: Pixels, components: Boxes, letter: float, millimetre: float
) -> Iterator[Frame]:
    """Yield the frames of an image.

    Args:
        grey: the upright image, 8-bit, dark on light.
        components: boxes of what is drawn or printed on it.
        letter: the height of letters in pixels.
        millimetre: the length of a millimetre in pixels.
    """
    (low, high), (narrow, wide) = _SIDES
    for left, top, width, height in components.tolist():
        sized = low <= height / millimetre <= high and narrow <= width / millimetre <= wide
        if not sized:
            continue
        box = _inside(Box(left, top, width, height), grey.shape, 2 * max(_EDGES))
        piece = grey[box.top : box.bottom, box.left : box.right]
        ink = np.asarray(cv2.threshold(piece, _INK, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)
        across = _long(ink, letter, _SHARE * width)
        down = _long(np.ascontiguousarray(ink.T), letter, _SHARE * height)
        if across.any() and down.any():
            pairs = [(_wider(across, edge), _wider(down, edge).T) for edge in _EDGES]
            cleaned = tuple(_without(piece, ink, *pair, letter) for pair in pairs)
            lines = np.asarray(cv2.bitwise_or(*pairs[0]), np.uint8)
            yield Frame(box, lines, cleaned)


def _without(piece: Pixels, ink: Pixels, across: Pixels, down: Pixels, letter: float) -> Pixels:
    """Return an image without lines along its rows and columns, crossing strokes kept."""
    lines = cv2.bitwise_or(across, down)
    rest = np.asarray(np.where(lines > 0, 0, ink), np.uint8)
    crossing = _bridged(rest, across, letter) | _bridged(rest.T, down.T, letter).T
    return np.asarray(np.where((lines > 0) & ~crossing, 255, piece), np.uint8)


def _wider(lines: Pixels, edge: int) -> Pixels:
    return np.asarray(cv2.dilate(lines, np.ones((2 * edge + 1,) * 2, np.uint8)), np.uint8)


def _inside(box: Box, shape: tuple[int, ...], margin: int) -> Box:
    left, top = max(0, box.left - margin), max(0, box.top - margin)
    right, low = min(shape[1], box.right + margin), min(shape[0], box.bottom + margin)
    return Box(left, top, right - left, low - top)


def _long(ink: Pixels, letter: float, least: float) -> Pixels:
    """Return 255 on the lines that run along a row for a length."""
    stretch = np.ones((1, round(_STRETCH * letter)), np.uint8)
    opened = cv2.morphologyEx(ink, cv2.MORPH_OPEN, stretch)
    _, labels, stats = label_components(np.asarray(opened, np.uint8))
    thickness = stats[:, 4] / np.maximum(stats[:, 2], 1)
    kept = (stats[:, 2] >= least) & (thickness <= _THICKEST * letter)
    kept[0] = False
    return np.asarray(np.where(kept[labels], 255, 0), np.uint8)


def _bridged(rest: Pixels, line: Pixels, letter: float) -> NDArray[np.bool_]:
    """Tell which pixels of a line along a row belong to strokes that go on above and below it."""
    reach = np.ones((round(letter), 1), np.uint8)
    closed = cv2.morphologyEx(np.ascontiguousarray(rest), cv2.MORPH_CLOSE, reach)
    return np.asarray((closed > 0) & (line > 0), np.bool_)
