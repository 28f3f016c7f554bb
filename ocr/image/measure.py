"""Measures a page: letters, ink, sharpness, contrast, colour, and whether it is blank.

All measures are taken on a small image of the page (150 dpi), so they cost a few hundredths of a
second whatever the scan's resolution.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image.background import Extremes, balanced_extremes, normalise_background, to_grey
from ocr.image.components import Boxes, find_components, letter_boxes
from ocr.image.geometry import Mapping, Pixels, scaled, warp
from ocr.image.lines.pen_strokes import long_strokes
from ocr.image.page_crop import find_page
from ocr.image.seals import Mask, colour_mask, join_across_print, large_coloured_areas

_FINE = 150 / 25.4  # pixels of the small image for each millimetre
_LONGEST = 2_600  # pixels of the small image: A3
_A4 = 297.0  # millimetres: the long side of a page whose size is not known
_SIZES = (45.0, 450.0)  # millimetres: long sides that can be true, identity card to A3
_OFFICE_SIZES = (200.0, 430.0)  # millimetres: long sides of office paper, A5 to A3
INK = 150  # normalised grey (paper 255); what shines through from the back stays above
_BLACK = 110  # ink that cannot be the other side of the sheet
_FAINT = 205  # print this light exists; so does a dark back page
_FAINT_PAGE = 40  # so many faint components may be a page of faint print
_STRONG = 110  # chroma of fresh stamp ink; what came off on the facing page has 50-90
_MANY = 40  # letters whose heights say what they are
_ONE_HEIGHT = 1.15  # of the smaller by the tallest: all are figures or capitals
_CAPITAL = 1.4  # their height by that of small letters
_DASH, _DASHES = 0.35, 0.2  # height of a dash by its width; share of a page's letters
_COLOURED = 0.0002  # share of the page that is strongly coloured: a word of red print has 0.0004


@dataclass(frozen=True, slots=True)
class PageAnalysis:
    """A page's measures, and the small image they were taken on."""

    page: Pixels  # the original page
    picture: Pixels  # small, as scanned: grey or colour
    normalised: Pixels  # small, grey, its background normalised to 255
    page_crop: Mapping  # from the original page to the sheet of paper on it, at the same scale
    scale: float  # pixels of the small image for each pixel of the page crop
    millimetre: float  # pixels of the small image
    chroma: Pixels  # small: levels between the brightest and the darkest channel, paper neutral
    seals: Mask  # areas of seals, stamps and pen strokes, in the small image
    strokes: Mask  # those of them that are long pen strokes
    components: Boxes  # letters and strokes of a pen, in the small image
    letters: Boxes  # those components that could be printed letters
    ink: float  # share of pixels that are ink
    sharpness: float  # variance of the Laplacian
    contrast: float  # between the 5th and the 95th percentile of grey, 0-1
    seal: float  # share of pixels coloured like stamp ink or a pen
    blank: bool  # nothing written, drawn or stamped on this side
    faint: bool  # most components are faint: faint print, or the other side shining through

    def letter_height(self, orientation: int) -> float:
        """Return the usual height of letters, in pixels of the page crop; 0 without any.

        It is their median, as in prose, where most letters are small ones. Where all are figures
        or capitals it is what the median would be in prose of that size.

        Args:
            orientation: degrees clockwise that bring the page upright: 0, 90, 180 or 270.
        """
        boxes = self.letters if len(self.letters) else self.components
        if not len(boxes):
            return 0.0
        side = 2 if orientation in (90, 270) else 3
        heights = _without_dashes(boxes, side)
        usual = float(np.median(heights))
        if len(heights) > _MANY:
            small, tall = np.percentile(heights, (25, 95))
            if tall < _ONE_HEIGHT * small:
                usual /= _CAPITAL
        return usual / self.scale


def _without_dashes(boxes: Boxes, side: int) -> NDArray[np.int32]:
    """Return the heights of letters; of a page with many dashes, as broken rules, without these."""
    heights, widths = boxes[:, side], boxes[:, 5 - side]
    is_dash = heights < _DASH * widths
    share = np.count_nonzero(is_dash) / len(boxes)
    return np.asarray(heights[~is_dash] if _DASHES < share < 1 else heights, np.int32)


