"""Finds and decodes QR codes and barcodes on the raster of a page with zxing-cpp.

Runs in a worker process (``ocr.files.worker``): whatever a code does to the decoder happens there.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import zxingcpp

from ocr.image.geometry import Pixels, shrunken
from pipeline.model import Box, PageCode
from pipeline.model.page import MOST_CODES

_MOST_PIXELS = 36_000_000  # A4 at 600 dpi: what is larger is shrunken first
_DARK = 160  # grey level that nothing of an empty page is darker than
_LOOK = 8  # pixels that are one when a page is looked at for ink
_SHORTEST = 4  # letters of a barcode; misread strokes of print pass for shorter ones
_NAMES = {"QR Code": "QRCode", "Data Matrix": "DataMatrix", "Code 128": "Code128",
          "Code 39": "Code39", "EAN-13": "EAN13", "PDF417": "PDF417", "Aztec": "Aztec"}  # fmt: skip
_QR = zxingcpp.barcode_formats_from_str("QRCode")
_BARS = zxingcpp.barcode_formats_from_str("Code128,Code39,EAN13")
_OTHERS = zxingcpp.barcode_formats_from_str("DataMatrix,PDF417,Aztec")
# A worn code is tried again: softened, which closes specks and folds, then at other sizes.
_AGAIN = ((0.0, 3), (0.5, 0), (2.0, 0), (0.66, 3))
_MARGIN = 0.25  # share of a code's size around it that is looked at again


def find_codes(pixels: Pixels) -> list[PageCode]:
    """Return the codes of a page, at most ``MOST_CODES``, from top to bottom.

    A QR code that is there but too damaged to be decoded has no text.

    Args:
        pixels: the page, grey or in OpenCV's order of colours.
    """
    grey = pixels
    if pixels.ndim == 3:
        grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    shrink = max(1.0, (grey.size / _MOST_PIXELS) ** 0.5)
    if shrink > 1:
        grey = _resized(grey, 1 / shrink)
    if _is_empty(grey):
        return []
    found = [*_qr_codes(grey), *_bars(grey)]
    page = Box(0, 0, pixels.shape[1], pixels.shape[0])
    kept: dict[tuple[str, int, int], PageCode] = {}
    for kind, text, box in found:
        code = PageCode(kind, text, _scaled(box, shrink, page))
        kept.setdefault((text, *_cell(code.box)), code)
    # What says something goes before what does not, where there are too many.
    first = sorted(kept.values(), key=lambda code: not code.text)[:MOST_CODES]
    return sorted(first, key=lambda code: (code.box.top, code.box.left))


def _is_empty(grey: Pixels) -> bool:
    """Tell whether nothing is on a page; its upper part is looked at first, where most begin."""
    size = max(1, round(grey.shape[1] / _LOOK)), max(1, round(grey.shape[0] / _LOOK))
    return all(
        shrunken(grey, size, rows)[:rows].min(initial=255) > _DARK
        for rows in (size[1] // 4, size[1])
    )


_Found = tuple[str, str, Box]


def _qr_codes(grey: Pixels) -> Iterator[_Found]:
    whole: list[zxingcpp.Barcode] = []
    damaged: list[zxingcpp.Barcode] = []
    for code in zxingcpp.read_barcodes(grey, formats=_QR, return_errors=True):
        if str(code.format) == "QR Code":
            (whole if code.valid else damaged).append(code)
    boxes = [_box(code) for code in whole]
    yield from (("QRCode", _text(code), box) for code, box in zip(whole, boxes, strict=True))
    for code in damaged[:MOST_CODES]:
        box = _box(code)
        if not any(_meet(box, other) for other in boxes):
            boxes.append(box)
            yield "QRCode", _read_again(grey, box), box


def _read_again(grey: Pixels, box: Box) -> str:
    """Return what a worn code says; empty where nothing helps."""
    margin = round(_MARGIN * max(box.width, box.height))
    top, left = max(0, box.top - margin), max(0, box.left - margin)
    cut = grey[top : box.bottom + margin, left : box.right + margin]
    for scale, blur in _AGAIN:
        tried = _resized(cut, scale) if scale else cut
        if blur:
            tried = np.asarray(cv2.medianBlur(np.ascontiguousarray(tried), blur), np.uint8)
        for code in zxingcpp.read_barcodes(tried, formats=_QR):
            return _text(code)
    return ""


def _bars(grey: Pixels) -> Iterator[_Found]:
    half = _resized(grey, 0.5)
    lines = zxingcpp.read_barcodes(grey, formats=_BARS, try_downscale=False, try_invert=False)
    squares = zxingcpp.read_barcodes(half, formats=_OTHERS, try_downscale=False, try_invert=False)
    for scale, codes in ((1.0, lines), (2.0, squares)):
        for code in codes:
            name, text = _NAMES.get(str(code.format), ""), _text(code)
            if name and len(text) >= _SHORTEST:
                yield name, text, _scaled(_box(code), scale, None)


def _text(code: zxingcpp.Barcode) -> str:
    """Return what a code says: UTF-8 where its bytes are that, whatever the decoder guesses."""
    try:
        return bytes(code.bytes).decode("utf-8")
    except UnicodeDecodeError:
        return str(code.text)


def _box(code: zxingcpp.Barcode) -> Box:
    at = code.position
    corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
    across, down = [corner.x for corner in corners], [corner.y for corner in corners]
    left, top = max(0, min(across)), max(0, min(down))
    return Box(left, top, max(1, max(across) - left), max(1, max(down) - top))


def _meet(one: Box, other: Box) -> bool:
    across = one.left < other.right and other.left < one.right
    return across and one.top < other.bottom and other.top < one.bottom


def _cell(box: Box) -> tuple[int, int]:
    """Return about where a box is: two readings of one code differ by some pixels."""
    return (box.left + box.width // 2) // 64, (box.top + box.height // 2) // 64


def _scaled(box: Box, factor: float, page: Box | None) -> Box:
    left, top, width, height = (round(side * factor) for side in box)
    if page is not None:
        left, top = min(left, page.width - 1), min(top, page.height - 1)
        width, height = min(width, page.width - left), min(height, page.height - top)
    return Box(left, top, max(1, width), max(1, height))


def _resized(grey: Pixels, factor: float) -> Pixels:
    height, width = grey.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, size, interpolation=way), np.uint8)
