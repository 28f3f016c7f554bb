"""What reading needs from the machine, and the remedy for what is missing."""

from __future__ import annotations

from typing import NamedTuple

from ocr.engines.tessdata import find_tessdata
from ocr.engines.tesseract import library_version, open_engine, program_version
from ocr.files.poppler import POPPLER_REMEDY, poppler_version
from pipeline.errors import MisconfiguredError
from pipeline.settings import ReadingSettings


class EngineFinding(NamedTuple):
    """One thing that was checked: what, whether it is well, what was found, the remedy if not."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def check_engine(settings: ReadingSettings) -> tuple[EngineFinding, ...]:
    """Check Tesseract, its language data, the adapter and poppler; never raises."""
    return (_tesseract(settings), _language(settings.language), _poppler())


def _tesseract(settings: ReadingSettings) -> EngineFinding:
    inside, program = library_version(), program_version()
    known = f"tesserocr {inside or 'không có'}, chương trình tesseract {program or 'không có'}"
    try:
        engine = open_engine(settings)
    except MisconfiguredError as error:
        return EngineFinding("Tesseract", ok=False, detail=known, remedy=str(error))
    return EngineFinding(
        "Tesseract", ok=True, detail=f"dùng {engine.name} {engine.version}; {known}"
    )


def _language(language: str) -> EngineFinding:
    name = f"Dữ liệu ngôn ngữ {language}"
    try:
        folder = find_tessdata(language)
    except MisconfiguredError as error:
        return EngineFinding(name, ok=False, detail=error.message, remedy=error.remedy)
    return EngineFinding(name, ok=True, detail=str(folder))


def _poppler() -> EngineFinding:
    version = poppler_version()
    if version is None:
        return EngineFinding("poppler", ok=False, detail="Chưa cài.", remedy=POPPLER_REMEDY)
    return EngineFinding("poppler", ok=True, detail=version)
