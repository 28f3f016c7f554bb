"""Tells which pictures of a PDF page show no print: paper, a tint, a pale emblem.

Text over such a picture can only be the page's own. Over a picture with print it may be another
program's reading, white or nearly transparent, which no raster of the page can tell from the print.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from PIL import Image

from ocr.files.formats.scan_decoder import open_picture

_MOST_PIXELS = 17_000_000  # of all pictures of a page; A3 at 300 dpi
_SIDE = 1_000  # pixels of the shorter side at which it is looked at: 120 dpi of A4
_REACH = 5  # pixels within which shades are compared
_PRINT = 0.12  # share of the light around it by which print is darker; seen print has more


@dataclass(slots=True)
class BlankPictures:
    """Looks into the pictures of a page, once into each."""

    known: dict[tuple[int, int], bool] = field(default_factory=dict)
    left: int = _MOST_PIXELS

    def shows_nothing(self, picture: Any) -> bool:
        """Tell whether a picture has no print of its own; no where it cannot be looked into.

        Args:
            picture: the image object; None for one that stands among the operators.
        """
        if picture is None:
            return False
        key = picture.objgen
        if key not in self.known:
            self.known[key] = self._is_blank(picture)
        return self.known[key]

    def _is_blank(self, picture: Any) -> bool:
        image = open_picture(picture, self.left)
        if image is None:
            return False
        self.left -= image.width * image.height
        with closing(image):
            try:
                return not _has_print(image)
            except (OSError, SyntaxError, MemoryError):  # it ends early, or is broken
                return False


def _has_print(image: Image.Image) -> bool:
    grey = np.asarray(image.convert("L"))
    scale = _SIDE / min(grey.shape)
    if scale < 1:
        grey = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    around = np.ones((_REACH, _REACH), np.uint8)
    light, dark = cv2.dilate(grey, around), cv2.erode(grey, around)
    return bool(((light - dark) > _PRINT * light).any())
