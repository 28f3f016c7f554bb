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

from ocr import seals, whiten
from ocr.geometry import Mapping, Matrix, Pixels, redraw, upright
from ocr.leaders import without_leaders
from ocr.measure import Look

CLEANER = "c5"  # part of the recipe: a change of what is read needs a new one

# Tesseract's network sees lines 36 pixels high. Letters (median of small ones and capitals) of
# this height make such lines, so nothing is lost on the way; larger ones cost time and words.
_LETTER = 14.0
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
    mapping: Mapping
    dpi: int


def reading_picture(page: Pixels, look: Look, orientation: int, skew: float) -> ReadingPicture:
    """Turn, straighten, scale and clean a page for the engine.

    Args:
        page: the original page, grey or colour.
        look: what was measured on it.
        orientation: degrees clockwise that bring it upright.
        skew: degrees it leans clockwise after that.
    """
    height, width = page.shape[:2]
    letter = look.letter_height(orientation)
    wanted = _LETTER if len(look.letters) > _FEW else _FEW_LETTER
    scale = wanted / letter if letter else _UNKNOWN / max(width, height)
    scale = min(max(scale, _SCALE[0]), _SCALE[1], _LONGEST / max(width, height))
    mapping = upright(width, height, orientation, _lean(skew), scale)
    evened = without_leaders(whiten.even_light(_grey(page, look, mapping)), letter * scale)
    dpi = round(letter * scale * _DPI_PER_PIXEL) if letter else round(_DPI_PER_PIXEL * _LETTER)
    return ReadingPicture(whiten.sharpen(evened), mapping, dpi)


def view_picture(page: Pixels, look: Look, orientation: int, skew: float) -> tuple[bytes, Mapping]:
    """Return the picture for people as WebP, and where the page's pixels are in it."""
    height, width = page.shape[:2]
    scale = min(look.scale, _VIEW / max(height, width))
    mapping = upright(width, height, orientation, _lean(skew), scale)
    from_small = mapping._replace(matrix=_from_small(look, mapping))
    drawn = redraw(look.picture, from_small)
    colours = drawn if drawn.ndim == 2 else cv2.cvtColor(drawn, cv2.COLOR_BGR2RGB)
    packed = BytesIO()
    Image.fromarray(np.asarray(colours)).save(packed, "WEBP", quality=_QUALITY, method=_EFFORT)
    return packed.getvalue(), mapping


def _grey(page: Pixels, look: Look, mapping: Mapping) -> Pixels:
    """Draw the reading picture in grey; in colour first only where seals must be faded."""
    if page.ndim == 2 or not look.seals.any():
        return redraw(whiten.grey_of(page), mapping)
    size = (mapping.width, mapping.height)
    area = cv2.warpAffine(look.seals, _from_small(look, mapping), size)
    return seals.fade(whiten.neutral(redraw(page, mapping)), np.asarray(area, np.uint8))


def _from_small(look: Look, mapping: Mapping) -> Matrix:
    """Return the same map from the small picture instead of the page."""
    return mapping.matrix @ np.diag([1 / look.scale, 1 / look.scale, 1.0])


def _lean(skew: float) -> float:
    return skew if abs(skew) >= _STRAIGHT else 0.0
