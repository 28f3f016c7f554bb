"""Tesseract's language data: where it lies, and what to install when it does not."""

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
    """Return the folder that holds the data of a language (``vie``, ``vie+eng``).

    Raises:
        MissingLanguageError: no folder holds all of it.
    """
    names = [f"{part.lstrip('~')}.traineddata" for part in language.split("+") if part]
    for folder in _tessdata_folders():
        if names and all((folder / name).is_file() for name in names):
            return folder
    raise missing_language(language)


def missing_engine() -> MissingEngineError:
    """Return the complaint that Tesseract is not installed."""
    return MissingEngineError(
        "Chưa cài Tesseract.", "Cài bằng lệnh: sudo apt-get install tesseract-ocr tesseract-ocr-vie"
    )


def missing_language(language: str) -> MissingLanguageError:
    """Return the complaint that the language data is not installed."""
    packages = " ".join(
        f"tesseract-ocr-{part.lstrip('~').replace('_', '-')}" for part in language.split("+")
    )
    return MissingLanguageError(
        f"Tesseract chưa có dữ liệu ngôn ngữ “{language}”.",
        f"Cài bằng lệnh: sudo apt-get install {packages}",
    )


def _tessdata_folders() -> list[Path]:
    told = os.environ.get("TESSDATA_PREFIX")
    folders = [Path(told), Path(told, "tessdata")] if told else []
    for pattern in _TESSDATA:
        folders += sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
    return folders
