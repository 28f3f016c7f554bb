"""From a file to the pixels of one page; the only module that speaks to pdf2image.

The original page is what a viewer shows: a PDF page at the resolution of its scan, an image after
its EXIF turn, on white, with square pixels. A page at a time; never a whole file in memory.
"""

from __future__ import annotations

import math
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from pdf2image import convert_from_path
from pdf2image.exceptions import (
    PDFInfoNotInstalledError,
    PDFPageCountError,
    PDFPopplerTimeoutError,
    PDFSyntaxError,
)
from PIL import Image, ImageOps, TiffImagePlugin, UnidentifiedImageError

from ocr import pdf
from ocr.geometry import Pixels
from pipeline.errors import (
    MissingEngineError,
    OversizedScanError,
    ReadingError,
    ReadingTimeoutError,
    StorageUnavailableError,
)

# Our own limit is asked of the header before anything is decoded, and it is the operator's to set.
Image.MAX_IMAGE_PIXELS = None
# Pillow's own decoder garbles uncompressed TIFFs that say they lie on their side (seen in 13.0).
TiffImagePlugin.READ_LIBTIFF = True

PDF = "application/pdf"
IMAGE_FORMATS = {"image/tiff": "TIFF", "image/jpeg": "JPEG", "image/png": "PNG"}

_DPI_LEAST, _DPI_MOST = 150.0, 300.0  # enough for small print; more only costs time
_DPI_DRAWN = 200.0  # of pages that are text and lines, no scan
_SCAN_COVER = 0.25  # an image over a quarter of the page decides the resolution
_SQUARE = 1.1  # fax pages (204 x 98 dpi) are stretched to square pixels
_ROOM = 64 * 1024**2  # bytes: a page drawn at 300 dpi needs up to 52 million (A3 in colour)
_DPI_SENSIBLE = (50.0, 2400.0)


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


def pdf_dpi(size: pdf.PageSize, images: list[pdf.PageImage], max_pixels: int) -> float:
    """Return the resolution to draw a PDF page at.

    That of its largest image, so that one pixel stays one pixel, between 150 and 300 dpi; 200 dpi
    for pages without a scan. A giant page (a poster, a wrong size) gets what the limit leaves.

    Raises:
        OversizedScanError: an image alone has more pixels than the limit.
    """
    if any(image.width * image.height > max_pixels for image in images):
        raise oversized(max_pixels)
    dpi = _DPI_DRAWN
    if is_scan(size, images):
        largest = max(images, key=lambda image: image.area)
        dpi = min(max(largest.dpi, _DPI_LEAST), _DPI_MOST)
    return round(min(dpi, math.sqrt(_drawable(max_pixels) / _area(size))), 1)


def is_scan(size: pdf.PageSize, images: list[pdf.PageImage]) -> bool:
    """Tell whether an image covers enough of a page to be its scan."""
    return any(image.area >= _SCAN_COVER * _area(size) for image in images)


def pdf_page(path: Path, number: int, dpi: float, seconds: float) -> Raster:
    """Draw a page of a PDF as its viewer shows it.

    Poppler draws nothing, or noise, for a picture it cannot decode and calls that a success; its
    complaints are heard by asking strictly first.

    Raises:
        ReadingError: poppler gives no picture.
        ReadingTimeoutError: it takes longer than the limit.
        StorageUnavailableError: no room in the temporary folder.
        MissingEngineError: poppler is not installed.
    """
    try:
        return Raster(_drawn(path, number, dpi, seconds, strict=True), dpi)
    except PDFSyntaxError:
        return Raster(_drawn(path, number, dpi, seconds, strict=False), dpi, sound=False)


def _drawn(path: Path, number: int, dpi: float, seconds: float, *, strict: bool) -> Pixels:
    # Through a file, not a pipe: OpenCV reads it once, straight into its own memory.
    with tempfile.TemporaryDirectory(prefix="sohoa-page-") as folder:
        try:
            drawn = convert_from_path(
                path.absolute(),
                dpi=dpi,  # type: ignore[arg-type] # poppler takes fractions
                first_page=number,
                last_page=number,
                output_folder=folder,
                paths_only=True,
                use_cropbox=True,
                strict=strict,
                timeout=max(1, math.ceil(seconds)),
            )
        except PDFPopplerTimeoutError as error:
            raise ReadingTimeoutError(
                f"Vẽ trang PDF quá {seconds:.0f} giây.", "Quét lại trang này."
            ) from error
        except PDFInfoNotInstalledError as error:
            raise MissingEngineError("Chưa cài poppler-utils.", pdf.POPPLER_REMEDY) from error
        except PDFPageCountError as error:
            raise unreadable() from error
        pixels = cv2.imread(str(drawn[0]), cv2.IMREAD_COLOR) if drawn else None
        if pixels is None and shutil.disk_usage(folder).free < _ROOM:
            raise StorageUnavailableError(
                "Thư mục tạm của máy hết chỗ.", "Giải phóng ổ đĩa, hoặc đặt TMPDIR sang ổ khác."
            )
    if pixels is None:
        raise unreadable()
    return np.asarray(pixels, np.uint8)


def image_page(path: Path, number: int, media_type: str, max_pixels: int) -> Raster:
    """Decode a page of a TIFF, JPEG or PNG.

    Raises:
        ReadingError: the image data is damaged.
        OversizedScanError: it has more pixels than the limit.
    """
    try:
        with closing(Image.open(path, formats=[IMAGE_FORMATS[media_type]])) as image:
            image.seek(number - 1)
            if image.width * image.height > max_pixels:
                raise oversized(max_pixels)
            across, down = _dpi(image)
            pixels = _pixels(_plain(ImageOps.exif_transpose(image)))
    except (OSError, SyntaxError, ValueError, EOFError, UnidentifiedImageError) as error:
        raise unreadable() from error
    return _squared(pixels, across, down)


def oversized(max_pixels: int) -> OversizedScanError:
    """Return the refusal of a page over the pixel limit."""
    return OversizedScanError(
        f"Trang ảnh vượt giới hạn {max_pixels // 1_000_000} triệu điểm ảnh.",
        "Quét lại ở 300 dpi, khổ giấy thật.",
    )


def _drawable(max_pixels: int) -> float:
    # A page drawn from a scan need not be larger than A3 at the highest resolution we draw.
    return min(max_pixels, 11.7 * 16.6 * _DPI_MOST**2)


def _area(size: pdf.PageSize) -> float:
    return max(size.width * size.height, 1e-6)


def unreadable() -> ReadingError:
    """Return the complaint that a page's picture cannot be decoded."""
    return ReadingError("Không mở được hình ảnh của trang, dữ liệu bị hỏng.", "Quét lại trang này.")


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
    """Return the resolution across and down as the file says it, 0 where it says nothing sane."""
    said = image.info.get("dpi", (0, 0))
    try:
        across, down = float(said[0]), float(said[1])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return 0.0, 0.0
    least, most = _DPI_SENSIBLE
    if not (least <= across <= most and least <= down <= most):
        return 0.0, 0.0
    return across, down


def _squared(pixels: Pixels, across: float, down: float) -> Raster:
    dpi = max(across, down)
    if min(across, down) <= 0 or dpi / min(across, down) < _SQUARE:
        return Raster(pixels, dpi)
    height, width = pixels.shape[:2]
    size = (round(width * dpi / across), round(height * dpi / down))
    return Raster(
        np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC), np.uint8), dpi
    )
