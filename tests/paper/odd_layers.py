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

from tests.paper.text_layers import HEIGHT, WIDTH, named_fonts

Order = Literal["runs", "lines", "page"]

_LEFT, _FIRST, _STEP, _SIZE = 60.0, 770.0, 26.0, 13.0  # points


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
