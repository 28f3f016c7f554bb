"""Looks into the structure of a PDF: attached files, portfolio, XFA form; takes off its lock.

Poppler draws pages and tells nothing of these. A structure that cannot be read counts as none:
whether the file can be taken, poppler decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from ocr.files.inside.pdf_attachments import ODD, attached_streams
from pipeline.errors import EncryptedScanError


@dataclass(frozen=True, slots=True)
class PdfStructure:
    """What a PDF is besides its pages."""

    attached: int = 0  # files in it
    is_portfolio: bool = False  # viewers show the attached files instead of the pages
    needs_rendering: bool = False  # its pages are only there once a viewer has made them


def read_structure(path: Path) -> PdfStructure:
    """Return what a PDF is besides its pages; nothing when that cannot be read."""
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            root: Any = pdf.Root
            return PdfStructure(
                attached=sum(1 for _ in attached_streams(pdf)),
                is_portfolio="/Collection" in root,
                needs_rendering=bool(root.get("/NeedsRendering", False)),
            )
    except ODD:
        return PdfStructure()


def unlocked(path: Path, passwords: Sequence[str], target: Path) -> Path:
    """Return a PDF that opens without a password: itself, or a copy without its lock.

    Args:
        path: the PDF.
        passwords: those that are known; each is tried.
        target: the file that the copy is written to.

    Raises:
        EncryptedScanError: it is locked, and none of them opens it.
        pikepdf.PdfError: it is no PDF, or damaged.
    """
    for password in ("", *passwords):
        with suppress(pikepdf.PasswordError):
            with pikepdf.open(path, password=password, suppress_warnings=True) as pdf:
                if not password:
                    return path
                pdf.save(target, encryption=False)
            return target
    raise EncryptedScanError(
        "Tệp PDF bị khóa, không mật khẩu nào đã khai mở được.",
        "Mở khóa hoặc in lại ra PDF không mật khẩu rồi nộp lại, hoặc nhờ người quản trị khai thêm "
        "mật khẩu.",
    )


def save_undated(path: Path, target: Path) -> None:
    """Write a PDF without the time it was made at, so that the same document gives the same bytes.

    Args:
        path: the PDF.
        target: the file to write.

    Raises:
        pikepdf.PdfError: it cannot be opened.
    """
    with pikepdf.open(path) as pdf:
        for holder, key in (
            (pdf.docinfo, "/CreationDate"),
            (pdf.docinfo, "/ModDate"),
            (pdf.trailer, "/DocChecksum"),  # LibreOffice's, of all that changes with the time
            (pdf.trailer, "/ID"),
        ):
            if key in holder:
                del holder[key]
        pdf.save(target, deterministic_id=True)
