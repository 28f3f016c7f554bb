"""Removes long lines that run through print: folds, streaks of a scanner, strokes along a ruler.

They are longer than any stroke of a letter. The page is divided by a grey one, so the letters that
it crosses stay whole; of a black one, under which nothing is seen, only strokes that go on at both
sides stay. Lines that cross no letters stay, and thin level ones that print meets from one side:
rules of tables that tails of letters touch, the foot of a comb, a line at the feet of a row. Pages
without lines pay 10 milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image.components import label_components
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
_CROSSED = 6  # strokes of print on a crease that is taken off, at least
_RULED = 0.25  # letter heights, at most, from the highest to the lowest place of a printed rule
_INK = 170  # normalised grey below which a pixel is ink
_THROUGH = 8  # strokes that go on at both sides of a black line that is taken off, at least
_BALANCE = 0.4  # of the strokes at a line's one side, at its other: an underline has few below
_APART = 8  # letter heights of a black line for each of them, at most
_ROW, _DENSE = 20, 1.6  # strokes of a row that a line touches; letter heights for each, at most
_TALL = 0.2  # of the strokes of small letters below a black line, those that go on above it


class _LinedPiece(NamedTuple):
    """An image around a long line that runs along its rows."""

    piece: Pixels
    level: Pixels  # the same without what is shorter than a line
    across: Pixels  # the same for lines along columns
    line: Flags  # where the line is


def remove_creases(normalised: Pixels, letter: float, hiding: Pixels | None = None) -> Pixels:
    """Return the image without the long lines, along rows or columns, that cross print.

    Args:
        normalised: the deskewed image in 8-bit grey, its background normalised to 255.
        letter: the height of its letters in pixels.
        hiding: an image of the same size, set to 255 where a black line stays at the feet of a row.
    """
    stretch = max(9, round(_STRETCH * letter)) | 1
    shapes = (1, stretch), (stretch, 1)
    levels = [cv2.morphologyEx(normalised, cv2.MORPH_CLOSE, np.ones(s, np.uint8)) for s in shapes]
    cleaned = normalised
    for axis, level in enumerate(levels):
        for box, line in _long_lines(np.asarray(level, np.uint8), axis, letter):
            window = np.s_[box.top : box.bottom, box.left : box.right]
            pictures = [
                _lain(np.asarray(each[window], np.uint8), axis)
                for each in (normalised, level, levels[1 - axis])
            ]
            lined = _LinedPiece(pictures[0], pictures[1], pictures[2], line)
            bare = _bare(lined, letter)
            if bare is None and hiding is not None and axis == 0 and _is_at_feet(lined, letter):
                hiding[window][line] = 255
            if bare is not None:
                cleaned = normalised.copy() if cleaned is normalised else cleaned
                changed = _lain(bare, axis)
                cleaned[window] = np.where(changed != normalised[window], changed, cleaned[window])
    return cleaned


def _long_lines(level: Pixels, axis: int, letter: float) -> Iterator[tuple[Box, Flags]]:
    """Yield where long thin lines are, each with its mask, turned so that it runs along rows.

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
    _, labels, stats = label_components(np.asarray(part, np.uint8))
    length, area = stats[:, 2 + axis], stats[:, 4]
    long = (length >= _LEAST * letter) & (area <= _THICKEST * letter * length)
    long[0] = False
    for label in np.flatnonzero(long).tolist():
        box = _around(Box(*stats[label, :4].tolist()), _BESIDE)
        inside = labels[box.top : box.bottom, box.left : box.right] == label
        moved = Box(place.left + box.left, place.top + box.top, *inside.shape[::-1])
        yield moved, np.asarray(inside if axis == 0 else inside.T, np.bool_)


def _around(box: Box, margin: int) -> Box:
    """Return a box and what is around it; it may reach beyond the right and lower edge."""
    left, top = max(0, box.left - margin), max(0, box.top - margin)
    return Box(left, top, box.right + margin - left, box.bottom + margin - top)


def _lain(piece: Pixels, axis: int) -> Pixels:
    """Return an image so that lines along an axis run along its rows, or one that was so turned."""
    return np.ascontiguousarray(piece if axis == 0 else piece.T)


