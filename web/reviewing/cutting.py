"""Cuts the place of a field out of a page's picture, with what stands around it."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from pipeline.model import Box, View
from web.highlights import highlight, projected

_ZOOM = 2.0  # of a page that fills a window
_WINDOW = 800  # CSS pixels that such a page is wide
_WIDE, _HIGH = 0.5, 0.11  # shares of the page that are shown at least
_AROUND = 0.035  # share of the page's width around a large field
_QUALITY = 80  # WebP


@dataclass(frozen=True, slots=True)
class Cutting:
    """A part of a page's picture, in pixels of the picture from its top left corner."""

    left: int
    top: int
    width: int
    height: int
    points: str  # of the field's frame, as SVG has it, in the same pixels
    page_width: int

    @property
    def shown_width(self) -> int:
        """CSS pixels that it is shown wide: twice the size of a page that fills a window."""
        return round(self.width / self.page_width * _WINDOW * _ZOOM)

    @property
    def shown_height(self) -> int:
        """CSS pixels that it is shown high."""
        return round(self.height / self.width * self.shown_width)

    @property
    def version(self) -> str:
        """Eight hexadecimal digits that differ between parts of one picture."""
        where = f"{self.left},{self.top},{self.width},{self.height}"
        return hashlib.sha256(where.encode()).hexdigest()[:8]


def cutting_of(box: Box, view: View) -> Cutting:
    """Return the part of a picture in which a field stands, with enough around it to read on.

    Args:
        box: where it was read, in pixels of the original page.
        view: the picture's size, and how the original page lies on it.
    """
    corners = projected(box, view, 0.12)
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    top, bottom = min(y for _, y in corners), max(y for _, y in corners)
    around = 2 * _AROUND * view.width
    wide = max(_WIDE * view.width, right - left + around)
    high = max(_HIGH * view.height, bottom - top + around)
    begin, width = _span(left, right, wide, view.width)
    above, height = _span(top, bottom, high, view.height)
    return Cutting(begin, above, width, height, highlight(box, view, "").points, view.width)


def _span(low: float, high: float, wanted: float, most: int) -> tuple[int, int]:
    """Return begin and length of a stretch with its middle in a part, kept within the picture."""
    length = max(1, min(most, round(wanted)))
    begin = round((low + high) / 2 - length / 2)
    return max(0, min(begin, most - length)), length


def cut_out(picture: bytes, cutting: Cutting) -> bytes | None:
    """Return a part of a picture as WebP; None when the picture cannot be decoded.

    Args:
        picture: the picture, painted over where the visitor may not see.
        cutting: the part.
    """
    try:
        with Image.open(io.BytesIO(picture)) as opened:
            scale = opened.width / cutting.page_width
            left, top = cutting.left * scale, cutting.top * scale
            right, bottom = left + cutting.width * scale, top + cutting.height * scale
            part = opened.crop((round(left), round(top), round(right), round(bottom)))
            made = io.BytesIO()
            part.convert("RGB").save(made, "WEBP", quality=_QUALITY, method=1)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, ValueError):
        return None
    return made.getvalue()
