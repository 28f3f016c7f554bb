"""Packs what the embedded index keeps of pages to show them, and reads only what is asked for.

Most of what is kept of a dossier is never looked at: its folded words are compared, the words as
printed where pages are equally good, and the text of one page is shown.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from tantivy import Document

from search.query.pages import FieldWords, padded

PART = "\x1f"  # between two parts of a value
FORMAT = 2  # of what is kept: another one is built anew

_PART = PART.encode()


def packed_page(number: int, group: int, folded: str, exact: str, text: str) -> bytes:
    """Return what is kept of a page.

    Args:
        number: its number within the dossier, from 1.
        group: the number of its group of fields, from 0.
        folded: its folded words, a space between two.
        exact: its words as printed, a space between two.
        text: its text, without ``PART``.
    """
    return PART.join([str(number), str(group), padded(folded), padded(exact), text]).encode()


class KeptPage:
    """A page as it is kept; each of its texts is decoded when it is asked for.

    Attributes:
        number: its number within the dossier, from 1.
        fields: the fields that it shares with other pages.
        folded: its folded words, a space before and after.
    """

    def __init__(self, packed: bytes, groups: list[tuple[int, FieldWords]]) -> None:
        number, group, folded, self._exact, self._text = packed.split(_PART)
        self.number = int(number)
        self.fields = groups[int(group)][1]
        self.folded = folded.decode()

    @cached_property
    def exact(self) -> str:
        """Its words as printed, a space before and after."""
        return self._exact.decode()

    @property
    def text(self) -> str:
        """Its text."""
        return self._text.decode()


class StoredDossier:
    """What is stored of a dossier, or of one page of a large one.

    Attributes:
        dossier: its id; empty for a page.
        code: its code.
        title: what people know it by.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        heading: list[Any] = json.loads(document.get_first("heading") or b'["", null, ""]')
        self.dossier, self.code, self.title = heading

    def groups(self) -> list[tuple[int, FieldWords]]:
        """Return the first page and the fields of each group of pages."""
        parted = (bytes(group).decode().split(PART) for group in self._document.get_all("groups"))
        return [(int(first), FieldWords(*words)) for first, *words in parted]

    def pages(self, groups: list[tuple[int, FieldWords]]) -> list[KeptPage]:
        """Return the pages that stand in this document.

        Args:
            groups: the groups of pages of the dossier.
        """
        return [KeptPage(bytes(page), groups) for page in self._document.get_all("pages")]
