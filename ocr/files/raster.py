"""Page rasters: in memory (`Raster`), or as a PPM file not yet loaded (`RasterFile`).

The file was written by a process that a hostile page may have taken over. So no library that tells
formats by content decodes it in our process: a header of three numbers, then bytes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np

from ocr.image.geometry import MAX_SIDE, Pixels
from ocr.sandbox.disk_space import RASTER_BYTES, check_free_space
from ocr.sandbox.job import MAX_FILE, opened
from pipeline.errors import OversizedScanError, ReadingError

# As poppler and OpenCV write it: P5 is grey, P6 red, green and blue; 255 is white (netpbm, ppm(5)).
_HEADER = re.compile(rb"P([56])\n([1-9]\d{0,4}) ([1-9]\d{0,4})\n255\n")
_MAX_HEADER = 19  # bytes
_ROWS = 256  # that are brought into OpenCV's order at a time
_SAMPLE = 16  # rows, of which one is looked at first: most coloured pages show it there


@dataclass(frozen=True, slots=True)
class Raster:
    """The original page as pixels, origin top left."""

    pixels: Pixels
    dpi: float  # 0: not known
    sound: bool = True  # whether all of its data could be decoded
    lacks_font: bool = False  # whether letters are not drawn, as their font is not in the file

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class RasterFile:
    """The original page as a PPM or PGM file."""

    file: Path
    dpi: float  # 0: not known
    sound: bool = True  # whether all of its data could be decoded
    lacks_font: bool = False  # whether letters are not drawn, as their font is not in the file

    def load(self) -> Raster:
        """Load the raster.

        Raises:
            ReadingError: the file is missing or no image.
            StorageUnavailableError: the disk was full when it was written.
        """
        return self._loaded(_pixels)

    def load_plain(self) -> Raster:
        """Load the raster, in grey where it has no colour. Raises as ``load``."""
        raster = self.load()
        grey = _without_colours(raster.pixels)
        return raster if grey is None else replace(raster, pixels=grey)

    def load_grey(self) -> Raster:
        """Load the raster in grey, without ever holding its colours. Raises as ``load``."""
        return self._loaded(_grey_pixels)

    def _loaded(self, read: Callable[[BinaryIO], Pixels]) -> Raster:
        try:
            with opened(self.file, MAX_FILE) as stream:
                pixels = read(stream)
        except (OSError, ValueError) as error:
            check_free_space(self.file.parent, RASTER_BYTES)
            raise unreadable() from error
        return Raster(pixels, self.dpi, self.sound, self.lacks_font)


def _pixels(stream: BinaryIO) -> Pixels:
    """Return the pixels of a PPM or PGM file, in OpenCV's order of colours.

    Raises:
        ValueError: it is none, or not exactly as long as its header says.
    """
    shape = _shape(stream)
    pixels = np.empty(shape, np.uint8)
    _fill(pixels, stream)
    if len(shape) == 3:
        for top in range(0, shape[0], _ROWS):
            rows = pixels[top : top + _ROWS]
            rows[:] = cv2.cvtColor(rows, cv2.COLOR_RGB2BGR)
    return pixels


def _without_colours(pixels: Pixels) -> Pixels | None:
    """Return the pixels of an image whose channels are all alike; None where they are not."""
    if pixels.ndim == 2:
        return None
    for part in (pixels[::_SAMPLE], pixels):
        grey = cv2.extractChannel(part, 0)
        if not all(np.array_equal(grey, cv2.extractChannel(part, at)) for at in (1, 2)):
            return None
    return np.asarray(grey, np.uint8)


def _grey_pixels(stream: BinaryIO) -> Pixels:
    """Return the pixels of a PPM or PGM file in grey. Raises as ``_pixels``."""
    shape = _shape(stream)
    pixels = np.empty(shape[:2], np.uint8)
    if len(shape) == 2:
        _fill(pixels, stream)
        return pixels
    band = np.empty((_ROWS, *shape[1:]), np.uint8)
    for top in range(0, shape[0], _ROWS):
        rows = band[: min(_ROWS, shape[0] - top)]
        _fill(rows, stream)
        pixels[top : top + _ROWS] = cv2.cvtColor(rows, cv2.COLOR_RGB2GRAY)
    return pixels


def _shape(stream: BinaryIO) -> tuple[int, ...]:
    """Return height, width and, of colours, 3; the stream then stands before the first pixel.

    Raises:
        ValueError: it is no PPM or PGM file, or not exactly as long as its header says.
    """
    header = _HEADER.match(stream.read(_MAX_HEADER))
    if not header:
        raise ValueError("no raster")
    kind, width, height = (int(number) for number in header.groups())
    shape = (height, width) if kind == 5 else (height, width, 3)
    if max(width, height) > MAX_SIDE + 1:
        raise ValueError("a raster too large")
    if os.fstat(stream.fileno()).st_size != header.end() + np.prod(shape, dtype=np.int64):
        raise ValueError("a raster of another length")
    stream.seek(header.end())
    return shape


def _fill(pixels: Pixels, stream: BinaryIO) -> None:
    """Read all bytes of some pixels.

    Raises:
        ValueError: there are not so many.
    """
    rest = pixels.data.cast("B")
    while rest:
        count = stream.readinto(rest)  # type: ignore[attr-defined]
        if not count:
            raise ValueError("a raster that ends early")
        rest = rest[count:]


def oversized(max_pixels: int) -> OversizedScanError:
    """Return the refusal of a page over the pixel limit."""
    return OversizedScanError(
        f"Trang ảnh vượt giới hạn {max_pixels // 1_000_000} triệu điểm ảnh.",
        "Quét lại ở 300 dpi, khổ giấy thật.",
    )


def unreadable(*, lacks_font: bool = False) -> ReadingError:
    """Return the error that says that a page's image data cannot be decoded.

    Args:
        lacks_font: whether it is letters that cannot be drawn, because their font is missing.
    """
    if not lacks_font:
        return ReadingError(
            "Không mở được hình ảnh của trang, dữ liệu bị hỏng.", "Quét lại trang này."
        )
    return ReadingError(
        "Chữ của trang dùng phông không có trong tệp nên không vẽ ra được.",
        "Mở tệp trên máy đã tạo ra nó, lưu lại thành PDF có nhúng phông, hoặc quét bản giấy.",
    )
