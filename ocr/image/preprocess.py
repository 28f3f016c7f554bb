"""Make the picture that the reader reads: upright, straight, of the best letter height, clean.

Which steps are taken follows from what was measured. People look at another picture, which is only
turned and straightened.
"""

from __future__ import annotations

from io import BytesIO
from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image

from ocr.image import background, seals
from ocr.image.dot_leaders import remove_dot_leaders
from ocr.image.geometry import Mapping, Pixels, redraw, then, upright, whole
from ocr.image.measure import PageAnalysis

CLEANER = "c6"  # part of the recipe: a change of what is read needs a new one

# Tesseract's network sees lines 36 pixels high. Letters (median of small ones and capitals) of
# this height make such lines, so nothing is lost on the way; larger ones cost time and words.
LETTER = 14.0
_FEW, _FEW_LETTER = 40, 20.0  # a page number or a note: figures and capitals are higher
_UNKNOWN = 1_754  # pixels on the long side when there are no letters to go by: A4 at 150 dpi
_SCALE = (0.1, 4.0)
_LONGEST = 6_000  # pixels: a page of tiny letters must not explode
_DPI_PER_PIXEL = 150 / 14.0  # office print of 13-14 pt has such letters at 150 dpi
_STRAIGHT = 0.1  # degrees of lean that need no correction
_VIEW = 1_800  # pixels on the long side: enough to read on a screen
_QUALITY = 75
_EFFORT = 2  # half the time of OpenCV's fixed 4 for 2 % more bytes


class ReadingPicture(NamedTuple):
    """What the engine gets: grey pixels, where they come from, and the dpi they amount to."""

    grey: Pixels
    mapping: Mapping  # from the page
    from_small: Mapping  # from the look's small picture
    dpi: int


def reading_picture(
    page: Pixels, look: PageAnalysis, orientation: int, skew: float
) -> ReadingPicture:
    """Turn, straighten, scale and clean a page for the engine.

    Args:
        page: the original page, grey or colour.
        look: what was measured on it.
        orientation: degrees clockwise that bring it upright.
        skew: degrees it leans clockwise after that.
    """
    letter = look.letter_height(orientation)
    wanted = LETTER if len(look.letters) > _FEW else _FEW_LETTER
    long_side = max(look.sheet.width, look.sheet.height)
    scale = wanted / letter if letter else _UNKNOWN / long_side
    scale = min(max(scale, _SCALE[0]), _SCALE[1], _LONGEST / long_side)
    mapping = _upright(look.sheet, orientation, skew, scale)
    from_small = _from_small(look, orientation, skew, scale)
    grey = _grey(page, look, mapping, from_small)
    evened = remove_dot_leaders(background.even_light(grey), letter * scale)
    dpi = round(letter * scale * _DPI_PER_PIXEL) if letter else round(_DPI_PER_PIXEL * LETTER)
    return ReadingPicture(background.sharpen(evened), mapping, from_small, dpi)


def view_picture(
    page: Pixels, look: PageAnalysis, orientation: int, skew: float
) -> tuple[bytes, Mapping]:
    """Return the picture for people as WebP, and where the page's pixels are in it."""
    scale = min(look.scale, _VIEW / max(look.sheet.width, look.sheet.height))
    mapping = _upright(look.sheet, orientation, skew, scale)
    drawn = redraw(look.picture, _from_small(look, orientation, skew, scale))
    colours = drawn if drawn.ndim == 2 else cv2.cvtColor(drawn, cv2.COLOR_BGR2RGB)
    packed = BytesIO()
    Image.fromarray(np.asarray(colours)).save(packed, "WEBP", quality=_QUALITY, method=_EFFORT)
    return packed.getvalue(), mapping


def _grey(page: Pixels, look: PageAnalysis, mapping: Mapping, to_picture: Mapping) -> Pixels:
    """Draw the reading picture in grey; in colour first only where seals must be faded.

    Args:
        page: grey or colour.
        look: what was measured on it.
        mapping: from the page to the picture.
        to_picture: from the look's small picture to it.
    """
    if page.ndim == 2 or not look.seals.any():
        return redraw(background.grey_of(page), mapping)
    size = (mapping.width, mapping.height)
    area = cv2.warpAffine(look.seals, to_picture.matrix[:2], size)
    return seals.fade(background.neutral(redraw(page, mapping)), np.asarray(area, np.uint8))


def _upright(sheet: Mapping, orientation: int, skew: float, scale: float) -> Mapping:
    """Map a page to the picture of its sheet."""
    return then(sheet, upright(sheet.width, sheet.height, orientation, _lean(skew), scale))


def _from_small(look: PageAnalysis, orientation: int, skew: float, scale: float) -> Mapping:
    """Map the small picture, which is of the sheet, to the same picture as ``_upright``."""
    height, width = look.picture.shape[:2]
    sheet = whole(look.sheet.width, look.sheet.height)
    enlarged = Mapping(np.diag([1 / look.scale, 1 / look.scale, 1.0]), width, height)
    return then(enlarged, _upright(sheet, orientation, skew, scale))


def _lean(skew: float) -> float:
    return skew if abs(skew) >= _STRAIGHT else 0.0
