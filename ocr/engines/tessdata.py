"""Finds Tesseract's language data, and names the packages to install when it is missing."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.errors import MissingEngineError, MissingLanguageError

_TESSDATA = (
    "/usr/share/tesseract-ocr/*/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)


def find_tessdata(language: str) -> Path:
    """Return the folder that holds the data of a language.

    Args:
        language: one or more of Tesseract's language codes, such as ``vie`` or ``vie+eng``.

    Raises:
        MissingLanguageError: no folder holds the data of all of them.
    """
    names = [f"{part.lstrip('~')}.traineddata" for part in language.split("+") if part]
    for folder in _tessdata_folders():
        if names and all((folder / name).is_file() for name in names):
            return folder
    raise missing_language(language)


def missing_engine() -> MissingEngineError:
    """Return the error that says that Tesseract is not installed."""
    return MissingEngineError(
        "Chưa cài Tesseract.", "Cài bằng lệnh: sudo apt-get install tesseract-ocr tesseract-ocr-vie"
    )


def missing_language(language: str) -> MissingLanguageError:
    """Return the error that says that the data of a language is not installed."""
    packages = " ".join(
        f"tesseract-ocr-{part.lstrip('~').replace('_', '-')}" for part in language.split("+")
    )
    return MissingLanguageError(
        f"Tesseract chưa có dữ liệu ngôn ngữ “{language}”.",
        f"Cài bằng lệnh: sudo apt-get install {packages}",
    )


def _tessdata_folders() -> list[Path]:
    prefix = os.environ.get("TESSDATA_PREFIX")
    folders = [Path(prefix), Path(prefix, "tessdata")] if prefix else []
    for pattern in _TESSDATA:
        folders += sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
    return folders
