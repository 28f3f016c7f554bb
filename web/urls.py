"""Builds the URLs of dossiers, pages, pictures and downloads."""

from __future__ import annotations

import hashlib
from urllib.parse import urlencode

from pipeline.access import may_hand_out
from pipeline.model import Dossier, PageNote

SEALED = "tim"  # the parameter that stands for a search whose words are kept out of addresses


class SoughtText(str):
    """What somebody searched for, with the value that stands for it in addresses (``tim``)."""

    sealed: str

    def __new__(cls, text: str = "", sealed: str = "") -> SoughtText:
        """Return the text; without a sealed value its words stand in addresses themselves."""
        made = super().__new__(cls, text)
        made.sealed = sealed
        return made

    @property
    def parameter(self) -> str:
        """What of an address stands for it, as ``tim=…``; empty where nothing was sought."""
        return urlencode(_sought(self))


def _sought(text: str) -> dict[str, str]:
    sealed = text.sealed if isinstance(text, SoughtText) else ""
    named = {SEALED: sealed} if sealed else {"q": text}
    return named if text else {}


def dossier_url(dossier_id: str, text: str = "") -> str:
    """Return the URL of a dossier.

    Args:
        dossier_id: the dossier's id.
        text: the search that leads there; empty when none does.
    """
    return f"/ho-so/{dossier_id}{_query_string(**_sought(text))}"


def part_url(dossier_id: str, page: int, text: str = "") -> str:
    """Return the URL of a dossier that shows the part of its pages in which a page lies.

    Args:
        dossier_id: the dossier's id.
        page: the page's number within the dossier, from 1.
        text: the search that leads there; empty when none does.
    """
    return f"/ho-so/{dossier_id}{_query_string(**_sought(text), tu=str(page))}#giay-to"


def page_url(dossier_id: str, number: int, text: str = "") -> str:
    """Return the URL of a page; with a search it opens at the first highlighted word.

    Args:
        dossier_id: the dossier's id.
        number: the page's number within the dossier, from 1.
        text: the search that leads there; empty when none does.
    """
    return f"/ho-so/{dossier_id}/trang/{number}{_query_string(**_sought(text))}" + (
        "#o1" if text else ""
    )


def field_url(dossier_id: str, page: int, document: int, name: str) -> str:
    """Return the URL of a page on which the box of a field is highlighted.

    Args:
        dossier_id: the dossier's id.
        page: the page's number within the dossier, from 1.
        document: the document's position within the dossier, from 1.
        name: the field's name, such as ``issued_on``.
    """
    return f"/ho-so/{dossier_id}/trang/{page}{_query_string(giay=str(document), truong=name)}#o1"


def picture_url(dossier: Dossier, number: int, level: str) -> str | None:
    """Return the URL of the picture of a page; None when there is no picture.

    Args:
        dossier: the dossier.
        number: the page's number within the dossier, from 1.
        level: the mark that tells masked pictures from clear ones (``Sight.level``).
    """
    return _picture_url(dossier, number, "anh.webp", level)


def thumbnail_url(dossier: Dossier, number: int, level: str) -> str | None:
    """Return the URL of the thumbnail of a page; arguments and None as for ``picture_url``."""
    return _picture_url(dossier, number, "nho.webp", level)


def original_url(dossier_id: str, sha256: str) -> str:
    """Return the URL that downloads an original of a dossier."""
    return f"/ho-so/{dossier_id}/tep/{sha256}"


def searchable_pdf_url(dossier_id: str, sha256: str) -> str:
    """Return the URL that downloads the searchable PDF of an original."""
    return f"{original_url(dossier_id, sha256)}/tim-duoc.pdf"


def picture_version(note: PageNote) -> str:
    """Return 16 hexadecimal digits that change when the page is read anew, for cache busting."""
    return hashlib.sha256(f"{note.scan}/{note.recipe}/{note.number}".encode()).hexdigest()[:16]


def _picture_url(dossier: Dossier, number: int, name: str, level: str) -> str | None:
    is_there = 1 <= number <= len(dossier.pages) and dossier.pages[number - 1].recipe
    if not is_there or not may_hand_out(dossier):
        return None
    version = picture_version(dossier.pages[number - 1])
    return f"/ho-so/{dossier.id}/trang/{number}/{name}?v={version}{level}"


def _query_string(**values: str) -> str:
    query = urlencode({name: value for name, value in values.items() if value})
    return f"?{query}" if query else ""
