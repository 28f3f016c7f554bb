"""Writes sheets as a born-digital PDF: embedded fonts and a true text layer."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import pairwise

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.paper.fonts import Style, Typeface
from tests.paper.sheet import HEIGHT, WIDTH, Colour, Piece, Sheet, Stroke


def digital_pdf(sheets: Sequence[Sheet]) -> bytes:
    """Return sheets as a PDF; the same sheets give the same bytes.

    Their typeface must be TrueType (``noto-serif``, ``noto-sans``): reportlab embeds no OpenType
    font with PostScript outlines.
    """
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.setTitle("MẪU")
    for sheet in sheets:
        for stroke in sheet.strokes:
            _stroke(canvas, stroke)
        for line in _runs(sheet):
            if not line.angle:  # letters around a seal are a picture in real papers, not text
                _write(canvas, sheet.typeface, line)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _runs(sheet: Sheet) -> list[Piece]:
    """Return the pieces, each word but the last of a line with the space that follows it."""
    pieces = list(sheet.pieces)
    for at, (piece, after) in enumerate(pairwise(pieces)):
        if piece.line == after.line >= 0 and piece.word != after.word:
            pieces[at] = piece._replace(text=piece.text + " ")
    return pieces


def _write(canvas: Canvas, typeface: Typeface, piece: Piece) -> None:
    canvas.setFillColorRGB(*_shares(piece.colour))
    canvas.setFont(_register(typeface, piece.style), piece.size)
    canvas.drawString(piece.x, HEIGHT - piece.y, piece.text)


def _stroke(canvas: Canvas, stroke: Stroke) -> None:
    path = canvas.beginPath()
    path.moveTo(stroke.points[0][0], HEIGHT - stroke.points[0][1])
    for x, y in stroke.points[1:]:
        path.lineTo(x, HEIGHT - y)
    canvas.setStrokeColorRGB(*_shares(stroke.colour))
    canvas.setFillColorRGB(*_shares(stroke.colour))
    canvas.setLineWidth(stroke.width)
    canvas.drawPath(path, stroke=int(stroke.width > 0), fill=int(stroke.width == 0))


def _register(typeface: Typeface, style: Style) -> str:
    name = f"{typeface.name} {style}".replace(" ", "-")
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, str(typeface.path(style))))
    return name


def _shares(colour: Colour) -> tuple[float, float, float]:
    red, green, blue = (level / 255 for level in colour)
    return red, green, blue
