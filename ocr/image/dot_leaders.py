"""Removes dot leaders, the rows of dots in forms and tables of contents, before OCR.

Tesseract reads long rows of dots as letters and figures, and joins the first to the word before it.
"""

from __future__ import annotations

import cv2
import numpy as np

from ocr.image.components import Boxes, label_components
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
    if not _may_be_rows(np.asarray(stats[small], np.int32), gap, flat):
        return normalised
    dots = np.where(small, np.uint8(255), np.uint8(0))[labels]
    rows = cv2.morphologyEx(dots, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    count, row_labels, sizes = label_components(np.asarray(rows, np.uint8))
    middles = np.rint(stats[small][:, :2] + (stats[small][:, 2:4] - 1) / 2).astype(int)
    dot_counts = np.bincount(row_labels[middles[:, 1], middles[:, 0]], minlength=count)
    leaders = (dot_counts >= _FEWEST) & (sizes[:, 3] <= flat)
    leaders[0] = False
    if not leaders.any():
        return normalised
    mask = np.where(leaders[row_labels], 255, 0).astype(np.uint8)
    mask = np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), np.uint8)
    # Letters that stand on the row keep their feet.
    mask[(dark > 0) & (dots == 0)] = 0
    return np.asarray(np.where(mask > 0, 255, normalised), np.uint8)


def _may_be_rows(dots: Boxes, gap: int, flat: float) -> bool:
    """Tell by the boxes of dots alone whether enough of them may be a row; cheap, on most pages no.

    Args:
        dots: their left, top, width and height in pixels.
        gap: pixels that dots of a row are apart, at most.
        flat: pixels that a row is high, at most.
    """
    largest = int(dots[:, 2:4].max(initial=0))
    reach = int(flat) + largest
    middles = dots[:, 0] + dots[:, 2] / 2
    # A row lies within a strip of twice its height, of the strips that begin at 0 or half-way.
    for first in (0, reach):
        strips = (dots[:, 1] + first) // (2 * reach)
        order = np.lexsort((middles, strips))
        is_far = np.diff(middles[order]) > gap + largest
        breaks = np.flatnonzero(is_far | (np.diff(strips[order]) != 0)) + 1
        if np.diff([0, *breaks, len(dots)]).max() >= _FEWEST:
            return True
    return False
