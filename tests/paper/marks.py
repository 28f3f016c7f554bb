"""What hands leave on paper: seals, signatures, ticks, and a square that looks like a QR code.

All of it is abstract: the seal's ring says that it is made up, the signature is a squiggle, the
square cannot be decoded.
"""

from __future__ import annotations

import math
from random import Random

from tests.paper.fonts import Style
from tests.paper.sheet import BLACK, BLUE, MM, RED, Colour, Piece, Point, Sheet, Stroke
from tests.paper.truth import STAMP

_RING = f"{STAMP} ★ KHÔNG CÓ GIÁ TRỊ "


def seal(sheet: Sheet, centre: Point, random: Random, radius: float = 17 * MM) -> None:
    """Press a red round seal; NĐ 30/2020/NĐ-CP: over the left third of the signature."""
    for share, width in ((1.0, 1.6), (0.93, 0.6), (0.62, 0.8)):
        sheet.strokes.append(Stroke(_circle(centre, radius * share), width, RED))
    _ring_text(sheet, centre, radius * 0.72, random.uniform(0, 360))
    sheet.strokes.append(Stroke(_star(centre, radius * 0.36), 0.0, RED))


def head_mark(
    sheet: Sheet, text: str, at: Point, ink: Colour, *, framed: bool = True, lean: float = 0.0
) -> None:
    """Stamp a mark of secrecy or urgency; ``at`` is where its letters begin, on their baseline."""
    size, room = 14, (2.5 * MM, 1.9 * MM)
    width = sheet.typeface.width(text, Style.BOLD, size)
    turned = math.radians(lean)

    def placed(x: float, y: float) -> Point:
        cosine, sine = math.cos(turned), math.sin(turned)
        return at[0] + x * cosine - y * sine, at[1] + x * sine + y * cosine

    sheet.pieces.append(Piece(text, *at, size, Style.BOLD, "", -1, -1, ink, lean))
    if framed:
        left, right, top, low = -room[0], width + room[0], -0.72 * size - room[1], room[1]
        corners = ((left, top), (right, top), (right, low), (left, low), (left, top))
        sheet.strokes.append(Stroke(tuple(placed(*corner) for corner in corners), 1.2, ink))


def signature(sheet: Sheet, corner: Point, random: Random) -> None:
    """Draw a squiggle of about 45 × 16 mm from its left upper corner."""
    strokes = [_loops(random), _swing(random)]
    for points in strokes:
        placed = tuple((corner[0] + x * 45 * MM, corner[1] + y * 16 * MM) for x, y in points)
        sheet.strokes.append(Stroke(placed, random.uniform(0.7, 1.2), BLUE))


def tick_box(sheet: Sheet, at: Point, size: float, *, ticked: bool) -> None:
    """Draw a box standing on the baseline at ``at``, with a cross when ticked."""
    x, y = at[0], at[1] - size
    sheet.frame((x, y), (size, size), 0.7)
    if ticked:
        for start, end in (((x, y), (x + size, y + size)), ((x + size, y), (x, y + size))):
            sheet.strokes.append(Stroke((start, end), 1.1, BLUE))


def code_square(sheet: Sheet, corner: Point, side: float, random: Random) -> None:
    """Draw cells with three corner marks: it looks like a QR code and says nothing."""
    cells = 29
    cell = side / cells
    for row in range(cells):
        for column in range(cells):
            if _is_dark(row, column, cells, random):
                x, y = corner[0] + column * cell, corner[1] + row * cell
                points = ((x, y), (x + cell, y), (x + cell, y + cell), (x, y + cell))
                sheet.strokes.append(Stroke(points, 0.0, BLACK))


def _is_dark(row: int, column: int, cells: int, random: Random) -> bool:
    for corner in ((0, 0), (0, cells - 7), (cells - 7, 0)):
        inside = row - corner[0], column - corner[1]
        if all(-1 <= at <= 7 for at in inside):
            ring = max(abs(at - 3) for at in inside)
            return ring in {0, 1, 3}
    return random.random() < 0.48


def _circle(centre: Point, radius: float) -> tuple[Point, ...]:
    turns = (math.tau * step / 96 for step in range(97))
    return tuple(
        (centre[0] + radius * math.cos(t), centre[1] + radius * math.sin(t)) for t in turns
    )


def _star(centre: Point, radius: float) -> tuple[Point, ...]:
    points = []
    for step in range(10):
        reach = radius if step % 2 == 0 else radius * 0.4
        turn = math.tau * step / 10 - math.pi / 2
        points.append((centre[0] + reach * math.cos(turn), centre[1] + reach * math.sin(turn)))
    return tuple(points)


def _ring_text(sheet: Sheet, centre: Point, radius: float, start: float) -> None:
    size = 6.6
    widths = [sheet.typeface.width(letter, Style.BOLD, size) for letter in _RING]
    spread = math.tau * radius / sum(widths)
    turned = math.radians(start)
    for letter, width in zip(_RING, widths, strict=True):
        x = centre[0] + radius * math.sin(turned)
        y = centre[1] - radius * math.cos(turned)
        if letter != "★":
            turn = math.degrees(turned)
            sheet.pieces.append(Piece(letter, x, y, size, Style.BOLD, "", -1, -1, RED, turn))
        turned += width * spread / radius


def _loops(random: Random) -> list[Point]:
    points = []
    waves = random.randint(3, 6)
    tilt, height = random.uniform(0.1, 0.5), random.uniform(0.35, 0.7)
    for step in range(160):
        t = step / 159
        turn = t * waves * math.tau
        x = 0.08 + 0.62 * t + 0.06 * math.cos(turn)
        y = 0.62 - tilt * t + height * 0.5 * math.sin(turn) * (1 - 0.6 * t)
        points.append((x, y))
    return points


def _swing(random: Random) -> list[Point]:
    low, high = random.uniform(0.75, 0.95), random.uniform(0.25, 0.6)
    points = []
    for step in range(60):
        t = step / 59
        points.append((0.95 * t, low + (high - low) * t + 0.18 * math.sin(math.pi * t)))
    return points
