"""Finds several papers on one sheet, side by side or one above another, and reads them in order.

Two leaves of A5 on a glass of A4, or an open booklet: nothing crosses the middle of a lying sheet.
Two short papers on a standing one: the national heading stands on it twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from pipeline.documents.fuzzy import folded_text, similarity
from pipeline.model import Box, Line, Page, PageText, Word

_LYING = 1.15  # width for each height of a sheet that two leaves lie on side by side
_MIDDLE = (0.42, 0.58)  # share of the width between which their gutter lies
_GUTTER = 2.0  # heights of a word: the least width of that gutter
_LINES = 8  # of a leaf, at least; a table or a diagram has fewer on one side
_FEW = 3  # lines of a paper that lies upside down; words of a line that shows its direction
_WIDE = 0.22  # share of the sheet's width that the print of a leaf has
_CHANGES = 0.2  # of its lines, at most, follow a line of the other leaf
_HEADING = "cong hoa xa hoi chu nghia viet nam"
_ALIKE = 0.8
_APART = 0.2  # share of the height between two national headings, at least
_NEAR = 2.5  # heights of a word above a heading in which its paper begins: the office beside it


class _Placed(NamedTuple):
    """A word and the box around it on the view."""

    word: Word
    left: float
    top: float
    right: float
    bottom: float


def with_parts(page: Page) -> Page:
    """Return a page with the places of its papers, and its lines paper by paper.

    A page that is one paper is returned as it is.
    """
    if page.view is None or len(page.text.lines) < 2:
        return page
    lines = [[_placed(page, word) for word in line.words] for line in page.text.lines]
    width, height = page.view.width, page.view.height
    parts = _turned(lines, width, height)
    parts = parts or _side_by_side(page, lines) or _above(lines, width, height)
    if not parts:
        return page
    sorted_lines = (
        Line(tuple(words))
        for number in range(len(parts))
        for line in lines
        if (words := [placed.word for placed in line if _part_of(placed, parts) == number])
    )
    return replace(page, text=PageText(tuple(sorted_lines)), parts=parts)


def _turned(lines: Sequence[Sequence[_Placed]], width: int, height: int) -> tuple[Box, ...]:
    """Return the two papers of a sheet of which one was read upside down."""
    wide = [line for line in lines if len(line) >= _FEW]
    turned = _bounds(line for line in wide if line[0].left > line[-1].right)
    rest = _bounds(line for line in wide if line[0].left <= line[-1].right)
    if turned is None or rest is None:
        return ()
    is_lying = width >= _LYING * height
    parts: list[tuple[bool, int, tuple[Box, ...]]] = []  # the likelier, the room between, places
    for first, second in ((turned, rest), (rest, turned)):
        if (room := second.top - first.bottom) >= 0:
            edge = first.bottom + room // 2
            places = Box(0, 0, width, edge), Box(0, edge, width, height - edge)
            parts.append((not is_lying, room, places))
        if (room := second.left - first.right) >= 0:
            edge = first.right + room // 2
            places = Box(0, 0, edge, height), Box(edge, 0, width - edge, height)
            parts.append((is_lying, room, places))
    return max(parts)[2] if parts else ()


def _bounds(lines: Iterable[Sequence[_Placed]]) -> Box | None:
    """Return what is around three lines or more; None around fewer."""
    found = list(lines)
    words = [word for line in found for word in line]
    if len(found) < _FEW:
        return None
    left, top = min(word.left for word in words), min(word.top for word in words)
    right, bottom = max(word.right for word in words), max(word.bottom for word in words)
    return Box(round(left), round(top), round(right - left), round(bottom - top))


def _placed(page: Page, word: Word) -> _Placed:
    assert page.view is not None
    box = word.box
    x, y = zip(
        page.view.project(box.left, box.top), page.view.project(box.right, box.bottom), strict=True
    )
    return _Placed(word, min(x), min(y), max(x), max(y))


def _part_of(placed: _Placed, parts: Sequence[Box]) -> int:
    """Return the place of the part in which a word lies; what lies outside is in the first."""
    x, y = (placed.left + placed.right) / 2, (placed.top + placed.bottom) / 2
    behind = (number for number, part in enumerate(parts) if part.left <= x and part.top <= y)
    return max(behind, default=0)


def _side_by_side(page: Page, lines: Sequence[Sequence[_Placed]]) -> tuple[Box, ...]:
    """Return the left and the right leaf of a lying sheet, if it has two."""
    assert page.view is not None
    width, height = page.view.width, page.view.height
    words = [word for line in lines for word in line]
    if width < _LYING * height or not words:
        return ()
    x = _gutter(words, width)
    if x is None or any(table.box.left < x < table.box.right for table in page.tables):
        return ()
    sides = [line[0].left >= x for line in lines if line]
    if sum(one != other for one, other in pairwise(sides)) > _CHANGES * len(sides):
        return ()  # rows of a table without rules
    for side in (
        [[word for word in line if word.right <= x] for line in lines],
        [[word for word in line if word.left >= x] for line in lines],
    ):
        leaf = [line for line in side if line]
        span = max((line[-1].right - line[0].left for line in leaf), default=0)
        if len(leaf) < _LINES or span < _WIDE * width:
            return ()
    return Box(0, 0, round(x), height), Box(round(x), 0, width - round(x), height)


def _gutter(words: Sequence[_Placed], width: int) -> float | None:
    """Return x of the middle of the widest upright strip in the middle without a word."""
    low, high = (share * width for share in _MIDDLE)
    tall = median(word.bottom - word.top for word in words)
    reached, best = max((w.right for w in words if w.left < low), default=0.0), (0.0, 0.0)
    for word in sorted((w for w in words if w.left >= low), key=lambda word: word.left):
        if word.left > reached:
            best = max(best, (word.left - reached, (word.left + reached) / 2))
        reached = max(reached, word.right)
    return best[1] if best[0] >= _GUTTER * tall and low <= best[1] <= high else None


def _above(lines: Sequence[Sequence[_Placed]], width: int, height: int) -> tuple[Box, ...]:
    """Return the papers of a standing sheet on which the national heading stands repeatedly."""
    heads = sorted(
        (min(placed.top for placed in line), max(placed.bottom for placed in line))
        for line in lines
        if similarity(folded_text(" ".join(each.word.text for each in line)), _HEADING) >= _ALIKE
    )
    if len(heads) < 2 or any(b[0] - a[0] < _APART * height for a, b in pairwise(heads)):
        return ()
    begins = [0, *(_begin(lines, *head) for head in heads[1:]), height]
    return tuple(Box(0, top, width, low - top) for top, low in pairwise(begins))


def _begin(lines: Sequence[Sequence[_Placed]], top: float, bottom: float) -> int:
    """Return where the paper of a national heading begins: below the last line well above it."""
    edge = top - (bottom - top) * _NEAR
    above = [word.bottom for line in lines for word in line if word.bottom <= top]
    last = max((low for low in above if low <= edge), default=0.0)
    return round((max(last, edge - (bottom - top)) + edge) / 2) if last > 0 else round(edge)
