"""Pages set from text, for tests: words with boxes as a reader would return them.

One string is one printed row. ``left || right`` sets two columns, ``^text`` a centred row, other
text starts at the left margin. All letters are equally wide; boxes are upright pixels of an A4 page
at 300 dpi and are turned into the original page's pixels at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pipeline.documents import PageOfDossier
from pipeline.model import Box, Line, Page, PageMeasures, PageState, PageText, Source, View, Word

WIDTH, HEIGHT = 2480, 3508
LETTER, TALL, PITCH = 21, 42, 70  # pixels: a letter's width and height, the distance of rows
LEFT, RIGHT, MIDDLE = 0.27, 0.7, 0.5  # centres of the columns and of the page
MARGIN = 330


def page(
    rows: Sequence[str],
    *,
    number: int = 1,
    confidence: float = 0.96,
    source: Source = Source.OCR,
    top: int = 250,
    joined: bool = True,
) -> PageOfDossier:
    """Set rows below one another; an empty string leaves a gap.

    ``joined`` returns two columns on one height as one line, as Tesseract does.
    """
    lines: list[Line] = []
    for index, row in enumerate(rows):
        parts = [part.strip() for part in row.split("||")]
        words = [_words(part, top + index * PITCH, confidence, len(parts), place)
                 for place, part in enumerate(parts) if part]  # fmt: skip
        groups = [sum(words, ())] if joined else words
        lines += [Line(group) for group in groups if group]
    state = PageState.READ if lines else PageState.BLANK
    measures = PageMeasures(WIDTH, HEIGHT, 300.0, blank=not lines)
    return PageOfDossier(
        number, Page(number, state, measures, PageText(tuple(lines)), source=source)
    )


def turned(numbered: PageOfDossier, orientation: int) -> PageOfDossier:
    """Return the page as scanned lying: turning it clockwise by ``orientation`` brings it back."""
    scanned = numbered.page
    width, height = (WIDTH, HEIGHT) if orientation == 180 else (HEIGHT, WIDTH)
    measures = replace(scanned.measures, width=width, height=height, orientation=orientation)
    return PageOfDossier(
        numbered.number,
        replace(
            scanned,
            measures=measures,
            text=changed(scanned.text, lambda w: replace(w, box=_lying(w.box, orientation))),
        ),
    )


def changed(text: PageText, change: Callable[[Word], Word]) -> PageText:
    """Return a page's text with every word changed."""
    return PageText(tuple(Line(tuple(map(change, line.words))) for line in text.lines))


def with_word(numbered: PageOfDossier, old: str, **changes: Any) -> PageOfDossier:
    """Return the page with the words that read ``old`` changed."""

    def change(word: Word) -> Word:
        return replace(word, **changes) if word.text == old else word

    text = changed(numbered.page.text, change)
    assert text != numbered.page.text, f"no word {old!r}"
    return PageOfDossier(numbered.number, replace(numbered.page, text=text))


def _words(text: str, top: int, confidence: float, columns: int, place: int) -> tuple[Word, ...]:
    centred = text.startswith("^")
    text = text.removeprefix("^")
    centre = (LEFT, RIGHT)[place] if columns > 1 else MIDDLE
    left = round(centre * WIDTH - len(text) * LETTER / 2) if centred or columns > 1 else MARGIN
    words = []
    for word in text.split():
        words.append(Word(word, confidence, Box(left, top, len(word) * LETTER, TALL)))
        left += (len(word) + 1) * LETTER
    return tuple(words)


def _lying(box: Box, orientation: int) -> Box:
    if orientation == 90:
        return Box(box.top, WIDTH - box.right, box.height, box.width)
    if orientation == 180:
        return Box(WIDTH - box.right, HEIGHT - box.bottom, box.width, box.height)
    return Box(HEIGHT - box.bottom, box.left, box.height, box.width)


def on_one_sheet(*papers: PageOfDossier, number: int = 1, above: bool = False) -> PageOfDossier:
    """Return a sheet with several papers side by side, or one above another, as it is read."""
    across, down = (0, HEIGHT) if above else (WIDTH, 0)
    width, height = (WIDTH, len(papers) * HEIGHT) if above else (len(papers) * WIDTH, HEIGHT)
    lines: list[Line] = []
    parts = []
    for at, paper in enumerate(papers):
        x, y = at * across, at * down

        def moved(word: Word, x: int = x, y: int = y) -> Word:
            box = word.box
            return replace(word, box=Box(box.left + x, box.top + y, box.width, box.height))

        lines += changed(paper.page.text, moved).lines
        parts.append(Box(x, y, WIDTH, HEIGHT))
    measures = PageMeasures(width, height, 300.0)
    view = View(width, height, (1, 0, 0, 0, 1, 0))
    text = PageText(tuple(lines))
    read = Page(number, PageState.READ, measures, text, view, parts=tuple(parts))
    return PageOfDossier(number, read)
