"""Even light and clean paper: what was paper becomes white, letters keep their grey."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.geometry import Pixels

_SHRINK = 8  # light changes slowly: its map is made on a picture this much smaller
_STROKE = 5  # of the shrunken picture: wider than the strokes of a heading


def grey_of(page: Pixels) -> Pixels:
    """Return the page in grey (ITU-R BT.601 luma); a grey page as it is."""
    if page.ndim == 2:
        return page
    return np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), np.uint8)


def even_light(grey: Pixels) -> Pixels:
    """Divide by the light that falls on the paper, so that paper is 255 everywhere.

    The light is the paper's own brightness: the page shrunken, letters closed away, blurred.
    """
    height, width = grey.shape
    size = (max(1, width // _SHRINK), max(1, height // _SHRINK))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    kernel = np.ones((_STROKE, _STROKE), np.uint8)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel)
    paper = cv2.GaussianBlur(cv2.medianBlur(paper, 5), (0, 0), 3)
    paper = cv2.resize(np.maximum(paper, 1), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, paper, scale=255), np.uint8)
