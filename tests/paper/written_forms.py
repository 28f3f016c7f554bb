"""Makes forms whose numbers were written by hand: on dots, on a rule, one figure to a box."""

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
from tests.paper.people import make_tax_code
from tests.paper.picture import DrawnPage, draw
from tests.paper.sheet import BLACK, BLUE, GREY, LEFT, MM, RIGHT, Sheet, Span, Stroke

_SIZE = 13
_LABELS = {
    "personal_id": ("Số định danh cá nhân:", "Số CCCD:", "Số CCCD/CMND:", "Số căn cước công dân:"),
    "phone": ("Số điện thoại:", "Điện thoại liên hệ:", "SĐT:"),
    "tax_code": ("Mã số thuế:", "MST:", "Mã số thuế cá nhân:"),
}


class Ruling(StrEnum):
    """What is printed for figures to stand in."""

    GRID = "grid"  # boxes that share their sides
    PARTED = "parted"  # boxes apart from one another
    COMB = "comb"  # a rule below with short strokes up
    DOTS = "dots"
    RULE = "rule"
    NONE = "none"


class FormTrouble(StrEnum):
    """Why nobody may say which number stands in a slot."""

    EMPTY = "empty"
    TWO = "two numbers"
    SIGNED = "signed"  # a signature across it
    STRUCK = "struck"  # struck out as a whole
    FIGURE = "figure"  # one figure struck out, another above it
    CORRECTED = "corrected"  # printed, struck out, another written above


class WrittenForm(NamedTuple):
    """A page, and the numbers that were written on it by name of their field."""

    page: DrawnPage
    numbers: dict[str, str]
    rulings: dict[str, Ruling]


class _Place(NamedTuple):
    """Where figures go."""

    left: float  # points
    base: float
    pitch: float  # from cell to cell; 0: no cells
    width: float  # of a cell


def written_form(seed: int, dpi: int = 300, *, trouble: FormTrouble | None = None) -> WrittenForm:
    """Draw a clean form on which somebody wrote a person's number, a phone's and a tax code.

    Args:
        seed: of the form and of the hand; the same gives the same.
        dpi: dots per inch of the picture.
        trouble: what is wrong with the number of the person; None: nothing.
    """
    random = Random(f"form {seed}")
    sheet = lay_out("F", make_case(random), random, typeface("termes"))
    chance, hand = Random(f"written form {seed}"), Hand.of(seed)
    numbers = {
        "personal_id": next(p.text for p in sheet.pieces if p.field == "personal_id"),
        "phone": f"09000{chance.randint(0, 99_999):05d}",
        "tax_code": make_tax_code(chance),
    }
    if seed % 4 == 1:
        numbers["tax_code"] += f"-{chance.randint(1, 12):03d}"
    rows = {
        "personal_id": next(p.y for p in sheet.pieces if p.field == "personal_id"),
        "phone": next(p.y for p in sheet.pieces if p.field == "phone"),
        "tax_code": next(p.y for p in sheet.pieces if p.text == "tùy"),
    }
    rulings = {}
    for name, number in numbers.items():
        rulings[name] = ruling = chance.choice(tuple(Ruling))
        wrong = trouble if name == "personal_id" else None
        _clear(sheet, rows[name])
        end = _label(sheet, name, rows[name], chance)
        place = _ruled(sheet, ruling, number, (end + chance.uniform(5, 12), rows[name]), chance)
        _fill(sheet, number, place, hand, chance, wrong)
        _trouble(sheet, number, place, hand, chance, wrong)
        sheet.values[name] = number
    return WrittenForm(draw(sheet, dpi), numbers, rulings)


def _clear(sheet: Sheet, y: float) -> None:
    sheet.pieces[:] = [piece for piece in sheet.pieces if abs(piece.y - y) > 1]


def _label(sheet: Sheet, name: str, y: float, chance: Random) -> float:
    return sheet.put((Span(chance.choice(_LABELS[name])),), (LEFT, y), _SIZE)


