"""Makes papers whose printed number nobody can be told: two of them in one slot, or hidden ink.

The page is always of layout A, with a day that is printed and stands alone.
"""

from __future__ import annotations

import math
from random import Random

from tests.paper.cases import make_case
from tests.paper.fonts import Style, typeface
from tests.paper.layouts import lay_out
from tests.paper.picture import DrawnPage, draw
from tests.paper.sheet import BLUE, Piece, Sheet, Stroke

FACES = ("termes", "noto-sans", "noto-serif")
_SWINGS = 40  # points of a scrawl


def head_with_numbers(printed: str, seed: int, dpi: int = 200) -> DrawnPage:
    """Draw a page with other text in place of its number.

    Args:
        printed: what stands before the slash; empty: nothing but room for a number.
        seed: of the paper; the same gives the same.
        dpi: dots per inch of the picture.
    """
    sheet, number = _paper(seed)
    more = sheet.typeface.width(printed or "00000", Style.REGULAR, number.size)
    more -= sheet.typeface.width(number.text, Style.REGULAR, number.size)
    sheet.pieces[:] = [
        piece._replace(x=piece.x + (more / 2 if piece.x > number.x else -more / 2))
        if piece.line == number.line
        else piece
        for piece in sheet.pieces
    ]
    at = next(at for at, piece in enumerate(sheet.pieces) if piece.field == "number")
    if printed:
        sheet.pieces[at] = sheet.pieces[at]._replace(text=printed)
    else:
        del sheet.pieces[at]
    return draw(sheet, dpi)


def scrawled_head(seed: int, dpi: int = 200) -> DrawnPage:
    """Draw a page with a signature across the whole row of its number, label and symbol too.

    Args:
        seed: of the paper and of the hand; the same gives the same.
        dpi: dots per inch of the picture.
    """
    sheet, number = _paper(seed)
    hand = Random(f"scrawl {seed}")
    left, wide, high = number.x - 2.6 * number.size, 13.0 * number.size, 1.7 * number.size
    points = []
    for at in range(_SWINGS):
        along = at / (_SWINGS - 1)
        swing = math.sin(17 * along + seed) * hand.uniform(0.6, 1.0)
        x = left + wide * along + 0.6 * number.size * math.sin(23 * along + seed)
        points.append((x, number.y - 0.3 * number.size + swing * high / 2))
    sheet.strokes.append(Stroke(tuple(points), 1.3, BLUE if seed % 2 else (20, 20, 30)))
    return draw(sheet, dpi)


def _paper(seed: int) -> tuple[Sheet, Piece]:
    random = Random(f"hidden {seed}")
    sheet = lay_out("A", make_case(random), random, typeface(FACES[seed % 3]))
    return sheet, next(piece for piece in sheet.pieces if piece.field == "number")
