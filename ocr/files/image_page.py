"""Decodes one page of a TIFF, JPEG or PNG into a raster, as a viewer would show it.

The EXIF orientation is applied, transparency becomes white, pixels have 8 bits and are square; a
huge image is shrunken.
"""

from __future__ import annotations

import math
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps, TiffImagePlugin, UnidentifiedImageError

from ocr.files.raster import Raster, RasterFile, oversized, unreadable
from ocr.image.geometry import MAX_SIDE, Pixels

# Our own limit is asked of the header before anything is decoded, and it is the operator's to set.
Image.MAX_IMAGE_PIXELS = None
# Pillow's own decoder garbles uncompressed TIFFs that say they lie on their side (seen in 13.0).
TiffImagePlugin.READ_LIBTIFF = True

IMAGE_FORMATS = {"image/tiff": "TIFF", "image/jpeg": "JPEG", "image/png": "PNG"}

# Ratio of the resolutions across and down: fax pages (204 x 98 dpi) are stretched to square pixels;
# a ratio beyond the second is a mistake, not a fax.
_STRETCHED, _MAX_STRETCH = 1.1, 4.0
_SENSIBLE_DPI = (50.0, 2400.0)
_MAX_PIXELS = 70_000_000  # A3 at 600 dpi; what is larger is shrunken, only memory would show it
_BAND = 512  # rows of the shrunken image that are made at a time
_ORIENTATION = 274  # EXIF 2.32


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
        OversizedScanError: the page has more pixels than the limit.
    """
    try:
        with closing(Image.open(path, formats=[IMAGE_FORMATS[media_type]])) as image:
            image.seek(number - 1)
            if image.width * image.height > max_pixels:
                raise oversized(max_pixels)
            factor = _factor(image.width, image.height)
            across, down = (dpi / factor for dpi in _dpi(image))
            if media_type == "image/jpeg" and _is_too_short(image, path.stat().st_size):
                raise unreadable()
            whole = image if factor == 1 else _downscaled(image, factor)
            ImageOps.exif_transpose(whole, in_place=True)
            pixels = _pixels(_plain(whole))
    except (OSError, SyntaxError, ValueError, EOFError, UnidentifiedImageError) as error:
        raise unreadable() from error
    raster = _squared(pixels, across, down)
    file = folder / ("page.pgm" if raster.pixels.ndim == 2 else "page.ppm")
    cv2.imwrite(str(file), raster.pixels)
    return RasterFile(file, raster.dpi)


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
        return _eight_bits(image)
    if image.mode in ("1", "L"):
        return image if image.mode == "L" else image.convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    deep = np.asarray(image, np.float32)
    top = 65535.0 if image.mode.startswith("I") else float(deep.max(initial=1.0))
    return Image.fromarray(np.clip(deep * (255.0 / max(top, 1e-6)), 0, 255).astype(np.uint8))


def _pixels(image: Image.Image) -> Pixels:
    pixels = np.asarray(image, np.uint8)
    if pixels.ndim == 2:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), np.uint8)


def _dpi(image: Image.Image) -> tuple[float, float]:
    """Return the resolution across and down that the file states, 0 if it is not sensible."""
    stated = image.info.get("dpi", (0, 0))
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
