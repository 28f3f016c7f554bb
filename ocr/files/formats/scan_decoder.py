"""Decodes the picture that a scanned PDF page consists of into a raster, without rendering it.

JPEGs, and pixels packed by Flate, grey, RGB or of one bit. What does not decode to its last byte
gives nothing: poppler then renders the page, and says what it thinks of it.
"""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Name
from PIL import Image

from ocr.files.formats.pdf_scan import UNFIT, NoScanError, PdfScan, ScanSize, find_scan, size_of
from ocr.files.raster import RasterFile

_PNG_PREDICTORS = range(10, 16)
_PNG_COLOURS = {1: 0, 3: 2}  # channels -> colour type (PNG 11.2.1)
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_MODES = {1: "L", 3: "RGB"}
# Pillow turns anticlockwise.
_TURNED = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
_UNDECODABLE = (*UNFIT, OSError, SyntaxError, struct.error)


class ScannedRaster(NamedTuple):
    """The decoded picture of a page, and whether there is invisible text on the page."""

    raster: RasterFile
    has_text: bool


def open_scan(path: Path, number: int, max_pixels: int, folder: Path) -> ScannedRaster | None:
    """Decode the picture that a page consists of into a PPM or PGM file.

    None where it consists of anything else, or does not decode: poppler must render the page.

    Args:
        path: the PDF.
        number: the page's number, from 1.
        max_pixels: the most pixels a page may have.
        folder: where the file is put.
    """
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            scan = find_scan(pdf, number, max_pixels)
            raster = _decoded(scan, folder) if scan else None
            if scan is None or raster is None or pdf.get_warnings():
                return None
            return ScannedRaster(raster, scan.has_text)
    except _UNDECODABLE:
        return None


def open_picture(picture: pikepdf.Stream, max_pixels: int) -> Image.Image | None:
    """Open a picture of a page as it is stored; None where it is not stored plainly.

    Args:
        picture: the image object.
        max_pixels: the most pixels it may have.
    """
    try:
        size = size_of(picture)
        return _opened(picture, size) if size.width * size.height <= max_pixels else None
    except (*_UNDECODABLE, NoScanError):
        return None


def _opened(picture: pikepdf.Stream, size: ScanSize) -> Image.Image | None:
    kind = _filter(picture)
    bits = int(picture.get("/BitsPerComponent", 0))
    if kind == Name.DCTDecode and bits == 8:
        return _jpeg(picture, size)
    if kind == Name.FlateDecode and (bits == 8 or (bits, size.channels) == (1, 1)):
        return _flate(picture, size, bits)
    return None


def _decoded(scan: PdfScan, folder: Path) -> RasterFile | None:
    image = _opened(scan.picture, scan.size)
    if image is None:
        return None
    with closing(image):
        return _written(image, scan, folder)


def _filter(picture: pikepdf.Stream) -> Any:
    """Return the only filter of a stream; None where it has none or several."""
    named = picture.get("/Filter")
    if isinstance(named, pikepdf.Array):
        return named[0] if len(named) == 1 else None
    return named


def _jpeg(picture: pikepdf.Stream, size: ScanSize) -> Image.Image | None:
    if "/DecodeParms" in picture:
        return None
    image = Image.open(io.BytesIO(picture.read_raw_bytes()), formats=["JPEG"])
    is_as_told = image.size == size[:2] and image.mode == _MODES[size.channels]
    # Adobe's marker says that the colours are RGB; libjpeg believes a JFIF header rather.
    is_plain_rgb = image.info.get("adobe_transform") == 0 and "jfif" in image.info
    return image if is_as_told and not is_plain_rgb else None


def _flate(picture: pikepdf.Stream, size: ScanSize, bits: int) -> Image.Image | None:
    packed = picture.read_raw_bytes()
    given: Any = picture.get("/DecodeParms", {})
    given = given[0] if isinstance(given, pikepdf.Array) and len(given) == 1 else given
    width, height, channels = size
    predictor = int(given.get("/Predictor", 1))
    row = (width * channels * bits + 7) // 8
    if predictor in _PNG_PREDICTORS:
        alike = (given.get("/Colors", 1), given.get("/BitsPerComponent", 8), given.get("/Columns"))
        if alike != (channels, bits, width):
            return None
        _unpacked(packed, (1 + row) * height)  # Pillow would paint rows that are missing black
        return _png(packed, size, bits)
    if predictor != 1 or "/EarlyChange" in given:
        return None
    mode = "1" if bits == 1 else _MODES[channels]
    return Image.frombytes(mode, (width, height), _unpacked(packed, row * height))


def _unpacked(packed: bytes, size: int) -> bytes:
    """Return what packed bytes unpack to, which must have just this size.

    Raises:
        ValueError: it has another; no more than one byte too many was unpacked.
    """
    unpacking = zlib.decompressobj()
    data = unpacking.decompress(packed, size + 1)
    if len(data) != size or not unpacking.eof:
        raise ValueError("not as many bytes as pixels")
    return data


def _png(packed: bytes, size: ScanSize, bits: int) -> Image.Image:
    """Open rows with predictors, which are those of PNG, so its decoder does it."""
    kind = _PNG_COLOURS[size.channels]
    header = struct.pack(">IIBBBBB", size.width, size.height, bits, kind, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", packed), _chunk(b"IEND", b""))
    return Image.open(io.BytesIO(_PNG_HEAD + b"".join(chunks)), formats=["PNG"])


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _written(image: Image.Image, scan: PdfScan, folder: Path) -> RasterFile:
    """Decode an image and write it, turned as it is shown."""
    shown = image.convert("L") if image.mode == "1" else image
    if scan.turn:
        shown = shown.transpose(_TURNED[scan.turn])
    file = folder / ("page.pgm" if shown.mode == "L" else "page.ppm")
    shown.save(file, "PPM")  # straight from Pillow's own pixels: no copy of them is made
    return RasterFile(file, scan.dpi)
