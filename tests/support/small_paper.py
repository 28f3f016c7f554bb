"""Draws the paper of preserved homes: few lines, few pixels, so that a whole home stays small."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pikepdf
from PIL import Image

from tests.paper import DrawnPage, broken, save_pdf, save_picture, save_tiff, typeface
from tests.paper.cases import make_case
from tests.paper.layouts import lay_out
from tests.paper.picture import draw
from tests.paper.sheet import BLACK, HEIGHT, MM

_DPI = 120
_PART = 0.36  # of a page's height that is printed
_BLACK_BELOW = 150  # level of grey


def drops(paper: Path) -> Iterator[Path]:
    """Write what is dropped: a file, a folder, and two files that do not end well."""
    fax = paper / "H26.19.25-260105-0007.tif"
    save_tiff([_black_and_white(_printed("A", 20)), _black_and_white(_printed("blank", 1))], fax)
    yield fax
    folder = paper / "H26.19.25-260106-0011"
    folder.mkdir()
    save_picture(_grey(_printed("G", 6)), folder / "giấy tiếp nhận.jpg")
    broken.encrypted_pdf(folder / "khóa.pdf")
    yield folder
    torn = paper / "quét hỏng.pdf"
    save_pdf([_printed("B", 7)], torn)
    with pikepdf.open(torn, allow_overwriting_input=True) as pdf:
        (image,) = pdf.pages[0].get_images().values()
        image.write(b"\xff\xd8\xff\xe0 not an image", filter=pikepdf.Name.DCTDecode)
        pdf.save(torn)
    yield torn
    secret = paper / "thư.tif"
    save_tiff([_black_and_white(_printed("A", 12, "TỐI MẬT"))], secret)
    yield secret


def one_form(path: Path) -> Path:
    """Write a form of one page as a TIFF."""
    save_tiff([_black_and_white(_printed("F", 9))], path)
    return path


def _printed(layout: str, seed: int, mark: str = "") -> DrawnPage:
    """Draw the upper part of a page, its MẪU stamp, and perhaps a secrecy mark above the head."""
    random = Random(f"page {layout} {seed}")
    sheet = lay_out(layout, make_case(random), random, typeface("termes"))
    end, foot = _PART * HEIGHT, HEIGHT - 10 * MM
    sheet.pieces = [piece for piece in sheet.pieces if piece.y < end or piece.y > foot]
    sheet.strokes = [s for s in sheet.strokes if max(y for _, y in s.points) < end]
    if mark:
        sheet.mark(mark, (40 * MM, 14 * MM), 15, BLACK)
    return draw(sheet, _DPI)


def _grey(page: DrawnPage) -> DrawnPage:
    return page._replace(image=page.image.convert("L"))


def _black_and_white(page: DrawnPage) -> DrawnPage:
    bilevel = page.image.convert("L").point(lambda level: 255 if level > _BLACK_BELOW else 0)
    return page._replace(image=bilevel.convert("1", dither=Image.Dither.NONE))
