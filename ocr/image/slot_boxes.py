"""Finds a row of printed boxes, one for each figure of a number, and what is between their sides.

The number of boxes is known before: a rule below or above that parts into as many equal pieces as
the number has figures, with short strokes between them, is theirs. They may share their sides,
stand apart, or be a comb that is open above.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_EVEN = 0.2  # share of a cell by which rows of boxes may miss equal cells
_CELL = (0.75, 2.6)  # row heights that a cell is wide
_SIDES = 0.7  # share of the sides between cells that must be seen
_RULES = 4  # rules that are looked at below a row, and above it
_SHORTEST = 2.0  # row heights of the strokes across on a row that may be a rule
_NEXT_RULE = 0.12  # row heights from one rule to the next
_COVERED = 0.4  # share of the width of all boxes that their rule covers
_THICK = 6  # pixels above and below the middle of a rule that may be its own
Mask = NDArray[np.uint8]


class Span(NamedTuple):
    """From where to where something goes, in pixels."""

    left: int
    right: int


class Boxes(NamedTuple):
    """What was found."""

    cells: tuple[Span, ...]  # between the sides
    printed: Mask  # 1 where their rules and sides are
    edges: Span | None  # the rows of the rules above and below; -1: none above


def find_boxes(seen: Mask, across: Mask, height: float, counts: Sequence[int]) -> Boxes:
    """Return the boxes that a rule below or above parts.

    Args:
        seen: 1 where anything is drawn on a band whose middle is the row's.
        across: the pixels that lie in long strokes across.
        height: the height of a row of print, in pixels.
        counts: how many boxes there may be.
    """
    printed = np.zeros_like(seen)
    middle = across.shape[0] / 2
    zones = [
        slice(max(0, round(middle + start * height)), round(middle + end * height))
        for start, end in ((0.25, 1.25), (-1.4, -0.3))
    ]
    rules = [_rules(across, zone, height) for zone in zones]
    fitting = [
        cells
        for is_below, rows in zip((True, False), rules, strict=True)
        for at in rows
        for count in counts
        for cells in _even(_segments(_along(across, at), height), count, height)
        if _sides(seen, cells, at, height, is_below=is_below) >= _SIDES
    ]
    if not fitting:
        return Boxes((), printed, None)
    # Half a box begins with the stroke of a figure: the largest are right.
    cells = max(fitting, key=lambda each: each[-1].right - each[0].left)
    low = _own_rule((seen, across), rules[0], cells, height, 0.0)
    top = _own_rule((seen, across), rules[1], cells, height, _SIDES)
    for row in filter(None, (low, top)):
        _draw_rule(printed, seen, across, row, cells)
    edges = Span(-1 if top is None else top, round(middle + height) if low is None else low)
    return Boxes(_without_sides(printed, seen, cells, edges, height), printed, edges)


def _rules(across: Mask, zone: slice, height: float) -> list[int]:
    """Return the rows of the longest rules of a zone: those of other rows lie there as well."""
    length = across[zone].sum(axis=1).astype(np.int64)
    rows: list[int] = []
    while len(rows) < _RULES and length.size and length.max() >= _SHORTEST * height:
        at = int(np.argmax(length))
        rows.append(zone.start + at)
        room = max(3, round(_NEXT_RULE * height))
        length[max(0, at - room) : at + room + 1] = 0
    return rows


def _along(across: Mask, at: int) -> NDArray[np.bool_]:
    return np.asarray(across[max(0, at - 2) : at + 3].max(axis=0) > 0)


def _own_rule(
    marks: tuple[Mask, Mask],
    rows: Sequence[int],
    cells: Sequence[Span],
    height: float,
    least: float,
) -> int | None:
    """Return the row of the rule on which the sides of boxes stand; None where there is none.

    Args:
        marks: where anything is drawn, and where strokes across are.
        rows: the rules above or below.
        cells: the boxes.
        height: the height of a row of print, in pixels.
        least: share of the sides that must be seen; rules above belong to the row above a comb.
    """
    seen, across = marks
    whole = slice(cells[0].left, cells[-1].right)
    long = [at for at in rows if _along(across, at)[whole].mean() >= _COVERED]
    is_below = bool(rows) and rows[0] > seen.shape[0] / 2
    shares = {at: _sides(seen, cells, at, height, is_below=is_below) for at in long}
    own = max(long, key=lambda at: shares[at], default=None)
    return own if own is not None and shares[own] >= least else None


def _draw_rule(printed: Mask, seen: Mask, across: Mask, at: int, cells: Sequence[Span]) -> None:
    """Mark the rule that goes along a row, as thick as it is."""
    whole = slice(cells[0].left, cells[-1].right)
    near = slice(max(0, at - _THICK), at + _THICK + 1)
    along = across[near, whole].sum(axis=1)
    for row in (near.start + np.flatnonzero(along > 0.5 * along.max())).tolist():
        printed[row, whole] = seen[row, whole]


def _segments(columns: NDArray[np.bool_], height: float) -> list[Span]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], columns.astype(np.int8), [0]))))
    spans = [Span(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [span for span in spans if span.right - span.left >= 0.6 * height]


def _even(segments: Sequence[Span], count: int, height: float) -> Iterator[tuple[Span, ...]]:
    """Yield as many equal cells as a number has figures, of first runs of segments."""
    for last in range(1, len(segments) + 1):
        chosen = segments[:last]
        pitch = sum(each.right - each.left for each in chosen) / count
        parts = [(each.right - each.left) / pitch for each in chosen]
        numbers = [round(part) for part in parts]
        uneven = any(abs(a - b) > _EVEN for a, b in zip(parts, numbers, strict=True))
        fits = _CELL[0] * height <= pitch <= _CELL[1] * height
        if not fits or uneven or sum(numbers) != count:
            continue
        cells = []
        for each, number in zip(chosen, numbers, strict=True):
            edges = np.linspace(each.left, each.right, number + 1).round().astype(int).tolist()
            cells += [Span(a, b) for a, b in pairwise(edges)]
        yield tuple(cells)


def _sides(seen: Mask, cells: Sequence[Span], rule: int, height: float, *, is_below: bool) -> float:
    """Return the share of cells that begin with a short stroke on the rule."""
    reach = round(0.28 * height)
    zone = seen[max(0, rule - reach) : rule] if is_below else seen[rule + 1 : rule + 1 + reach]
    if not len(zone):
        return 0.0
    room = max(2, round(0.1 * height))
    found = 0
    for cell in cells:
        side = zone[:, max(0, cell.left - room) : cell.left + room + 1]
        found += bool(side.size and side.mean(axis=0).max() > 0.7)
    return found / len(cells)


def _without_sides(
    printed: Mask, seen: Mask, cells: Sequence[Span], rows: Span, height: float
) -> tuple[Span, ...]:
    """Mark the sides of boxes, and return what is between them."""
    room, most = max(2, round(0.1 * height)), max(3, round(0.24 * height))
    top = rows.left if rows.left >= 0 else rows.right - round(1.3 * height)
    zone = slice(max(0, top + 2), max(rows.right - 1, top + 3, 1))
    lower = slice(round((zone.start + 2 * zone.stop) / 3), zone.stop)  # a comb has no upper part
    full = seen[lower].mean(axis=0) > 0.75
    inner = []
    for cell in cells:
        left = cell.left + _last(full[max(0, cell.left) : cell.left + most], room)
        right = cell.right - _last(full[cell.right - most : cell.right][::-1], room)
        for begin, end in ((cell.left - room, left), (right, cell.right + room)):
            part = slice(max(0, begin), max(end, 0))
            printed[zone, part] = seen[zone, part]
        inner.append(Span(left, max(right, left + 1)))
    return tuple(inner)


def _last(full: NDArray[np.bool_], least: int) -> int:
    """Return how many pixels of a box its side takes, and paper beside it."""
    marked = np.flatnonzero(full)
    return max(least, int(marked[-1]) + 2 if len(marked) else 0)
