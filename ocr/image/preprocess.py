"""Prepares the image for OCR: upright, deskewed, scaled to the best letter height, clean.

Which steps are taken follows from what was measured. The image for people is another one, which is
only turned and deskewed.
"""

from __future__ import annotations

from io import BytesIO
from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image

from ocr.image import background, seals
from ocr.image.dot_leaders import remove_dot_leaders
from ocr.image.geometry import (
    Mapping,
    Pixels,
    compose,
    identity,
    map_box,
    upright_mapping,
    warp,
)
from ocr.image.lines.creases import remove_creases
from ocr.image.measure import PageAnalysis
from ocr.image.seals import Mask
from pipeline.model import Box

CLEANER = "c11"  # part of the recipe: what is read of a page (11: its edge, its parts upside down)

# Tesseract's network sees lines 36 pixels high. Letters (median of small ones and capitals) of
# this height make such lines, so nothing is lost on the way; larger ones cost time and words.
LETTER = 14.0
_FEW, _FEW_LETTER = 40, 20.0  # a page number or a note: figures and capitals are higher
_LONG_SIDE = 1_754  # pixels when there are no letters to go by: A4 at 150 dpi
_SCALE = (0.1, 4.0)
HIDING_LINE, DARK_LINE, _GREY_LINE = 255, 254, 1
_DARK = 150  # normalised grey of a line as dark as ink; shadows of folds have 180 and more
_LONGEST = 6_000  # pixels: a page of tiny letters must not explode
_DPI_PER_PIXEL = 150 / 14.0  # office print of 13-14 pt has such letters at 150 dpi
_STRAIGHT = 0.1  # degrees of skew that need no correction
_VIEW = 1_800  # pixels on the long side: enough to read on a screen
_QUALITY = 75
_EFFORT = 2  # half the time of OpenCV's fixed 4 for 2 % more bytes


class ReadingPicture(NamedTuple):
    """The image for OCR, the mappings to it, and its resolution."""

    grey: Pixels  # 8-bit, height by width
    mapping: Mapping  # from the original page
    from_small: Mapping  # from the small image of the page's analysis
    dpi: int  # as the height of its letters suggests
    lines: Mask | None = None  # lines through print, DARK_LINE and more where dark; None: no line


def reading_picture(
    page: Pixels, analysis: PageAnalysis, orientation: int, skew: float
) -> ReadingPicture:
    """Return the page turned, deskewed, scaled and cleaned for OCR.

    Args:
        page: the original page, grey (height by width) or BGR (height by width by 3).
        analysis: the measures of the page.
        orientation: degrees clockwise that bring it upright: 0, 90, 180 or 270.
        skew: degrees it leans clockwise after that.
    """
    letter = analysis.letter_height(orientation)
    wanted = LETTER if len(analysis.letters) > _FEW else _FEW_LETTER
    long_side = max(analysis.page_crop.width, analysis.page_crop.height)
    scale = wanted / letter if letter else _LONG_SIDE / long_side
    scale = min(max(scale, _SCALE[0]), _SCALE[1], _LONGEST / long_side)
    mapping = _upright(analysis.page_crop, orientation, skew, scale)
    from_small = _from_small(analysis, orientation, skew, scale)
    grey = _grey(page, analysis, mapping, from_small)
    height = letter * scale
    normalised = background.normalise_background(grey)
    hiding = np.zeros_like(normalised)
    plain = remove_creases(normalised, height or LETTER, hiding)
    lines = _removed(normalised, plain, hiding, _strokes(analysis, from_small))
    cleaned = remove_dot_leaders(plain, height)
    dpi = round(height * _DPI_PER_PIXEL) if letter else round(_DPI_PER_PIXEL * LETTER)
    return ReadingPicture(background.sharpen(cleaned), mapping, from_small, dpi, lines)


def upright_normalised(
    analysis: PageAnalysis, orientation: int, skew: float, view: Mapping
) -> tuple[Pixels, float]:
    """Return the normalised page as the view shows it, and the pixels of a millimetre there.

    Args:
        analysis: the measures of the page.
        orientation: degrees clockwise that bring it upright: 0, 90, 180 or 270.
        skew: degrees it leans clockwise after that.
        view: the mapping that ``view_picture`` gave for the same page, orientation and skew.
    """
    crop = analysis.page_crop
    scale = max(view.width, view.height) / max(crop.width, crop.height)
    upright = warp(analysis.normalised, _from_small(analysis, orientation, skew, scale))
    return upright, analysis.millimetre * scale / analysis.scale


