"""Tells which fonts of a PDF have letters without shape, as OCR programs lay over scans.

Text in such a font is not seen, though the file says that it is filled with ink. They are TrueType
fonts without outlines, and fonts of the file's own letters (Type 3) that paint nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Name

_FEW_BYTES = 24  # of outlines: a dash alone has more
_HEAD, _ENTRY = 12, 16  # bytes of the head of a TrueType font, and of each entry of its directory
_MAX_TABLES = 64
_MAX_BYTES = 8_000  # of a font or a letter, packed; larger ones have shapes
_PAINTING = frozenset(("f", "F", "f*", "S", "s", "B", "b", "B*", "b*", "Do", "INLINE IMAGE", "sh"))


@dataclass(slots=True)
class FontShapes:
    """Looks into the fonts of a page, once into each."""

    known: dict[tuple[int, str], bool] = field(default_factory=dict)
    kept: list[Any] = field(default_factory=list)  # resources, whose identity is a key while here

    def are_none(self, resources: Any, name: Any) -> bool:
        """Tell whether the letters of a font draw nothing.

        Args:
            resources: the resources of the page or form that names the font.
            name: its name there. Fonts that are not in the file are drawn with others.

        Raises:
            pikepdf.PdfError: its file cannot be unpacked.
        """
        key = id(resources), str(name)
        if key not in self.known:
            self.kept.append(resources)
            font = resources.get("/Font", {}).get(key[1])
            self.known[key] = font is not None and _has_no_shapes(font)
        return self.known[key]


def _has_no_shapes(font: Any) -> bool:
    if font.get("/Subtype") == Name.Type3:
        return all(_is_bare(glyph) for glyph in dict(font.get("/CharProcs", {})).values())
    inner = font.get("/DescendantFonts")
    described: Any = inner[0] if isinstance(inner, pikepdf.Array) and len(inner) else font
    descriptor = described.get("/FontDescriptor", {})
    if (file := descriptor.get("/FontFile2")) is not None:
        return _is_small(file) and _outlines(file.read_bytes()) < _FEW_BYTES
    return False


def _is_small(file: Any) -> bool:
    return len(file.read_raw_bytes()) < _MAX_BYTES


def _is_bare(glyph: Any) -> bool:
    """Tell whether a drawn letter paints nothing."""
    return _is_small(glyph) and all(
        str(each.operator) not in _PAINTING for each in pikepdf.parse_content_stream(glyph)
    )


def _outlines(data: bytes) -> int:
    """Return how many bytes of a TrueType font are outlines; many where that is not known."""
    count = int.from_bytes(data[4:6], "big")
    for at in range(_HEAD, _HEAD + _ENTRY * min(count, _MAX_TABLES), _ENTRY):
        if data[at : at + 4] == b"glyf" and len(data) >= at + _ENTRY:
            return int.from_bytes(data[at + 12 : at + _ENTRY], "big")
    return _FEW_BYTES
