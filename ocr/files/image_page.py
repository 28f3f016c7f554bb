"""Decodes one page of an image file into a raster, as a viewer would show it.

The EXIF orientation is applied, transparency becomes white, pixels have 8 bits and are square; a
huge image is shrunken. Only a TIFF has pages: what else lies in a JPEG, a HEIC, a WebP or a PNG is
a preview, a gain map or the next picture of an animation.
"""

from __future__ import annotations

import math
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import pi_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from ocr.files.formats import jpeg, lacking, tiff, tiff_page
from ocr.files.formats.depth import to_eight_bits
from ocr.files.raster import Raster, RasterFile, oversized, unreadable
from ocr.image.geometry import MAX_SIDE, Pixels

# Our own limit is asked of the header before anything is decoded, and it is the operator's to set.
Image.MAX_IMAGE_PIXELS = None
# Previews, depth maps and the like are no pages, and a page is decoded by one thread.
pi_heif.register_heif_opener(
    thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
)

TIFF, JPEG, PNG, HEIC, WEBP = "image/tiff", "image/jpeg", "image/png", "image/heic", "image/webp"
IMAGE_FORMATS = {TIFF: "TIFF", JPEG: "JPEG", PNG: "PNG", HEIC: "HEIF", WEBP: "WEBP"}

# Ratio of the resolutions across and down: fax pages (204 x 98 dpi) are stretched to square pixels;
# a ratio beyond the second is a mistake, not a fax.
_STRETCHED, _MAX_STRETCH = 1.1, 4.0
_SENSIBLE_DPI = (50.0, 2400.0)
_MAX_PIXELS = 70_000_000  # A3 at 600 dpi; what is larger is shrunken, only memory would show it
_BAND = 512  # rows of the shrunken image that are made at a time
_ORIENTATION = 274  # EXIF 2.32
MAX_DIRECTORIES = 20_000  # of a TIFF that was inspected: its pages and a thumbnail for each
MALFORMED = (*tiff.MALFORMED, EOFError, UnidentifiedImageError, RuntimeError)


class Picture(NamedTuple):
    """A page as viewers show it: upright, 8 bits, grey or RGB."""

    image: Image.Image
    dpi: tuple[float, float]  # across and down; 0: not known


def decode_page(
    path: Path, number: int, media_type: str, max_pixels: int, folder: Path
) -> RasterFile:
    """Decode a page into a PPM or PGM file.

    Args:
        path: the image file.
        number: the page's number, from 1.
        media_type: the file's media type, one of ``IMAGE_FORMATS``.
        max_pixels: the most pixels a page may have.
        folder: where the file is put.

    Raises:
        ReadingError: the image data is damaged.
        UnsupportedFormatError: it needs a decoder that is not here.
        OversizedScanError: the page has more pixels than the limit.
    """
    picture = decode_picture(path, number, media_type, max_pixels)
    raster = _squared(_pixels(picture.image), *picture.dpi)
    file = folder / ("page.pgm" if raster.pixels.ndim == 2 else "page.ppm")
    cv2.imwrite(str(file), raster.pixels)
    return RasterFile(file, raster.dpi)


def decode_picture(path: Path, number: int, media_type: str, max_pixels: int) -> Picture:
    """Decode a page into memory. Arguments and errors are those of ``decode_page``."""
    try:
        if media_type == TIFF:
            return _tiff_picture(path, number, max_pixels)
        with closing(open_image(path, media_type)) as image:
            if media_type == JPEG and _is_too_short(image, path.stat().st_size):
                raise unreadable()
            return picture_of(image, image.info.get("dpi", (0, 0)), max_pixels)
    except MALFORMED as error:
        if media_type == JPEG and (kind := jpeg.unusual_kind(path)):
            raise lacking.jpeg_kind(kind) from error
        raise unreadable() from error


def open_image(path: Path, media_type: str) -> Image.Image:
    """Open an image file without decoding it: its first, or primary, picture."""
    return Image.open(path, formats=[IMAGE_FORMATS[media_type]])


