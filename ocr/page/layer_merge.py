"""Puts lines that were read among those of a text layer, in the order of the upright page.

A layer has its own order, which is kept: of columns, of cells. A line that was read goes behind the
one that it stands below. Beside others, as a printed label is beside what was typed into a form, it
stands in their row from left to right, and is one line with its neighbour where a space parts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ocr.image.geometry import Mapping, map_box
from pipeline.model import Box, Line, PageText

LAYERS = "t2"  # part of the recipe: another place of what was read gives other lines
_SAME_ROW = 0.5  # heights of the lower one by which the middles of lines of one row may differ
_SPACE = 1.7  # heights: a wider gap parts two lines, as in reading_order


class Upright(NamedTuple):
    """A line, its box in pixels of the upright image."""

    line: Line
    box: Box

    @property
    def middle(self) -> float:
        """The height of its middle on the upright image."""
        return self.box.top + self.box.height / 2

    def is_beside(self, other: Upright) -> bool:
        """Tell whether both stand in one row, one behind the other."""
        low = min(self.box.height, other.box.height)
        apart = self.box.right <= other.box.left or other.box.right <= self.box.left
        return apart and abs(self.middle - other.middle) < _SAME_ROW * low

    def is_above(self, other: Upright) -> bool:
        """Tell whether this stands above the other, or over some of it."""
        over = self.box.left < other.box.right and other.box.left < self.box.right
        return over and self.middle <= other.middle

    def is_before(self, other: Upright) -> bool:
        """Tell whether this is read before the other by its place alone."""
        if self.is_beside(other):
            return self.box.left < other.box.left
        return self.middle <= other.middle


def upright_lines(lines: Sequence[Line], mapping: Mapping) -> list[Upright]:
    """Return lines with their boxes on the image that a mapping leads to."""
    return [Upright(line, map_box(line.box, mapping)) for line in lines]


def merged(taken: Sequence[Line], more: Sequence[Line], mapping: Mapping) -> PageText:
    """Return the lines of a layer with others in their places.

    Args:
        taken: the lines of the layer, in its order.
        more: the lines that were read besides.
        mapping: leads from the page to the upright image.
    """
    page = upright_lines(taken, mapping)
    for new in upright_lines(more, mapping):
        page.insert(_place(new, page), new)
    return PageText(tuple(each.line for each in _joined(page, set(map(id, more)))))


def _place(new: Upright, page: Sequence[Upright]) -> int:
    above = [at for at, old in enumerate(page) if old.is_above(new)]
    row = [new, *(page[at] for at in above[-1:])]
    if above:
        at = above[-1] + 1
    else:
        at = next((at for at, old in enumerate(page) if not old.is_before(new)), len(page))
    while at < len(page) and page[at].is_before(new) and any(map(page[at].is_beside, row)):
        at += 1
    return at


def _joined(page: Sequence[Upright], read: set[int]) -> list[Upright]:
    """Return lines where one that was read and its neighbour of the layer are one line."""
    lines: list[Upright] = []
    was_read = False
    for each in page:
        is_read = id(each.line) in read
        before = lines[-1] if lines else None
        if before and is_read is not was_read and _is_next(before, each):
            words = (*before.line.words, *each.line.words)
            lines[-1] = Upright(Line(words), before.box.union(each.box))
        else:
            lines.append(each)
        was_read = is_read
    return lines


def _is_next(left: Upright, right: Upright) -> bool:
    gap = right.box.left - left.box.right
    return left.is_beside(right) and 0 <= gap < _SPACE * min(left.box.height, right.box.height)
