"""Look at a file before anything is read: what it is, how many pages, and whether it can be taken.

The format is told by the first bytes, never by the name. Nothing is decoded here, so a small file
that would expand to billions of pixels is refused at the price of its header.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from ocr.files import pdf_page, poppler
from ocr.files.image_page import IMAGE_FORMATS
from ocr.files.raster import oversized
from pipeline.errors import (
    EmptyScanError,
    OversizedScanError,
    ReadingTimeoutError,
    UnreadableScanError,
    UnsupportedFormatError,
)
from pipeline.intake.wholeness import is_whole
from pipeline.settings import ReadingSettings

_HEAD = 1024  # the PDF mark may stand anywhere in the first kilobyte (PDF 32000-1, annex H)
_MARKS = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/tiff": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
}


@dataclass(frozen=True, slots=True)
class ScanInfo:
    """What is known of a file without reading its pages."""

    media_type: str
    pages: int


def inspect(path: Path, settings: ReadingSettings) -> ScanInfo:
    """Tell what a file is and refuse what cannot be taken.

    Raises:
        EmptyScanError: no bytes, or no pages.
        UnsupportedFormatError: neither PDF nor TIFF, JPEG or PNG.
        UnreadableScanError: damaged or cut off.
        EncryptedScanError: it needs a password.
        OversizedScanError: more pixels or pages than the limits allow.
    """
    media_type = media_type_of(path)
    if not is_whole(path):
        raise _cut_off()
    if media_type == pdf_page.PDF:
        return ScanInfo(media_type, _inspect_pdf(path, settings))
    return ScanInfo(media_type, _inspect_image(path, media_type, settings))


def media_type_of(path: Path) -> str:
    """Return the media type by the first bytes.

    Raises:
        EmptyScanError: there are none.
        UnsupportedFormatError: they are of no format we take.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise UnreadableScanError("Không đọc được tệp.", "Kiểm tra ổ đĩa rồi nộp lại.") from error
    if not head:
        raise EmptyScanError("Tệp rỗng, không có dữ liệu.", "Quét lại rồi nộp lại.")
    if b"%PDF-" in head:
        return pdf_page.PDF
    for media_type, marks in _MARKS.items():
        if head.startswith(marks):
            return media_type
    raise UnsupportedFormatError(
        "Nội dung tệp không phải PDF, TIFF, JPEG hay PNG.", "Quét hoặc in ra PDF rồi nộp lại."
    )


def _inspect_pdf(path: Path, settings: ReadingSettings) -> int:
    try:
        pages = poppler.count_pages(path)
        _check_count(pages, settings)
        for image in poppler.images(path, 1, pages):
            if image.width * image.height > settings.max_pixels:
                raise oversized(settings.max_pixels)
    except ReadingTimeoutError as error:
        raise UnreadableScanError(error.message, error.remedy) from error
    return pages


def _inspect_image(path: Path, media_type: str, settings: ReadingSettings) -> int:
    """Walk through all directories of an image file; pixels stay undecoded."""
    try:
        with closing(Image.open(path, formats=[IMAGE_FORMATS[media_type]])) as image:
            pages = getattr(image, "n_frames", 1)
            _check_count(pages, settings)
            for frame in range(pages):
                image.seek(frame)
                if image.width * image.height > settings.max_pixels:
                    raise oversized(settings.max_pixels)
    except (OSError, SyntaxError, ValueError, EOFError, UnidentifiedImageError) as error:
        raise _cut_off() from error
    return pages


def _check_count(pages: int, settings: ReadingSettings) -> None:
    if pages < 1:
        raise poppler.no_pages()
    if pages > settings.max_pages:
        raise OversizedScanError(
            f"Tệp có {pages} trang, vượt giới hạn {settings.max_pages} trang.",
            "Tách thành nhiều tệp nhỏ hơn rồi nộp lại.",
        )


def _cut_off() -> UnreadableScanError:
    return UnreadableScanError(
        "Tệp bị hỏng hoặc bị cắt cụt.", "Quét lại hoặc chép lại tệp rồi nộp lại."
    )
