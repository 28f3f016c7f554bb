"""Born-digital pages with words that overlap others, stand above their line or are pale."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from tests.paper.odd_layers import page_of
from tests.paper.text_layers import PAPER

_LEFT, _FIRST, _STEP, _SIZE = 60.0, 770.0, 26.0, 13.0  # points
_BELOW = 480.0  # points: the first line under the paper's own
_SIGNED = 8.0  # points of the letters of a signature's block
_HEAD = 9.0  # points of the letters of a table's head
_RAISE = 0.333  # of the size
_RED = (0.8, 0.1, 0.1)


def with_raised(words: Sequence[str], figure: str, size: float) -> bytes:
    """Return a page with a raised figure behind words, each on a line of its own.

    Args:
        words: what they stand behind.
        figure: the raised figure.
        size: share of the words' own, the figure is in another font.
    """

    def draw(canvas: Canvas, names: Sequence[str]) -> None:
        _write(canvas, names[0])
        for number, word in enumerate(words):
            base, end = _BELOW - _STEP * number, _LEFT + stringWidth(word, names[0], _SIZE)
            canvas.drawString(_LEFT, base, word)
            canvas.setFont(names[1], size * _SIZE)
            canvas.drawString(end, base + _RAISE * _SIZE, figure)
            canvas.setFont(names[0], _SIZE)
            canvas.drawString(end + _SIZE, base, "của")

    return page_of(draw, 2)


def overlapping(first: str, second: str, overlap: float) -> bytes:
    """Return a page with a line whose end in bold another one begins over.

    Args:
        first: the bold beginning of the line.
        second: the rest.
        overlap: points by which the rest begins before the end of the first.
    """

    def draw(canvas: Canvas, names: Sequence[str]) -> None:
        _write(canvas, names[0])
        canvas.drawString(_LEFT + stringWidth(first, names[1], _SIZE) - overlap, _BELOW, second)
        canvas.setFont(names[1], _SIZE)
        canvas.drawString(_LEFT, _BELOW, first)

    return page_of(draw, 2)


def signed(title: str, block: Sequence[str]) -> bytes:
    """Return a page with the small red lines of a signature over a title."""

    def draw(canvas: Canvas, names: Sequence[str]) -> None:
        _write(canvas, names[0])
        canvas.drawString(300, _BELOW, title)
        canvas.setFont(names[1], _SIGNED)
        canvas.setFillColorRGB(*_RED)
        for number, line in enumerate(block):
            canvas.drawString(330, _BELOW + 3 - 10 * number, line)

    return page_of(draw, 2)


def on_colour(text: str, colour: tuple[float, float, float]) -> bytes:
    """Return a page with small white words on a bar of a colour."""

    def draw(canvas: Canvas, names: Sequence[str]) -> None:
        _write(canvas, names[0])
        canvas.setFillColorRGB(*colour)
        canvas.rect(_LEFT - 10, _BELOW - 15, 460, 40, stroke=0, fill=1)
        canvas.setFillGray(1)
        canvas.setFont(names[0], _HEAD)
        canvas.drawString(_LEFT, _BELOW, text)

    return page_of(draw)


def _write(canvas: Canvas, name: str) -> None:
    canvas.setFont(name, _SIZE)
    for number, line in enumerate(PAPER):
        canvas.drawString(_LEFT, _FIRST - _STEP * number, line)
