"""Separator sheets with Kodak's patch codes, as they are printed and put between papers."""

from __future__ import annotations

from tests.paper.fonts import Typeface
from tests.paper.sheet import HEIGHT, WIDTH, Sheet, Stroke

PATTERNS = {"1": "WNNW", "2": "WNWN", "3": "WWNN", "4": "NWWN", "6": "NNWW", "T": "NWNW"}
_NARROW, _WIDE, _LENGTH, _EDGE = 0.08 * 72, 0.2 * 72, 2.5 * 72, 15.0  # points


def patch_sheet(face: Typeface, code: str = "T", *, lying: bool = False, size: float = 1) -> Sheet:
    """Lay out a sheet with one patch code near its upper edge, or its left one when ``lying``."""
    sheet = Sheet(face, "patch")
    at = _EDGE
    middle = (HEIGHT if lying else WIDTH) / 2
    start, end = middle - _LENGTH * size / 2, middle + _LENGTH * size / 2
    for bar in PATTERNS[code]:
        after = at + (_WIDE if bar == "W" else _NARROW) * size
        corners = ((start, at), (end, at), (end, after), (start, after))
        points = tuple((y, x) for x, y in corners) if lying else corners
        sheet.strokes.append(Stroke(points, 0))
        at = after + _NARROW * size
    return sheet
