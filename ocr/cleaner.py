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
from ocr.geometry import Mapping, Pixels, redraw, upright
from ocr.measure import Look

CLEANER = "c1"  # part of the recipe: a change of what is read needs a new one

# Tesseract's network sees lines of 36 pixels; letters of this height (small letters and capitals
# mixed, A4 of 13-14 pt at about 190 dpi) lose least on the way there.
_LETTER = 20.0
_SCALE = (0.25, 4.0)
_LONGEST = 5_000  # pixels: a page of tiny letters must not explode
_DPI_PER_LETTER = 9.5  # dpi at which 13-14 pt print has letters one pixel high, inverse
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
    scale = _reading_scale(look, width, height)
    mapping = upright(width, height, orientation, _lean(skew), scale)
    grey = _grey(page, look, mapping)
    return ReadingPicture(whiten.even_light(grey), mapping, _dpi(look, scale))


def view_picture(page: Pixels, orientation: int, skew: float) -> tuple[bytes, Mapping]:
    """Return the picture for people as WebP, and where the page's pixels are in it."""
    height, width = page.shape[:2]
    scale = min(1.0, _VIEW / max(height, width))
    mapping = upright(width, height, orientation, _lean(skew), scale)
    drawn = redraw(page, mapping)
    colours = drawn if drawn.ndim == 2 else cv2.cvtColor(drawn, cv2.COLOR_BGR2RGB)
    packed = BytesIO()
    Image.fromarray(np.asarray(colours)).save(packed, "WEBP", quality=_QUALITY, method=_EFFORT)
    return packed.getvalue(), mapping


def _grey(page: Pixels, look: Look, mapping: Mapping) -> Pixels:
    """Draw the reading picture in grey; in colour first only where seals must be faded."""
    if page.ndim == 2 or not look.seals.any():
        return redraw(whiten.grey_of(page), mapping)
    from_small = mapping.matrix @ np.diag([1 / look.scale, 1 / look.scale, 1.0])
    area = cv2.warpAffine(look.seals, from_small, (mapping.width, mapping.height))
    return seals.fade(redraw(page, mapping), np.asarray(area, np.uint8))


def _reading_scale(look: Look, width: int, height: int) -> float:
    letter = look.letters.height / look.scale  # in pixels of the page
    scale = _LETTER / letter if letter else 2200 / max(width, height)
    scale = min(max(scale, _SCALE[0]), _SCALE[1])
    return min(scale, _LONGEST / max(width, height))


def _dpi(look: Look, scale: float) -> int:
    letter = look.letters.height / look.scale * scale
    return round(letter * _DPI_PER_LETTER) if letter else 200


def _lean(skew: float) -> float:
    return skew if abs(skew) >= _STRAIGHT else 0.0
