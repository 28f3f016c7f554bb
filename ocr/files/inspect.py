"""Inspects a file before anything is read: its format, its number of pages, and if it is accepted.

The format is recognised by the bytes, never by the name. Nothing is decoded here, so a small file
that would expand to billions of pixels is refused at the price of its header.
"""

from __future__ import annotations

import zipfile
from contextlib import closing
from pathlib import Path
from typing import Protocol

from ocr.files import image_page, kinds, poppler, stand_in
from ocr.files.formats import jpeg, lacking, tiff, tiff_page
from ocr.files.formats.pdf_scan import are_scans
from ocr.files.image_page import IMAGE_FORMATS
from ocr.files.inside import office_parts, zip_files
from ocr.files.pdf_structure import PdfStructure, read_structure
from ocr.files.raster import oversized
from ocr.files.refusals import refusal_of
from pipeline.errors import (
    EmptyScanError,
    OversizedScanError,
    ReadingTimeoutError,
    UnreadableScanError,
)
from pipeline.file_ends.wholeness import is_whole
from pipeline.ports import ScanInfo


class ScanLimits(Protocol):
    """What is asked of the settings here; the worker has only this much of them."""

    @property
    def max_pixels(self) -> int:
        """Most pixels of a page."""
        ...

    @property
    def max_pages(self) -> int:
        """Most pages of a file."""
        ...

    @property
    def office(self) -> str:
        """Whether files of office programs are converted: auto or off."""
        ...


_FEW_PAGES = 20  # of more, poppler lists the images in less time than their contents are followed


def inspect(path: Path, limits: ScanLimits) -> ScanInfo:
    """Return format and number of pages of a file, or refuse it.

    Args:
        path: the file.
        limits: the limits of pixels and pages.

    Raises:
        EmptyScanError: no bytes, or no pages.
        UnsupportedFormatError: of a kind, or packed in a way, that is not read here.
        UnreadableScanError: damaged or cut off.
        EncryptedScanError: it needs a password.
        OversizedScanError: more pixels or pages than the limits allow.
    """
    kind = kinds.kind_of(path)
    converts = limits.office == "auto" and office_parts.can_convert(kind)
    if kind == kinds.EDXML or converts:
        return ScanInfo(kind, 0, holds_files=True)
    if kind not in {kinds.PDF, kinds.ZIP, *IMAGE_FORMATS}:
        raise refusal_of(kind)
    if not is_whole(path):
        raise zip_files.cut_off() if kind == kinds.ZIP else _cut_off()
    if kind == kinds.PDF:
        return _inspect_pdf(path, limits)
    if kind == kinds.ZIP:
        return _inspect_zip(path)
    if kind == image_page.TIFF:
        return _inspect_tiff(path, limits)
    return _inspect_image(path, kind, limits)


def _inspect_zip(path: Path) -> ScanInfo:
    if not zipfile.is_zipfile(path):
        raise zip_files.cut_off()
    return ScanInfo(kinds.ZIP, 0, holds_files=True)


def _inspect_pdf(path: Path, limits: ScanLimits) -> ScanInfo:
    structure = read_structure(path)
    try:
        pages = _count_pages(path, structure)
        _check_count(pages, limits, least=0 if structure.attached else 1)
        is_plain = structure == PdfStructure() and pages <= _FEW_PAGES
        if is_plain and are_scans(path, pages, limits.max_pixels):
            return ScanInfo(kinds.PDF, pages)
        images = poppler.list_images(path, 1, pages) if pages else []
        if any(image.width * image.height > limits.max_pixels for image in images):
            raise oversized(limits.max_pixels)
        pages, remarks = _own_pages(path, pages, structure, has_images=bool(images))
    except ReadingTimeoutError as error:
        raise UnreadableScanError(error.message, error.remedy) from error
    return ScanInfo(kinds.PDF, pages, holds_files=structure.attached > 0, remarks=remarks)


def _count_pages(path: Path, structure: PdfStructure) -> int:
    try:
        return poppler.count_pages(path)
    except EmptyScanError:
        if not structure.attached:
            raise
        return 0


def _own_pages(
    path: Path, pages: int, structure: PdfStructure, *, has_images: bool
) -> tuple[int, tuple[str, ...]]:
    """Return how many pages a PDF has itself, without one that stands in for others, and remarks.

    Raises:
        UnsupportedFormatError: its only page stands in for what is not shown, and no file is in it.
    """
    if pages == 1:
        text = poppler.page_text(path, 1)
        is_empty = not text.strip() and not has_images
        if structure.attached and structure.is_portfolio and (is_empty or stand_in.is_cover(text)):
            return 0, ()
        if stand_in.is_waiting_page(text) or (is_empty and structure.needs_rendering):
            if not structure.attached:
                raise stand_in.xfa_refusal()
            return 0, (stand_in.xfa_refusal().reason,)
    return pages, (stand_in.xfa_remark(),) if structure.needs_rendering else ()


def _inspect_tiff(path: Path, limits: ScanLimits) -> ScanInfo:
    try:
        # Twice the pages and one more: each may have a thumbnail.
        pages = tiff.read_pages(path, 2 * limits.max_pages + 1)
    except tiff.MALFORMED as error:
        raise _cut_off() from error
    _check_count(len(pages), limits)
    layers = [layer for page in pages for layer in page]
    if any(layer.width * layer.height > limits.max_pixels for layer in layers):
        raise oversized(limits.max_pixels)
    tiff_page.check_decodable(path, pages)
    return ScanInfo(image_page.TIFF, len(pages))


def _inspect_image(path: Path, media_type: str, limits: ScanLimits) -> ScanInfo:
    """Inspect the header of an image file, which has one page; what else is in it is told."""
    try:
        with closing(image_page.open_image(path, media_type)) as image:
            pictures = getattr(image, "n_frames", 1)
            place = image.tell() + 1
            if image.width * image.height > limits.max_pixels:
                raise oversized(limits.max_pixels)
    except image_page.MALFORMED as error:
        if media_type == image_page.JPEG and (kind := jpeg.unusual_kind(path)):
            raise lacking.jpeg_kind(kind) from error
        raise _cut_off() from error
    if media_type == image_page.JPEG or pictures == 1:  # a camera's previews and gain maps
        return ScanInfo(media_type, 1)
    return ScanInfo(media_type, 1, remarks=(_one_of(media_type, pictures, place),))


def _one_of(media_type: str, pictures: int, place: int) -> str:
    if media_type == image_page.HEIC:
        return (
            f"Tệp HEIC chứa {pictures} ảnh, chỉ đọc ảnh chính (ảnh thứ {place}). Nếu các ảnh khác "
            "cũng là giấy tờ, hãy lưu mỗi ảnh thành một tệp rồi thả lại."
        )
    return (
        f"Đây là ảnh động gồm {pictures} hình, chỉ đọc hình đầu. Nếu các hình khác cũng là giấy "
        "tờ, hãy lưu mỗi hình thành một tệp rồi thả lại."
    )


def _check_count(pages: int, limits: ScanLimits, *, least: int = 1) -> None:
    if pages < least:
        raise poppler.no_pages()
    if pages > limits.max_pages:
        raise OversizedScanError(
            f"Tệp có {pages} trang, vượt giới hạn {limits.max_pages} trang.",
            "Tách thành nhiều tệp nhỏ hơn rồi nộp lại.",
        )


def _cut_off() -> UnreadableScanError:
    return UnreadableScanError(
        "Tệp bị hỏng hoặc bị cắt cụt.", "Quét lại hoặc chép lại tệp rồi nộp lại."
    )
