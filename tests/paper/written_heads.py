"""Makes papers whose number and day were filled in by hand, and such as cannot be trusted."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from random import Random
from typing import NamedTuple

from tests.paper.cases import make_case
from tests.paper.fonts import Style, typeface
from tests.paper.handwriting import Hand
from tests.paper.layouts import lay_out
from tests.paper.marks import signature
from tests.paper.picture import DrawnPage, draw
from tests.paper.sheet import BLUE, MM, RED, Piece, Sheet, Stroke

_AROUND = 1.5  # points of paper on both sides of what is written


class Trouble(StrEnum):
    """Why nobody may say which number a paper has, or which day."""

    TWO = "two"  # two numbers in one slot
    SIGNED = "signed"  # a signature across it
    STRUCK = "struck"  # struck out, nothing beside it
    CORRECTED = "corrected"  # printed, struck out, another written above
    STAMPED = "stamped"  # a stamp's frame across it


class WrittenHead(NamedTuple):
    """A page, and what was written on it."""

    page: DrawnPage
    number: str
    day: str  # ISO


def written_head(
    layout: str, seed: int, dpi: int = 300, *, trouble: Trouble | None = None
) -> WrittenHead:
    """Draw a clean page whose number and day somebody wrote into the printed phrases.

    Args:
        layout: ``A`` or ``B``.
        seed: of the paper and of the hand; the same gives the same.
        dpi: dots per inch of the picture.
        trouble: what is wrong with the number; None: nothing.
    """
    random = Random(f"page {layout} {seed}")
    sheet = lay_out(layout, make_case(random), random, typeface("termes"))
    chance = Random(f"written {layout} {seed}")
    hand = Hand.of(seed)
    number = next(piece for piece in sheet.pieces if piece.field == "number")
    if trouble is Trouble.CORRECTED:
        _strike(sheet, number.x, number.x + _wide(sheet, number), number.y, number.size)
        above = number.x, number.y - 0.95 * number.size
        other = str(int(number.text) + chance.randint(1, 9))
        replace(hand, high=0.75).write(sheet, other, above, number.size, chance)
    else:
        _fill(sheet, number, hand, chance)
    _trouble(sheet, number, hand, trouble, chance)
    date = [piece for piece in sheet.pieces if piece.field == "issued_on"]
    _fill(sheet, date[1], hand, chance)
    if seed % 2:  # every second office writes the month as well
        month = [piece for piece in sheet.pieces if piece.field == "issued_on"][2]
        _fill(sheet, month, hand, chance)
    return WrittenHead(draw(sheet, dpi), number.text, sheet.values["issued_on"])


def _fill(sheet: Sheet, printed: Piece, hand: Hand, chance: Random) -> float:
    """Write a text by hand in place of the printed one; return the room it took more."""
    at = next(i for i, piece in enumerate(sheet.pieces) if piece is printed)
    more = hand.width(printed.text, printed.size) - _wide(sheet, printed) + 2 * _AROUND
    moved = []
    for piece in sheet.pieces:
        is_beside = piece.line == printed.line
        shift = more if is_beside and piece.x > printed.x else 0.0
        moved.append(piece._replace(x=piece.x + shift - (more / 2 if is_beside else 0)))
    del moved[at]
    sheet.pieces[:] = moved
    begin = printed.x - more / 2 + _AROUND, printed.y + chance.uniform(-1.0, 0.6)
    hand.write(sheet, printed.text, begin, printed.size, chance)
    return more


def _trouble(
    sheet: Sheet, number: Piece, hand: Hand, trouble: Trouble | None, chance: Random
) -> None:
    wide = hand.width(number.text, number.size)
    left = number.x - (wide - _wide(sheet, number)) / 2
    if trouble is Trouble.STRUCK:
        _strike(sheet, left, left + wide, number.y, number.size)
    elif trouble is Trouble.SIGNED:
        signature(sheet, (left - 12 * MM, number.y - 10 * MM), chance)
    elif trouble is Trouble.STAMPED:
        corner, size = (left + wide / 2, number.y - 16 * MM), (42 * MM, 24 * MM)
        (x, y), (w, h) = corner, size
        frame = ((x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y))
        sheet.strokes.append(Stroke(frame, 1.4, RED))
    elif trouble is Trouble.TWO:
        other = str(int(number.text) + chance.randint(1, 9))
        more = hand.width(other, number.size) + number.size
        sheet.pieces[:] = [
            piece._replace(x=piece.x + more) if piece.line == number.line and piece.x > left
            else piece
            for piece in sheet.pieces
        ]  # fmt: skip
        hand.write(sheet, other, (left + wide + 0.7 * number.size, number.y), number.size, chance)


def _strike(sheet: Sheet, left: float, right: float, y: float, size: float) -> None:
    middle = y - 0.33 * size
    sheet.strokes.append(Stroke(((left - 1, middle + 0.6), (right + 1, middle - 0.6)), 1.0, BLUE))


def _wide(sheet: Sheet, piece: Piece) -> float:
    return sheet.typeface.width(piece.text, Style.REGULAR, piece.size)
