"""Measure a page: ink, sharpness, contrast, colour, letters. No opinion, except that it is blank.

All measures are taken on a small picture of the page (about 150 dpi for A4), so they cost a few
hundredths of a second whatever the scan's resolution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.geometry import Pixels, redraw, upright
from ocr.seals import Mask, colour_mask, larger_than_print
from ocr.whiten import even_light, grey_of

SMALL = 1754  # pixels on the long side: A4 at 150 dpi
_A4 = 297.0  # millimetres; a page's long side is taken for that
_INK = 150  # grey on evened paper (255); letters seen through from the back stay above
_LETTER = (1.1, 9.0)  # millimetres high: from an x-height of 7 pt to a heading
_SOLID = 0.75  # share of its box a punch hole fills; letters fill less
_HOLE = (3.5, 9.0)  # millimetres: office punches make 5-6
_EDGE = 0.035  # share of a side where copier shadows and holes live


class Letters(NamedTuple):
    """The marks on a page that could be letters: their boxes (n x 4: left top width height)."""

    boxes: NDArray[np.int32]
    height: float  # median, in pixels of the small picture; 0 without letters


@dataclass(frozen=True, slots=True)
class Look:
    """A first look at a page: the small picture and what was measured on it."""

    small: Pixels  # grey, evened
    scale: float  # pixels of the small picture for each pixel of the page
    seals: Mask  # areas of seals, stamps and pen strokes, in the small picture
    letters: Letters
    ink: float
    sharpness: float
    contrast: float
    seal: float
    blank: bool


def look_at(page: Pixels) -> Look:
    """Take a first look at a page, grey or colour."""
    height, width = page.shape[:2]
    scale = min(1.0, SMALL / max(height, width))
    small = redraw(page, upright(width, height, 0, 0.0, scale))
    colour = colour_mask(small)
    grey = grey_of(small)
    evened = even_light(grey)
    seal = float(np.count_nonzero(colour)) / colour.size
    letters = _letters(evened)
    seal = float(cv2.countNonZero(colour)) / colour.size
    return Look(
        small=evened,
        scale=scale,
        seals=larger_than_print(colour),
        letters=letters,
        ink=float(np.count_nonzero(evened < _INK)) / evened.size,
        sharpness=float(cv2.Laplacian(grey, cv2.CV_32F).var()),
        contrast=_contrast(grey),
        seal=seal,
        blank=len(letters.boxes) == 0 and seal < _COLOURED,
    )


_COLOURED = 0.0005  # share of the page: a stamp of 8 mm square


def _contrast(grey: Pixels) -> float:
    low, high = np.percentile(grey[::4, ::4], (5, 95))
    return float(high - low) / 255


def _letters(evened: Pixels) -> Letters:
    """Find the marks that could be letters, or else any strokes of a pen."""
    dark = cv2.threshold(evened, _INK, 255, cv2.THRESH_BINARY_INV)[1]
    stats = cv2.connectedComponentsWithStats(dark, connectivity=8)[2].astype(np.int32)
    mm = max(evened.shape) / _A4
    boxes = stats[_is_writing(stats, evened.shape)][:, :4]
    highest = _LETTER[1] * mm
    letters = boxes[(boxes[:, 3] <= highest) & (boxes[:, 2] <= 3 * highest)]
    height = float(np.median(letters[:, 3])) if len(letters) else 0.0
    return Letters(letters if len(letters) else boxes, height)


def _is_writing(stats: NDArray[np.int32], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Tell which components are neither paper, specks, rules, punch holes nor edge shadows."""
    height, width = shape[:2]
    mm = max(height, width) / _A4
    left, top, across, down, area = (stats[:, column] for column in range(5))
    edge_x, edge_y = _EDGE * width, _EDGE * height
    at_edge = (left <= 1) | (top <= 1) | (left + across >= width - 1) | (top + down >= height - 1)
    in_margin = (
        (left + across < edge_x * 2)
        | (left > width - edge_x * 2)
        | (top + down < edge_y * 2)
        | (top > height - edge_y * 2)
    )
    filled = area / np.maximum(across * down, 1)
    low, high = _HOLE[0] * mm, _HOLE[1] * mm
    hole = (filled > _SOLID) & (down > low) & (down < high) & (across > low) & (across < high)
    rule = (np.maximum(across, down) > 30 * mm) & (np.minimum(across, down) < mm)
    speck = np.maximum(across, down) < _LETTER[0] * mm
    kept = ~(at_edge | rule | speck | (hole & in_margin))
    kept[0] = False  # the paper
    return np.asarray(kept, np.bool_)
