"""Pages whose text is placed in unusual ways: two fonts in one word, clipped, covered, in forms.

All letters are those that the file says; what differs is where and how they are drawn.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Literal

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from tests.paper.text_layers import HEIGHT, PAPER, WIDTH, named_fonts

Order = Literal["runs", "lines", "page"]

_LEFT, _FIRST, _STEP, _SIZE = 60.0, 770.0, 26.0, 13.0  # points
_DARK = 0.5  # greys: on darker boxes is written in white


def page_of(draw: Callable[[Canvas, Sequence[str]], None], fonts: int = 1) -> bytes:
    """Return a page that a function draws.

    Args:
        draw: draws on a canvas in the fonts of the names that it gets.
        fonts: how many fonts it needs, each of its own in the file.
    """
    packed = io.BytesIO()
    canvas = Canvas(packed, pagesize=(WIDTH, HEIGHT), invariant=1)
    draw(canvas, named_fonts(fonts))
    canvas.showPage()
    canvas.save()
    return packed.getvalue()


def in_two_fonts(lines: Sequence[str], order: Order, sizes: tuple[float, float]) -> bytes:
    """Return a page whose fallback font has the letters with marks: words alternate.

    Args:
        lines: its lines.
        order: of the content: run by run as they are read; of each line, or of the page, all runs
            in the one font before those in the other.
        sizes: of the two fonts in points.
    """

    def draw(canvas: Canvas, names: Sequence[str]) -> None:
        runs = list(_runs(lines, list(zip(names, sizes, strict=True))))
        if order == "lines":
            runs.sort(key=lambda run: (-run[1], run[2]))
        elif order == "page":
            runs.sort(key=lambda run: run[2])
        for left, top, font, text in runs:
            canvas.setFont(names[font], sizes[font])
            canvas.drawString(left, top, text)

    return page_of(draw, 2)


def redacted(hides: Sequence[str], grey: float, margin: float, over: str = "") -> bytes:
    """Return a page with boxes of one colour over words, which the file still has.

    Args:
        hides: the words that are hidden.
        grey: the fill of the boxes.
        margin: points by which a box is wider than the word.
        over: what is written upon the boxes.
    """

    def draw(canvas: Canvas, names: Sequence[str]) -> None:
        canvas.setFont(names[0], _SIZE)
        for number, line in enumerate(PAPER):
            canvas.drawString(_LEFT, _FIRST - _STEP * number, line)
        for number, line in enumerate(PAPER):
            for word in filter(hides.__contains__, line.split()):
                before = stringWidth(line[: line.index(word)], names[0], _SIZE)
                width = stringWidth(word, names[0], _SIZE) + 2 * margin
                left, base = _LEFT + before - margin, _FIRST - _STEP * number
                canvas.setFillGray(grey)
                canvas.rect(left, base - 3 - margin, width, 12 + 2 * margin, stroke=0, fill=1)
                canvas.setFillGray(1 if grey < _DARK else 0)
                canvas.drawString(left, base, over)

    return page_of(draw)


def watermarked(text: str, size: float, angle: float, grey: float) -> bytes:
    """Return a page over words that run slanted across it.

    Args:
        text: the watermark.
        size: of its letters in points.
        angle: degrees anticlockwise.
        grey: its fill.
    """

    def draw(canvas: Canvas, names: Sequence[str]) -> None:
        canvas.saveState()
        canvas.setFillGray(grey)
        canvas.translate(150, 480)
        canvas.rotate(angle)
        canvas.setFont(names[1], size)
        canvas.drawString(0, 0, text)
        canvas.restoreState()
        canvas.setFont(names[0], _SIZE)
        for number, line in enumerate(PAPER):
            canvas.drawString(_LEFT, _FIRST - _STEP * number, line)

    return page_of(draw, 2)


def _runs(
    lines: Sequence[str], fonts: Sequence[tuple[str, float]]
) -> Iterator[tuple[float, float, int, str]]:
    """Yield the runs of lines: left side, base line, number of the font, letters."""
    for number, line in enumerate(lines):
        left = _LEFT
        for is_lacking, letters in groupby(line, lambda letter: not letter.isascii()):
            text = "".join(letters)
            yield left, _FIRST - _STEP * number, int(is_lacking), text
            left += stringWidth(text, *fonts[is_lacking])
