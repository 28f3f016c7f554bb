"""Puts lines into reading order: the two columns of a head or a foot one after the other.

Tesseract joins words of one height into a line: agency and national heading, recipients and signer.
Where a white gutter runs down through several rows, the words left of it are read before the words
right of it, if it separates columns and not the cells of a table. Positions are pixels of the
upright image, origin top left; lengths are compared with the height of words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ocr.engines.port import OcrWord
from pipeline.model import Box

_WIDE_GAP = 1.7  # heights of a line: a wider gap separates two things that share a baseline
_GUTTER = 0.8  # heights: the least width between two columns; spaces between words have 0.3
_MIDDLE = (0.25, 0.75)  # share of the print's width between which a gutter may lie
_SAME_ROW = 0.5  # heights by which the middles of words of one row may differ
_EVEN = 1.5  # times the narrowest gap of a row: all are as wide in letter-spaced words
_LEAST_EVEN = 3  # gaps that show it
_NEAR = 2.2  # heights from row to row within a column
_CAPITALS = 0.7  # share of capitals in the first rows of heads and signatures
_FIRST_ROWS = 2  # of a column, in which capitals are looked for
_ALTERNATIONS = 2  # changes of side that show two columns whose rows never share a height
_BOTH, _LEFT = (True, True), (True, False)  # which sides of the gutter have words
_TABLE_CELLS = 3  # parts of a row that make it a row of a table
_PUNCTUATION = ".,:;()-"


class _Row(NamedTuple):
    """Words of one height from left to right, the height of their middle, and their own height."""

    words: Sequence[OcrWord]
    middle: float
    height: float


class _Interval(NamedTuple):
    """A horizontal interval without print."""

    left: float
    right: float


class _Zone(NamedTuple):
    """Consecutive rows that a gutter divides into two columns."""

    rows: Sequence[_Row]
    gutter: float  # x of its middle

    @property
    def lines(self) -> list[list[OcrWord]]:
        """The rows of the left column, then those of the right one."""
        return self.left + self.right

    @property
    def words(self) -> Iterator[OcrWord]:
        """All words of all rows."""
        return (word for row in self.rows for word in row.words)

    @property
    def left(self) -> list[list[OcrWord]]:
        """The rows of the left column."""
        sides = ([w for w in row.words if w.box.left < self.gutter] for row in self.rows)
        return [row for row in sides if row]

    @property
    def right(self) -> list[list[OcrWord]]:
        """The rows of the right column."""
        sides = ([w for w in row.words if w.box.left >= self.gutter] for row in self.rows)
        return [row for row in sides if row]


def in_reading_order(lines: Sequence[Sequence[OcrWord]]) -> Iterator[list[OcrWord]]:
    """Yield lines in the order people read them, split where the gap is too wide for a space.

    A paper that lies upside down beside another is ordered by itself, as it reads.

    Args:
        lines: the words of an upright, deskewed page, in the engine's lines and order.
    """
    upright = [[word for word in line if not word.turned] for line in lines]
    turned = [_turned_round([word for word in line if word.turned]) for line in lines]
    papers = [_ordered(upright), map(_turned_round, _ordered(turned))]
    is_turned_first = next((line[0].turned for line in lines if line), False)
    for paper in reversed(papers) if is_turned_first else papers:
        yield from paper


def _turned_round(words: Sequence[OcrWord]) -> list[OcrWord]:
    """Turn words by 180 degrees around the origin; twice gives back what was."""
    boxes = (Box(-w.box.right, -w.box.bottom, w.box.width, w.box.height) for w in words)
    return [replace(word, box=box) for word, box in zip(words, boxes, strict=True)]


def _ordered(lines: Sequence[Sequence[OcrWord]]) -> Iterator[list[OcrWord]]:
    """Yield the lines of upright papers in reading order, split at wide gaps."""
    parts = [part for line in lines for part in split_at_gaps(line)]
    zones = list(_zones(_rows(parts)))
    zone_of = {id(word): number for number, zone in enumerate(zones) for word in zone.words}
    done: set[int] = set()
    for part in parts:
        number = zone_of.get(id(part[0]))
        if number is None:
            yield part
        elif number not in done:
            done.add(number)
            yield from (piece for row in zones[number].lines for piece in split_at_gaps(row))


def split_at_gaps(words: Sequence[OcrWord]) -> Iterator[list[OcrWord]]:
    """Split the words of a line where the gap between two is too wide for a space."""
    if not words:
        return
    limit = _WIDE_GAP * median(word.box.height for word in words)
    part = [words[0]]
    for word in words[1:]:
        if word.box.left - part[-1].box.right > limit:
            yield part
            part = []
        part.append(word)
    yield part


def _rows(lines: Sequence[Sequence[OcrWord]]) -> list[_Row]:
    """Join the engine's lines of one height into rows, top to bottom."""
    rows: list[list[OcrWord]] = []
    middle, height = 0.0, 0.0
    for line in sorted(filter(None, lines), key=_middle):
        if rows and _middle(line) - middle < _SAME_ROW * min(height, _height(line)):
            rows[-1] += line
        else:
            rows.append(list(line))
        middle, height = _middle(rows[-1]), _height(rows[-1])
    return [
        _Row(sorted(row, key=lambda word: word.box.left), _middle(row), _height(row))
        for row in rows
    ]


