"""Finds the serial of a land title and the parts of a parcel (docs/domain.md §4.5, §9)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.documents.confusions import normalise_punctuation, remove_spaces
from pipeline.documents.rows import PageRows, make_finding
from pipeline.model import CERTAIN, Finding

LAND_TITLE = "Giấy chứng nhận quyền sử dụng đất"  # its label among the document types

# Weak evidence alone: use it only on a page that is a land title.
_SERIAL = re.compile(r"(?<![A-ZĐ])([A-ZĐ]{1,2})\s?(\d{6}|\d{8})(?!\d)")
_PARCEL = re.compile(r"[Tt]h[ửưừứuữ]a\s+(?:đất\s+)?s[ốôoóồ]\s*[:.;]?\s*(\d+)")
_SHEET = re.compile(
    r"[Tt][ờơởớoỡ]\s+b[ảaáàạ]n\s+đ[ồôốổo]\s+(?:địa\s+chính\s+)?s[ốôoóồ]\s*[:.;]?\s*(\d+)"
)
_AREA = re.compile(r"[Dd]i[ệêẹếe]n\s+t[íìiỉ]ch\s*[:.;]?\s*(\d[\d.]*(?:,\d+)?)\s*m")


class Parcel(NamedTuple):
    """A parcel as printed; its number alone identifies nothing."""

    parcels: tuple[str, ...]
    sheets: tuple[str, ...]
    areas: tuple[str, ...]  # m², Vietnamese notation: 1.234,5


def title_serial(pages: Sequence[PageRows]) -> dict[str, Finding]:
    """Return ``land_title_serial`` of a land title, its first one; never certain.

    Args:
        pages: the pages of one paper that is a land title.
    """
    for page in pages:
        for row in page.rows:
            if serials := find_title_serials(row.text):
                read = min(token.confidence for token in row.tokens)
                confidence = min(read, CERTAIN - 0.1)
                return {"land_title_serial": make_finding(page, serials[0], row.tokens, confidence)}
    return {}


def find_title_serials(text: str) -> list[str]:
    """Find serials printed on land titles: letters, a space, 6 or 8 digits."""
    return [f"{match[1]} {match[2]}" for match in _SERIAL.finditer(normalise_punctuation(text))]


def find_parcel(text: str) -> Parcel:
    """Find parcel numbers, map sheets and areas."""
    text = normalise_punctuation(text)
    return Parcel(
        *(
            tuple(remove_spaces(match[1]) for match in pattern.finditer(text))
            for pattern in (_PARCEL, _SHEET, _AREA)
        )
    )
