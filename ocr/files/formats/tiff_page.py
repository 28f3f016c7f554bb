"""Decodes one page of a TIFF: with Pillow, OpenCV, or strip by strip, whichever can.

OpenCV brings a libtiff of its own that reads deep samples as they are. Pillow knows the most
compressions, but turns some of these samples into others (seen in 13.0).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageFile, TiffImagePlugin, UnidentifiedImageError

from ocr.files.formats import lacking, old_jpeg, tiff
from ocr.files.formats.depth import to_eight_bits
from ocr.files.formats.tiff import Directory, Samples
from ocr.files.raster import unreadable
from pipeline.errors import RefusedScanError, UnsupportedFormatError

# Pillow's own decoder garbles uncompressed TIFFs that say they lie on their side (seen in 13.0).
TiffImagePlugin.READ_LIBTIFF = True

_OLD_JPEG = 6
_PILLOW = {1, 2, 3, 4, 5, 7, 8, 32773, 32946, 34925, 50000}  # compressions of its libtiff
_OPENCV = {1, 5, 7, 8, 32773, 32946}
_WHOLE_STRIPS = {50001: "WEBP", 33003: "JPEG2000", 33005: "JPEG2000", 34712: "JPEG2000"}
_GREY, _RGB, _LAB = {0, 1}, 2, 8
_UNSIGNED, _SIGNED, _FLOATING = 1, 2, 3
_ORIENTATION = 274
_MAX_STRIPS = 65_536

Decoder = Callable[[Path, Directory], Image.Image]
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, UnidentifiedImageError, cv2.error)


def check_decodable(path: Path, pages: Sequence[tiff.Page]) -> None:
    """Raise if no page of a TIFF can be decoded here, by its headers.

    Raises:
        UnsupportedFormatError: it needs a decoder that is not here; the message names it.
    """
    lacks: dict[Samples, UnsupportedFormatError] = {}
    able: set[Samples] = set()
    for directory in (layer for page in pages for layer in page):
        if directory.samples not in able | lacks.keys():
            try:
                _decoder(path, directory)
                able.add(directory.samples)
            except UnsupportedFormatError as error:
                lacks[directory.samples] = error
    if not able and lacks:
        raise next(iter(lacks.values()))


def decode(path: Path, page: tiff.Page) -> Image.Image:
    """Return a page as Pillow's image, not turned: its EXIF orientation says how it lies.

    Raises:
        ReadingError: its data is damaged.
        UnsupportedFormatError: it needs a decoder that is not here; the message names it.
    """
    layers = []
    for directory in page:
        decoder = _decoder(path, directory)
        try:
            image = decoder(path, directory)
            image.load()
        except RefusedScanError:
            raise
        except _BROKEN as error:
            raise unreadable() from error
        layers.append(image)
    return layers[0] if len(layers) == 1 else _merged(page, layers)


def _decoder(path: Path, directory: Directory) -> Decoder:
    """Return what decodes a picture; raise ``UnsupportedFormatError`` when nothing does."""
    samples = directory.samples
    if samples.compression == _OLD_JPEG:
        return _by_old_jpeg
    if samples.compression in _WHOLE_STRIPS:
        return _strip_by_strip
    if samples.compression not in _PILLOW:
        raise lacking.tiff_compression(samples)
    if _needs_opencv(samples):
        if samples.compression in _OPENCV and directory.index is not None:
            return _by_opencv
        if not _is_plain_deep(samples):
            raise lacking.tiff_samples(samples)
    if _is_misread(samples) or not _pillow_knows(path, directory):
        raise lacking.tiff_samples(samples)
    return _by_pillow


def _needs_opencv(samples: Samples) -> bool:
    """Tell whether Pillow does not know these samples, or reads them as others."""
    bits, grey = samples.bits[0], samples.photometric in _GREY and not samples.extra
    if samples.photometric == _LAB:
        return len(samples.bits) == 3 and not samples.planar
    if samples.photometric == _RGB:
        return samples.bits == (32, 32, 32) and samples.kind == _FLOATING and not samples.planar
    if len(samples.bits) == 1 and grey:
        if samples.kind == _FLOATING:
            return bits in {32, 64}
        return bits in {12, 16, 32} or (samples.kind == _SIGNED and bits == 8)
    # A second sample that is said to mean nothing is left out.
    return samples.photometric in _GREY and samples.bits == (8, 8) and not samples.has_alpha


def _is_plain_deep(samples: Samples) -> bool:
    """Tell whether samples that OpenCV would read better are read well by Pillow, too."""
    grey = samples.photometric in _GREY and not samples.extra
    return grey and samples.bits == (16,) and samples.kind == _UNSIGNED


def _is_misread(samples: Samples) -> bool:
    """Tell whether Pillow would read these samples, and wrongly."""
    planar_alpha = samples.planar and samples.has_alpha and samples.photometric in _GREY
    return planar_alpha or samples.kind not in (0, _UNSIGNED) or samples.photometric == _LAB


def _pillow_knows(path: Path, directory: Directory) -> bool:
    try:
        with closing(_opened(path, directory)):
            return True
    except _BROKEN:
        return False


class _FirstIs(io.FileIO):
    """A TIFF as if a certain directory was its first; its descriptor is that of the real file."""

    def __init__(self, path: Path, offset: int) -> None:
        super().__init__(path)
        self._header = tiff.header_at(path, offset)

    def readinto(self, buffer: Any, /) -> int:
        start = self.tell()
        count = super().readinto(buffer) or 0
        changed = self._header[start : start + count]
        memoryview(buffer).cast("B")[: len(changed)] = changed
        return count


def _opened(path: Path, directory: Directory) -> ImageFile.ImageFile:
    file = io.BufferedReader(_FirstIs(path, directory.offset))
    try:
        return Image.open(file, formats=["TIFF"])
    except _BROKEN:
        file.close()
        raise


def _by_pillow(path: Path, directory: Directory) -> Image.Image:
    image = _opened(path, directory)
    image.load()
    image.getexif()  # reads from the file as well
    if image.fp is not None:
        image.fp.close()
    if image.mode.startswith("I"):
        is_negative = directory.samples.photometric == 0
        grey = to_eight_bits(np.asarray(image), white_is_zero=is_negative)
        return _lying_as(directory, Image.fromarray(grey))
    return image


def _by_opencv(path: Path, directory: Directory) -> Image.Image:
    index = directory.index or 0
    done, found = cv2.imreadmulti(str(path), index, 1, flags=cv2.IMREAD_UNCHANGED)
    if not done or not found:
        raise unreadable()
    samples: Any = found[0]
    if samples.ndim == 3:
        samples = samples[:, :, :3][:, :, ::-1]
    if samples.dtype == np.uint8:  # OpenCV inverts these by itself
        return Image.fromarray(np.ascontiguousarray(samples))
    is_negative = directory.samples.photometric == 0
    return Image.fromarray(to_eight_bits(samples, white_is_zero=is_negative))


def _by_old_jpeg(path: Path, directory: Directory) -> Image.Image:
    try:
        data = io.BytesIO(old_jpeg.extract_jpeg(path, directory.offset))
        image = Image.open(data, formats=["JPEG"])
        image.load()
    except _BROKEN as error:
        raise lacking.tiff_compression(directory.samples) from error
    return _lying_as(directory, image)


def _strip_by_strip(path: Path, directory: Directory) -> Image.Image:
    """Return a picture whose strips or tiles are files of another format."""
    tags = tiff.read_tags(path, directory.offset)
    kind = _WHOLE_STRIPS[directory.samples.compression]
    tile = (tags.get(322, directory.width), tags.get(323, tags.get(278, directory.height)))
    places, sizes = tags.get(324, tags.get(273, ())), tags.get(325, tags.get(279, ()))
    if not 0 < len(places) == len(sizes) <= _MAX_STRIPS or min(tile) < 1:
        raise unreadable()
    whole = Image.new("RGB", (directory.width, directory.height), "white")
    columns = -(-directory.width // tile[0])
    try:
        with path.open("rb") as stream:
            for n, (place, size) in enumerate(zip(places, sizes, strict=True)):
                stream.seek(place)
                with closing(Image.open(io.BytesIO(stream.read(size)), formats=[kind])) as part:
                    at = (n % columns * tile[0], n // columns * tile[1])
                    whole.paste(part.convert("RGB"), at)
    except _BROKEN as error:
        raise lacking.tiff_compression(directory.samples) from error
    return _lying_as(directory, whole)


def _lying_as(directory: Directory, image: Image.Image) -> Image.Image:
    image.getexif()[_ORIENTATION] = directory.number(_ORIENTATION, 1)
    return image


def _merged(page: tiff.Page, layers: Sequence[Image.Image]) -> Image.Image:
    """Return layers laid over one another, the first lowest, on white paper."""
    width = max(image.width for image in layers)
    height = max(image.height for image in layers)
    paper = Image.new("RGBA", (width, height), "white")
    for directory, image in zip(page, layers, strict=True):
        layer = Image.new("RGBA", paper.size, (0, 0, 0, 0))
        layer.paste(image.convert("RGBA"), directory.position)
        paper = Image.alpha_composite(paper, layer)
    return _lying_as(page[0], paper.convert("RGB"))
