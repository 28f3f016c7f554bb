"""Finds long coloured strokes of a pen, such as lines through text, under it and beside it.

A stroke runs on as one line: at each place along it there is ink at one height only. Letters,
written or printed, go up and down, and what is as large as a seal is found in ``ocr.image.seals``.
"""

from __future__ import annotations

import cv2
import numpy as np

from ocr.image.components import label_components
from ocr.image.geometry import Pixels
from ocr.image.seals import Mask
from pipeline.model import Box

_LONG = 25.0  # millimetres: longer than a written word
_THICK = 2.0  # millimetres: what is ink across the stroke, with the print that it touches
_SHARE = 0.9  # of the places along a stroke where it is not thicker
_GAP = 0.8  # millimetres between two pieces of one stroke
_EDGE = 0.2  # millimetres around a stroke where its colour fades out


def long_strokes(coloured: Mask, millimetre: float) -> Mask:
    """Return where the long strokes of pens are, of any colour but black.

    Args:
        coloured: the mask of coloured ink, its pieces joined across print.
        millimetre: the length of a millimetre in pixels.
    """
    strokes = np.zeros_like(coloured)
    left, top, width, height = cv2.boundingRect(coloured)
    if max(width, height) < _LONG * millimetre:
        return strokes
    inked, found = (each[top : top + height, left : left + width] for each in (coloured, strokes))
    reach = max(3, round(_GAP * millimetre)) | 1
    joined = cv2.morphologyEx(inked, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _, labels, stats = label_components(np.asarray(joined, np.uint8))
    long = stats[:, 2:4].max(axis=1) >= _LONG * millimetre
    long[0] = False
    for label in np.flatnonzero(long).tolist():
        box = Box(*stats[label, :4].tolist())
        window = np.s_[box.top : box.bottom, box.left : box.right]
        ink = np.asarray(labels[window] == label, np.uint8)
        upright = ink if box.width >= box.height else np.ascontiguousarray(ink.T)
        if _is_stroke(upright, millimetre):
            found[window][ink > 0] = 255
    if not cv2.countNonZero(strokes):
        return strokes
    edge = 2 * max(1, round(_EDGE * millimetre)) + 1
    return np.asarray(cv2.dilate(strokes, np.ones((edge, edge), np.uint8)), np.uint8)


def _is_stroke(ink: Pixels, millimetre: float) -> bool:
    """Tell whether ink that lies along the rows of an image is one line, wherever it is looked at.

    Args:
        ink: not 0 where ink is.
        millimetre: the length of a millimetre in pixels.
    """
    lowest = ink.shape[0] - ink[::-1].argmax(axis=0)
    thickness = lowest - ink.argmax(axis=0)
    return float(np.mean(thickness <= _THICK * millimetre)) >= _SHARE
