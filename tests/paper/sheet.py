"""One side of paper before it is printed: words and strokes at places, measured in points.

A sheet knows nothing of pixels or files: ``picture`` draws it, ``born_digital`` writes it as PDF.
Origin top left, y grows downwards, text stands on its baseline. A4 and the margins are those of
NĐ 30/2020/NĐ-CP, Annex I: top and bottom 20-25 mm, left 30-35 mm, right 15-20 mm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from tests.paper.fonts import Style, Typeface
from tests.paper.truth import STAMP

MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM
LEFT, RIGHT, TOP, BOTTOM = 30 * MM, WIDTH - 18 * MM, 20 * MM, HEIGHT - 20 * MM
BLACK, RED, BLUE, GREY = (20, 20, 24), (206, 30, 46), (26, 42, 140), (125, 125, 125)

Colour = tuple[int, int, int]
Point = tuple[float, float]
Align = Literal["left", "centre", "right"]


class Span(NamedTuple):
    """Text in one cut, perhaps (part of) a field."""

    text: str
    style: Style = Style.REGULAR
    field: str = ""  # its names with "+" between them, where one text is several fields


class Piece(NamedTuple):
    """Text placed on the sheet; a word may be several pieces."""

    text: str
    x: float
    y: float
    size: float
    style: Style
    field: str
    line: int  # printed line; -1 is no part of the paper's text
    word: int
    colour: Colour = BLACK
    angle: float = 0.0  # degrees clockwise around (x, y); only outside the text


class Stroke(NamedTuple):
    """A line through points, or an area when ``width`` is 0."""

    points: tuple[Point, ...]
    width: float
    colour: Colour = BLACK


Word = tuple[Span, ...]


@dataclass(slots=True)
class Sheet:
    """Pieces and strokes of one side, in reading order."""

    typeface: Typeface
    layout: str
    type: str = ""
    pieces: list[Piece] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)  # field -> normalised value
    optional_text: list[str] = field(default_factory=list)
    lines: int = 0
    words: int = 0

    def put(self, spans: Sequence[Span], at: Point, size: float, align: Align = "left") -> float:
        """Print one line with natural gaps and return the x of its end."""
        words = words_of(spans)
        width = self.natural_width(words, size)
        shift = {"left": 0.0, "centre": width / 2, "right": width}[align]
        return self.put_words(words, (at[0] - shift, at[1]), size, self.gap(size))

    def put_words(self, words: Sequence[Word], at: Point, size: float, gap: float) -> float:
        """Print words on one line with a given gap and return the x of its end."""
        x = at[0]
        for number, word in enumerate(words):
            x += gap if number else 0.0
            for span in word:
                self.pieces.append(
                    Piece(span.text, x, at[1], size, span.style, span.field, self.lines, self.words)
                )
                x += self.typeface.width(span.text, span.style, size)
            self.words += 1
        self.lines += 1
        return x

    def stay_on_line(self) -> None:
        """Count what is printed next to the line printed last: cells side by side are one line."""
        self.lines -= 1

    def mark(
        self,
        text: str,
        at: Point,
        size: float,
        colour: Colour,
        style: Style = Style.BOLD,
    ) -> None:
        """Print a text that is no part of the paper: stamps, dot leaders."""
        self.pieces.append(Piece(text, *at, size, style, "", -1, -1, colour))

    def rule(self, start: Point, length: float, width: float = 0.6) -> None:
        """Draw a horizontal rule."""
        self.strokes.append(Stroke((start, (start[0] + length, start[1])), width))

    def frame(self, corner: Point, size: Point, width: float = 0.6) -> None:
        """Draw a rectangle."""
        (x, y), (w, h) = corner, size
        points = ((x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y))
        self.strokes.append(Stroke(points, width))

    def stamp(self) -> None:
        """Say at the lower edge that the paper is made up; light, and away from the text."""
        width = self.typeface.width(STAMP, Style.BOLD, 9)
        self.mark(STAMP, (WIDTH / 2 - width / 2, HEIGHT - 8 * MM), 9, GREY)
        self.optional_text.append(STAMP)

    def gap(self, size: float) -> float:
        """Return the natural gap between two words."""
        return self.typeface.width(" ", Style.REGULAR, size)

    def word_width(self, word: Word, size: float) -> float:
        """Return the width of a word."""
        return sum(self.typeface.width(span.text, span.style, size) for span in word)

    def natural_width(self, words: Sequence[Word], size: float) -> float:
        """Return the width of words on one line with natural gaps."""
        gaps = max(0, len(words) - 1) * self.gap(size)
        return sum(self.word_width(word, size) for word in words) + gaps

    def wrap(
        self, spans: Iterable[Span], width: float, size: float, indent: float = 0.0
    ) -> list[list[Word]]:
        """Break text into lines no wider than ``width``; the first is shorter by ``indent``."""
        lines: list[list[Word]] = [[]]
        room = width - indent
        used = 0.0
        for word in words_of(spans):
            needed = self.word_width(word, size)
            if lines[-1] and used + self.gap(size) + needed > room:
                lines.append([])
                room, used = width, 0.0
            used += needed + (self.gap(size) if lines[-1] else 0.0)
            lines[-1].append(word)
        return lines

    @property
    def text(self) -> str:
        """The printed text, a line break after each printed line."""
        rows: dict[int, dict[int, str]] = {}
        for piece in self.pieces:
            if piece.line >= 0:
                row = rows.setdefault(piece.line, {})
                row[piece.word] = row.get(piece.word, "") + piece.text
        return "\n".join(" ".join(row.values()) for row in rows.values())


def words_of(spans: Iterable[Span]) -> list[Word]:
    """Split spans into words; spans that touch without a space stay one word."""
    words: list[list[Span]] = [[]]
    for span in spans:
        for number, part in enumerate(span.text.split(" ")):
            if number:
                words.append([])
            if part:
                words[-1].append(span._replace(text=part))
    return [tuple(word) for word in words if word]
