"""Removes dot leaders, the rows of dots in forms and tables of contents, before OCR.

Tesseract reads long rows of dots as letters and figures, and joins the first to the word before it.
"""

from __future__ import annotations

import cv2
import numpy as np

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
    dark = np.asarray(cv2.threshold(normalised, _INK, 255, cv2.THRESH_BINARY_INV)[1])
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    small = stats[:, 2:4].max(axis=1) <= max(3.0, _DOT * letter)
    small[0] = False
    dots = np.where(small[labels], 255, 0).astype(np.uint8)
    across = np.ones((1, max(3, round(_GAP * letter)) | 1), np.uint8)
    rows = cv2.morphologyEx(dots, cv2.MORPH_CLOSE, across)
    count, row_labels, sizes, _ = cv2.connectedComponentsWithStats(rows, connectivity=8)
    middles = np.rint(stats[small][:, :2] + (stats[small][:, 2:4] - 1) / 2).astype(int)
    dot_counts = np.bincount(row_labels[middles[:, 1], middles[:, 0]], minlength=count)
    leaders = (dot_counts >= _FEWEST) & (sizes[:, 3] <= max(3.0, _FLAT * letter))
    leaders[0] = False
    if not leaders.any():
        return normalised
    mask = np.where(leaders[row_labels], 255, 0).astype(np.uint8)
    mask = np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), np.uint8)
    # Letters that stand on the row keep their feet.
    mask[(dark > 0) & (dots == 0)] = 0
    return np.asarray(np.where(mask > 0, 255, normalised), np.uint8)
