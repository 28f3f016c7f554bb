"""Checks Tesseract, its language data and poppler, with the remedy for what is missing."""

from __future__ import annotations

from ocr.engines.tessdata import find_tessdata
from ocr.engines.tesseract import library_version, open_engine, program_version
from ocr.files.poppler import POPPLER_REMEDY, poppler_version
from pipeline.errors import MisconfiguredError
from pipeline.model import Check
from pipeline.settings import ReadingSettings


def check_parts(settings: ReadingSettings) -> tuple[Check, ...]:
    """Check Tesseract, its language data and poppler; never raises."""
    return (_tesseract(settings), _language(settings.language), _poppler())


def _tesseract(settings: ReadingSettings) -> Check:
    library, program = library_version(), program_version()
    found = f"tesserocr {library or 'không có'}, chương trình tesseract {program or 'không có'}"
    try:
        engine = open_engine(settings)
    except MisconfiguredError as error:
        return Check("Tesseract", found, str(error))
    return Check("Tesseract", f"dùng {engine.name} {engine.version}; {found}")


def _language(language: str) -> Check:
    part = f"Dữ liệu ngôn ngữ {language}"
    try:
        folder = find_tessdata(language)
    except MisconfiguredError as error:
        return Check(part, error.message, error.remedy)
    return Check(part, str(folder))


def _poppler() -> Check:
    version = poppler_version()
    if version is None:
        return Check("poppler", "Chưa cài.", POPPLER_REMEDY)
    return Check("poppler", version)
