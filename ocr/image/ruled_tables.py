"""Finds ruled tables on a page: their cells by rows and columns, in pixels of the view.

Rules are what stays of the ink after opening along a line. A table is what rules that touch part
into at least two rows and two columns of rectangles; the outline is drawn where a table is open at
its sides, as many printed ones are. What is in the cells is not looked at: the words of the page
that lie in a cell are its text (``pipeline.model.table_text``), so corrections and masking apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image.geometry import Pixels
from pipeline.model import Box, PageTable, TableCell

_RULE = 195  # normalised grey: thin rules are paler than letters once they are small
_ACROSS, _DOWN = 8.0, 5.0  # millimetres a rule is long at least; letters are lower than a row
_GAP = 1.0  # millimetres that a rule across may be broken, and by which rules may miss each other
_GAP_DOWN = 0.3  # millimetres: more would make rules of letters that stand below each other
_DASH = 0.7  # millimetres across a dash of a broken rule down, at most
_THICK = 1.6  # millimetres: what is thicker is an area, not a rule
_TABLE = (30.0, 8.0)  # millimetres wide and high at least
_CELL = (3.5, 2.8)  # millimetres: less is the room between a double rule
_EDGE = 2.4  # millimetres by which edges of one row or column may differ
_SQUARE = 0.8  # share of its box that a cell fills; a leaning one fills less
_COVERED = 0.6  # share of a table that its cells cover
_MOST_CELLS = 4_000  # of a page: a sheet of millimetre paper is no table
_Mask = NDArray[np.uint8]
_Edges = tuple[float, ...]  # where rows or columns begin and end, ascending, in pixels


def find_tables(upright: Pixels, millimetre: float) -> tuple[PageTable, ...]:
    """Return the ruled tables of a page, from top to bottom.

    Args:
        upright: the page upright and deskewed, 8-bit grey, its background normalised to 255.
        millimetre: the length of a millimetre in its pixels.
    """
    rules = _rules(upright, millimetre)
    found = (_table(box, part, millimetre) for box, part in _groups(rules, millimetre))
    return tuple(sorted(filter(None, found), key=lambda table: (table.box.top, table.box.left)))


def _rules(upright: Pixels, millimetre: float) -> _Mask:
    """Return the pixels of rules across and down; of rules in one direction only, none."""
    ink = np.asarray(upright < _RULE, np.uint8)
    across = _long(ink, (1, round(_ACROSS * millimetre)), millimetre)
    if not across.any():
        return across
    size = round(_DOWN * millimetre), 1
    down = _long(ink, size, millimetre)
    if not down.any():
        down = _long(_dashes_down(ink, millimetre), size, millimetre)
    return np.asarray(across | down if down.any() else down, np.uint8)


def _dashes_down(ink: _Mask, millimetre: float) -> _Mask:
    """Return thin upright strokes joined where they follow one another closely, as dashes do.

    Letters of two lines are farther apart, and most are broader.
    """
    broad = np.ones((1, round(_DASH * millimetre) + 1), np.uint8)
    thin = cv2.subtract(ink, cv2.morphologyEx(ink, cv2.MORPH_OPEN, broad))
    gap = np.ones((round(_GAP * millimetre), 1), np.uint8)
    return np.asarray(cv2.morphologyEx(thin, cv2.MORPH_CLOSE, gap), np.uint8)


def _long(ink: _Mask, size: tuple[int, int], millimetre: float) -> _Mask:
    """Return the ink that is long in one direction (rows, columns of ``size``) and thin."""
    side = (3, 1) if size[0] == 1 else (1, 3)  # a rule that leans a little goes on a row further
    gap, down = (max(1, round(one * millimetre)) for one in (_GAP, _GAP_DOWN))
    gaps = (1, gap) if size[0] == 1 else (down, 1)
    wide = cv2.dilate(ink, np.ones(side, np.uint8))
    closed = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, np.ones(gaps, np.uint8))
    long = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones(size, np.uint8))
    thick = max(3, round(_THICK * millimetre))
    area = (thick, 1) if size[0] == 1 else (1, thick)
    blots = cv2.morphologyEx(long, cv2.MORPH_OPEN, np.ones(area, np.uint8))
    return np.asarray(cv2.subtract(long, blots), np.uint8)


def _groups(rules: _Mask, millimetre: float) -> Iterable[tuple[Box, _Mask]]:
    """Yield rules that touch, or nearly do, without what else lies in their box, and that box."""
    if not rules.any():
        return
    near = np.ones((max(1, round(_GAP * millimetre)),) * 2, np.uint8)
    joined = cv2.dilate(rules, near)
    outlines, tree = cv2.findContours(joined, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    for outline, (*_, parent) in zip(outlines, tree[0].tolist(), strict=True):
        box = Box(*cv2.boundingRect(outline))
        if parent < 0 and _is_large(box.width, box.height, millimetre):  # no hole
            window = np.s_[box.top : box.bottom, box.left : box.right]
            labels = cv2.connectedComponents(joined[window], connectivity=8)[1]
            x, y = outline[0, 0].tolist()
            yield box, np.asarray(labels == labels[y - box.top, x - box.left], np.uint8)


def _is_large(width: int, height: int, millimetre: float) -> bool:
    """Tell whether rules are as wide and as high as those of a table."""
    return width >= _TABLE[0] * millimetre and height >= _TABLE[1] * millimetre


def _table(box: Box, part: _Mask, millimetre: float) -> PageTable | None:
    """Return the table in a box; None where its rules do not part it into rows and columns."""
    part[[0, -1], :], part[:, [0, -1]] = 1, 1  # open at the sides: the outline closes it
    holes = _holes(part, millimetre)
    if not 4 <= len(holes) <= _MOST_CELLS:
        return None
    covered = sum(hole.width * hole.height for hole in holes)
    columns = _edges((end for hole in holes for end in (hole.left, hole.right)), millimetre)
    rows = _edges((end for hole in holes for end in (hole.top, hole.bottom)), millimetre)
    if min(len(columns), len(rows)) < 3 or covered < _COVERED * box.width * box.height:
        return None
    cells = sorted(_cells(holes, rows, columns, box), key=lambda cell: (cell.row, cell.column))
    is_table = len({cell.column for cell in cells}) > 1 and len({cell.row for cell in cells}) > 1
    return PageTable(box, len(rows) - 1, len(columns) - 1, tuple(cells)) if is_table else None


def _holes(part: _Mask, millimetre: float) -> list[Box]:
    """Return the rectangles that rules enclose; other shapes, and slits, are left out."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(1 - part, connectivity=4)
    if count > _MOST_CELLS:
        return []
    grown = max(1, round(_GAP * millimetre)) // 2 + 1  # the rules were made so much thicker
    return [
        Box(left - grown, top - grown, width + 2 * grown, height + 2 * grown)
        for left, top, width, height, area in stats[1:].tolist()
        if width >= _CELL[0] * millimetre
        and height >= _CELL[1] * millimetre
        and area >= _SQUARE * width * height
    ]


def _edges(places: Iterable[float], millimetre: float) -> _Edges:
    """Return the edges that places gather at: the means of those that lie close together."""
    ordered = sorted(places)
    cuts = [0, *(n for n, (a, b) in enumerate(pairwise(ordered), 1) if b - a > _EDGE * millimetre)]
    return tuple(float(np.mean(ordered[a:b])) for a, b in pairwise([*cuts, len(ordered)]))


def _nearest(edges: _Edges, place: float) -> int:
    """Return the number of the nearest edge, from 0."""
    return min(range(len(edges)), key=lambda one: abs(edges[one] - place))


def _cells(holes: Sequence[Box], rows: _Edges, columns: _Edges, table: Box) -> Iterable[TableCell]:
    """Yield each hole with its place among rows and columns, both from 1."""
    for hole in holes:
        top, bottom = _nearest(rows, hole.top), _nearest(rows, hole.bottom)
        left, right = _nearest(columns, hole.left), _nearest(columns, hole.right)
        if bottom > top and right > left:
            place = Box(hole.left + table.left, hole.top + table.top, hole.width, hole.height)
            yield TableCell(top + 1, left + 1, bottom - top, right - left, place)
