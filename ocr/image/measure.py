"""Measure a page: its letters, ink, sharpness, contrast, colour. No opinion except "blank".

All measures are taken on a small picture of the page (150 dpi), so they cost a few hundredths of a
second whatever the scan's resolution.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image.background import even_light, grey_of, neutral
from ocr.image.components import Boxes, find_components, letters_of
from ocr.image.geometry import Mapping, Pixels, redraw, shrunken
from ocr.image.page_crop import find_page
from ocr.image.seals import Mask, colour_mask, joined_across_print, larger_than_print

_FINE = 150 / 25.4  # pixels of the small picture for each millimetre
_LONGEST = 2_600  # pixels of the small picture: A3
_A4 = 297.0  # millimetres: the long side of a page whose size is not known
_SIZES = (45.0, 450.0)  # millimetres: long sides that can be true, identity card to A3
_SHEETS = (200.0, 430.0)  # millimetres: long sides of office paper, A5 to A3
INK = 150  # grey on evened paper (255); what shines through from the back stays above
_BLACK = 110  # ink that cannot be the other side of the sheet
_FAINT = 205  # print this light exists; so does a dark back page
_FAINT_PAGE = 40  # so many faint marks may be a page of faint print
_STRONG = 110  # chroma of fresh stamp ink; what came off on the facing page has 50-90
_COLOURED = 0.0002  # share of the page that is strongly coloured: a word of red print has 0.0004


@dataclass(frozen=True, slots=True)
class PageAnalysis:
    """A first look at a page: the small picture and what was measured on it."""

    picture: Pixels  # small, as scanned: grey or colour
    evened: Pixels  # small, grey, paper made white
    sheet: Mapping  # from the page to the sheet alone, as large as it is there
    scale: float  # pixels of the small picture for each pixel of the sheet
    millimetre: float  # pixels of the small picture
    seals: Mask  # areas of seals, stamps and pen strokes, in the small picture
    writing: Boxes  # letters, and strokes of a pen, in the small picture
    letters: Boxes  # what of that could be printed letters
    ink: float
    sharpness: float
    contrast: float
    seal: float
    blank: bool  # nothing written, drawn or stamped on this side
    faint: bool  # most marks are faint: faint print, or the other side shining through

    def letter_height(self, orientation: int) -> float:
        """Return the median height of letters once turned, in pixels of the sheet; 0 without."""
        boxes = self.letters if len(self.letters) else self.writing
        if not len(boxes):
            return 0.0
        side = 2 if orientation in (90, 270) else 3
        return float(np.median(boxes[:, side])) / self.scale


def analyse(page: Pixels, dpi: float) -> PageAnalysis:
    """Take a first look at a page, grey or colour; dpi 0 means not known.

    A file that says its page is no office sheet is believed unless many more letters are of a
    letter's size on an A4 sheet: scanners and programs write wrong resolutions.
    """
    sheet = find_page(page)
    long_side = max(sheet.width, sheet.height)
    said = _millimetre(long_side, dpi)
    look = _look(page, sheet, said)
    if _SHEETS[0] <= long_side / said <= _SHEETS[1]:
        return look
    as_a4 = _look(page, sheet, long_side / _A4)
    return as_a4 if len(as_a4.letters) > 2 * len(look.letters) + _FAINT_PAGE else look


def _look(page: Pixels, sheet: Mapping, millimetre: float) -> PageAnalysis:
    long_side = max(sheet.width, sheet.height)
    scale = min(1.0, _FINE / millimetre, _LONGEST / long_side)
    millimetre *= scale
    small = redraw(page, shrunken(sheet, scale))
    on_white = neutral(small)
    coloured = colour_mask(on_white)
    grey = grey_of(small)
    evened = even_light(grey)
    seals = larger_than_print(joined_across_print(coloured, on_white, millimetre), millimetre)
    writing, faint = _writing(evened, millimetre)
    blank = not seals.any() and _is_blank(on_white, evened, coloured, millimetre, faint=faint)
    return PageAnalysis(
        picture=small,
        evened=evened,
        sheet=sheet,
        scale=scale,
        millimetre=millimetre,
        seals=seals,
        writing=writing,
        letters=letters_of(writing, millimetre),
        ink=float(np.count_nonzero(evened < INK)) / evened.size,
        sharpness=float(cv2.Laplacian(grey, cv2.CV_32F).var()),
        contrast=_contrast(grey),
        seal=cv2.countNonZero(coloured) / coloured.size,
        blank=blank,
        faint=faint,
    )


def _millimetre(long_side: int, dpi: float) -> float:
    """Return pixels of the sheet for a millimetre; a file is believed if it can be true."""
    least, most = _SIZES
    if dpi > 0 and least <= long_side / dpi * 25.4 <= most:
        return dpi / 25.4
    return long_side / _A4


def _writing(evened: Pixels, millimetre: float) -> tuple[Boxes, bool]:
    """Return the marks on a page, and whether most of them are faint."""
    dark = find_components(evened, INK, millimetre)
    if len(dark) > _FAINT_PAGE:
        return dark, False
    marks = find_components(evened, _FAINT, millimetre)
    if len(marks) > _FAINT_PAGE + 10 * len(dark):
        return marks, True
    return dark, False


def _is_blank(
    on_white: Pixels, evened: Pixels, coloured: Mask, millimetre: float, *, faint: bool
) -> bool:
    """Tell whether nothing is on the page but what a seal on the facing sheet left: pale dots."""
    strong = cv2.countNonZero(colour_mask(on_white, _STRONG)) / coloured.size
    without = cv2.bitwise_or(evened, cv2.dilate(coloured, np.ones((3, 3), np.uint8)))
    ink = _BLACK if faint else INK
    marks = find_components(np.asarray(without, np.uint8), ink, millimetre)
    return strong < _COLOURED and len(marks) == 0


def _contrast(grey: NDArray[np.uint8]) -> float:
    low, high = np.percentile(grey[::4, ::4], (5, 95))
    return float(high - low) / 255
