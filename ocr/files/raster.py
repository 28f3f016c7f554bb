"""The original page: its pixels, or the file they wait in until somebody reads it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ocr.image.geometry import Pixels
from ocr.sandbox.disk_space import ANSWER, PICTURE, check_room
from pipeline.errors import OversizedScanError, ReadingError


@dataclass(frozen=True, slots=True)
class Raster:
    """The original page: pixels, their dpi (0 = unknown), and whether all of it was decoded."""

    pixels: Pixels
    dpi: float
    sound: bool = True

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class RasterFile:
    """A page's picture as a file that OpenCV reads in one go (PPM or PGM), and its dpi."""

    file: Path
    dpi: float
    sound: bool = True

    def load(self) -> Raster:
        """Return its pixels.

        Raises:
            ReadingError: there are none.
            StorageUnavailableError: no room was left for them.
        """
        pixels = cv2.imread(str(self.file), cv2.IMREAD_UNCHANGED) if self.file.exists() else None
        # A picture cut short by a full disk may load all the same.
        check_room(self.file.parent, PICTURE if pixels is None else ANSWER)
        if pixels is None:
            raise unreadable()
        return Raster(np.asarray(pixels, np.uint8), self.dpi, self.sound)


def oversized(max_pixels: int) -> OversizedScanError:
    """Return the refusal of a page over the pixel limit."""
    return OversizedScanError(
        f"Trang ảnh vượt giới hạn {max_pixels // 1_000_000} triệu điểm ảnh.",
        "Quét lại ở 300 dpi, khổ giấy thật.",
    )


def unreadable() -> ReadingError:
    """Return the complaint that a page's picture cannot be decoded."""
    return ReadingError("Không mở được hình ảnh của trang, dữ liệu bị hỏng.", "Quét lại trang này.")
