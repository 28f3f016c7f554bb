"""Turns the words of a page upright and groups them into rows; splits rows into columns.

Word boxes come in pixels of the original page, origin top left, which may be rotated or skewed.
Here they are rotated and deskewed once; every token keeps its original box beside the upright one.
Pure functions, no pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from pipeline.documents.confusions import normalise_punctuation
from pipeline.model import Box, Finding, Line, Page, PageMeasures, Source

SAME_ROW = 0.6  # rows whose middles are nearer than this share of their height are one row
WIDE_GAP = 1.0  # share of a row's height that words of one phrase do not leave between them
_RUN_GAP = 1.5  # the same for rows that a stamp or a margin note was read into


class Token(NamedTuple):
    """A word on the upright page."""

    text: str  # punctuation normalised
    confidence: float  # of the OCR engine, 0-1
    box: Box  # upright pixels, origin top left
    original_box: Box  # pixels of the original page


class Row(NamedTuple):
    """Tokens on one height, left to right; never empty."""

    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        """The tokens, one space between them."""
        return " ".join(token.text for token in self.tokens)

    @property
    def box(self) -> Box:
        """The bounding box of all tokens, in upright pixels."""
        return _bounding_box(token.box for token in self.tokens)

    @property
    def middle(self) -> float:
        """The vertical middle in upright pixels, robust against one token with a bad box."""
        return median(token.box.top + token.box.height / 2 for token in self.tokens)

    @property
    def height(self) -> float:
        """The median height of its tokens, in pixels."""
        return median(token.box.height for token in self.tokens)

    @property
    def confidence(self) -> float:
        """Mean confidence, weighted by letters (0-1)."""
        letters = sum(len(token.text) for token in self.tokens)
        return sum(t.confidence * len(t.text) for t in self.tokens) / letters if letters else 0.0


class PageRows(NamedTuple):
    """A page turned upright, its rows from top to bottom."""

    number: int  # within the dossier, from 1
    source: Source
    width: int  # pixels of the upright page
    height: int
    rows: tuple[Row, ...]


class PageOfDossier(NamedTuple):
    """A page with its number within the dossier."""

    number: int  # from 1
    page: Page


def rows_of(numbered: PageOfDossier) -> PageRows:
    """Turn a page's words upright and group those on one height into rows.

    OCR engines part lines at wide gaps or join columns, as they please; here rows are whole, and
    whoever needs columns calls ``split_columns``.
    """
    page, measures = numbered.page, numbered.page.measures
    width, height = measures.width, measures.height
    if measures.orientation in (90, 270):
        width, height = height, width
    rows = [row for line in page.text.lines if (row := _row(line, measures))]
    return PageRows(numbered.number, page.source, width, height, tuple(_merged_rows(rows)))


def _rotated(box: Box, measures: PageMeasures) -> Box:
    """Map a box of the original page to the page turned clockwise by ``measures.orientation``."""
    if measures.orientation == 90:
        return Box(measures.height - box.bottom, box.left, box.height, box.width)
    if measures.orientation == 180:
        return Box(measures.width - box.right, measures.height - box.bottom, box.width, box.height)
    if measures.orientation == 270:
        return Box(box.top, measures.width - box.right, box.height, box.width)
    return box


def split_columns(
    rows: Iterable[Row], boundary: float, reach: float
) -> tuple[list[Row], list[Row]]:
    """Split rows into a left and a right column, each from top to bottom.

    Tesseract joins the two columns of a head into one line or tears one line apart; parts of one
    column on one height become one row again.

    Args:
        rows: rows of one page, in any order.
        boundary: where the right column is expected to begin, in upright pixels from the left.
        reach: how far from the boundary the gap may be, in pixels; the widest one counts.
    """
    left: list[Token] = []
    right: list[Token] = []
    lefts, rights = [], []
    for row in rows:
        cut = _split_index(row, boundary, reach)
        left, right = list(row.tokens[:cut]), list(row.tokens[cut:])
        lefts += [Row(tuple(left))] if left else []
        rights += [Row(tuple(right))] if right else []
    return _merged_rows(lefts), _merged_rows(rights)


def central_run(row: Row, width: int) -> Row | None:
    """Return the part of a row around the page's vertical axis, between wide gaps; None if none.

    Stamps and margin notes are read into the rows of titles; titles leave no such gaps.

    Args:
        row: the whole row.
        width: the page's width in upright pixels.
    """
    runs: list[list[Token]] = [[row.tokens[0]]]
    for before, after in pairwise(row.tokens):
        if after.box.left - before.box.right > _RUN_GAP * row.height:
            runs.append([])
        runs[-1].append(after)
    rows = [Row(tuple(run)) for run in runs]
    central = [run for run in rows if 0.3 < _middle_x(run) / max(width, 1) < 0.72]
    return max(central, key=lambda run: run.box.width, default=None)


def _merged_rows(rows: Iterable[Row]) -> list[Row]:
    """Join rows on one height, left to right, and order them top to bottom."""
    result: list[Row] = []
    for row in sorted(rows, key=lambda row: row.middle):
        last = result[-1] if result else None
        if last and abs(row.middle - last.middle) < SAME_ROW * min(row.height, last.height):
            tokens = sorted(last.tokens + row.tokens, key=lambda token: token.box.left)
            result[-1] = Row(tuple(tokens))
        else:
            result.append(row)
    return result


def make_finding(
    page: PageRows, value: str, tokens: Sequence[Token], confidence: float, raw: str | None = None
) -> Finding:
    """Make a finding from tokens of a page.

    Args:
        page: the page on which the tokens stand.
        value: the field's value, normalised.
        tokens: the tokens it was read from; their original boxes give the finding's box.
        confidence: confidence of the value; clipped to 0-1, rounded to three places.
        raw: the value as read; the text of the tokens by default.
    """
    return Finding(
        value=value,
        raw=" ".join(token.text for token in tokens) if raw is None else raw,
        confidence=round(min(max(confidence, 0.0), 1.0), 3),
        source=page.source,
        page=page.number,
        box=_bounding_box(token.original_box for token in tokens) if tokens else None,
    )


def _row(line: Line, measures: PageMeasures) -> Row | None:
    tokens = []
    for word in line.words:
        text = normalise_punctuation(word.text).strip()
        if text:
            box = _deskewed(_rotated(word.box, measures), measures)
            tokens.append(Token(text, word.confidence, box, word.box))
    return Row(tuple(tokens)) if tokens else None


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


def _split_index(row: Row, boundary: float, reach: float) -> int:
    """Return how many tokens of a row belong to the left column."""
    tokens, near = row.tokens, 0.5 * row.height
    whole = len(tokens) if row.box.left + row.box.width / 2 < boundary else 0
    if row.box.right <= boundary + near or row.box.left >= boundary - near:
        return whole
    gaps = [
        (after.box.left - before.box.right, index)
        for index, (before, after) in enumerate(pairwise(tokens), start=1)
        if before.box.right - reach <= boundary <= after.box.left + reach
    ]
    widest, index = max(gaps, default=(0, whole))
    if widest >= WIDE_GAP * row.height:
        return index
    between = [i for i in range(1, len(tokens)) if tokens[i].box.left >= boundary - near]
    return between[0] if between else whole


def _middle_x(row: Row) -> float:
    return row.box.left + row.box.width / 2


def _bounding_box(boxes: Iterable[Box]) -> Box:
    first, *rest = boxes
    for box in rest:
        first = first.union(box)
    return first
