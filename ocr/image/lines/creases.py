"""Removes grey lines that run through print: the shadows of folds, and streaks of a scanner.

A crease is longer than any stroke of a letter and lighter than print, so the page divided by it
shows the letters that it crosses alone. Lines that cross no letters stay, such as rules of tables,
and so do black ones, under which no letter is seen. Pages without creases pay 8 milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image.geometry import Pixels
from pipeline.model import Box

Flags = NDArray[np.bool_]

_STRETCH = 2  # letter heights: longer than any stroke of a letter
_LEAST = 20  # letter heights that a crease is long, at least: longer than a word
_RUN = 4  # letter heights of a row or column that a crease fills somewhere, if it leans a little
_THICKEST = 1.5  # letter heights that it is thick, with its soft edges
_PAPER = 242  # normalised grey from which nothing lies on the paper
_BLACK = 100  # grey in the middle of a line under which no print is seen
_DARKER = 0.6  # of the grey of a crease: what is darker on it is print
_RULE = 128  # grey of a line across it, such as a rule of a table, which is no print
_BESIDE = 3  # pixels beside a crease in which strokes that cross it go on
_REACH = (2 * _BESIDE + 1, 1), (1, 2 * _BESIDE + 1)  # the same, beside lines along rows and columns
_CROSSED = 6  # strokes of print on a crease that is taken off, at least


def remove_creases(normalised: Pixels, letter: float) -> Pixels:
    """Return the image without the grey lines, along rows or columns, that cross print.

    Args:
        normalised: the deskewed image in 8-bit grey, its background normalised to 255.
        letter: the height of its letters in pixels.
    """
    stretch = max(9, round(_STRETCH * letter)) | 1
    shapes = (1, stretch), (stretch, 1)
    levels = [cv2.morphologyEx(normalised, cv2.MORPH_CLOSE, np.ones(s, np.uint8)) for s in shapes]
    cleaned = normalised
    for axis, level in enumerate(levels):
        for box, line in _long_lines(np.asarray(level, np.uint8), axis, letter):
            window = np.s_[box.top : box.bottom, box.left : box.right]
            piece, light, across = (
                np.asarray(each[window], np.uint8) for each in (normalised, level, levels[1 - axis])
            )
            ink = (piece < _DARKER * light) & (across >= _RULE)
            if _is_grey(light, line, axis) and _strokes(ink, line, axis) >= _CROSSED:
                cleaned = normalised.copy() if cleaned is normalised else cleaned
                divided = cv2.divide(piece, light, scale=255)
                cleaned[window] = np.where(line, divided, cleaned[window])
    return cleaned


def _long_lines(level: Pixels, axis: int, letter: float) -> Iterator[tuple[Box, Flags]]:
    """Yield where long thin lines are, each with a mask as large as its box.

    Args:
        level: the image without what is shorter than a line.
        axis: 0 for lines along rows, 1 for those along columns.
        letter: the height of letters in pixels.
    """
    dark = cv2.threshold(level, _PAPER, 255, cv2.THRESH_BINARY_INV)[1]
    run = round(_RUN * letter)
    runs = cv2.erode(dark, np.ones((1, run) if axis == 0 else (run, 1), np.uint8))
    if not cv2.countNonZero(runs):
        return
    place = _around(Box(*cv2.boundingRect(runs)), run)
    part = dark[place.top : place.bottom, place.left : place.right]
    _, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    length, area = stats[:, 2 + axis], stats[:, 4]
    long = (length >= _LEAST * letter) & (area <= _THICKEST * letter * length)
    long[0] = False
    for label in np.flatnonzero(long).tolist():
        box = _around(Box(*stats[label, :4].tolist()), _BESIDE)
        inside = labels[box.top : box.bottom, box.left : box.right] == label
        moved = Box(place.left + box.left, place.top + box.top, *inside.shape[::-1])
        yield moved, np.asarray(inside, np.bool_)


def _around(box: Box, margin: int) -> Box:
    """Return a box and what is around it; it may reach beyond the right and lower edge."""
    left, top = max(0, box.left - margin), max(0, box.top - margin)
    return Box(left, top, box.right + margin - left, box.bottom + margin - top)


def _is_grey(level: Pixels, line: Flags, axis: int) -> bool:
    """Tell whether a line is lighter than print where it is darkest."""
    darkest = np.where(line, level, 255).min(axis=axis)
    return bool(np.median(darkest) >= _BLACK)


def _strokes(ink: Flags, line: Flags, axis: int) -> int:
    """Return how many strokes of print lie on a line along an axis and go on beside it."""
    beside = cv2.dilate(line.astype(np.uint8), np.ones(_REACH[axis], np.uint8)) > 0
    crossed = (ink & line).any(axis=axis) & (ink & beside & ~line).any(axis=axis)
    return int(np.count_nonzero(np.diff(crossed.astype(np.int8), prepend=0) > 0))
