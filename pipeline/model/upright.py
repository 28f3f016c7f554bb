"""Turns places of a page upright, and tells on which paper of a sheet they lie. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from pipeline.model.page import Page, PageMeasures
from pipeline.model.page_geometry import Box


def upright_box(box: Box, measures: PageMeasures) -> Box:
    """Return a box of the original page on the page that is turned upright and deskewed.

    Args:
        box: pixels of the original page.
        measures: how the page lies and leans.
    """
    return _deskewed(_rotated(box, measures), measures)


def part_of(page: Page, box: Box) -> int:
    """Return the index of the paper of a sheet on which a box lies; 0 where it lies on none.

    Args:
        page: the sheet.
        box: pixels of the original page.
    """
    if page.view is None:
        return 0
    x, y = page.view.project(box.left + box.width / 2, box.top + box.height / 2)
    behind = (at for at, part in enumerate(page.parts) if part.left <= x and part.top <= y)
    return max(behind, default=0)


def parts_beside(page: Page, number: int) -> list[int]:
    """Return the indices of the papers that lie to the right of one on the same sheet.

    Args:
        page: the sheet.
        number: index of that one.
    """
    own = page.parts[number]
    return [at for at, part in enumerate(page.parts) if part.left >= own.right]


def is_upside_down(lines: Iterable[Sequence[Box]]) -> bool:
    """Tell whether most lines run from right to left, as those of a paper that lies upside down.

    Args:
        lines: the upright boxes of each line's words, in the order in which they were read.
    """
    steps = [line[0].left > line[-1].left for line in lines if len(line) > 1]
    return 2 * sum(steps) > len(steps)


def turned_box(box: Box, within: Box) -> Box:
    """Return where a box comes to lie when what is around it is turned by 180 degrees.

    Args:
        box: the box.
        within: the area that is turned and keeps its place.
    """
    left, top = within.left + within.right - box.right, within.top + within.bottom - box.bottom
    return Box(left, top, box.width, box.height)


def _rotated(box: Box, measures: PageMeasures) -> Box:
    """Map a box of the original page to the page turned clockwise by ``measures.orientation``."""
    if measures.orientation == 90:
        return Box(measures.height - box.bottom, box.left, box.height, box.width)
    if measures.orientation == 180:
        return Box(measures.width - box.right, measures.height - box.bottom, box.width, box.height)
    if measures.orientation == 270:
        return Box(box.top, measures.width - box.right, box.height, box.width)
    return box


def _deskewed(box: Box, measures: PageMeasures) -> Box:
    """Undo the skew that is left after rotating (degrees, positive leans clockwise)."""
    if not measures.skew:
        return box
    lean = math.tan(math.radians(measures.skew))
    across, down = measures.width / 2, measures.height / 2
    if measures.orientation in (90, 270):
        across, down = down, across
    height = max(1, round(box.height - abs(lean) * box.width))
    middle_x, middle_y = box.left + box.width / 2, box.top + box.height / 2
    top = middle_y - lean * (middle_x - across) - height / 2
    return Box(round(box.left + lean * (middle_y - down)), round(top), box.width, height)
