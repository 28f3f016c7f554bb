"""Checks what reading needs: Tesseract, poppler, LibreOffice if wanted, the sandbox of files."""

from __future__ import annotations

from pathlib import Path

from ocr.engines import letter_readers
from ocr.engines.tessdata import find_tessdata
from ocr.engines.tesseract import library_version, open_engine, program_version
from ocr.files import passwords
from ocr.files.client import MEMORY, PROGRAM
from ocr.files.inside.office_parts import PACKAGES, PARTS, find_office, has_part
from ocr.files.poppler import POPPLER_REMEDY, poppler_version
from ocr.sandbox.answers import ToldLevel
from ocr.sandbox.job import LEVEL, Job, private_folder
from ocr.sandbox.level import Level
from ocr.sandbox.pool import ask
from pipeline.errors import MisconfiguredError, SohoaError
from pipeline.model import Check
from pipeline.settings import ReadingSettings

_SECONDS = 30.0  # to start the process that opens files, on a busy machine


def check_parts(settings: ReadingSettings) -> tuple[Check, ...]:
    """Check Tesseract, its networks, poppler, LibreOffice, known passwords; never raises."""
    parts = (
        _tesseract(settings),
        _language(settings.language),
        _second_opinion(settings),
        _poppler(),
        _office(settings),
    )
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


def _second_opinion(settings: ReadingSettings) -> Check:
    part = "Ý kiến thứ hai cho chữ đáng ngờ"
    try:
        reason = letter_readers.why_not(settings, open_engine(settings))
    except MisconfiguredError as error:
        return Check(part, error.message, error.remedy)
    if not reason:
        return Check(part, str(letter_readers.FOLDER))
    is_fault = reason == letter_readers.lacking()
    return Check(part, reason, "Cài lại phần mềm." if is_fault else "")


def _poppler() -> Check:
    version = poppler_version()
    if version is None:
        return Check("poppler", "Chưa cài.", POPPLER_REMEDY)
    return Check("poppler", version)


def check_sandbox() -> Check:
    """Check what of the sandbox is in force in a job that opens a file; never raises."""
    part = "Vùng cách ly tệp lạ"
    try:
        level = reached_level()
    except SohoaError as error:
        return Check(part, error.message, error.remedy)
    said = "; ".join((level.reached, *level.missing))
    return Check(part, said, level.remedy)


def reached_level(*, demands_all: bool = False) -> Level:
    """Return what of the sandbox is in force in a job that opens a file.

    Args:
        demands_all: whether a gap is an error.

    Raises:
        MisconfiguredError: there is a gap, and there must be none.
        ReadingError: no job can be done at all.
    """
    with private_folder("sohoa-look-") as folder:
        job = Job(LEVEL, folder, folder, _SECONDS, MEMORY, demands_all=demands_all)
        return ask(job, PROGRAM, ToldLevel).level_told()


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
