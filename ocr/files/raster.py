"""Page rasters: in memory (`Raster`), or as a PPM file not yet loaded (`RasterFile`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ocr.image.geometry import Pixels
from ocr.sandbox.disk_space import OUTPUT_BYTES, RASTER_BYTES, check_free_space
from pipeline.errors import OversizedScanError, ReadingError


@dataclass(frozen=True, slots=True)
class Raster:
    """The original page as pixels, origin top left."""

    pixels: Pixels
    dpi: float  # 0: not known
    sound: bool = True  # whether all of its data could be decoded

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
    """The original page as a PPM or PGM file that OpenCV reads in one go."""

    file: Path
    dpi: float  # 0: not known
    sound: bool = True  # whether all of its data could be decoded

    def load(self) -> Raster:
        """Load the raster.

        Raises:
            ReadingError: the file is missing or no image.
            StorageUnavailableError: the disk was full when it was written.
        """
        pixels = cv2.imread(str(self.file), cv2.IMREAD_UNCHANGED) if self.file.exists() else None
        # An image cut short by a full disk may load all the same.
        check_free_space(self.file.parent, RASTER_BYTES if pixels is None else OUTPUT_BYTES)
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
    """Return the error that says that a page's image data cannot be decoded."""
    return ReadingError("Không mở được hình ảnh của trang, dữ liệu bị hỏng.", "Quét lại trang này.")
