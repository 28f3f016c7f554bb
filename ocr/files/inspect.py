"""Inspects a file before anything is read: its format, its number of pages, and if it is accepted.

The format is recognised by the first bytes, never by the name. Nothing is decoded here, so a small
file that would expand to billions of pixels is refused at the price of its header.
"""

from __future__ import annotations

from contextlib import closing
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
from pipeline.ports import ScanInfo
from pipeline.settings import ReadingSettings

_HEAD = 1024  # the PDF signature may stand anywhere in the first kilobyte (PDF 32000-1, annex H)
_SIGNATURES = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/tiff": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
}


def inspect(path: Path, settings: ReadingSettings) -> ScanInfo:
    """Return format and number of pages of a file, or refuse it.

    Args:
        path: the file.
        settings: the limits of pixels and pages.

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
    """Return the media type of a file by its first bytes.

    Raises:
        EmptyScanError: the file has no bytes.
        UnsupportedFormatError: they are those of no accepted format.
        UnreadableScanError: the disk cannot be read.
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
    for media_type, signatures in _SIGNATURES.items():
        if head.startswith(signatures):
            return media_type
    raise UnsupportedFormatError(
        "Nội dung tệp không phải PDF, TIFF, JPEG hay PNG.", "Quét hoặc in ra PDF rồi nộp lại."
    )


def _inspect_pdf(path: Path, settings: ReadingSettings) -> int:
    try:
        pages = poppler.count_pages(path)
        _check_count(pages, settings)
        for image in poppler.list_images(path, 1, pages):
            if image.width * image.height > settings.max_pixels:
                raise oversized(settings.max_pixels)
    except ReadingTimeoutError as error:
        raise UnreadableScanError(error.message, error.remedy) from error
    return pages


def _inspect_image(path: Path, media_type: str, settings: ReadingSettings) -> int:
    """Return the number of pages of an image file; checks all headers and decodes no pixels."""
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
