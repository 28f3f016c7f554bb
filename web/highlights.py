"""Highlights search hits: in a snippet, in the text of a page, and as boxes over its picture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from operator import itemgetter
from typing import NamedTuple

from markupsafe import Markup, escape

from pipeline.model import MARK_CLOSE, MARK_OPEN, Box, Line, PageText, View, Word
from search.text.tokens import tokens_of

LOW_CONFIDENCE = 0.6  # words below it are underlined; Tesseract's clean words reach 0.9
_MARGIN = 0.12  # of a box's height, so that the frame does not touch the letters
_MARKED = re.compile(f"{MARK_OPEN}([^{MARK_OPEN}{MARK_CLOSE}]*){MARK_CLOSE}")
_STRAY_MARKS = str.maketrans("", "", MARK_OPEN + MARK_CLOSE)


class TextRun(NamedTuple):
    """Consecutive words of a line that are all hits, or all not."""

    words: Line
    is_hit: bool


RunLines = Sequence[Sequence[TextRun]]  # the runs of each line of a page


@dataclass(frozen=True, slots=True)
class Highlight:
    """A polygon over a page's picture, with the text of its tooltip."""

    points: str  # SVG: "x,y x,y x,y x,y", in pixels of the picture from its top left corner
    text: str


def snippet_html(text: str) -> Markup:
    """Return an index's snippet as HTML: everything escaped, hit words in ``<mark>``.

    Args:
        text: the snippet, its hits between ``MARK_OPEN`` and ``MARK_CLOSE``; a mark without its
            partner is dropped.
    """
    parts, end = [], 0
    text = _without_lone_marks(text)
    for match in _MARKED.finditer(text):
        parts += [_escape(text[end : match.start()]), Markup("<mark>{}</mark>").format(match[1])]
        end = match.end()
    return Markup("").join([*parts, _escape(text[end:])])


def _without_lone_marks(text: str) -> str:
    """Return a snippet in which no word is marked alone that is marked beside others."""
    marked = [tokens_of(words) for words in _MARKED.findall(text)]
    beside = {token.folded for words in marked if len(words) > 1 for token in words}

    def shown(match: re.Match[str]) -> str:
        words = tokens_of(match[1])
        is_lone = len(words) == 1 and words[0].folded in beside
        return match[1] if is_lone else match[0]

    return _MARKED.sub(shown, text)


def _escape(text: str) -> Markup:
    return escape(text.translate(_STRAY_MARKS))


def split_into_runs(text: PageText, hits: Sequence[bool]) -> tuple[tuple[TextRun, ...], ...]:
    """Split each line of a page into runs of hit words and runs of other words.

    Args:
        text: the text of the page.
        hits: whether a search hit the word, for each of its words in reading order.
    """
    flags = iter(hits)
    return tuple(tuple(_runs(line, flags)) for line in text.lines)


def _runs(line: Line, flags: Iterator[bool]) -> Iterator[TextRun]:
    for is_hit, group in groupby(zip(line.words, flags, strict=False), key=itemgetter(1)):
        yield TextRun(Line(tuple(word for word, _ in group)), is_hit)


def hit_highlights(lines: RunLines, view: View) -> tuple[Highlight, ...]:
    """Return a highlight for each run of hit words, in reading order."""
    hits = (run.words for line in lines for run in line if run.is_hit)
    return tuple(highlight(words.box, view, words.text) for words in hits)


def highlight(box: Box, view: View, text: str) -> Highlight:
    """Project a box of the original page onto the picture people look at.

    Args:
        box: the box, in pixels of the original page.
        view: the picture's geometry; its matrix and tilt are the projection.
        text: the text of the tooltip.
    """
    corners = projected(box, view, _MARGIN)
    return Highlight(" ".join(f"{x:.1f},{y:.1f}" for x, y in corners), text)


def projected(box: Box, view: View, margin: float) -> tuple[tuple[float, float], ...]:
    """Return the corners of a box of the original page as they lie on the picture.

    Args:
        box: the box, in pixels of the original page.
        view: the picture's geometry; its matrix and tilt are the projection.
        margin: how far the corners lie outside of the box, as a share of its height.
    """
    around = round(box.height * margin)
    left, top = box.left - around, box.top - around
    right, bottom = box.right + around, box.bottom + around
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return tuple(view.project(*corner) for corner in corners)


def text_html(lines: RunLines, view: View | None = None) -> Markup:
    """Return a page's text as HTML: one paragraph a line, hits in ``<mark>``.

    Each run of hits links to its box on the picture: the n-th has the id ``o<n>``, from 1.

    Args:
        lines: the lines of the page.
        view: the picture's geometry; each paragraph says then where its words lie on it.
    """
    numbers = count(1)
    html = (_line_html(line, numbers, view) for line in lines)
    return Markup("\n").join(html)


def _line_html(line: Sequence[TextRun], numbers: Iterator[int], view: View | None) -> Markup:
    words = Markup(" ").join(_run_html(run, numbers) for run in line)
    if view is None:
        return Markup('<p class="line">{}</p>').format(words)
    places = ";".join(_place(word.box, view) for run in line for word in run.words.words)
    return Markup('<p class="line" data-words="{}">{}</p>').format(places, words)


def _place(box: Box, view: View) -> str:
    """Return left, top, width and height of a box on the picture: whole pixels of it."""
    return ",".join(map(str, cut_out(box, view, 0, 0)))


def cut_out(box: Box, view: View, across: float, down: float) -> Box:
    """Return the part of a picture on which a box of the original page lies, with what is around.

    Args:
        box: the box, in pixels of the original page.
        view: the picture's geometry.
        across: how much more is shown left and right of it, as a share of its height there.
        down: how much more is shown above and below it, likewise.
    """
    corners = projected(box, view, 0)
    xs, ys = [round(x) for x, _ in corners], [round(y) for _, y in corners]
    height = max(ys) - min(ys)
    left, top = max(0, min(xs) - round(across * height)), max(0, min(ys) - round(down * height))
    right = min(view.width, max(xs) + round(across * height))
    bottom = min(view.height, max(ys) + round(down * height))
    return Box(left, top, max(1, right - left), max(1, bottom - top))


def _run_html(run: TextRun, numbers: Iterator[int]) -> Markup:
    words = Markup(" ").join(_word_html(word) for word in run.words.words)
    if not run.is_hit:
        return words
    return Markup('<a class="hit" href="#o{}"><mark>{}</mark></a>').format(next(numbers), words)


def _word_html(word: Word) -> Markup:
    if word.confidence >= LOW_CONFIDENCE:
        return escape(word.text)
    return Markup('<span class="unsure">{}</span>').format(word.text)
