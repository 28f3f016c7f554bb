"""From a PDF to the picture of one page; the only module that speaks to pdf2image.

The original page is what a viewer shows, at the resolution of its scan. A page at a time; never a
whole file in memory.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from pdf2image import convert_from_path
from pdf2image.exceptions import (
    PDFInfoNotInstalledError,
    PDFPageCountError,
    PDFPopplerTimeoutError,
    PDFSyntaxError,
)

from ocr.files import poppler
from ocr.files.raster import RasterFile, oversized, unreadable
from ocr.image.geometry import SIDE_MOST
from pipeline.errors import MissingEngineError, ReadingTimeoutError

PDF = "application/pdf"

_DPI_LEAST, _DPI_MOST = 150.0, 300.0  # enough for small print; more only costs time
_DPI_DRAWN = 200.0  # of pages that are text and lines, no scan
_SCAN_COVER = 0.25  # an image over a quarter of the page decides the resolution


def pdf_dpi(size: poppler.PageSize, images: list[poppler.PageImage], max_pixels: int) -> float:
    """Return the resolution to draw a PDF page at.

    That of its largest image, so that one pixel stays one pixel, between 150 and 300 dpi; 200 dpi
    for pages without a scan. A giant page (a poster, a wrong size) gets what the limit leaves.

    Raises:
        OversizedScanError: an image alone has more pixels than the limit.
    """
    if any(image.width * image.height > max_pixels for image in images):
        raise oversized(max_pixels)
    dpi = _DPI_DRAWN
    if is_scan(size, images):
        largest = max(images, key=lambda image: image.area)
        dpi = min(max(largest.dpi, _DPI_LEAST), _DPI_MOST)
    most = min(math.sqrt(_drawable(max_pixels) / _area(size)), SIDE_MOST / max(*size, 1.0))
    return max(round(min(dpi, most), 1), 0.1)


def is_scan(size: poppler.PageSize, images: list[poppler.PageImage]) -> bool:
    """Tell whether an image covers enough of a page to be its scan."""
    return any(image.area >= _SCAN_COVER * _area(size) for image in images)


def pdf_page(path: Path, number: int, dpi: float, seconds: float, folder: Path) -> RasterFile:
    """Draw a page of a PDF as its viewer shows it, into a folder.

    Poppler draws nothing, or noise, for a picture it cannot decode and calls that a success; its
    complaints are heard by asking strictly first.

    Raises:
        ReadingError: poppler gives no picture.
        ReadingTimeoutError: it takes longer than the limit.
        MissingEngineError: poppler is not installed.
    """
    how: dict[str, Any] = {"first_page": number, "last_page": number, "dpi": dpi}
    how |= {"output_folder": folder, "paths_only": True, "use_cropbox": True}
    how |= {"timeout": max(1, math.ceil(seconds))}
    try:
        return RasterFile(_drawn(path, how, strict=True), dpi)
    except PDFSyntaxError:
        return RasterFile(_drawn(path, how, strict=False), dpi, sound=False)


def _drawn(path: Path, how: dict[str, Any], *, strict: bool) -> Path:
    try:
        drawn = convert_from_path(path.absolute(), strict=strict, **how)
    except PDFPopplerTimeoutError as error:
        raise ReadingTimeoutError(
            f"Vẽ trang PDF quá {how['timeout']} giây.", "Quét lại trang này."
        ) from error
    except PDFInfoNotInstalledError as error:
        raise MissingEngineError("Chưa cài poppler-utils.", poppler.POPPLER_REMEDY) from error
    except PDFPageCountError as error:
        raise unreadable() from error
    # A missing file may mean that the disk is full: that is seen when it is loaded.
    return Path(str(drawn[0])) if drawn else Path(how["output_folder"], "missing.ppm")


def _drawable(max_pixels: int) -> float:
    # A page drawn from a scan need not be larger than A3 at the highest resolution we draw.
    return min(max_pixels, 11.7 * 16.6 * _DPI_MOST**2)


def _area(size: poppler.PageSize) -> float:
    return max(size.width * size.height, 1e-6)
