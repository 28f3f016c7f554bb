"""Pages whose letters are drawings: outlines without any text, and signs of a made-up Han font."""

from __future__ import annotations

import io
from collections.abc import Sequence
from random import Random
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.reportLabPen import ReportLabPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing, Path
from reportlab.lib.colors import black
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont as CanvasFont
from reportlab.pdfgen.canvas import Canvas

from tests.paper.fonts import Style, typeface
from tests.paper.text_layers import HEIGHT, WIDTH, picture_of

LEFT, FIRST, STEP, SIZE = 60.0, 770.0, 26.0, 13.0  # points
HAN = "本通知自发布之日起施行各单位应当按照规定办理有关手续"
_EM = 1000


def outlined_page(lines: Sequence[str], typed: Sequence[str] = (), gap: float = 6.0) -> bytes:
    """Return a page whose lines are outlines, as forms that printers send are; no letter in it.

    Args:
        lines: drawn from top to bottom.
        typed: real text behind the drawn line of the same place, as a form that was filled in.
        gap: points between a drawn line and what is typed behind it.
    """
    packed = io.BytesIO()
    canvas = Canvas(packed, pagesize=(WIDTH, HEIGHT), invariant=1)
    font = TTFont(str(typeface("noto-serif").path(Style.REGULAR)))
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    path = Path(fillColor=black, strokeColor=None)
    scale = SIZE / font["head"].unitsPerEm
    ends = []
    for number, line in enumerate(lines):
        left = LEFT
        for letter in line:
            glyph = glyphs[names[ord(letter)]]
            place = (scale, 0, 0, scale, left, FIRST - number * STEP)
            glyph.draw(TransformPen(ReportLabPen(glyphs, path), place))
            left += glyph.width * scale
        ends.append(left)
    drawing = Drawing(WIDTH, HEIGHT)
    drawing.add(path)
    renderPDF.draw(drawing, canvas, 0, 0)
    _name_font("Typed", str(typeface("noto-serif").path(Style.REGULAR)))
    canvas.setFont("Typed", SIZE)
    for number, (end, text) in enumerate(zip(ends, typed, strict=False)):
        canvas.drawString(end + gap, FIRST - number * STEP, text)
    canvas.save()
    return packed.getvalue()


def han_page(rows: int = 12) -> bytes:
    """Return a page of Han characters whose shapes are made up: crossing strokes in a square."""
    packed = io.BytesIO()
    canvas = Canvas(packed, pagesize=(WIDTH, HEIGHT), invariant=1)
    _name_font("Han", _han_font())
    canvas.setFont("Han", SIZE)
    for row in range(rows):
        line = "".join(Random(row).sample(HAN, 24))
        canvas.drawString(LEFT, FIRST - row * STEP, line)
    canvas.save()
    return packed.getvalue()


def page_without_its_font() -> bytes:
    """Return a page of Han characters that names a font of Asian print and does not hold it."""
    packed = io.BytesIO()
    canvas = Canvas(packed, pagesize=(WIDTH, HEIGHT), invariant=1)
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas.setFont("STSong-Light", SIZE)
    for row in range(10):
        canvas.drawString(LEFT, FIRST - row * STEP, HAN)
    canvas.save()
    return packed.getvalue()


def page_in_an_empty_font(lines: Sequence[str], hidden: Sequence[str]) -> bytes:
    """Return the picture of a page with text over it, filled, whose letters have no shape.

    Args:
        lines: what is printed in the picture.
        hidden: what the text says in the same places.
    """
    packed = io.BytesIO()
    canvas = Canvas(packed, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.drawImage(ImageReader(picture_of(lines)), 0, 0, WIDTH, HEIGHT)
    letters = sorted({letter for line in hidden for letter in line})
    name = f"Empty{len(letters)}"
    _name_font(name, _font_of({letter: TTGlyphPen(None).glyph() for letter in letters}, bare=True))
    canvas.setFont(name, SIZE)
    for number, line in enumerate(hidden):
        canvas.drawString(LEFT, FIRST - number * STEP, line)
    canvas.save()
    return packed.getvalue()


def _name_font(name: str, file: str | io.BytesIO) -> None:
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(CanvasFont(name, file))


def _han_font() -> io.BytesIO:
    return _font_of({sign: _strokes(ord(sign)) for sign in HAN})


def _font_of(letters: dict[str, Any], *, bare: bool = False) -> io.BytesIO:
    names = {f"uni{ord(sign):x}": sign for sign in letters}
    glyphs = {".notdef": TTGlyphPen(None).glyph() if bare else _strokes(0)} | {
        name: letters[sign] for name, sign in names.items()
    }
    made = FontBuilder(_EM, isTTF=True)
    made.setupGlyphOrder(list(glyphs))
    made.setupCharacterMap({ord(sign): name for name, sign in names.items()})
    made.setupGlyf(glyphs)
    made.setupHorizontalMetrics(dict.fromkeys(glyphs, (_EM, 50)))
    made.setupHorizontalHeader(ascent=880, descent=-120)
    made.setupNameTable({"familyName": "Empty" if bare else "MadeUpHan", "styleName": "Regular"})
    made.setupOS2(sTypoAscender=880, sTypoDescender=-120)
    made.setupPost()
    packed = io.BytesIO()
    made.save(packed)
    packed.seek(0)
    return packed


def _strokes(seed: int) -> Any:
    random, pen = Random(seed), TTGlyphPen(None)
    across = [(50, y, 950, y + 70) for y in random.sample(range(-60, 800, 170), 3)]
    down = [(x, -60, x + 80, 820) for x in random.sample(range(90, 880, 190), 2)]
    for left, bottom, right, top in across + down:
        pen.moveTo((left, bottom))
        for point in ((left, top), (right, top), (right, bottom)):
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()
