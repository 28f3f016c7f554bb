"""Renders one page of a PDF to a raster as a viewer shows it, at the resolution of its scan.

A page at a time; never a whole file in memory.
"""

from __future__ import annotations

import math
from pathlib import Path

from ocr.files import poppler
from ocr.files.page_content import PageContent
from ocr.files.raster import RasterFile, oversized
from ocr.image.geometry import MAX_SIDE

_MIN_DPI, _MAX_DPI = 150.0, 300.0  # enough for small print; more only costs time
_DIGITAL_DPI = 200.0  # of pages that are text and lines, no scan
_SCAN_COVER = 0.25  # pictures over a quarter of the page decide the resolution


def render_dpi(
    size: poppler.PageSize,
    images: list[poppler.PageImage],
    max_pixels: int,
    content: PageContent | None = None,
) -> float:
    """Return the resolution in dpi to render a PDF page at.

    That of its largest image, so that one pixel stays one pixel, between 150 and 300 dpi; 200 dpi
    for pages without a scan. A giant page (a poster, a wrong size) gets what the limit leaves.

    Args:
        size: the page's size in inches.
        images: the images on the page.
        max_pixels: the most pixels an image or the rendered page may have.
        content: the findings on the page's content; None where that is not known.

    Raises:
        OversizedScanError: an image alone has more pixels than the limit.
    """
    if any(image.width * image.height > max_pixels for image in images):
        raise oversized(max_pixels)
    dpi = _DIGITAL_DPI
    if images:
        largest = max(images, key=lambda image: image.area)
        if _is_scan(size, images, content):
            dpi = min(max(largest.dpi, _MIN_DPI), _MAX_DPI)
        elif content is not None and not content.has_seen_text:  # a card, on a sheet of its own
            dpi = min(max(largest.dpi, _DIGITAL_DPI), _MAX_DPI)
    most = min(math.sqrt(_renderable(max_pixels) / _area(size)), MAX_SIDE / max(*size, 1.0))
    return max(round(min(dpi, most), 1), 0.1)


def _is_scan(
    size: poppler.PageSize, images: list[poppler.PageImage], content: PageContent | None
) -> bool:
    """Tell whether pictures cover enough of a page to be its scan, whole or in strips."""
    alone = any(image.area >= _SCAN_COVER * _area(size) for image in images)
    return alone or (content is not None and content.covered >= _SCAN_COVER)


def render_page(path: Path, number: int, dpi: float, seconds: float, folder: Path) -> RasterFile:
    """Render a page of a PDF into a PPM file.

    Poppler paints nothing, or noise, for an image it cannot decode and reports success; a page it
    complains of is marked as not sound.

    Args:
        path: the PDF.
        number: the page's number, from 1.
        dpi: the resolution to render at.
        seconds: the longest time it may take.
        folder: where the file is put.

    Raises:
        ReadingTimeoutError: it takes longer than ``seconds``.
        StorageUnavailableError: no space is left in the folder.
        MissingEngineError: poppler is not installed.
    """
    complaints = poppler.render(path, number, dpi, folder / "page", seconds)
    # A missing file may mean that the disk is full: that is seen when it is loaded.
    file = next(folder.glob("page-*.ppm"), folder / "missing.ppm")
    is_sound = "Syntax Error" not in complaints
    return RasterFile(file, dpi, is_sound, lacks_font="No font in show" in complaints)


def _renderable(max_pixels: int) -> float:
    # A page rendered from a scan need not be larger than A3 at the highest resolution.
    return min(max_pixels, 11.7 * 16.6 * _MAX_DPI**2)


def _area(size: poppler.PageSize) -> float:
    return max(size.width * size.height, 1e-6)