def analyse(page: Pixels, dpi: float) -> PageAnalysis:
    """Measure a page.

    A resolution by which the page is no office sheet is believed unless many more letters are of a
    letter's size on an A4 sheet: scanners and programs write wrong resolutions.

    Args:
        page: the original page, grey (height by width) or BGR (height by width by 3).
        dpi: the resolution that the file states; 0 when it states none.
    """
    page_crop = find_page(page)
    long_side = max(page_crop.width, page_crop.height)
    millimetre = _millimetre(long_side, dpi)
    analysis = _analyse(page, page_crop, millimetre)
    if _OFFICE_SIZES[0] <= long_side / millimetre <= _OFFICE_SIZES[1]:
        return analysis
    as_a4 = _analyse(page, page_crop, long_side / _A4)
    return as_a4 if len(as_a4.letters) > 2 * len(analysis.letters) + _FAINT_PAGE else analysis


def _analyse(page: Pixels, page_crop: Mapping, millimetre: float) -> PageAnalysis:
    long_side = max(page_crop.width, page_crop.height)
    scale = min(1.0, _FINE / millimetre, _LONGEST / long_side)
    millimetre *= scale
    small = warp(page, scaled(page_crop, scale))
    colours = balanced_extremes(small)
    coloured = colour_mask(colours)
    grey = to_grey(small)
    normalised = normalise_background(grey)
    joined = join_across_print(coloured, colours.brightest, millimetre)
    seals = large_coloured_areas(joined, millimetre)
    strokes = long_strokes(coloured, joined, millimetre)
    components, faint = _components(normalised, millimetre)
    blank = not seals.any() and _is_blank(colours, normalised, coloured, millimetre, faint=faint)
    return PageAnalysis(
        page=page,
        picture=small,
        normalised=normalised,
        page_crop=page_crop,
        scale=scale,
        millimetre=millimetre,
        chroma=np.asarray(cv2.subtract(*colours), np.uint8),
        seals=np.asarray(cv2.bitwise_or(seals, strokes), np.uint8),
        strokes=strokes,
        components=components,
        letters=letter_boxes(components, millimetre),
        ink=float(np.count_nonzero(normalised < INK)) / normalised.size,
        sharpness=float(cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S))[1].item()) ** 2,
        contrast=_contrast(grey),
        seal=cv2.countNonZero(coloured) / coloured.size,
        blank=blank,
        faint=faint,
    )


def _millimetre(long_side: int, dpi: float) -> float:
    """Return pixels of the page crop for a millimetre, by the file's dpi if it can be true."""
    least, most = _SIZES
    if dpi > 0 and least <= long_side / dpi * 25.4 <= most:
        return dpi / 25.4
    return long_side / _A4


def _components(normalised: Pixels, millimetre: float) -> tuple[Boxes, bool]:
    """Return the components on a page, and whether most of them are faint."""
    dark = find_components(normalised, INK, millimetre)
    if len(dark) > _FAINT_PAGE:
        return dark, False
    pale = find_components(normalised, _FAINT, millimetre)
    if len(pale) > _FAINT_PAGE + 10 * len(dark):
        return pale, True
    return dark, False


def _is_blank(
    colours: Extremes, normalised: Pixels, coloured: Mask, millimetre: float, *, faint: bool
) -> bool:
    """Tell whether nothing is on the page but what a seal on the facing sheet left: pale dots."""
    strong = cv2.countNonZero(colour_mask(colours, _STRONG)) / coloured.size
    without = cv2.bitwise_or(normalised, cv2.dilate(coloured, np.ones((3, 3), np.uint8)))
    ink = _BLACK if faint else INK
    components = find_components(np.asarray(without, np.uint8), ink, millimetre)
    return strong < _COLOURED and len(components) == 0


def _contrast(grey: NDArray[np.uint8]) -> float:
    low, high = np.percentile(grey[::4, ::4], (5, 95))
    return float(high - low) / 255