def _bare(lined: _LinedPiece, letter: float) -> Pixels | None:
    """Return an image without its line, or None if the line runs through no print.

    Args:
        lined: the image.
        letter: the height of letters in pixels.
    """
    piece, level, across, line = lined
    darkest = np.where(line, level, 255).min(axis=0)
    if np.median(darkest) < _BLACK:
        return _bridged(lined, letter)
    ink = (piece < _DARKER * level) & (across >= _RULE)
    on_line = (ink & line).any(axis=0)
    above, below = ((ink & _beside(line, side, _BESIDE)).any(axis=0) for side in (-1, 1))
    if _count(on_line & (above | below)) < _CROSSED:
        return None
    is_level = piece.shape[0] - 2 * _BESIDE <= _RULED * letter
    if is_level and not (_alike(above, below) and _alike(on_line & above, on_line & below)):
        return None  # a printed rule
    return np.asarray(np.where(line, cv2.divide(piece, level, scale=255), piece), np.uint8)


def _is_row(strokes: int, length: float) -> bool:
    """Tell whether strokes that touch a line are a row of letters; tails have 2.4 heights each.

    Args:
        strokes: how many touch it.
        length: how long it is, in letter heights.
    """
    return strokes >= max(_ROW, length / _DENSE)


def _is_at_feet(lined: _LinedPiece, letter: float) -> bool:
    """Tell whether a black line runs along the feet of a row, where it hides marks below letters.

    Args:
        lined: the image with the line.
        letter: the height of letters in pixels.
    """
    piece, level, across, line = lined
    if np.median(np.where(line, level, 255).min(axis=0)) >= _BLACK:
        return False
    wide = np.asarray(cv2.dilate(line.astype(np.uint8), np.ones((3, 1), np.uint8)) > 0)
    feet = (piece < _INK) & (across >= _RULE) & _beside(wide, -1, 1)
    return _is_row(_count(feet.any(axis=0)), piece.shape[1] / letter)


def _bridged(lined: _LinedPiece, letter: float) -> Pixels | None:
    """Return an image without its black line; None if that is under a row of print or crosses none.

    Strokes that go on at both of its sides stay.

    Args:
        lined: the image.
        letter: the height of letters in pixels.
    """
    piece, _, across, line = lined
    wide = cv2.dilate(line.astype(np.uint8), np.ones((3, 1), np.uint8)) > 0
    rest = (piece < _INK) & ~wide
    reach = np.ones((round(letter), 1), np.uint8)
    kept = (cv2.morphologyEx(rest.astype(np.uint8), cv2.MORPH_CLOSE, reach) > 0) & wide
    is_print = across >= _RULE
    above, below = (
        (rest & is_print & _beside(np.asarray(wide), side, 2)).any(axis=0) for side in (-1, 1)
    )
    through, length = _count((kept & is_print).any(axis=0)), piece.shape[1] / letter
    is_among = through >= max(_THROUGH, length / _APART) and _alike(above, below)
    is_on_top = _is_row(_count(below), length) and _count(above) >= _TALL * _count(below)
    if not (is_among or is_on_top):
        return None
    return np.asarray(np.where(wide & ~kept, 255, piece), np.uint8)


def _beside(line: Flags, side: int, reach: int) -> Flags:
    """Return the pixels above (-1) or below (1) those of a line, as many as reach says."""
    near = np.zeros_like(line)
    for step in range(1, reach + 1):
        near |= np.roll(line, step * side, axis=0)
    return np.asarray(near & ~line, np.bool_)


def _alike(above: Flags | np.bool_, below: Flags | np.bool_) -> bool:
    """Tell whether about as many strokes of print are above a line as below it."""
    few, many = sorted((_count(above), _count(below)))
    return few >= _BALANCE * many


def _count(flags: NDArray[np.bool_] | np.bool_) -> int:
    """Return how many stretches of a row are true."""
    return int(np.count_nonzero(np.diff(np.asarray(flags, np.int8), prepend=0) > 0))
