"""Addresses of dossiers, pages and their pictures; every link of the reading room is made here."""

from __future__ import annotations

import hashlib
from urllib.parse import urlencode

from pipeline.model import Dossier, PageNote


def dossier_address(dossier: str, text: str = "") -> str:
    """Return the address of a dossier, with the search that led there."""
    return f"/ho-so/{dossier}{_asked(q=text)}"


def page_address(dossier: str, number: int, text: str = "") -> str:
    """Return the address of a page; with a search it opens at the first marked word."""
    return f"/ho-so/{dossier}/trang/{number}{_asked(q=text)}" + ("#o1" if text else "")


def field_address(dossier: str, page: int, document: int, name: str) -> str:
    """Return the address of a page with the place of a field framed."""
    return f"/ho-so/{dossier}/trang/{page}{_asked(giay=str(document), truong=name)}#o1"


def picture_address(dossier: Dossier, number: int) -> str | None:
    """Return the address of a page's picture (from 1); None when there is none."""
    return _picture(dossier, number, "anh.webp")


def thumbnail_address(dossier: Dossier, number: int) -> str | None:
    """Return the address of a page's small picture (from 1); None when there is none."""
    return _picture(dossier, number, "nho.webp")


def original_address(dossier: str, sha256: str) -> str:
    """Return the address an original is downloaded from."""
    return f"/ho-so/{dossier}/tep/{sha256}"


def searchable_address(dossier: str, sha256: str) -> str:
    """Return the address the searchable PDF of an original is downloaded from."""
    return f"{original_address(dossier, sha256)}/tim-duoc.pdf"


def picture_version(note: PageNote) -> str:
    """Return a short name for a page's picture that changes when the page is read anew."""
    return hashlib.sha256(f"{note.scan}/{note.recipe}/{note.number}".encode()).hexdigest()[:16]


def _picture(dossier: Dossier, number: int, name: str) -> str | None:
    if not 1 <= number <= len(dossier.pages) or not dossier.pages[number - 1].recipe:
        return None
    version = picture_version(dossier.pages[number - 1])
    return f"/ho-so/{dossier.id}/trang/{number}/{name}?v={version}"


def _asked(**values: str) -> str:
    asked = urlencode({name: value for name, value in values.items() if value})
    return f"?{asked}" if asked else ""
