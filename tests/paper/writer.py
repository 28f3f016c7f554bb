"""Writes from top to bottom, over as many sheets as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.paper.fonts import Style, Typeface
from tests.paper.sheet import BOTTOM, LEFT, MM, RIGHT, TOP, WIDTH, Align, Sheet, Span, Word

INDENT = 12.7 * MM  # first lines of paragraphs; NĐ 30/2020/NĐ-CP: 1 cm or 1.27 cm


@dataclass(frozen=True, slots=True)
class Setting:
    """How a paragraph is set, in points."""

    size: float = 13.5
    leading: float = 1.25  # line height in sizes
    after: float = 5.0
    indent: float = INDENT
    left: float = LEFT
    right: float = RIGHT
    align: Align | None = None  # None is justified


BODY = Setting()


@dataclass(slots=True)
class Writer:
    """A pen with a place on the last sheet."""

    typeface: Typeface
    layout: str
    sheets: list[Sheet] = field(default_factory=list)
    y: float = TOP  # lowest line used so far
    floor: float = BOTTOM

    def __post_init__(self) -> None:
        if not self.sheets:
            self._turn()

    @property
    def sheet(self) -> Sheet:
        """The sheet being written."""
        return self.sheets[-1]

    @property
    def room(self) -> float:
        """Points left on this sheet."""
        return self.floor - self.y

    def skip(self, points: float) -> None:
        """Leave a gap."""
        self.y += points

    def line(self, spans: Sequence[Span], x: float, size: float, align: Align = "left") -> float:
        """Print one line at ``x``, move below it and return the x of its end."""
        self.y += size * 1.2
        return self.sheet.put(spans, (x, self.y), size, align)

    def centred(self, text: str, size: float, style: Style = Style.BOLD, name: str = "") -> None:
        """Print one line in the middle of the text area."""
        self.line((Span(text, style, name),), (LEFT + RIGHT) / 2, size, "centre")

    def height(self, spans: Sequence[Span], setting: Setting) -> float:
        """Return the height a paragraph will take."""
        lines = self._lines(spans, setting)
        return len(lines) * setting.size * setting.leading + setting.after

    def paragraph(self, spans: Sequence[Span], setting: Setting = BODY) -> None:
        """Print a paragraph, on a new sheet where this one is full."""
        lines = self._lines(spans, setting)
        for number, words in enumerate(lines):
            if self.room < setting.size * setting.leading:
                self._turn()
            self.y += setting.size * setting.leading
            first, last = number == 0, number == len(lines) - 1
            self._set_line(words, setting, setting.indent if first else 0.0, last=last)
        self.y += setting.after

    def need(self, points: float) -> None:
        """Go to a new sheet unless so much room is left."""
        if self.room < points:
            self._turn()

    def _lines(self, spans: Sequence[Span], setting: Setting) -> list[list[Word]]:
        width = setting.right - setting.left
        return self.sheet.wrap(spans, width, setting.size, setting.indent)

    def _set_line(
        self, words: Sequence[Word], setting: Setting, indent: float, *, last: bool
    ) -> None:
        sheet, size = self.sheet, setting.size
        room = setting.right - setting.left - indent
        gap, x = sheet.gap(size), setting.left + indent
        spare = room - sheet.natural_width(words, size)
        if setting.align == "centre":
            x += spare / 2
        elif setting.align is None and not last and len(words) > 1:
            gap += spare / (len(words) - 1)
        sheet.put_words(words, (x, self.y), size, gap)

    def _turn(self) -> None:
        layout = self.layout if not self.sheets else "continuation"
        sheet = Sheet(self.typeface, layout)
        sheet.stamp()
        self.sheets.append(sheet)
        self.y = TOP
        if len(self.sheets) > 1:  # NĐ 30/2020/NĐ-CP: centred at the top from page 2
            number = Span(str(len(self.sheets)))
            sheet.put((number,), (WIDTH / 2, 14 * MM), 13, "centre")
