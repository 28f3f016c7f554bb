"""Open a page: its pixels and its text layer, before anything is read.

Runs in a worker process (``ocr.files.worker``): whatever the file does to the programs and
libraries that decode it happens there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

from ocr.files import embedded_images, image_page, inspect, pdf_page, poppler, text_layer
from ocr.files.raster import RasterFile
from pipeline.model import PageText

NO_TEXT = PageText()


@dataclass(frozen=True, slots=True)
class Opened:
    """A page before it is read: where its pixels were put, and the text layer it came with."""

    drawn: RasterFile
    layer: PageText = NO_TEXT
    scanned: bool = True


def open_page(path: Path, number: int, max_pixels: int, seconds: float, folder: Path) -> Opened:
    """Open one page (from 1), leaving its pixels in a folder.

    Raises:
        ReadingError: its picture is damaged, or takes longer than ``seconds``.
        RefusedScanError: the file itself cannot be taken any more.
        StorageUnavailableError: no room in the folder.
        MissingEngineError: poppler is not installed.
    """
    media_type = inspect.media_type_of(path)
    if media_type != pdf_page.PDF:
        return Opened(image_page.image_page(path, number, media_type, max_pixels, folder))
    end = time.monotonic() + seconds
    size = poppler.page_sizes(path, number, number, seconds)[0]
    images = poppler.images(path, number, number, end - time.monotonic())
    dpi = pdf_page.pdf_dpi(size, images, max_pixels)
    drawn = pdf_page.pdf_page(path, number, dpi, end - time.monotonic(), folder)
    if not embedded_images.are_whole(path, number, images, end - time.monotonic()):
        drawn = replace(drawn, sound=False)
    layer = text_layer.parse(poppler.layout(path, number, end - time.monotonic()), dpi)
    return Opened(drawn, layer, scanned=pdf_page.is_scan(size, images))
