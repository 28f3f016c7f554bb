"""Pages as people hold them: upright rows of tokens, and the two columns of a head.

Word boxes come in pixels of the original page, which may lie on its side or lean. Here they are
turned upright once, and every token remembers where it was seen. Pure functions, no pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from pipeline.documents.confusions import tidy
from pipeline.model import Box, Finding, Line, Page, PageMeasures, Source

SAME_ROW = 0.6  # rows whose middles are nearer than this share of their height are one row
WIDE_GAP = 1.0  # share of a row's height that words of one phrase do not leave between them
_TORN = 1.5  # the same for rows that a stamp or a margin note was read into


class Token(NamedTuple):
    """A word on the upright page."""

    text: str  # tidied
    confidence: float
    box: Box  # upright pixels, origin top left
    seen: Box  # pixels of the original page


class Row(NamedTuple):
    """Tokens side by side; never empty."""

    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        """The tokens, one space between them."""
        return " ".join(token.text for token in self.tokens)

    @property
    def box(self) -> Box:
        """The smallest upright box that holds all tokens."""
        return _hull(token.box for token in self.tokens)

    @property
    def middle(self) -> float:
        """The height of the row's middle, robust against one token with a bad box."""
        return median(token.box.top + token.box.height / 2 for token in self.tokens)

    @property
    def height(self) -> float:
        """The usual height of its tokens."""
        return median(token.box.height for token in self.tokens)

    @property
    def confidence(self) -> float:
        """Mean confidence, weighted by letters (0-1)."""
        letters = sum(len(token.text) for token in self.tokens)
        return sum(t.confidence * len(t.text) for t in self.tokens) / letters if letters else 0.0


class PageRows(NamedTuple):
    """A page turned upright, its rows from top to bottom."""

    number: int  # within the dossier
    source: Source
    width: int
    height: int
    rows: tuple[Row, ...]


class PageOfDossier(NamedTuple):
    """A page with its number within the dossier."""

    number: int
    page: Page


def rows_of(numbered: PageOfDossier) -> PageRows:
    """Turn a page's words upright; what stands on one height becomes one row.

    Readers part lines at wide gaps or join columns, as they please; here rows are whole, and who
    needs columns splits them.
    """
    page, measures = numbered.page, numbered.page.measures
    width, height = measures.width, measures.height
    if measures.orientation in (90, 270):
        width, height = height, width
    rows = [row for line in page.text.lines if (row := _row(line, measures))]
    return PageRows(numbered.number, page.source, width, height, tuple(merged(rows)))


def upright(box: Box, measures: PageMeasures) -> Box:
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
    """Split rows at the widest gap within ``reach`` of ``boundary`` (upright pixels).

    Tesseract joins the two columns of a head into one line or tears one line apart; parts of one
    column on one height become one row again. Rows come top to bottom.
    """
    left: list[Token] = []
    right: list[Token] = []
    lefts, rights = [], []
    for row in rows:
        cut = _cut(row, boundary, reach)
        left, right = list(row.tokens[:cut]), list(row.tokens[cut:])
        lefts += [Row(tuple(left))] if left else []
        rights += [Row(tuple(right))] if right else []
    return merged(lefts), merged(rights)


def central_run(row: Row, width: int) -> Row | None:
    """Return the part of a row that stands around the page's middle, between wide gaps.

    Stamps and margin notes are read into the rows of titles; titles leave no such gaps.
    """
    runs: list[list[Token]] = [[row.tokens[0]]]
    for before, after in pairwise(row.tokens):
        if after.box.left - before.box.right > _TORN * row.height:
            runs.append([])
        runs[-1].append(after)
    rows = [Row(tuple(run)) for run in runs]
    central = [run for run in rows if 0.3 < _middle_x(run) / max(width, 1) < 0.72]
    return max(central, key=lambda run: run.box.width, default=None)


def merged(rows: Iterable[Row]) -> list[Row]:
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


def finding(
    sheet: PageRows, value: str, tokens: Sequence[Token], confidence: float, raw: str | None = None
) -> Finding:
    """Make a finding of what the tokens say; ``raw`` defaults to their text."""
    return Finding(
        value=value,
        raw=" ".join(token.text for token in tokens) if raw is None else raw,
        confidence=round(min(max(confidence, 0.0), 1.0), 3),
        source=sheet.source,
        page=sheet.number,
        box=_hull(token.seen for token in tokens) if tokens else None,
    )


def _row(line: Line, measures: PageMeasures) -> Row | None:
    tokens = []
    for word in line.words:
        text = tidy(word.text).strip()
        if text:
            box = _levelled(upright(word.box, measures), measures)
            tokens.append(Token(text, word.confidence, box, word.box))
    return Row(tuple(tokens)) if tokens else None


def _levelled(box: Box, measures: PageMeasures) -> Box:
    """Undo the lean that is left after turning (degrees, positive leans clockwise)."""
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


def _cut(row: Row, boundary: float, reach: float) -> int:
    """Return how many tokens of a row belong left."""
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


def _hull(boxes: Iterable[Box]) -> Box:
    first, *rest = boxes
    for box in rest:
        first = first.union(box)
    return first
