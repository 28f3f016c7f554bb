"""Paints over what is hidden on a page's picture, and encodes it anew."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, UnidentifiedImageError

from pipeline.model import Box, View
from web.highlights import projected

_MARGIN = 0.2  # of a box's height: no rest of a digit may stand out
_INK = (52, 60, 68)
_QUALITY = 80  # WebP
_METHOD = 1  # of WebP's encoder: the quickest but one; a picture is painted while somebody waits


def blank(view: View, largest: tuple[int, int] | None = None) -> bytes:
    """Return an even surface in the place of a picture of which nothing is shown, as WebP.

    Args:
        view: the size of the picture.
        largest: width and height that it is scaled down to; None: it keeps its size.
    """
    size = view.width, view.height
    if largest:
        share = min(1.0, largest[0] / size[0], largest[1] / size[1])
        size = max(1, round(size[0] * share)), max(1, round(size[1] * share))
    answer = io.BytesIO()
    Image.new("RGB", size, _INK).save(answer, "WEBP", quality=_QUALITY, method=0)
    return answer.getvalue()


def paint(
    picture: bytes, view: View, boxes: Sequence[Box], largest: tuple[int, int] | None = None
) -> bytes | None:
    """Return a picture with boxes painted over, as WebP; None when it cannot be decoded.

    Args:
        picture: the picture, as it is kept.
        view: its size, and how the original page lies on it.
        boxes: the boxes to paint, in pixels of the original page.
        largest: width and height that it is scaled down to; None: it keeps its size.
    """
    try:
        with Image.open(io.BytesIO(picture)) as opened:
            across, down = opened.width / view.width, opened.height / view.height
            if largest:
                full = opened.size
                opened.thumbnail(largest, Image.Resampling.BOX, reducing_gap=2.0)
                across *= opened.width / full[0]
                down *= opened.height / full[1]
            painted = opened.convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, ZeroDivisionError):
        return None
    pen = ImageDraw.Draw(painted)
    for box in boxes:
        corners = projected(box, view, _MARGIN)
        pen.polygon([(x * across, y * down) for x, y in corners], fill=_INK)
    answer = io.BytesIO()
    painted.save(answer, "WEBP", quality=_QUALITY, method=_METHOD)
    return answer.getvalue()