def _tiff_picture(path: Path, number: int, max_pixels: int) -> Picture:
    pages = tiff.read_pages(path, MAX_DIRECTORIES)
    if not 0 < number <= len(pages):
        raise EOFError("no such page")
    page = pages[number - 1]
    if any(layer.width * layer.height > max_pixels for layer in page):
        raise oversized(max_pixels)
    with closing(tiff_page.decode(path, page)) as image:
        return picture_of(image, page[0].dpi, max_pixels)


def picture_of(image: Image.Image, stated: Any, max_pixels: int) -> Picture:
    """Decode an opened image as viewers show it.

    Args:
        image: the image.
        stated: the resolution that the file states.
        max_pixels: the most pixels it may have.

    Raises:
        OversizedScanError: it has more; nothing was decoded then.
    """
    if image.width * image.height > max_pixels:
        raise oversized(max_pixels)
    factor = _factor(image.width, image.height)
    across, down = (dpi / factor for dpi in _dpi(stated))
    whole = image if factor == 1 else _downscaled(image, factor)
    ImageOps.exif_transpose(whole, in_place=True)
    plain = _plain(whole)
    # The image itself is closed by whoever opened it.
    return Picture(plain.copy() if plain is image else plain, (across, down))


def _is_too_short(jpeg: Image.Image, size: int) -> bool:
    """Tell whether a JPEG has less than the one bit that each block of 8 x 8 pixels needs.

    The decoder paints what is missing grey and says nothing, which would pass for a blank page.
    """
    return size * 8 < jpeg.width * jpeg.height / 64


def _factor(width: int, height: int) -> int:
    """Return the whole number by which an image must be shrunken; 1 for any sensible page."""
    by_area = math.ceil(math.sqrt(width * height / _MAX_PIXELS))
    return max(by_area, math.ceil(max(width, height) / MAX_SIDE))


def _downscaled(image: Image.Image, factor: int) -> Image.Image:
    """Return a huge image smaller and plain, and close it: memory holds only one of them."""
    image.load()
    size = (math.ceil(image.width / factor), math.ceil(image.height / factor))
    small = None
    for top in range(0, size[1], _BAND):
        bottom = min((top + _BAND) * factor, image.height)
        band = _plain(image.crop((0, top * factor, image.width, bottom))).reduce(factor)
        small = small or Image.new(band.mode, size)
        small.paste(band, (0, top))
    if small is None:
        raise unreadable()
    small.getexif()[_ORIENTATION] = image.getexif().get(_ORIENTATION, 1)
    image.close()
    return small


def _plain(image: Image.Image) -> Image.Image:
    """Return the image as 8-bit grey or RGB on white paper."""
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(to_eight_bits(np.asarray(image)))
    if image.mode in ("1", "L"):
        return image if image.mode == "L" else image.convert("L")
    if image.has_transparency_data:
        image = image.convert("LA") if image.mode == "La" else image
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _pixels(image: Image.Image) -> Pixels:
    pixels = np.asarray(image, np.uint8)
    if pixels.ndim == 2:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), np.uint8)


def _dpi(stated: Any) -> tuple[float, float]:
    """Return the resolution across and down that the file states, 0 if it is not sensible."""
    try:
        across, down = float(stated[0]), float(stated[1])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return 0.0, 0.0
    least, most = _SENSIBLE_DPI
    if not (least <= across <= most and least <= down <= most):
        return 0.0, 0.0
    return across, down


def _squared(pixels: Pixels, across: float, down: float) -> Raster:
    """Return a raster with square pixels, stretched where the resolutions differ as a fax's do."""
    dpi, least = max(across, down), min(across, down)
    if least <= 0 or not _STRETCHED <= dpi / least <= _MAX_STRETCH:
        return Raster(pixels, dpi)
    height, width = pixels.shape[:2]
    if _factor(round(width * dpi / across), round(height * dpi / down)) > 1:
        dpi = least
    size = (max(1, round(width * dpi / across)), max(1, round(height * dpi / down)))
    return Raster(
        np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC), np.uint8), dpi
    )
