"""Removes dot leaders, the rows of dots in forms and tables of contents, before OCR.

Tesseract reads long rows of dots as letters and figures, and joins the first to the word before it.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from ocr.image.components import Boxes, Flags, label_components
from ocr.image.geometry import Pixels

_INK = 170  # normalised grey: dots are small and so grey at their edges
_DOT = 0.36  # letter heights: a dot is not larger
_GAP = 0.75  # letter heights: dots of a row are not farther apart
_FLAT = 0.45  # letter heights: a row of dots is not higher
_FEWEST = 7  # dots; three or four are printed for "and so on"


def remove_dot_leaders(normalised: Pixels, letter: float) -> Pixels:
    """Return the image with rows of seven and more dots made white.

    Args:
        normalised: the deskewed image in 8-bit grey, its background normalised to 255.
        letter: the height of its letters in pixels.
    """
    dark = np.asarray(cv2.threshold(normalised, _INK, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)
    _, labels, stats = label_components(dark)
    small = np.maximum(stats[:, 2], stats[:, 3]) <= max(3.0, _DOT * letter)
    small[0] = False
    gap, flat = max(3, round(_GAP * letter)) | 1, max(3.0, _FLAT * letter)
    dots = np.asarray(stats[small][:, :4], np.int32)
    cleaned = normalised
    for rows in _bands(dots, _may_be_rows(dots, gap, flat), len(dark)):
        inside = dots[(dots[:, 1] >= rows.start) & (dots[:, 1] < rows.stop)] - (0, rows.start, 0, 0)
        is_dot = small[labels[rows]]
        leaders = _leaders(is_dot, np.asarray(inside, np.int32), gap, flat)
        if leaders is not None:
            cleaned = normalised.copy() if cleaned is normalised else cleaned
            # Letters that stand on the row keep their feet.
            cleaned[rows][leaders & ((dark[rows] == 0) | is_dot)] = 255
    return cleaned


def _leaders(is_dot: Flags, dots: Boxes, gap: int, flat: float) -> Flags | None:
    """Return where rows of dots are on a part of an image, and one pixel around; None if nowhere.

    Args:
        is_dot: its pixels, true in dots.
        dots: their left, top, width and height in pixels.
        gap: pixels that dots of a row are apart, at most.
        flat: pixels that a row is high, at most.
    """
    ink = np.where(is_dot, np.uint8(255), np.uint8(0))
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    count, labels, sizes = label_components(np.asarray(joined, np.uint8))
    middles = np.rint(dots[:, :2] + (dots[:, 2:] - 1) / 2).astype(int)
    dot_counts = np.bincount(labels[middles[:, 1], middles[:, 0]], minlength=count)
    is_leader = (dot_counts >= _FEWEST) & (sizes[:, 3] <= flat)
    is_leader[0] = False
    if not is_leader.any():
        return None
    mask = np.where(is_leader[labels], np.uint8(255), np.uint8(0))
    return np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0, np.bool_)


def _bands(dots: Boxes, chosen: Flags, height: int) -> Iterator[slice]:
    """Yield the rows of an image that chosen dots reach, with a row that no dot reaches around.

    Dots and gaps touch nothing beyond such rows, so what is found there is what is found in all.

    Args:
        dots: the left, top, width and height of all dots in pixels.
        chosen: flags of the dots that are wanted.
        height: the image's height.
    """
    changes = np.bincount(dots[:, 1], minlength=height + 1)
    changes -= np.bincount(dots[:, 1] + dots[:, 3], minlength=height + 1)
    is_reached = np.cumsum(changes[:-1]) > 0
    edges = np.flatnonzero(np.diff(is_reached, prepend=False, append=False))
    tops, bottoms = edges[::2], edges[1::2]
    for band in np.unique(np.searchsorted(tops, dots[chosen, 1], side="right") - 1).tolist():
        yield slice(max(0, int(tops[band]) - 1), min(height, int(bottoms[band]) + 1))


def _may_be_rows(dots: Boxes, gap: int, flat: float) -> Flags:
    """Tell by the boxes of dots alone which may be in a row; cheap, on most pages few are.

    Args:
        dots: their left, top, width and height in pixels.
        gap: pixels that dots of a row are apart, at most.
        flat: pixels that a row is high, at most.
    """
    largest = int(dots[:, 2:].max(initial=0))
    reach = int(flat) + largest
    middles = dots[:, 0] + dots[:, 2] / 2
    may_be = np.zeros(len(dots), np.bool_)
    # A row lies within a strip of twice its height, of the strips that begin at 0 or half-way.
    for first in (0, reach):
        strips = (dots[:, 1] + first) // (2 * reach)
        order = np.lexsort((middles, strips))
        is_far = np.diff(middles[order]) > gap + largest
        breaks = np.flatnonzero(is_far | (np.diff(strips[order]) != 0)) + 1
        lengths = np.diff([0, *breaks, len(dots)])
        may_be[order] |= np.repeat(lengths >= _FEWEST, lengths)
    return may_be
