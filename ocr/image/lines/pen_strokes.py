"""Finds long coloured strokes of a pen, such as lines through text, under it and beside it.

A stroke runs on as one thin line without gaps, and goes up and down slowly. Print has gaps and ink
at several heights, writing swings, and what is as large as a seal is found in ``ocr.image.seals``.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image.components import label_components
from ocr.image.seals import Mask
from pipeline.model import Box

Flags = NDArray[np.bool_]

_LONG = 25.0  # millimetres: longer than a written word
_THICK = 2.0  # millimetres: what is ink across the stroke, with the print that it touches
_SHARE = 0.9  # of the places along a stroke where it is not thicker
_PEN = 1.5  # millimetres: coloured ink of a stroke, across
_ALONE = 0.85  # of the places where it is so, at one height; underlined letters have 0.75 and less
_GAPS = 0.1  # of the places, at most, where there is no ink; print has 0.17 and more
_SWING = 0.15  # millimetres, in the middle, that it is off its own course; low writing has 0.2
_COURSE = 8.0  # millimetres over which a stroke's course is taken
_GAP = 0.8  # millimetres between two pieces of one stroke
_EDGE = 0.2  # millimetres around a stroke where its colour fades out


def long_strokes(coloured: Mask, joined: Mask, millimetre: float) -> Mask:
    """Return where the long strokes of pens are, of any colour but black.

    Args:
        coloured: the mask of coloured ink.
        joined: the same, its pieces joined across print.
        millimetre: the length of a millimetre in pixels.
    """
    strokes = np.zeros_like(joined)
    left, top, width, height = cv2.boundingRect(joined)
    if max(width, height) < _LONG * millimetre:
        return strokes
    place = np.s_[top : top + height, left : left + width]
    colour, inked, found = coloured[place], joined[place], strokes[place]
    reach = max(3, round(_GAP * millimetre)) | 1
    closed = cv2.morphologyEx(inked, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _, labels, stats = label_components(np.asarray(closed, np.uint8))
    long = stats[:, 2:4].max(axis=1) >= _LONG * millimetre
    long[0] = False
    for label in np.flatnonzero(long).tolist():
        box = Box(*stats[label, :4].tolist())
        window = np.s_[box.top : box.bottom, box.left : box.right]
        piece = labels[window] == label
        inks = [np.asarray(piece & (each[window] > 0)) for each in (inked, colour)]
        lain = inks if box.width >= box.height else [ink.T for ink in inks]
        if _is_stroke(lain[0], lain[1], millimetre):
            found[window][piece] = 255
    if not cv2.countNonZero(strokes):
        return strokes
    edge = 2 * max(1, round(_EDGE * millimetre)) + 1
    return np.asarray(cv2.dilate(strokes, np.ones((edge, edge), np.uint8)), np.uint8)


def _is_stroke(ink: Flags, own: Flags, millimetre: float) -> bool:
    """Tell whether ink that lies along the rows of an image is one line, wherever it is looked at.

    Args:
        ink: where ink is, that of print across it too.
        own: where coloured ink is.
        millimetre: the length of a millimetre in pixels.
    """
    thick = _reach(ink)[1]
    if np.mean(thick <= _THICK * millimetre) < _SHARE or np.mean(thick == 0) > _GAPS:
        return False
    lowest, thick = _reach(own)
    alone = (thick == own.sum(axis=0)) & (thick <= _PEN * millimetre)
    inked = alone & (thick > 0)
    if np.mean(alone) < _ALONE or not inked.any():
        return False
    course = (lowest - thick / 2)[inked].astype(np.float32)[None, :]
    smooth = cv2.blur(course, (round(_COURSE * millimetre), 1), borderType=cv2.BORDER_REPLICATE)
    return float(np.median(np.abs(course - smooth))) <= _SWING * millimetre


def _reach(ink: Flags) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return for each column where its lowest ink ends, and how far up ink reaches from there."""
    lowest = ink.shape[0] - ink[::-1].argmax(axis=0)
    return lowest, np.where(ink.any(axis=0), lowest - ink.argmax(axis=0), 0)
