"""Opens one page: renders or decodes its raster, and extracts its text layer.

Runs in a worker process (``ocr.files.worker``): whatever the file does to the programs and
libraries that decode it happens there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

from ocr.files import embedded_images, image_page, kinds, pdf_page, poppler, seen_text, text_layer
from ocr.files.formats import scan_decoder
from ocr.files.raster import RasterFile
from ocr.files.refusals import refusal_of
from ocr.files.seen_text import SeenText

NO_LAYER = SeenText()


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """A page before it is read: the file its pixels were put in, and its text layer."""

    raster: RasterFile
    text: SeenText = NO_LAYER


def open_page(
    path: Path, number: int, max_pixels: int, seconds: float, folder: Path
) -> DecodedPage:
    """Open one page, leaving its pixels in a folder.

    Args:
        path: the scan.
        number: the page's number, from 1.
        max_pixels: the most pixels an image on the page may have.
        seconds: the longest time it may take.
        folder: where the raster file is put.

    Raises:
        ReadingError: the page's image data is damaged, or takes longer than ``seconds``.
        RefusedScanError: the file itself cannot be taken any more.
        OversizedScanError: an image has more pixels than the limit.
        StorageUnavailableError: no space is left in the folder.
        MissingEngineError: poppler is not installed.
    """
    media_type = kinds.kind_of(path)
    if media_type not in {*image_page.IMAGE_FORMATS, kinds.PDF}:
        raise refusal_of(media_type)
    if media_type != kinds.PDF:
        return DecodedPage(image_page.decode_page(path, number, media_type, max_pixels, folder))
    end = time.monotonic() + seconds
    if scanned := _scanned(path, number, max_pixels, end, folder):
        return scanned
    size = poppler.page_sizes(path, number, number, seconds)[0]
    content = seen_text.content_of(path, number)
    images: list[poppler.PageImage] = []
    if content is None or content.may_have_pictures:
        images = poppler.list_images(path, number, number, end - time.monotonic())
    dpi = pdf_page.render_dpi(size, images, max_pixels, content)
    raster = pdf_page.render_page(path, number, dpi, end - time.monotonic(), folder)
    if not embedded_images.all_decode(path, number, images, end - time.monotonic()):
        raster = replace(raster, sound=False)
    left = end - time.monotonic()
    rendering = seen_text.Rendering(number, size, dpi)
    return DecodedPage(raster, seen_text.extract(path, content, rendering, left, folder))


def _scanned(
    path: Path, number: int, max_pixels: int, end: float, folder: Path
) -> DecodedPage | None:
    """Open a page that is one picture and nothing else; None for any other, or a damaged one."""
    scanned = scan_decoder.open_scan(path, number, max_pixels, folder)
    if scanned is None:
        return None
    if not scanned.has_text:
        return DecodedPage(scanned.raster)
    xhtml = poppler.text_layer_xhtml(path, number, end - time.monotonic())
    layer = text_layer.parse(xhtml, scanned.raster.dpi)
    return DecodedPage(scanned.raster, SeenText(hidden=layer))