def view_picture(analysis: PageAnalysis, orientation: int, skew: float) -> tuple[bytes, Mapping]:
    """Return the image for people as WebP, and the mapping from the original page to it.

    Args:
        analysis: the measures of the page, whose small image is shown.
        orientation: degrees clockwise that bring it upright: 0, 90, 180 or 270.
        skew: degrees it leans clockwise after that.
    """
    scale = min(analysis.scale, _VIEW / max(analysis.page_crop.width, analysis.page_crop.height))
    mapping = _upright(analysis.page_crop, orientation, skew, scale)
    image = warp(analysis.picture, _from_small(analysis, orientation, skew, scale))
    if image.ndim == 3:  # one name for both, so that only one is held while it is packed
        image = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)
    packed = BytesIO()
    Image.fromarray(image).save(packed, "WEBP", quality=_QUALITY, method=_EFFORT)
    return packed.getvalue(), mapping


def _grey(page: Pixels, analysis: PageAnalysis, mapping: Mapping, from_small: Mapping) -> Pixels:
    """Return the image for OCR in grey; warped in colour first only where seals must be faded.

    Args:
        page: the original page, grey or colour.
        analysis: the measures of the page.
        mapping: the mapping from the original page to the image.
        from_small: the mapping from the analysis's small image to it.
    """
    if page.ndim == 2 or not analysis.seals.any():
        return warp(background.to_grey(page), mapping)
    is_shrunken = page is analysis.page and _shrinks_alike(analysis, mapping, from_small)
    colours = warp(analysis.picture, from_small) if is_shrunken else warp(page, mapping)
    return seals.fade_ink(background.white_balance(colours), _moved(analysis.seals, from_small))


def _strokes(analysis: PageAnalysis, from_small: Mapping) -> Mask | None:
    """Return where coloured strokes of pens were on the image for OCR, None if nowhere."""
    if not analysis.strokes.any():
        return None
    return np.asarray(np.minimum(_moved(analysis.strokes, from_small), DARK_LINE), np.uint8)


def _removed(normalised: Pixels, plain: Pixels, hiding: Mask, strokes: Mask | None) -> Mask | None:
    """Return where long lines ran through print of the image for OCR, None if nowhere.

    Args:
        normalised: the image with creases.
        plain: the same without them.
        hiding: where black lines stay that hide a part of print.
        strokes: where coloured strokes were, under which print is seen.
    """
    if plain is normalised and not cv2.countNonZero(hiding):
        return strokes
    lines = np.zeros_like(plain) if strokes is None else strokes
    lines[(plain != normalised) & (lines == 0)] = _GREY_LINE
    lines[((plain == 255) & (normalised < _DARK)) | (hiding > 0)] = HIDING_LINE
    return lines


def _shrinks_alike(analysis: PageAnalysis, mapping: Mapping, from_small: Mapping) -> bool:
    """Tell whether the image for OCR is as small as the analysis's, which is of the whole page."""
    height, width = analysis.page.shape[:2]
    small_height, small_width = analysis.picture.shape[:2]
    shrunken = mapping.matrix @ np.diag([width / small_width, height / small_height, 1.0])
    is_alike = np.allclose(shrunken, from_small.matrix, rtol=0, atol=1e-9)
    return bool(is_alike and abs(np.linalg.det(shrunken[:2, :2]) - 1) < 1e-9)


def _moved(area: Pixels, mapping: Mapping) -> Pixels:
    """Return where an area goes; only the rows that it reaches are looked at."""
    moved = np.zeros((mapping.height, mapping.width), np.uint8)
    around = map_box(Box(*cv2.boundingRect(area)), mapping)
    rows = slice(max(0, around.top - 2), min(mapping.height, around.bottom + 2))
    if rows.start < rows.stop:
        matrix = mapping.matrix[:2].copy()
        matrix[1, 2] -= rows.start
        moved[rows] = cv2.warpAffine(area, matrix, (mapping.width, rows.stop - rows.start))
    return moved


def _upright(crop: Mapping, orientation: int, skew: float, scale: float) -> Mapping:
    """Return the mapping from the original page to the upright image of its crop."""
    skew = skew if abs(skew) >= _STRAIGHT else 0.0
    return compose(crop, upright_mapping(crop.width, crop.height, orientation, skew, scale))


def _from_small(analysis: PageAnalysis, orientation: int, skew: float, scale: float) -> Mapping:
    """Return the mapping from the small image, which is of the crop, to ``_upright``'s image."""
    height, width = analysis.picture.shape[:2]
    crop = identity(analysis.page_crop.width, analysis.page_crop.height)
    enlarged = Mapping(np.diag([1 / analysis.scale, 1 / analysis.scale, 1.0]), width, height)
    return compose(enlarged, _upright(crop, orientation, skew, scale))
