"""Even light and clean paper: what was paper becomes white, letters keep their grey."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.image.geometry import Pixels

_SHRINK = 8  # light changes slowly: its map is made on a picture this much smaller
_STROKE = 5  # of the shrunken picture: wider than the strokes of a heading
_PAPER = 190  # grey on evened paper above which there is no ink
_GRAINY = 0.15  # grey levels: clean scans have 0.00-0.07, noisy ones 0.2 and more
_SHARPEN = 1.5  # pixels: about the thickness of a mark over a letter


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


def neutral(page: Pixels) -> Pixels:
    """Take the paper's own colour out of a page: yellowed paper is not ink; grey pages as is.

    The paper's colour is the median of the brighter half of the page, one for the whole page: a
    local one would take dense seals for coloured paper.
    """
    if page.ndim == 2:
        return page
    sample = page[::8, ::8].reshape(-1, 3)
    light = sample.max(axis=1)
    paper = np.maximum(np.median(sample[light >= np.median(light)], axis=0), 1.0)
    whiter = float(paper.max()) / paper
    tables = np.clip(np.arange(256)[:, None] * whiter[None, :], 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(page, tables[None, :, :]), np.uint8)


def hide_faint(evened: Pixels, ink: int) -> Pixels:
    """Make white what is lighter than ink: the other side of the sheet, shining through."""
    return np.asarray(np.where(evened < ink, evened, 255), np.uint8)


def grain(evened: Pixels) -> float:
    """Return how speckled the paper itself is: grey levels a pixel differs from its neighbours."""
    around = cv2.absdiff(evened, cv2.medianBlur(evened, 3))
    paper = cv2.erode(cv2.inRange(evened, _PAPER, 255), np.ones((5, 5), np.uint8))
    return float(cv2.mean(around, paper)[0])


def sharpen(evened: Pixels) -> Pixels:
    """Bring back the small marks over letters that scaling blurs; on grainy paper do nothing.

    Measured on 12 rendered pages: word recall 0.958 → 0.965; on grainy pages it costs 0.008.
    """
    if grain(evened) > _GRAINY:
        return evened
    blurred = cv2.GaussianBlur(evened, (0, 0), _SHARPEN)
    return np.asarray(cv2.addWeighted(evened, 2.0, blurred, -1.0, 0.0), np.uint8)