def _middle(line: Sequence[OcrWord]) -> float:
    return median(word.box.top + word.box.height / 2 for word in line)


def _height(line: Sequence[OcrWord]) -> float:
    return median(word.box.height for word in line)


def _zones(rows: Sequence[_Row]) -> Iterator[_Zone]:
    """Yield the zones of a page from top to bottom."""
    words = [word for row in rows for word in row.words]
    left = min((word.box.left for word in words), default=0)
    span = _Interval(left, max((word.box.right for word in words), default=0))
    at = 0
    while at < len(rows):
        zone = _two_columns(*_rows_with_gutter(rows[at:], span))
        if zone is not None and _is_head_or_foot(zone):
            yield zone
            at += len(zone.rows)
        else:
            at += 1


def _rows_with_gutter(rows: Sequence[_Row], span: _Interval) -> tuple[Sequence[_Row], float]:
    """Return the first rows, as many as one gutter runs through, and x of the gutter's middle."""
    width = span.right - span.left
    gutters = [_Interval(span.left + _MIDDLE[0] * width, span.left + _MIDDLE[1] * width)]
    taken: list[_Row] = []
    for row in rows:
        both = [
            _Interval(max(gutter.left, gap.left), min(gutter.right, gap.right))
            for gap in _gaps(row, span)
            for gutter in gutters
        ]
        wide = [each for each in both if each.right - each.left >= _GUTTER * row.height]
        if not wide:
            break
        gutters = wide
        taken.append(row)
    widest = max(gutters, key=lambda gutter: gutter.right - gutter.left)
    return taken, (widest.left + widest.right) / 2


def _gaps(row: _Row, span: _Interval) -> Iterator[_Interval]:
    """Yield the intervals of a row without print, the margins included.

    Where all words stand equally far apart, none of their gaps parts two columns.
    """
    first, *rest = row.words
    yield _Interval(span.left - row.height, first.box.left)
    inner, reached = [], first.box.right
    for word in rest:
        if word.box.left > reached:
            inner.append(_Interval(reached, word.box.left))
        reached = max(reached, word.box.right)
    widths = [gap.right - gap.left for gap in inner]
    if len(widths) < _LEAST_EVEN or max(widths) > _EVEN * min(widths):
        yield from inner
    yield _Interval(reached, span.right + row.height)


def _two_columns(rows: Sequence[_Row], gutter: float) -> _Zone | None:
    """Return the rows in which two columns stand side by side, if there are such."""
    sides = [_sides(row, gutter) for row in rows]
    changes = [at for at, (one, other) in enumerate(pairwise(sides), start=1) if one != other]
    both = [at for at, side in enumerate(sides) if side == _BOTH]
    if not both and len(changes) < _ALTERNATIONS:
        return None
    end = max([at + 1 for at in (*changes, *both)])
    while end < len(rows) and sides[end] == _LEFT and _follows(rows[end - 1], rows[end]):
        end += 1
    return _Zone(rows[: min(end, len(rows))], gutter)


def _sides(row: _Row, gutter: float) -> tuple[bool, bool]:
    """Tell whether a row has words left and right of the gutter."""
    lefts = [word.box.left < gutter for word in row.words]
    return any(lefts), not all(lefts)


def _follows(row: _Row, after: _Row) -> bool:
    return after.middle - row.middle < _NEAR * max(row.height, after.height)


def _is_head_or_foot(zone: _Zone) -> bool:
    """Tell whether a zone is head or foot: its right column begins in capitals, no table in it."""
    tabular = sum(len(list(split_at_gaps(row.words))) >= _TABLE_CELLS for row in zone.rows)
    titled = any(map(_is_capitals, zone.right[:_FIRST_ROWS]))
    return len(zone.rows) > 1 and titled and tabular <= len(zone.rows) / 2


def _is_capitals(row: Sequence[OcrWord]) -> bool:
    words = [word.text.strip(_PUNCTUATION) for word in row]
    letters = "".join(word for word in words if word.isalpha())  # numbers have capitals as well
    return sum(map(str.isupper, letters)) > _CAPITALS * max(len(letters), 1)
