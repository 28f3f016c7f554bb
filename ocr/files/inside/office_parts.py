"""Finds LibreOffice, and tells which kinds of documents the installed parts of it read."""

from __future__ import annotations

from pathlib import Path

from ocr.files import kinds
from ocr.sandbox.programs import find_trusted

_WRITER = ("libswlo.so",)
# Debian's Calc without windows lacks a description of one, without which LibreOfficeKit loads none.
_CALC = ("libsclo.so", "../share/config/soffice.cfg/modules/scalc/ui/inputbar.ui")
_IMPRESS = ("libsdlo.so",)
# The files, below the folder of libraries, of the part that reads such documents.
PARTS = {"Word, thư điện tử": _WRITER, "Excel": _CALC, "PowerPoint": _IMPRESS}
PACKAGES = {  # of Debian, that bring them
    "Word, thư điện tử": "libreoffice-writer-nogui",
    "Excel": "libreoffice-calc",
    "PowerPoint": "libreoffice-impress-nogui",
}
# LibreOffice tells kinds by the names as well.
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    kinds.DOC: (".doc", _WRITER),
    kinds.DOCX: (".docx", _WRITER),
    kinds.ODT: (".odt", _WRITER),
    kinds.RTF: (".rtf", _WRITER),
    kinds.MAIL: (".rtf", _WRITER),  # its text is laid out by us
    kinds.XLS: (".xls", _CALC),
    kinds.XLSX: (".xlsx", _CALC),
    kinds.ODS: (".ods", _CALC),
    kinds.PPT: (".ppt", _IMPRESS),
    kinds.PPTX: (".pptx", _IMPRESS),
    kinds.ODP: (".odp", _IMPRESS),
}
LIBRARIES = ("libmergedlo.so", "libsofficeapp.so")  # with LibreOfficeKit: either
# What it reads outside the folders of libraries and fonts.
_SETTINGS = (Path("/etc/libreoffice"), Path("/var/spool/libreoffice"))


def can_convert(kind: str) -> bool:
    """Tell whether LibreOffice and the part of it that reads a kind of file are installed."""
    return kind in KINDS and has_part(find_office(), KINDS[kind][1])


def has_part(place: Path | None, part: tuple[str, ...]) -> bool:
    """Tell whether a part of LibreOffice is installed.

    Args:
        place: the folder of its libraries; None: it is not installed.
        part: one of ``PARTS``.
    """
    return place is not None and all((place / file).is_file() for file in part)


def find_office() -> Path | None:
    """Return the folder of LibreOffice's libraries, or None where it is not installed."""
    for name in ("soffice", "libreoffice"):
        if found := find_trusted(name):
            place = found.parent
            if any((place / library).is_file() for library in LIBRARIES):
                return place
    return None


def folders_of_office() -> tuple[Path, ...]:
    """Return what must be readable to LibreOffice; nothing where it is not installed."""
    place = find_office()
    return (place.parent, *_SETTINGS) if place else ()