def _ruled(
    sheet: Sheet, ruling: Ruling, number: str, at: tuple[float, float], chance: Random
) -> _Place:
    """Print what figures stand in, and say where they go."""
    left, base = at
    colour = chance.choice((BLACK, BLACK, GREY, (150, 60, 60)))
    thick = chance.uniform(0.4, 0.9)
    if ruling in (Ruling.GRID, Ruling.PARTED, Ruling.COMB):
        wide, high = chance.uniform(13.5, 16), chance.uniform(14, 16.5)
        pitch = wide + (chance.uniform(2, 4) if ruling is Ruling.PARTED else 0)
        low = base + 2.5
        for at_cell in range(len(number)):
            x = left + at_cell * pitch
            if number[at_cell] == "-":
                sheet.strokes.append(
                    Stroke(((x + 4, low - high / 2), (x + wide - 4, low - high / 2)), 0.8)
                )
                continue
            top = low - (0.35 * high if ruling is Ruling.COMB else high)
            edge = ((x, top), (x, low), (x + wide, low), (x + wide, top))
            whole = edge if ruling is Ruling.COMB else (*edge, edge[0])
            sheet.strokes.append(Stroke(whole, thick, colour))
        return _Place(left, base, pitch, wide)
    if ruling is Ruling.DOTS:
        dot = sheet.typeface.width(".", Style.REGULAR, _SIZE)
        sheet.mark("." * int((RIGHT - left) / dot), at, _SIZE, BLACK, Style.REGULAR)
    elif ruling is Ruling.RULE:
        sheet.rule((left, base + 1.5), RIGHT - left, thick)
    return _Place(left + 6, base, 0, 0)


def _fill(
    sheet: Sheet,
    number: str,
    place: _Place,
    hand: Hand,
    chance: Random,
    trouble: FormTrouble | None,
) -> None:
    if trouble is FormTrouble.CORRECTED:
        for at, figure in enumerate(number if place.pitch else [number]):
            x = place.left + at * place.pitch + (3 if place.pitch else 0)
            sheet.put((Span(figure),), (x, place.base), _SIZE)
            sheet.stay_on_line()
    elif trouble is not FormTrouble.EMPTY:
        (_fill_boxes if place.pitch else _fill_line)(sheet, number, place, hand, chance)


def _fill_line(sheet: Sheet, number: str, place: _Place, hand: Hand, chance: Random) -> None:
    x, middle = place.left, place.base - hand.high * _SIZE / 2
    for at, part in enumerate(number.split("-")):
        if at:
            sheet.strokes.append(Stroke(((x - 3, middle), (x + 2, middle)), hand.pen, hand.ink))
            x += 5
        hand.write(sheet, part, (x, place.base - chance.uniform(0, 1.5)), _SIZE, chance)
        x += hand.width(part, _SIZE) + 3


def _fill_boxes(sheet: Sheet, number: str, place: _Place, hand: Hand, chance: Random) -> None:
    pen = replace(hand, high=min(hand.high, 1.0))
    room = place.width - 0.6 * pen.wide * pen.high * _SIZE
    for at, figure in enumerate(number):
        if figure != "-":
            x = place.left + at * place.pitch + room * chance.uniform(0.25, 0.7)
            pen.write(sheet, figure, (x, place.base + chance.uniform(-1.2, 0.8)), _SIZE, chance)


def _trouble(
    sheet: Sheet,
    number: str,
    place: _Place,
    hand: Hand,
    chance: Random,
    trouble: FormTrouble | None,
) -> None:
    wide = len(number) * place.pitch or hand.width(number, _SIZE)
    left, base = place.left, place.base
    middle = base - 0.4 * _SIZE
    if trouble is FormTrouble.SIGNED:
        signature(sheet, (left + chance.uniform(-5, 30) * MM / 2, base - 10 * MM), chance)
    elif trouble is FormTrouble.STRUCK:
        sheet.strokes.append(Stroke(((left - 2, middle + 1), (left + wide, middle)), 1.0, BLUE))
    elif trouble is FormTrouble.TWO:
        other = number[:-3] + f"{(int(number[-3:]) + chance.randint(1, 700)) % 1000:03d}"
        hand.write(sheet, other, (left + wide + 1.2 * _SIZE, base), _SIZE, chance)
    elif trouble in (FormTrouble.FIGURE, FormTrouble.CORRECTED):
        each = wide / len(number)
        at = chance.randint(4, len(number) - 1)
        first, last = (at, at) if trouble is FormTrouble.FIGURE else (0, len(number) - 1)
        begin, end = left + first * each, left + (last + 1) * each
        sheet.strokes.append(Stroke(((begin, middle + 3), (end, middle - 3)), 1.0, BLUE))
        other = str((int(number[at]) + 3) % 10)
        small = replace(hand, high=0.7)
        small.write(sheet, other, (left + at * each, base - 1.05 * _SIZE), _SIZE, chance)
