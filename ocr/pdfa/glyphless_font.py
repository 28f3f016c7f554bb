"""Builds the glyphless font of invisible text: it paints nothing, and maps codes to letters.

Made here, so that no foreign font travels in our PDFs. A handful of glyphs of different widths
serve all letters; a letter gets its code at its first use, and ToUnicode names it. The glyphs have
an outline of no area but as tall as a letter: pdfium extracts no text from glyphs without any
outline when a page lies on its side.
"""

from __future__ import annotations

import io
import unicodedata
from functools import cache
from itertools import pairwise

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name

NAME = "SohoaInvisible"
ASCENT, DESCENT = 800, -200  # of 1000: the box of a word is as tall as its letters
_EM = 1000
_WIDTHS = (250, 350, 500, 650, 850)  # of 1000; glyph 0 stands for what a font lacks
_NARROWEST = frozenset("iljtI|!.,:;'’ ")
_NARROW = frozenset('fr()[]{}-–"“”*/\\')
_WIDEST = frozenset("mwMW@%—")
_CREATED = 2_082_844_800  # seconds from 1904 to 1970: a font without a date gets that of the clock
_BLOCK = 100  # entries of one bfchar block at most (Adobe technical note 5411)


class GlyphlessFont:
    """The font of one PDF: assigns codes while pages are written, and is written at the end."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._codes: dict[str, int] = {}
        self.reference = pdf.make_indirect(Dictionary(Type=Name.Font))

    def code(self, letter: str) -> int:
        """Return the code of a letter, from 1; a new letter gets the next one."""
        return self._codes.setdefault(letter, len(self._codes) + 1)

    def finish(self) -> None:
        """Write the font with all letters that were used; to be called once, at the end."""
        font = self.reference
        font.Subtype, font.BaseFont, font.Encoding = (
            Name.Type0,
            Name(f"/{NAME}"),
            Name("/Identity-H"),
        )
        font.DescendantFonts = Array([self._pdf.make_indirect(self._descendant())])
        font.ToUnicode = self._pdf.make_stream(self._to_unicode())

    def _descendant(self) -> Dictionary:
        glyphs = [0, *(1 + _WIDTHS.index(width_of(letter)) for letter in self._codes)]
        system = Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0)
        return Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name(f"/{NAME}"),
            CIDSystemInfo=system,
            FontDescriptor=self._pdf.make_indirect(self._descriptor()),
            DW=_WIDTHS[2],
            W=Array([1, Array([width_of(letter) for letter in self._codes])]),
            CIDToGIDMap=self._pdf.make_stream(b"".join(gid.to_bytes(2, "big") for gid in glyphs)),
        )

    def _descriptor(self) -> Dictionary:
        program = font_program()
        file = self._pdf.make_stream(program)
        file.Length1 = len(program)
        return Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(f"/{NAME}"),
            Flags=4,  # symbolic: its letters are named by ToUnicode alone
            FontBBox=[0, DESCENT, _WIDTHS[-1], ASCENT],
            ItalicAngle=0,
            Ascent=ASCENT,
            Descent=DESCENT,
            CapHeight=ASCENT,
            StemV=80,
            FontFile2=file,
        )

    def _to_unicode(self) -> bytes:
        rows = [f"<{code:04x}> <{_utf16(letter)}>" for letter, code in self._codes.items()]
        edges = [*range(0, len(rows), _BLOCK), len(rows)]
        blocks = [
            f"{end - start} beginbfchar\n" + "\n".join(rows[start:end]) + "\nendbfchar"
            for start, end in pairwise(edges)
        ]
        return "\n".join([_CMAP_HEAD, *blocks, _CMAP_TAIL]).encode("ascii")


@cache
def width_of(letter: str) -> int:
    """Return the approximate width of a letter in thousandths of the font size."""
    plain = unicodedata.normalize("NFD", letter)[0]
    if plain in _NARROWEST:
        return _WIDTHS[0]
    if plain in _NARROW:
        return _WIDTHS[1]
    if plain in _WIDEST:
        return _WIDTHS[4]
    return _WIDTHS[3] if plain.isupper() else _WIDTHS[2]


def _utf16(letter: str) -> str:
    return letter.encode("utf-16-be").hex()


@cache
def font_program() -> bytes:
    """Return the font as a TrueType file; the same bytes each time, so made once a process."""
    names = [".notdef", *(f"w{width}" for width in _WIDTHS)]
    widths = [_WIDTHS[2], *_WIDTHS]
    pen = TTGlyphPen(None)
    pen.moveTo((0, DESCENT))
    pen.lineTo((0, ASCENT))
    pen.closePath()
    upright = pen.glyph()
    font = FontBuilder(_EM, isTTF=True)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({})
    font.setupGlyf(dict.fromkeys(names, upright))
    font.setupHorizontalMetrics(
        {name: (width, 0) for name, width in zip(names, widths, strict=True)}
    )
    font.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    font.setupHead(unitsPerEm=_EM, created=_CREATED, modified=_CREATED)
    font.setupOS2()
    font.setupPost(keepGlyphNames=False)
    packed = io.BytesIO()
    font.save(packed)
    return packed.getvalue()


_CMAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange"""
_CMAP_TAIL = """endcmap
CMapName currentdict /CMap defineresource pop
end
end"""
