"""Pages whose text layer lies: hidden readings over scans, old fonts, wrong letters, pasted papers.

Glyphs are always the right Vietnamese letters; what differs is what the file says about them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from itertools import count
from typing import Any, Literal, NamedTuple

import pikepdf
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.paper.false_letters import Says
from tests.paper.fonts import Style, typeface

Manner = Literal["whole", "strips", "tiles", "mask", "card", "under", "clear", "form"]

WIDTH, HEIGHT = 595.0, 842.0  # points of A4
PAPER = (
    "ỦY BAN NHÂN DÂN XÃ MẪU LÂM",
    "Số: 236/QĐ-UBND",
    "QUYẾT ĐỊNH",
    "Về việc phê duyệt kế hoạch sửa chữa trạm bơm và kênh dẫn nước",
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
    "Theo đề nghị của Trưởng phòng Kinh tế tại Tờ trình số 52/TTr-KT,",
    "Điều 1. Phê duyệt kế hoạch sửa chữa trạm bơm số ba và hai tuyến kênh",
    "với tổng kinh phí bốn trăm năm mươi triệu đồng từ ngân sách xã.",
    "Điều 2. Giao Phòng Kinh tế chủ trì thực hiện, báo cáo kết quả trước",
    "ngày 30 tháng 11 năm 2025.",
)
_MARGIN, _FIRST, _STEP = 60.0, 770.0, 26.0  # points
_SIZE = 13.0  # points
_NAMES = count()
_SCRIPTS = {
    "Arabic": "NotoNaskhArabic-Regular.ttf",
    "Khmer": "NotoSerifKhmer-Regular.ttf",
    "Cham": "NotoSansCham-Regular.ttf",
}  # files of the same package, fonts-noto-core


class Part(NamedTuple):
    """Lines of a page in one font, and what the file says of its letters."""

    lines: Sequence[str]
    says: Says = str
    script: str = ""  # of another one than Vietnamese: Arabic, Khmer, Cham


def digital_page(
    parts: Sequence[Part], *, turn: int = 0, picture: Image.Image | None = None
) -> bytes:
    """Return a born-digital page as a PDF.

    Args:
        parts: its lines from top to bottom, at most four parts.
        turn: degrees anticlockwise that all writing is turned on the upright sheet.
        picture: pasted below the lines, 150 pixels to the inch.
    """
    packed = io.BytesIO()
    canvas = Canvas(packed, pagesize=(WIDTH, HEIGHT), invariant=1)
    fonts = {}
    _turn(canvas, turn)
    top = _FIRST if turn % 180 == 0 else WIDTH - (HEIGHT - _FIRST)
    for part, style in zip(parts, Style, strict=False):
        name = _font(style, part.script)
        fonts[name] = part.says
        for line in part.lines:
            canvas.setFont(name, _SIZE)
            canvas.drawString(_MARGIN, top, line)
            top -= _STEP
    if picture is not None:
        _paste(canvas, picture, _MARGIN, top - picture.height * 72 / 150)
    canvas.showPage()
    canvas.save()
    return relabelled(packed.getvalue(), fonts)


def scanned_page(lines: Sequence[str], hidden: Sequence[str], manner: Manner = "whole") -> bytes:
    """Return the picture of a page that carries another program's reading, which nobody sees.

    Args:
        lines: what is printed in the picture.
        hidden: what the layer says, line by line in the same places.
        manner: one picture; strips or tiles; a black mask on white paper; a card on an empty sheet;
            text under the picture; without opacity; in a form.
    """
    packed = io.BytesIO()
    canvas = Canvas(packed, pagesize=(WIDTH, HEIGHT), invariant=1)
    picture = picture_of(lines)
    if manner == "under":
        _write(canvas, hidden, mode=0)
    if manner == "card":
        left, top = (round(side * 150 / 72) for side in (_MARGIN - 10, HEIGHT - _FIRST - 26))
        card = picture.crop((left, top, left + 960, top + round((len(lines) + 1) * 54)))
        _paste(canvas, card, _MARGIN - 10, _FIRST + 26 - card.height * 72 / 150)
    else:
        for box in _pieces(picture, manner):
            piece = picture.crop(box)
            _paste(canvas, piece, box[0] * 72 / 150, HEIGHT - box[3] * 72 / 150)
    if manner == "form":
        canvas.beginForm("words")
        _write(canvas, hidden, mode=3)
        canvas.endForm()
        canvas.doForm("words")
    elif manner != "under":
        if manner == "clear":
            canvas.setFillAlpha(0)
        _write(canvas, hidden, mode=0 if manner == "clear" else 3)
    canvas.showPage()
    canvas.save()
    return _as_masks(packed.getvalue()) if manner == "mask" else packed.getvalue()


def picture_of(lines: Sequence[str], width: float = WIDTH, height: float = HEIGHT) -> Image.Image:
    """Return lines as a picture of 150 dpi, in the places where pages have them."""
    scale = 150 / 72
    image = Image.new("L", (round(width * scale), round(height * scale)), 255)
    font = typeface("noto-serif").font(Style.REGULAR, _SIZE * scale)
    draw = ImageDraw.Draw(image)
    top = (HEIGHT - _FIRST) * scale if height == HEIGHT else _STEP * scale
    left = _MARGIN if width == WIDTH else 10.0
    for line in lines:
        draw.text((left * scale, top), line, 0, font, anchor="ls")
        top += _STEP * scale
    return image


def stamp_of(lines: Sequence[str], colour: tuple[int, int, int]) -> Image.Image:
    """Return a framed stamp as a picture of 150 dpi."""
    font = typeface("noto-serif").font(Style.BOLD, 38)
    width = max(round(font.getlength(line)) for line in lines) + 48
    image = Image.new("RGB", (width, 52 * len(lines) + 24), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.rectangle((4, 4, image.width - 5, image.height - 5), outline=colour, width=4)
    for number, line in enumerate(lines):
        draw.text((24, 50 + 52 * number), line, colour, font, anchor="ls")
    return image


def _pieces(picture: Image.Image, manner: Manner) -> list[tuple[int, int, int, int]]:
    across, down = {"strips": (1, 16), "tiles": (4, 5)}.get(manner, (1, 1))
    xs = [round(picture.width * at / across) for at in range(across + 1)]
    ys = [round(picture.height * at / down) for at in range(down + 1)]
    return [(xs[i], ys[j], xs[i + 1], ys[j + 1]) for j in range(down) for i in range(across)]


def _paste(canvas: Canvas, picture: Image.Image, left: float, bottom: float) -> None:
    scale = 72 / 150
    size = picture.width * scale, picture.height * scale
    canvas.drawImage(ImageReader(picture), left, bottom, *size)


def _write(canvas: Canvas, lines: Sequence[str], *, mode: int) -> None:
    text = canvas.beginText(_MARGIN, _FIRST)
    text.setTextRenderMode(mode)
    text.setFont(_font(), _SIZE, leading=_STEP)
    for line in lines:
        text.textLine(line)
    canvas.drawText(text)


def _turn(canvas: Canvas, turn: int) -> None:
    shift = {0: (0, 0), 90: (WIDTH, 0), 180: (WIDTH, HEIGHT), 270: (0, HEIGHT)}[turn]
    canvas.translate(*shift)
    canvas.rotate(turn)


def _font(style: Style = Style.REGULAR, script: str = "") -> str:
    """Register a cut of the typeface under a new name; each cut is a font of its own in a file."""
    name = f"Layer{next(_NAMES)}"
    file = typeface("noto-serif").path(style)
    if script:
        file = file.with_name(_SCRIPTS[script])
    pdfmetrics.registerFont(TTFont(name, str(file)))
    return name


def named_fonts(count: int) -> list[str]:
    """Register as many fonts, each of its own in a file, and return their names."""
    return [_font(style) for style, _ in zip(Style, range(count), strict=False)]


def relabelled(data: bytes, fonts: dict[str, Says]) -> bytes:
    """Return a PDF whose fonts say something else of their letters than they draw."""
    said = iter(fonts.values())
    packed = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        known: Any = pdf.pages[0].resources.Font
        for _, font in sorted(known.items(), key=lambda each: _order(each[0])):
            if "/ToUnicode" in font:
                table = font.ToUnicode.read_bytes().decode("ascii")
                font.ToUnicode.write(_retold(table, next(said)).encode("ascii"))
        pdf.save(packed, deterministic_id=True)
    return packed.getvalue()


def _order(name: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", name))


def _retold(table: str, says: Says) -> str:
    def told(match: re.Match[str]) -> str:
        letter = chr(int(match[2], 16))
        codes = "".join(f"{ord(each):04X}" for each in says(letter)) if letter > " " else match[2]
        return f"<{match[1]}> <{codes}>"

    return re.sub(r"^<(\w\w)> <(\w{4})>$", told, table, flags=re.MULTILINE)


def _as_masks(data: bytes) -> bytes:
    """Return a PDF whose pictures are stencils that paint black, as JBIG2 layers of copiers are."""
    packed = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        images: Any = pdf.pages[0].resources.XObject
        for image in dict(images.items()).values():
            raw = (
                pikepdf.PdfImage(image).as_pil_image().convert("L").point(lambda v: 255 * (v > 150))
            )
            image.write(raw.convert("1").tobytes())
            for key in ("/ColorSpace", "/SMask", "/Mask", "/Intent"):
                if key in image:
                    del image[key]
            image.BitsPerComponent, image.ImageMask = 1, True
        pdf.save(packed, deterministic_id=True)
    return packed.getvalue()
