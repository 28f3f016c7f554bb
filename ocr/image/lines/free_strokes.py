"""Finds dark strokes that run through print freely: black signatures, rings of copied seals.

Such a stroke is one component with the letters that it touches, larger than any letter. Straight
rules of tables and frames, and underlines, are set aside first, with what is as wide as a row is
high. It costs 4 to 7 milliseconds a page.
"""

from __future__ import annotations

import cv2
import numpy as np

from ocr.image.components import label_components
from ocr.image.geometry import Pixels

_INK = 170  # grey below which a pixel of the halved image is ink
_RULE = 8.0  # letter heights of a straight run that is a rule
_LONG, _HIGH = 6.0, 2.5  # letter heights, at least, of a stroke's longer and of both its sides
_FILLED = 0.3  # of its box, at most, that is ink: pictures and bars have more


def free_strokes(grey: Pixels, letter: float) -> Pixels | None:
    """Return where such strokes are, 255 with the letters that they touch; None if nowhere.

    Args:
        grey: the image for OCR.
        letter: the height of its letters in pixels.
    """
    half = (max(1, grey.shape[1] // 2), max(1, grey.shape[0] // 2))
    small = cv2.resize(grey, half, interpolation=cv2.INTER_AREA)
    ink, letter = cv2.threshold(small, _INK, 255, cv2.THRESH_BINARY_INV)[1], letter / 2
    run = round(_RULE * letter)
    for shape in ((1, run), (run, 1)):
        ink = cv2.subtract(ink, cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8)))
    _, labels, stats = label_components(np.asarray(ink, np.uint8))
    sides = np.sort(stats[:, 2:4], axis=1)
    free = (sides[:, 0] >= _HIGH * letter) & (sides[:, 1] >= _LONG * letter)
    free &= stats[:, 4] <= _FILLED * sides[:, 0] * sides[:, 1]
    free[0] = False
    if not free.any():
        return None
    found = np.asarray(free[labels] * np.uint8(255), np.uint8)
    return np.asarray(
        cv2.resize(found, grey.shape[::-1], interpolation=cv2.INTER_NEAREST), np.uint8
    )
