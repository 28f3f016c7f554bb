"""Where hits are shown: in a snippet, in the text of a page, and as boxes on its picture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from operator import itemgetter
from typing import NamedTuple

from markupsafe import Markup, escape

from pipeline.model import MARK_CLOSE, MARK_OPEN, Box, Line, PageText, View, Word

UNSURE = 0.6  # words read with less confidence are underlined; Tesseract's clean words reach 0.9
_MARGIN = 0.12  # of a box's height, so that the frame does not touch the letters
_MARKED = re.compile(f"{MARK_OPEN}([^{MARK_OPEN}{MARK_CLOSE}]*){MARK_CLOSE}")
_STRAY = str.maketrans("", "", MARK_OPEN + MARK_CLOSE)


class TextRun(NamedTuple):
    """Words that stand side by side in a line and are all hit, or all not."""

    words: Line
    is_hit: bool


Lines = Sequence[Sequence[TextRun]]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a page's picture: the corners of a box, in pixels of the view."""

    points: str  # as SVG writes them: "x,y x,y x,y x,y"
    text: str


def snippet(text: str) -> Markup:
    """Turn an index's snippet into HTML: everything escaped, hit words in ``<mark>``."""
    parts, end = [], 0
    for match in _MARKED.finditer(text):
        parts += [_plain(text[end : match.start()]), Markup("<mark>{}</mark>").format(match[1])]
        end = match.end()
    return Markup("").join([*parts, _plain(text[end:])])


def _plain(text: str) -> Markup:
    return escape(text.translate(_STRAY))


def lines(text: PageText, hits: Sequence[bool]) -> tuple[tuple[TextRun, ...], ...]:
    """Part each line of a page into runs of words that were hit and words that were not.

    Args:
        text: what was read on the page.
        hits: for each of its words, in order, whether it is hit.
    """
    flags = iter(hits)
    return tuple(tuple(_runs(line, flags)) for line in text.lines)


def _runs(line: Line, flags: Iterator[bool]) -> Iterator[TextRun]:
    for is_hit, group in groupby(zip(line.words, flags, strict=False), key=itemgetter(1)):
        yield TextRun(Line(tuple(word for word, _ in group)), is_hit)


def hit_spots(lines: Lines, view: View) -> tuple[Spot, ...]:
    """Return where the runs of hit words lie on the picture, in reading order."""
    hits = (run.words for line in lines for run in line if run.is_hit)
    return tuple(spot(words.box, view, words.text) for words in hits)


def spot(box: Box, view: View, text: str) -> Spot:
    """Carry a box of the original page onto the picture people look at."""
    margin = round(box.height * _MARGIN)
    left, top = box.left - margin, box.top - margin
    right, bottom = box.right + margin, box.bottom + margin
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Spot(" ".join(_placed(corner, view) for corner in corners), text)


def _placed(corner: tuple[int, int], view: View) -> str:
    x, y = corner
    a, b, c, d, e, f = view.matrix
    g, h, i = view.tilt
    depth = g * x + h * y + i
    return f"{(a * x + b * y + c) / depth:.1f},{(d * x + e * y + f) / depth:.1f}"


def reading(lines: Lines) -> Markup:
    """Return a page's text as HTML: an element for each line, hits marked.

    Each run of hits links to its box on the picture: the n-th has the id ``o<n>``, from 1.
    """
    numbers = count(1)
    written = (Markup(" ").join(_written(run, numbers) for run in line) for line in lines)
    return Markup("\n").join(Markup('<p class="line">{}</p>').format(line) for line in written)


def _written(run: TextRun, numbers: Iterator[int]) -> Markup:
    words = Markup(" ").join(_word(word) for word in run.words.words)
    if not run.is_hit:
        return words
    return Markup('<a class="hit" href="#o{}"><mark>{}</mark></a>').format(next(numbers), words)


def _word(word: Word) -> Markup:
    if word.confidence >= UNSURE:
        return escape(word.text)
    return Markup('<span class="unsure">{}</span>').format(word.text)
