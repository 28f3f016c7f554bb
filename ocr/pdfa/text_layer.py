"""Writes the invisible text layer of a page: positions, sizes and widths of its words.

Words are placed on the upright page and mapped to the PDF page by one matrix, so that on a page
turned by its file or its scanner the text runs with its letters.
"""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ocr.pdfa.glyphless_font import DESCENT, width_of
from pipeline.model import Box

Matrix = tuple[float, float, float, float, float, float]  # as PDF writes it: x' = ax + cy + e

_GAP = 0.2  # font sizes between words: poppler takes a gap of less than 0.15 for no space at all
_MIN_WIDTH = 0.05  # font sizes: the narrowest a letter is squeezed to
_MIN_SIZE = 2.0  # pixels


class PlacedWord(NamedTuple):
    """A word and its box in pixels of the original page."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The words to be written on a page, and the page's size, orientation and skew."""

    width: int  # pixels of the original page
    height: int
    turn: int = 0  # degrees clockwise that bring it upright
    skew: float = 0.0  # degrees it leans clockwise after that
    is_own: bool = False  # the file's own text was taken: it stays, and nothing is added
    lines: tuple[tuple[PlacedWord, ...], ...] = ()
    is_left_out: bool = False  # the page is not to be in the PDF

    @property
    def tokens(self) -> list[str]:
        """The words as they must be extracted again."""
        return [part for line in self.lines for word in line for part in word.text.split()]


class _WordRun(NamedTuple):
    """A word on the upright page: from left to right, on a baseline."""

    text: str
    left: float
    right: float
    baseline: float


def read_layers(path: Path) -> list[TextLayer]:
    """Read the words of all pages, a line of JSON for each, as ``binder`` writes them."""
    pages = []
    with path.open(encoding="utf-8") as stream:
        for row in stream:
            fields = json.loads(row)
            lines = tuple(
                tuple(PlacedWord(text, Box(*box)) for text, *box in line)
                for line in fields.pop("lines")
            )
            pages.append(TextLayer(**fields, lines=lines))
    return pages


def content_stream(page: TextLayer, matrix: Matrix, code: Callable[[str], int]) -> bytes:
    """Return the content stream that writes a page's words invisibly.

    Args:
        page: the words, boxes in pixels of the original page, origin top left.
        matrix: the matrix from those pixels to the PDF page's user space, from ``page_matrix``.
        code: returns the code of a letter in the font, which is named ``/Words``.
    """
    parts = [f"{_numbers(*product(_original_matrix(page), matrix))} cm BT 3 Tr"]
    for line in page.lines:
        if words := [word for word in line if word.text.strip()]:
            parts.extend(_line(words, page, code))
    parts.append("ET")
    return "\n".join(parts).encode("ascii")


def page_matrix(box: tuple[float, float, float, float], rotate: int, page: TextLayer) -> Matrix:
    """Return the matrix from pixels of a page, as viewers show it, to its user space.

    Args:
        box: left, bottom, right and top of what is shown, in user space, y upwards.
        rotate: the PDF page's rotation, degrees clockwise.
        page: the words of the page, of which the size in pixels is taken.
    """
    x0, y0, x1, y1 = box
    across, down = x1 - x0, y1 - y0
    w, h = max(page.width, 1), max(page.height, 1)
    return {
        0: (across / w, 0, 0, -down / h, x0, y1),
        90: (0, down / w, across / h, 0, x0, y0),
        180: (-across / w, 0, 0, down / h, x1, y0),
        270: (0, -down / w, -across / h, 0, x1, y1),
    }[rotate % 360]


def _original_matrix(page: TextLayer) -> Matrix:
    """Return the matrix from the upright page back to the original one."""
    w, h = page.width, page.height
    matrices: dict[int, Matrix] = {90: (0, -1, 1, 0, 0, h), 180: (-1, 0, 0, -1, w, h)}
    matrices[270] = (0, 1, -1, 0, w, 0)
    return matrices.get(page.turn, (1, 0, 0, 1, 0, 0))


def _turned(box: Box, page: TextLayer) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a box on the upright page."""
    w, h = page.width, page.height
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    return {
        90: (h - bottom, left, h - top, right),
        180: (w - right, h - bottom, w - left, h - top),
        270: (top, w - right, bottom, w - left),
    }.get(page.turn, (left, top, right, bottom))


def _line(
    words: Sequence[PlacedWord], page: TextLayer, code: Callable[[str], int]
) -> Iterator[str]:
    size, runs = _runs(words, page)
    yield f"/Words {size:.2f} Tf"
    for run in runs:
        natural = size * sum(map(width_of, run.text)) / 1000
        stretch = 100 * (run.right - run.left) / natural
        codes = "".join(f"{code(letter):04x}" for letter in run.text + " ")
        yield f"{stretch:.2f} Tz 1 0 0 -1 {run.left:.2f} {run.baseline:.2f} Tm <{codes}> Tj"


def _runs(words: Sequence[PlacedWord], page: TextLayer) -> tuple[float, list[_WordRun]]:
    """Return the font size of a line and the position of each word.

    A word keeps its left edge and, where space is left for a gap, its width. On a skewed page the
    boxes of words are taller than their letters, and the baseline rises or falls.
    """
    skew = math.radians(page.skew)
    boxes = [_turned(word.box, page) for word in words]
    heights = [_letter_height(box, skew) for box in boxes]
    size = max(statistics.median(heights), _MIN_SIZE)
    slope = math.tan(skew)
    middles = [((left + right) / 2, (top + bottom) / 2) for left, top, right, bottom in boxes]
    foot = statistics.median(
        y + height / 2 - slope * x for (x, y), height in zip(middles, heights, strict=True)
    )
    down = page.width if page.turn in (90, 270) else page.height
    runs, edge = [], 0.0
    for number, (word, box) in enumerate(zip(words, boxes, strict=True)):
        left = max(box[0], edge)
        right = box[2]
        if number + 1 < len(boxes):
            right = min(right, boxes[number + 1][0] - _GAP * size)
        right = max(right, left + _MIN_WIDTH * size * len(word.text))
        baseline = foot + slope * middles[number][0] + size * DESCENT / 1000
        runs.append(_WordRun(word.text, left, right, min(max(baseline, 1.0), down - 1.0)))
        edge = right + _GAP * size
    return size, _inside(runs, page)


def _letter_height(box: tuple[float, float, float, float], skew: float) -> float:
    """Return the height of the letters in the box around a skewed word."""
    width, height = box[2] - box[0], box[3] - box[1]
    return max((height - width * abs(math.sin(skew))) / math.cos(skew), height / 4)


def _inside(runs: list[_WordRun], page: TextLayer) -> list[_WordRun]:
    """Squeeze a line that runs over the page's edge: poppler drops what lies outside."""
    across = page.height if page.turn in (90, 270) else page.width
    end = runs[-1].right
    if end <= across:
        return runs
    share = across / end
    return [run._replace(left=run.left * share, right=run.right * share) for run in runs]


def product(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that applies the first and then the second."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _numbers(*values: float) -> str:
    return " ".join(f"{value:.6f}".rstrip("0").rstrip(".") for value in values)
