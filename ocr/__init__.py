"""The reading engine: pixels in, measures and words out; arrays never leave."""

from __future__ import annotations

from ocr.checks import EngineFinding, check_engine
from ocr.engines.tesseract import open_engine
from ocr.pdfa.binder import Binder
from ocr.reader import Reader
from pipeline.settings import ReadingSettings

__all__ = ["Binder", "EngineFinding", "Reader", "check_engine", "open_binder", "open_reader"]


def open_binder(settings: ReadingSettings) -> Binder:
    """Open the binder of searchable PDFs."""
    return Binder(settings)


def open_reader(settings: ReadingSettings) -> Reader:
    """Open the reader of scans.

    Raises:
        MissingEngineError: Tesseract is not installed.
        MissingLanguageError: its language data is not installed.
    """
    return Reader(settings, open_engine(settings))
