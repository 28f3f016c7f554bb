"""Rows of dots that lead the eye or the pen across a form, taken away before the page is read.

Tesseract reads long rows of dots as letters and figures, and joins the first to the word before it.
"""

from __future__ import annotations

import cv2
import numpy as np

from ocr.image.geometry import Pixels

_INK = 170  # grey on evened paper: dots are small and so grey at their edges
_DOT = 0.36  # of the height of letters: a dot is not larger
_GAP = 0.75  # of the height of letters: dots of a row are not farther apart
_FLAT = 0.45  # of the height of letters: how high a row of dots is at most
_FEWEST = 7  # dots; three or four are printed for "and so on"


def remove_dot_leaders(evened: Pixels, letter: float) -> Pixels:
    """Make rows of seven and more dots white.

    Args:
        evened: grey, straight, paper 255.
        letter: height of its letters in pixels.
    """
    dark = np.asarray(cv2.threshold(evened, _INK, 255, cv2.THRESH_BINARY_INV)[1])
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    small = stats[:, 2:4].max(axis=1) <= max(3.0, _DOT * letter)
    small[0] = False
    dots = np.where(small[labels], 255, 0).astype(np.uint8)
    across = np.ones((1, max(3, round(_GAP * letter)) | 1), np.uint8)
    rows = cv2.morphologyEx(dots, cv2.MORPH_CLOSE, across)
    count, places, sizes, _ = cv2.connectedComponentsWithStats(rows, connectivity=8)
    middles = np.rint(stats[small][:, :2] + (stats[small][:, 2:4] - 1) / 2).astype(int)
    held = np.bincount(places[middles[:, 1], middles[:, 0]], minlength=count)
    leaders = (held >= _FEWEST) & (sizes[:, 3] <= max(3.0, _FLAT * letter))
    leaders[0] = False
    if not leaders.any():
        return evened
    gone = cv2.dilate(np.where(leaders[places], 255, 0).astype(np.uint8), np.ones((3, 3), np.uint8))
    # Letters that stand on the row keep their feet.
    gone[(dark > 0) & (dots == 0)] = 0
    return np.asarray(np.where(gone > 0, 255, evened), np.uint8)
