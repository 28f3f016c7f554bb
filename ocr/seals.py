"""Red and blue seals and pen strokes: found by their colour, faded where they drown the text."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.geometry import Pixels

Mask = NDArray[np.uint8]  # 255 where it holds

_CHROMA = 48  # largest minus smallest channel: stamp ink and pens have 60 and more, paper < 30
_BRIGHT = 70  # brightest channel; below, it is black print with colour noise
_A4 = 297.0  # millimetres
_BIG = 11.0  # millimetres: what is higher and wider is a seal, a stamp or a signature, not print
_NEAR = 0.8  # millimetres between strokes of one thing
_HEADROOM = 40  # levels that black print under a seal must be darker than the seal's ink


def colour_mask(page: Pixels) -> Mask:
    """Return where the page is coloured like stamp ink or a pen; nowhere on a grey page."""
    if page.ndim == 2:
        return np.zeros(page.shape, np.uint8)
    blue, green, red = cv2.split(page)
    highest = cv2.max(cv2.max(blue, green), red)
    chroma = cv2.subtract(highest, cv2.min(cv2.min(blue, green), red))
    coloured = cv2.threshold(chroma, _CHROMA, 255, cv2.THRESH_BINARY)[1]
    bright = cv2.threshold(highest, _BRIGHT, 255, cv2.THRESH_BINARY)[1]
    # JPEG leaves single coloured pixels around black letters.
    kernel = np.ones((2, 2), np.uint8)
    opened = cv2.morphologyEx(cv2.bitwise_and(coloured, bright), cv2.MORPH_OPEN, kernel)
    return np.asarray(opened, np.uint8)


def larger_than_print(coloured: Mask) -> Mask:
    """Return the areas, filled, of coloured things larger than print; red or blue print is none."""
    mm = max(coloured.shape) / _A4
    reach = max(3, round(_NEAR * mm)) | 1
    kernel = np.ones((reach, reach), np.uint8)
    joined = cv2.morphologyEx(coloured, cv2.MORPH_CLOSE, kernel)
    contours, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    big = [contour for contour in contours if min(cv2.boundingRect(contour)[2:]) > _BIG * mm]
    area = np.zeros(coloured.shape, np.uint8)
    cv2.drawContours(area, big, -1, 255, cv2.FILLED)
    return np.asarray(cv2.dilate(area, kernel), np.uint8) if big else area


def fade(page: Pixels, area: Mask) -> Pixels:
    """Return a colour page in grey, the ink of seals and pens in an area faded to paper.

    Stamp ink is bright in its own colour: the brightest channel shows red or blue ink light and
    the black letters under it dark.
    """
    grey = np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), np.uint8)
    left, top, width, height = cv2.boundingRect(area)
    if not width:
        return grey
    window = np.s_[top : top + height, left : left + width]
    inside = area[window] > 0
    piece = np.ascontiguousarray(page[window])
    grey[window] = np.where(inside, _lifted(piece, inside), grey[window])
    return grey


def _lifted(piece: Pixels, inside: NDArray[np.bool_]) -> Pixels:
    """Return the brightest channel, raised until the coloured ink is as light as paper."""
    blue, green, red = cv2.split(piece)
    brightest = np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8)
    ink = brightest[(colour_mask(piece) > 0) & inside]
    if not ink.size:
        return brightest
    level = float(np.percentile(ink, 25))
    floor = min(float(np.percentile(brightest[inside], 1)), level - _HEADROOM)
    table = np.clip((np.arange(256) - floor) * (255 / (level - floor)), 0, 255)
    return np.asarray(cv2.LUT(brightest, table.astype(np.uint8)), np.uint8)
