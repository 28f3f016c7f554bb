"""Renders one page of a PDF to a raster as a viewer shows it, at the resolution of its scan.

The only module that speaks to pdf2image. A page at a time; never a whole file in memory.
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
from ocr.image.geometry import MAX_SIDE
from pipeline.errors import MissingEngineError, ReadingTimeoutError

_MIN_DPI, _MAX_DPI = 150.0, 300.0  # enough for small print; more only costs time
_DIGITAL_DPI = 200.0  # of pages that are text and lines, no scan
_SCAN_COVER = 0.25  # an image over a quarter of the page decides the resolution


def render_dpi(size: poppler.PageSize, images: list[poppler.PageImage], max_pixels: int) -> float:
    """Return the resolution in dpi to render a PDF page at.

    That of its largest image, so that one pixel stays one pixel, between 150 and 300 dpi; 200 dpi
    for pages without a scan. A giant page (a poster, a wrong size) gets what the limit leaves.

    Args:
        size: the page's size in inches.
        images: the images on the page.
        max_pixels: the most pixels an image or the rendered page may have.

    Raises:
        OversizedScanError: an image alone has more pixels than the limit.
    """
    if any(image.width * image.height > max_pixels for image in images):
        raise oversized(max_pixels)
    dpi = _DIGITAL_DPI
    if is_scan(size, images):
        largest = max(images, key=lambda image: image.area)
        dpi = min(max(largest.dpi, _MIN_DPI), _MAX_DPI)
    most = min(math.sqrt(_renderable(max_pixels) / _area(size)), MAX_SIDE / max(*size, 1.0))
    return max(round(min(dpi, most), 1), 0.1)


def is_scan(size: poppler.PageSize, images: list[poppler.PageImage]) -> bool:
    """Tell whether an image covers enough of a page to be its scan."""
    return any(image.area >= _SCAN_COVER * _area(size) for image in images)


def render_page(path: Path, number: int, dpi: float, seconds: float, folder: Path) -> RasterFile:
    """Render a page of a PDF into a PPM file.

    Poppler paints nothing, or noise, for an image it cannot decode and reports success; so it is
    first asked to be strict, and a page that only renders otherwise is marked as not sound.

    Args:
        path: the PDF.
        number: the page's number, from 1.
        dpi: the resolution to render at.
        seconds: the longest time it may take.
        folder: where the file is put.

    Raises:
        ReadingError: poppler renders nothing.
        ReadingTimeoutError: it takes longer than ``seconds``.
        MissingEngineError: poppler is not installed.
    """
    options: dict[str, Any] = {"first_page": number, "last_page": number, "dpi": dpi}
    options |= {"output_folder": folder, "paths_only": True, "use_cropbox": True}
    options |= {"timeout": max(1, math.ceil(seconds))}
    try:
        return RasterFile(_rendered(path, options, strict=True), dpi)
    except PDFSyntaxError:
        return RasterFile(_rendered(path, options, strict=False), dpi, sound=False)


def _rendered(path: Path, options: dict[str, Any], *, strict: bool) -> Path:
    try:
        files = convert_from_path(path.absolute(), strict=strict, **options)
    except PDFPopplerTimeoutError as error:
        raise ReadingTimeoutError(
            f"Vẽ trang PDF quá {options['timeout']} giây.", "Quét lại trang này."
        ) from error
    except PDFInfoNotInstalledError as error:
        raise MissingEngineError("Chưa cài poppler-utils.", poppler.POPPLER_REMEDY) from error
    except PDFPageCountError as error:
        raise unreadable() from error
    # A missing file may mean that the disk is full: that is seen when it is loaded.
    return Path(str(files[0])) if files else Path(options["output_folder"], "missing.ppm")


def _renderable(max_pixels: int) -> float:
    # A page rendered from a scan need not be larger than A3 at the highest resolution.
    return min(max_pixels, 11.7 * 16.6 * _MAX_DPI**2)


def _area(size: poppler.PageSize) -> float:
    return max(size.width * size.height, 1e-6)
