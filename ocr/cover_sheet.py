"""Draws cover sheets and separators as a PDF of A4 pages, each with its QR code twice.

A code may lie in a fold or under a staple: the other one is then read.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

from pipeline.documents.machine_readable.cover_sheets import CoverSheet, encoded
from pipeline.errors import MissingEngineError
from pipeline.model.page import SignKind

_DPI = 300
_WIDTH, _HEIGHT = 2480, 3508  # A4 at 300 dpi
_MARGIN = 236  # 20 mm
_SIDE = 826  # of a code: 70 mm
_TITLE, _LABEL, _VALUE, _NOTE = 150, 60, 90, 46  # sizes of letters in pixels
_LINE = 1.3  # of a letter's size, from line to line
_FONTS = (  # with all Vietnamese letters; fonts-noto-core and fonts-dejavu-core of Debian
    Path("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"),
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
)
_HEADS = {SignKind.COVER: "TỜ BÌA", SignKind.SEPARATOR: "TỜ PHÂN CÁCH"}
_NOTES = {
    SignKind.COVER: "Đặt tờ này ngay trước giấy tờ rồi quét cùng. Không gấp, không ghim qua mã.",
    SignKind.SEPARATOR: "Đặt tờ này giữa hai giấy tờ rồi quét cùng. Không gấp, không ghim qua mã.",
}


def draw_pdf(sheets: Sequence[CoverSheet]) -> bytes:
    """Return a PDF with a page for each sheet.

    Raises:
        ValueError: a part of a sheet is not what it should be; the text names the part.
        MissingEngineError: no font with Vietnamese letters is installed.
    """
    font = font_file()
    first, *others = [_draw(sheet, font) for sheet in sheets]
    made = io.BytesIO()
    first.save(made, "PDF", resolution=_DPI, save_all=True, append_images=others)
    return made.getvalue()


def font_file() -> Path:
    """Return a font with all Vietnamese letters. Raises ``MissingEngineError``."""
    for file in _FONTS:
        if file.is_file():
            return file
    raise MissingEngineError(
        "Máy này không có phông chữ tiếng Việt để vẽ chữ.",
        "Cài gói fonts-dejavu-core hoặc fonts-noto-core.",
    )


def _draw(sheet: CoverSheet, font: Path) -> Image.Image:
    page = Image.new("1", (_WIDTH, _HEIGHT), 1)
    pen = ImageDraw.Draw(page)
    middle = (_WIDTH - _SIDE) // 2
    code = _code(encoded(sheet))
    y = _centred(pen, _HEADS[sheet.kind], _MARGIN, font, _TITLE)
    page.paste(code, (middle, y + 60))
    y += 60 + _SIDE + 100
    rows = (
        ("Mã hồ sơ", sheet.code),
        ("Mã thủ tục", sheet.procedure),
        ("Giấy tờ theo sau", sheet.component),
    )
    for label, value in rows:
        if value:
            y = _centred(pen, label, y, font, _LABEL)
            y = _centred(pen, value, y, font, _VALUE) + 30
    page.paste(code, (middle, _HEIGHT - _MARGIN - _SIDE - 160))
    _centred(pen, _NOTES[sheet.kind], _HEIGHT - _MARGIN - 90, font, _NOTE)
    return page


def _code(text: str) -> Image.Image:
    """Return a QR code of the highest correction, its cells whole pixels, ``_SIDE`` wide."""
    made = segno.make(text, error="h", micro=False, boost_error=False)
    cells = made.symbol_size(border=4)[0]
    image = io.BytesIO()
    made.save(image, kind="png", scale=max(1, _SIDE // cells), border=4)
    drawn = Image.open(image).convert("1")
    framed = Image.new("1", (_SIDE, _SIDE), 1)
    at = (_SIDE - drawn.width) // 2
    framed.paste(drawn, (at, at))
    return framed


def _centred(pen: ImageDraw.ImageDraw, text: str, y: int, font: Path, size: int) -> int:
    """Write a text in the middle, broken between words, and return where the next line begins."""
    letters = ImageFont.truetype(str(font), size)
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and pen.textlength(longer, letters) > _WIDTH - 2 * _MARGIN:
            lines.append(word)
        else:
            lines[-1] = longer
    for line in lines:
        pen.text((_WIDTH // 2, y), line, 0, letters, anchor="ma")
        y += round(size * _LINE)
    return y
