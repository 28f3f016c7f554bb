"""Tells how alike two pages look: a perceptual hash of 64 bits (pHash, Zauner 2010).

The picture is cropped to where its words lie, so that a scan that is shifted, scaled or tilted by
a little keeps its hash, and the shadow of a copier's lid counts for nothing. Then it is made small,
and the signs of its lowest frequencies are kept.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image.geometry import Pixels
from pipeline.model import Page

_SIDE, _KEPT = 64, 8  # pixels of the small picture; frequencies each way
_LARGEST = 1_000  # pixels of a side that are looked at
_BEYOND = 2  # per cent of the words that may lie beyond the crop, on each side
_LEGIBLE = 0.5  # confidence of words that the crop goes by
_FEWEST = 8  # words that a crop is made by


def look_of(picture: bytes, page: Page) -> int | None:
    """Return the perceptual hash of a page; None where it has next to no words.

    Args:
        picture: the page's picture, in any format that OpenCV reads.
        page: its words, and the map onto the picture.
    """
    grey = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    corners = _corners(page)
    if grey is None or corners is None:
        return None
    scale = min(1.0, _LARGEST / max(grey.shape))
    grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = _ink(np.asarray(grey, np.uint8))
    left, top = (max(0, int(each)) for each in np.percentile(corners, _BEYOND, axis=0) * scale)
    right, bottom = (
        int(each) + 1 for each in np.percentile(corners, 100 - _BEYOND, axis=0) * scale
    )
    part = ink[top:bottom, left:right]
    if not part.size:
        return None
    small = cv2.resize(part, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    waves = cv2.dct(small)[:_KEPT, :_KEPT].flatten()
    bits = waves > np.median(waves[1:])  # the first is the mean of all
    return int("".join("1" if bit else "0" for bit in bits), 2)


def _corners(page: Page) -> NDArray[np.float64] | None:
    """Return the corners of words in pixels of the picture; None where there are few words."""
    boxes = [word.box for word in page.text.words if word.confidence >= _LEGIBLE]
    if len(boxes) < _FEWEST or page.view is None:
        return None
    placed = [
        (x, y, 1.0) for box in boxes for x in (box.left, box.right) for y in (box.top, box.bottom)
    ]
    matrix = np.array((*page.view.matrix, *page.view.tilt), np.float64).reshape(3, 3)
    mapped = np.array(placed) @ matrix.T
    return np.asarray(mapped[:, :2] / mapped[:, 2:], np.float64)


def bits_apart(one: int, other: int) -> int:
    """Return in how many of 64 bits two hashes differ; 32 is chance."""
    return (one ^ other).bit_count()


def _ink(grey: Pixels) -> NDArray[np.float32]:
    """Return how much darker each pixel is than the paper around it, 0-1, specks taken out."""
    paper = cv2.medianBlur(cv2.dilate(grey, np.ones((9, 9), np.uint8)), 21)
    darker = cv2.medianBlur(cv2.subtract(paper, grey), 3)
    return np.asarray(np.where(darker > 30, darker, 0) / 255, np.float32)
