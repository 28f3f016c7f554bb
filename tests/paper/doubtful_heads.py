"""Makes papers whose printed number or day was mended by hand, and rarer ways to number one."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from random import Random
from typing import NamedTuple

from tests.paper.cases import make_case
from tests.paper.fonts import Style, typeface
from tests.paper.handwriting import Hand
from tests.paper.layouts import lay_out
from tests.paper.picture import DrawnPage, draw
from tests.paper.sheet import BLUE, RED, Piece, Sheet, Stroke


class Mending(StrEnum):
    """What was done to the number or the day of a paper by hand."""

    BESIDE = "beside"  # printed, struck out, another written before it
    OVER = "over"  # another written over the print
    MORE = "more"  # a figure written in front of the print
    DAY = "day"  # the day struck out, another written above
    DOTS = "dots"  # nothing but dots stands there
    BELOW = "below"  # written, and goes on below the row
    ONTO = "onto"  # the same, and what is below touches what is above
    ABOVE = "above"  # written, and another touches it from above
    PENCIL = "pencil"  # written in pencil
    STAMPED = "red"  # red figures of a numbering stamp


_DOWN = {Mending.BELOW: 1, Mending.ONTO: 1, Mending.ABOVE: -1}  # where other figures stand


class MendedHead(NamedTuple):
    """A page, its number and its day as printed first."""

    page: DrawnPage
    number: str
    day: str  # ISO


def mended_head(mending: Mending, seed: int, dpi: int = 300) -> MendedHead:
    """Draw a clean page of layout A with something done to its number or day.

    Args:
        mending: what was done.
        seed: of the paper and of the hand; the same gives the same.
        dpi: dots per inch of the picture.
    """
    random = Random(f"mended {mending} {seed}")
    sheet = lay_out("A", make_case(random), random, typeface("termes"))
    hand = replace(Hand.of(seed), ink=BLUE)
    number = next(piece for piece in sheet.pieces if piece.field == "number")
    truth = number.text
    if mending is Mending.DAY:
        day = [piece for piece in sheet.pieces if piece.field == "issued_on"][1]
        _strike(sheet, day)
        other = f"{random.randint(10, 28)}"
        replace(hand, high=0.7).write(sheet, other, (day.x, day.y - day.size), day.size, random)
    elif mending is Mending.STAMPED:
        red = number._replace(colour=RED, style=Style.BOLD)
        sheet.pieces[sheet.pieces.index(number)] = red
    elif mending in (Mending.BESIDE, Mending.OVER, Mending.MORE):
        truth = _mended(sheet, number, mending, hand, random)
    else:
        _written(sheet, number, mending, hand, random)
    return MendedHead(draw(sheet, dpi), truth, sheet.values["issued_on"])


def _mended(sheet: Sheet, number: Piece, mending: Mending, hand: Hand, random: Random) -> str:
    """Write another number by hand to a printed one; return the print, or both if both hold."""
    other = str(random.randint(1, 9)) if mending is Mending.MORE else str(random.randint(11, 99))
    if mending is Mending.OVER:
        other = str(int(number.text) + random.randint(1, 8))[: len(number.text)]
        hand.write(sheet, other, (number.x, number.y), number.size, random)
        return number.text
    room = hand.width(other, number.size)
    _moved(sheet, number, room)
    if mending is Mending.BESIDE:
        _strike(sheet, number._replace(x=number.x + room))
    hand.write(sheet, other, (number.x + 1.5, number.y), number.size, random)
    return other + number.text if mending is Mending.MORE else number.text


def _written(sheet: Sheet, number: Piece, mending: Mending, hand: Hand, random: Random) -> None:
    """Take the printed number away, and put dots or figures of a hand in its place."""
    if mending is Mending.DOTS:
        at = sheet.pieces.index(number)
        _moved(sheet, number, 3.0 * number.size)
        sheet.pieces[at] = number._replace(text="..........", field="", line=-1)
        return
    pen = replace(hand, ink=(140, 140, 145), pen=0.8) if mending is Mending.PENCIL else hand
    _moved(sheet, number, pen.width(number.text, number.size))
    sheet.pieces[:] = [piece for piece in sheet.pieces if piece.field != "number"]
    pen.write(sheet, number.text, (number.x + 1.5, number.y), number.size, random)
    if mending in _DOWN:
        more, high = f"{random.randint(10, 99)}", hand.high * number.size
        down = _DOWN[mending] * random.uniform(0.85, 1.0) * high
        down = 1.15 * number.size if mending is Mending.BELOW else down
        hand.write(sheet, more, (number.x, number.y + down), number.size, random)


def _moved(sheet: Sheet, number: Piece, room: float) -> None:
    """Make room before what stands behind a place of a row, the number itself included."""
    sheet.pieces[:] = [
        piece._replace(x=piece.x + room)
        if piece.line == number.line and number.x <= piece.x < number.x + 160
        else piece
        for piece in sheet.pieces
    ]


def _strike(sheet: Sheet, piece: Piece) -> None:
    right = piece.x + sheet.typeface.width(piece.text, piece.style, piece.size)
    middle = piece.y - 0.33 * piece.size
    line = ((piece.x - 1, middle + 0.6), (right + 1, middle - 0.6))
    sheet.strokes.append(Stroke(line, 1.0, BLUE))
