"""Reads scans: opens the reader of pages and the builder of searchable PDFs, checks their engines.

Importing the package loads no OCR engine, so that the sandboxed worker processes and whoever needs
only a port start without one; opening a reader does. Arrays of pixels never leave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.model import Check

if TYPE_CHECKING:
    from ocr.pdfa.binder import Binder
    from ocr.reader import Reader
    from ocr.sample_dossiers import SampleDossier
    from pipeline.documents.machine_readable.cover_sheets import CoverSheet
    from pipeline.settings import ReadingSettings

__all__ = [
    "check_engine",
    "check_sandbox",
    "convert_file",
    "draw_cover_sheets",
    "draw_sample_dossiers",
    "has_office",
    "open_binder",
    "open_reader",
    "unlock_pdf",
]


def draw_cover_sheets(sheets: Sequence[CoverSheet]) -> bytes:
    """Return a PDF with a page for each sheet.

    Raises:
        ValueError: a part of a sheet is not what it should be; the text names the part.
        MissingEngineError: no font with Vietnamese letters is installed.
    """
    from ocr.cover_sheet import draw_pdf  # noqa: PLC0415 — Pillow takes 0.1 s to import

    return draw_pdf(sheets)


def draw_sample_dossiers() -> tuple[SampleDossier, ...]:
    """Return small dossiers, stamped MẪU, to try the product with.

    Raises:
        MissingEngineError: no font with Vietnamese letters is installed.
    """
    from ocr.sample_dossiers import draw_samples  # noqa: PLC0415 — Pillow takes 0.1 s to import

    return draw_samples()


def convert_file(path: Path, target: Path, settings: ReadingSettings) -> bool:
    """Write what can be taken in for a refused file; tell whether that is a PDF made of it.

    Args:
        path: the file.
        target: the file to write; it must not exist.
        settings: the limits of files.

    Raises:
        RefusedScanError: nothing here reads it, or it is too large.
        OSError: the file cannot be written.
    """
    from ocr.remaking import convert  # noqa: PLC0415 — OpenCV takes 0.1 s to import

    return convert(path, target, settings)


def has_office(settings: ReadingSettings) -> bool:
    """Tell whether documents of offices become PDF on this machine."""
    from ocr import remaking  # noqa: PLC0415 — OpenCV takes 0.1 s to import

    return remaking.has_office(settings)


def unlock_pdf(path: Path, password: str, target: Path, settings: ReadingSettings) -> None:
    """Write a copy of a locked PDF that opens without its password, which is kept nowhere.

    Args:
        path: the PDF.
        password: the password as it was typed.
        target: the file to write; it must not exist.
        settings: the limits of files.

    Raises:
        EncryptedScanError: the password does not open it.
        RefusedScanError: the file cannot be taken.
        OSError: the copy cannot be written.
    """
    from ocr.remaking import unlock  # noqa: PLC0415 — OpenCV takes 0.1 s to import

    unlock(path, password, target, settings)


def open_binder(settings: ReadingSettings) -> Binder:
    """Open the builder of searchable PDFs."""
    from ocr.pdfa.binder import Binder  # noqa: PLC0415 — OpenCV takes 0.1 s to import

    return Binder(settings)


def open_reader(settings: ReadingSettings) -> Reader:
    """Open the reader of scans with the OCR engine that the settings name.

    Raises:
        MissingEngineError: Tesseract is not installed.
        MissingLanguageError: its language data is not installed.
        MisconfiguredError: a whole sandbox is required, and this machine's has gaps.
    """
    from ocr import checks  # noqa: PLC0415 — loads the engine's library
    from ocr.engines.letter_readers import open_second_readers  # noqa: PLC0415 — the same
    from ocr.engines.tesseract import open_engine  # noqa: PLC0415 — loads the engine's library
    from ocr.reader import Reader  # noqa: PLC0415 — loads the engine's library

    if settings.sandbox == "required":  # said now, not of the first file
        checks.reached_level(demands_all=True)
    engine = open_engine(settings)
    return Reader(settings, engine, second=open_second_readers(settings, engine))


def check_engine(settings: ReadingSettings) -> tuple[Check, ...]:
    """Check Tesseract, its language data and poppler; never raises."""
    from ocr.checks import check_parts  # noqa: PLC0415 — loads the engine's library

    return check_parts(settings)


def check_sandbox() -> Check:
    """Check what of the sandbox is in force where files are opened; never raises."""
    from ocr import checks  # noqa: PLC0415 — loads the engine's library

    return checks.check_sandbox()
