"""Checks what reading needs: Tesseract, its language data, poppler; and LibreOffice, if wanted."""

from __future__ import annotations

from pathlib import Path

from ocr.engines.tessdata import find_tessdata
from ocr.engines.tesseract import library_version, open_engine, program_version
from ocr.files import passwords
from ocr.files.inside.office import PACKAGES, PARTS, find_office, has_part
from ocr.files.poppler import POPPLER_REMEDY, poppler_version
from pipeline.errors import MisconfiguredError
from pipeline.model import Check
from pipeline.settings import ReadingSettings


def check_parts(settings: ReadingSettings) -> tuple[Check, ...]:
    """Check Tesseract, its language data, poppler, LibreOffice, known passwords; never raises."""
    parts = (_tesseract(settings), _language(settings.language), _poppler(), _office(settings))
    return (*parts, _passwords(settings.passwords_file)) if settings.passwords_file else parts


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


def _office(settings: ReadingSettings) -> Check:
    part, place = "LibreOffice", find_office()
    if settings.office == "off":
        return Check(part, "Không dùng (SOHOA_READING__OFFICE=off).")
    found = [name for name, files in PARTS.items() if has_part(place, files)]
    lacking = ", ".join(f"{name} (gói {PACKAGES[name]})" for name in PARTS if name not in found)
    refused = f"bị từ chối kèm hướng dẫn, muốn nhận thì cài: {lacking}" if lacking else ""
    if place is None:
        return Check(part, f"Chưa cài; {refused}.")
    told = [f"đọc được: {', '.join(found)}"] if found else []
    return Check(part, f"{place}; {'; '.join([*told, *filter(None, [refused])])}")


def _passwords(path: Path) -> Check:
    part = "Tệp mật khẩu PDF"
    try:
        passwords.check(path)
    except MisconfiguredError as error:
        return Check(part, error.message, error.remedy)
    return Check(part, f"{len(passwords.known_passwords(path))} mật khẩu")
