"""Draws a page with a ruled table whose cells are known: lists, plans, calculations of offices."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from random import Random
from typing import NamedTuple

from tests.paper.fonts import Style, typeface
from tests.paper.picture import DrawnPage, draw
from tests.paper.sheet import LEFT, RIGHT, TOP, Point, Sheet, Span, Stroke

_SIZE = 12
KINDS = ("closed", "open", "double", "merged")
_WORDS = "cấp xã thửa đất số hộ diện tích đường phường tổng cộng ngày kế hoạch loại đơn vị".split()
Rows = tuple[tuple[str, ...], ...]


class DrawnTable(NamedTuple):
    """A drawn page and the text of its one table, as ``text_by_rows`` should give it."""

    page: DrawnPage
    rows: Rows


def draw_table(seed: int, kind: str, dpi: int = 200, width: float = 0.6) -> DrawnTable:
    """Draw a page: a line of prose, a table, a line of prose.

    Args:
        seed: decides the number of rows and columns and what is in them.
        kind: ``closed`` has rules all around; ``open`` none at its left and right side; ``double``
            two around; of ``merged`` the head's second and third column are one cell.
        dpi: the resolution of the picture.
        width: points of a rule.
    """
    assert kind in KINDS, kind
    random = Random(f"{seed}/{kind}")
    sheet = Sheet(typeface("termes"), "table")
    sheet.put((Span("Kèm theo bảng sau đây của đơn vị"),), (LEFT, TOP + 40), _SIZE)
    columns, count = random.randint(3, 6), random.randint(3, 9)
    shares = [0.5, *(random.uniform(0.8, 1.6) for _ in range(columns - 1))]
    ends = accumulate((share / sum(shares) for share in shares), initial=0.0)
    xs = [LEFT + (RIGHT - LEFT) * end for end in ends]
    texts = [_row(number, columns, random) for number in range(count)]
    if kind == "merged":
        texts[0] = (*texts[0][:2], "", *texts[0][3:])
    ys = [TOP + 60.0]
    for number, row in enumerate(texts):
        ys.append(_put_row(sheet, row, xs, ys[-1], merged=kind == "merged" and number == 0))
    _rule(sheet, kind, xs, ys, width)
    sheet.put((Span("Bảng này là một phần của văn bản nói trên."),), (LEFT, ys[-1] + 40), _SIZE)
    sheet.stamp()
    return DrawnTable(draw(sheet, dpi), tuple(texts))


def _row(number: int, columns: int, random: Random) -> tuple[str, ...]:
    if number == 0:
        return ("STT", *(f"Cột {random.choice(_WORDS)}" for _ in range(columns - 1)))
    cells = (" ".join(random.choices(_WORDS, k=random.randint(1, 5))) for _ in range(columns - 1))
    return (str(number), *cells)


def _put_row(
    sheet: Sheet, row: tuple[str, ...], xs: list[float], top: float, *, merged: bool
) -> float:
    deepest = 1
    for number, text in enumerate(row):
        if not text:
            continue
        right = xs[number + 2] if merged and number == 1 else xs[number + 1]
        lines = sheet.wrap((Span(text, Style.REGULAR),), right - xs[number] - 10, _SIZE)
        for at, words in enumerate(lines):
            if number and at == 0:
                sheet.stay_on_line()
            sheet.put_words(words, (xs[number] + 5, top + 14 + at * 15), _SIZE, sheet.gap(_SIZE))
        deepest = max(deepest, len(lines))
    return top + deepest * 15 + 7


def _rule(sheet: Sheet, kind: str, xs: list[float], ys: list[float], width: float) -> None:
    for y in ys:
        sheet.rule((LEFT, y), RIGHT - LEFT, width)
    for number, (left, right) in enumerate(pairwise(xs)):
        if kind == "open" and number in (0, len(xs) - 2):
            continue  # its inner rule is drawn by its neighbour
        first = 1 if kind == "merged" and number in (1, 2) else 0
        sheet.frame((left, ys[first]), (right - left, ys[-1] - ys[first]), width)
    if kind == "merged":
        sheet.frame((xs[1], ys[0]), (xs[3] - xs[1], ys[1] - ys[0]), width)
    if kind == "double":
        sheet.frame((xs[0] - 3, ys[0] - 3), (xs[-1] - xs[0] + 6, ys[-1] - ys[0] + 6), width)


class Cell(NamedTuple):
    """A cell of a grid by its place, from 1, and its text."""

    row: int
    column: int
    text: str
    rows: int = 1  # that it goes over
    columns: int = 1


def draw_grid(
    cells: Sequence[Cell], *, rules: bool = True, dash: float = 0.0, dpi: int = 200
) -> DrawnTable:
    """Draw a page with a table of given cells, each with rules around it or without any.

    Args:
        cells: the cells; what none of them covers is left open.
        rules: whether rules are drawn.
        dash: points of each dash of a rule, and two points of gap; 0: unbroken.
        dpi: the resolution of the picture.
    """
    sheet = Sheet(typeface("termes"), "table")
    sheet.put((Span("Kèm theo bảng sau đây của đơn vị"),), (LEFT, TOP + 40), _SIZE)
    count = max(cell.row + cell.rows for cell in cells) - 1
    columns = max(cell.column + cell.columns for cell in cells) - 1
    wide, tall, top = (RIGHT - LEFT) / columns, 24.0, TOP + 60.0
    texts = [["" for _ in range(columns)] for _ in range(count)]
    for cell in sorted(cells):
        texts[cell.row - 1][cell.column - 1] = cell.text
        left, y = LEFT + (cell.column - 1) * wide, top + (cell.row - 1) * tall
        if cell.column > 1:
            sheet.stay_on_line()
        if cell.text:
            middle = y + cell.rows * tall / 2 + 4
            sheet.put((Span(cell.text),), (left + 5, middle), _SIZE)
        if rules and not dash:
            sheet.frame((left, y), (cell.columns * wide, cell.rows * tall), 0.6)
        elif rules:
            _dashed(sheet, (left, y), (cell.columns * wide, cell.rows * tall), dash)
    below = top + count * tall + 40
    sheet.put((Span("Bảng này là một phần của văn bản nói trên."),), (LEFT, below), _SIZE)
    sheet.stamp()
    return DrawnTable(draw(sheet, dpi), tuple(map(tuple, texts)))


def _dashed(sheet: Sheet, corner: Point, size: Point, dash: float) -> None:
    """Draw a rectangle of dashes about two points apart, one at each end of a side."""
    (x, y), (wide, tall) = corner, size
    for at in _steps(wide, dash):
        for top in (y, y + tall):
            sheet.rule((x + at, top), dash, 0.5)
    for at in _steps(tall, dash):
        for left in (x, x + wide):
            sheet.strokes.append(Stroke(((left, y + at), (left, y + at + dash)), 0.5))


def _steps(length: float, dash: float) -> list[float]:
    count = round((length + 2) / (dash + 2))
    return [at * (length - dash) / (count - 1) for at in range(count)]
