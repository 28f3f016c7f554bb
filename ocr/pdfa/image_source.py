"""Packs an image file into a PDF: its compressed bytes where PDF can carry them, else its pixels.

The pages are those that were read: no camera's preview, thumbnail, layer or film comes along.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import img2pdf
from PIL import Image

from ocr.files.formats import jpeg, tiff
from ocr.files.image_page import (
    HEIC,
    JPEG,
    MAX_DIRECTORIES,
    TIFF,
    WEBP,
    decode_picture,
    open_image,
)

_POINTS = 72.0  # to the inch
_A4 = (595.28, 841.89)  # points
_DEFAULT_DPI = {72, 96}  # what programs write when they do not know it
_LARGEST = 1_684.0  # points, the long side of A2: no sheet that large has so few dots to the inch
_ORIENTATION, _MIRRORED = 274, {2, 4, 5, 7}  # EXIF 2.32
_NOT_EMBEDDABLE = (  # what img2pdf raises for images whose bytes PDF cannot carry as they are
    img2pdf.AlphaChannelError,
    img2pdf.ImageOpenError,
    img2pdf.JpegColorspaceError,
    img2pdf.UnsupportedColorspaceError,
    NotImplementedError,
    ValueError,
)
_MAX_SIDE = 14_400.0  # points: no page may be longer (PDF 32000-1, annex C)
_MAX_PIXELS = 2**31  # the limit of pages was asked when the scan was read
_COMMON_CODECS = {1, 2, 3, 4, 5, 8, 32773, 32946}  # of TIFFs that img2pdf reads rightly
_LOSSY = {HEIC, WEBP}
_QUALITY = 92  # JPEG, for pictures that lost as much before; without loss they take six times more


def image_pdf(path: Path, media_type: str) -> io.BytesIO:
    """Return a PDF of an image file, its bytes embedded as they are where PDF can carry them.

    Raises:
        OSError: the image cannot be decoded.
        ReadingError: its data is damaged.
        UnsupportedFormatError: it needs a decoder that is not here.
    """
    if not _is_embeddable(path, media_type):
        return _to_pdf(*_plain_pages(path, media_type))
    data = path.read_bytes()
    try:
        return _to_pdf(jpeg.primary_picture(data) if media_type == JPEG else data)
    except _NOT_EMBEDDABLE:
        return _to_pdf(*_plain_pages(path, media_type))


def small_pdf() -> io.BytesIO:
    """Return a PDF of a small white picture, made without any file."""
    picture = io.BytesIO()
    Image.new("L", (60, 80), 255).save(picture, "PNG", dpi=(72, 72))
    return _to_pdf(picture.getvalue())


def _is_embeddable(path: Path, media_type: str) -> bool:
    """Tell whether a PDF that carries the file's bytes would show what viewers show."""
    if media_type in _LOSSY:
        return False
    if media_type == TIFF:
        return _is_common_tiff(path)
    with closing(open_image(path, media_type)) as image:
        return not _is_mirrored(image.getexif().get(_ORIENTATION, 1))


def _is_common_tiff(path: Path) -> bool:
    """Tell whether each directory of a TIFF is a page, of at most 8 bits a sample, packed as usual.

    img2pdf makes a page of every directory, and inverts no deep samples.
    """
    pages = tiff.read_pages(path, MAX_DIRECTORIES)
    are_all = len(pages) == tiff.count_directories(path, MAX_DIRECTORIES)
    return are_all and all(len(page) == 1 and _is_common(page[0]) for page in pages)


def _is_common(directory: tiff.Directory) -> bool:
    samples = directory.samples
    return (
        samples.compression in _COMMON_CODECS
        and max(samples.bits) <= 8
        and samples.kind == 1
        and not _is_mirrored(directory.number(_ORIENTATION, 1))
    )


def _is_mirrored(orientation: int) -> bool:
    """Tell whether an image is to be shown mirrored, which a page's rotation cannot express."""
    return orientation in _MIRRORED


def _to_pdf(*images: bytes) -> io.BytesIO:
    turned = img2pdf.Rotation.ifvalid
    return io.BytesIO(img2pdf.convert(*images, layout_fun=_layout, rotation=turned, nodate=True))


def _plain_pages(path: Path, media_type: str) -> Iterator[bytes]:
    """Yield the pages of an image file as plain files, turned as viewers show them."""
    count = len(tiff.read_pages(path, MAX_DIRECTORIES)) if media_type == TIFF else 1
    for number in range(1, count + 1):
        picture = decode_picture(path, number, media_type, _MAX_PIXELS)
        dpi = picture.dpi if min(picture.dpi) > 0 else (300, 300)
        plain = io.BytesIO()
        if media_type in _LOSSY:
            picture.image.save(plain, "JPEG", dpi=dpi, quality=_QUALITY, exif=b"")
        else:
            picture.image.save(plain, "PNG", dpi=dpi, compress_level=6)
        yield plain.getvalue()


def _layout(across: int, down: int, dpi: tuple[float, float]) -> tuple[float, float, float, float]:
    """Return the sizes of page and image in points by the image's dpi, or A4 if it has none."""
    if min(dpi) > 0:
        width, height = across * _POINTS / dpi[0], down * _POINTS / dpi[1]
        longest = _LARGEST if set(dpi) <= _DEFAULT_DPI else _MAX_SIDE
        if max(width, height) <= longest and min(width, height) >= 3.0:
            return width, height, width, height
    short, long = _A4
    page = (short, long) if down >= across else (long, short)
    scale = min(page[0] / across, page[1] / down)
    return across * scale, down * scale, across * scale, down * scale
