"""Reads figures printed above the line: m², m³, km² and the marks of footnotes.

Tesseract reads a raised figure as one on the line, as a sign (m?, m°), or not at all, and may be
sure of it. Where a unit behind a number, or a word with a sign at its end, has ink that stands
above the line with nothing below it, that ink is enlarged to a figure of the line and read twice:
alone, three times in a row, and behind its word. Both readings must agree. Where they do not, or
where a sign behind a unit cannot be what was printed, the word stays and is not certain. A word
costs two readings of 2 ms; pages without such a word pay nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np

from ocr.deadline import Deadline
from ocr.engines.port import Engine, OcrLine, OcrWord, Segmentation
from ocr.image.components import label_components
from ocr.image.geometry import Pixels
from ocr.image.preprocess import LETTER, ReadingPicture
from ocr.page.rereading.second_pass import CAP
from pipeline.model import Box

_SIGNS = "\\d?!°º*'\"’”“‘ˆ^`´~²³¹®"  # what raised figures are read as
_UNIT = re.compile(rf"((?:.*[\d/(])?[kdchm]?m)([{_SIGNS}SŠZzềểếễẻéèê])?([),.;:]*)")
_NOTED = re.compile(rf"([^\W\d_]{{2,}}[.,;:)”\"]{{0,2}})([{_SIGNS}])([),.;:]*)")
_RAISED = str.maketrans("123456789", "¹²³⁴⁵⁶⁷⁸⁹")
_POWERS = "23"  # of units
_INK = 170  # grey of the image below which a pixel is ink
_MOST = 40  # words of a page that are looked at
_LEAST = 0.75  # confidence of a reading; two must agree
_ALIKE = 2  # figures of three that are read alike, at least
_ONES = str.maketrans("Il!|", "1111")  # what a lone 1 is read as
_ABOVE = 0.3  # letter heights (x) from the line up to where a raised figure ends, at least
_WIDE, _HIGH = (0.2, 1.1), (0.65, 1.3)  # of a raised figure, in letter heights (x)
_FIGURE = 1.45  # letter heights (x): how high a figure of the line is
_STANDING = 75  # percent of the columns of a word end on the line or above it
_SMALLEST = 4  # pixels: what is less high is a rule or dirt, no letter
_TAIL = 0.7  # letter heights (x): wider is no comma or bracket behind a figure
_BEHIND = 0.8  # letter heights that a figure may stand behind the box of its word
_MARGIN = 6  # pixels above a word
_BORDER = 10, 20  # white pixels above and below, left and right: Tesseract wants a margin
_GAP = 2  # pixels between figures that are put in a row


class _Raised(NamedTuple):
    """A word whose last figure stands above the line, in pixels of its cut-out."""

    word: Pixels  # without the figure
    figure: Pixels
    base: int  # row of the line on which the word stands
    height: int  # of a figure of the line


def with_raised_figures(
    engine: Engine, picture: ReadingPicture, lines: Sequence[OcrLine], deadline: Deadline
) -> list[OcrLine]:
    """Return the lines of a page with raised figures read as such.

    Args:
        engine: the engine that reads them.
        picture: the image that the lines were read from.
        lines: the words of the page.
        deadline: the page's time limit.

    Raises:
        ReadingTimeoutError: the page's time is over.
        ReadingError: the engine failed.
    """
    found = [list(line.words) for line in lines]
    places = [
        (row, at, match) for row, line in enumerate(lines) for at, match in _suspects(line.words)
    ]
    for row, at, match in sorted(places[:_MOST], key=lambda place: -place[1]):
        word = found[row][at]
        right = found[row][at + 1].box.left if at + 1 < len(found[row]) else picture.grey.shape[1]
        raised = _raised(picture.grey, word.box, right)
        text = _read(engine, raised, picture.dpi, deadline) if raised else ""
        found[row][at : at + 1] = _changed(word, match, text, is_raised=raised is not None)
    return [OcrLine(tuple(words)) for words in found]


def _suspects(words: Sequence[OcrWord]) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield the words of a line behind which a raised figure may stand."""
    for at, word in enumerate(words):
        if match := _UNIT.fullmatch(word.text):
            is_amount = at and any(char.isdigit() for char in words[at - 1].text)
            if is_amount or not match[1].isalpha() or match[2]:
                yield at, match
        elif match := _NOTED.fullmatch(word.text):
            yield at, match


def _raised(grey: Pixels, box: Box, limit: int) -> _Raised | None:
    """Return what stands above the line at the end of a word, if something does."""
    top, left = max(0, box.top - _MARGIN), max(0, box.left - _GAP)
    right = max(box.right, min(box.right + round(_BEHIND * LETTER), limit - 1))
    piece = np.ascontiguousarray(grey[top : box.bottom + _GAP, left:right])
    ink = piece < _INK
    lowest = np.where(ink.any(axis=0), piece.shape[0] - 1 - ink[::-1].argmax(axis=0), 0)
    window = np.arange(max(0, piece.shape[1] - 2 * box.height), piece.shape[1])
    columns = window[lowest[window] > 0]
    if not len(columns):
        return None
    base = round(float(np.percentile(lowest[columns], _STANDING, method="nearest")))
    standing = columns[np.abs(lowest[columns] - base) <= 1]
    letter = base + 1 - float(np.median(ink.argmax(axis=0)[standing]))
    if letter < _SMALLEST:
        return None
    _, labels, stats = label_components(ink.astype(np.uint8))
    for number in range(1, len(stats)):
        x, y, wide, high, _ = stats[number].tolist()
        is_sized = _is_in(wide / letter, _WIDE) and _is_in(high / letter, _HIGH)
        if not is_sized or x < columns[0] or y + high > base + 1 - _ABOVE * letter:
            continue
        is_over = (lowest[x + wide // 4 : x + wide] > base - _ABOVE * letter).any()
        behind = stats[1:][stats[1:, 0] >= x + wide]
        if is_over or (behind[:, 2] > _TAIL * letter).any():
            continue  # a mark over a letter, or inside a word
        figure = np.where(labels == number, piece, 255)[y : y + high, x : x + wide]
        word = np.where(labels == number, 255, piece)[:, :x]
        height = round(_FIGURE * letter)
        return _Raised(np.asarray(word, np.uint8), np.asarray(figure, np.uint8), base, height)
    return None


def _read(engine: Engine, raised: _Raised, dpi: int, deadline: Deadline) -> str:
    """Return the figure that both readings of it give, else nothing."""
    wide = max(2, round(raised.figure.shape[1] * raised.height / raised.figure.shape[0]))
    large = cv2.resize(raised.figure, (wide, raised.height), interpolation=cv2.INTER_CUBIC)
    figure = np.asarray(cv2.copyMakeBorder(large, 0, 0, 0, _GAP, cv2.BORDER_CONSTANT, value=255))
    alone = _line(engine, np.hstack([figure] * 3), dpi, deadline).translate(_ONES)
    counted = [char for char in set(alone) if char.isdecimal() and alone.count(char) >= _ALIKE]
    if len(counted) != 1:
        return ""
    above = max(0, raised.height - raised.base - 1)
    word = cv2.copyMakeBorder(raised.word, above, 0, 0, _GAP, cv2.BORDER_CONSTANT, value=255)
    top = raised.base + 1 + above - raised.height
    below = word.shape[0] - top - figure.shape[0]
    placed = cv2.copyMakeBorder(figure, top, below, 0, 0, cv2.BORDER_CONSTANT, value=255)
    behind = _line(engine, np.hstack([word, placed]), dpi, deadline)
    return counted[0] if behind[-1:].translate(_ONES) == counted[0] else ""


def _line(engine: Engine, piece: Pixels, dpi: int, deadline: Deadline) -> str:
    down, across = _BORDER
    framed = cv2.copyMakeBorder(piece, down, down, across, across, cv2.BORDER_CONSTANT, value=255)
    lines = engine.read(np.asarray(framed, np.uint8), dpi, deadline.left(), Segmentation.LINE)
    words = [word for line in lines for word in line.words]
    if not words or min(word.confidence for word in words) < _LEAST:
        return ""
    return "".join(word.text for word in words)


def _changed(word: OcrWord, match: re.Match[str], figure: str, *, is_raised: bool) -> list[OcrWord]:
    """Return a word with its raised figure; a mark of a footnote becomes a word of its own."""
    stem, sign, tail = match.groups()
    confidence = min(word.confidence, CAP)
    raw = word.raw or word.text
    is_unit = match.re is _UNIT
    if not figure or (is_unit and figure not in _POWERS):
        is_false = is_unit and bool(sign) and not sign.isalnum()
        is_doubtful = is_raised and (is_unit or sign.isalnum())
        return [replace(word, confidence=confidence)] if is_doubtful or is_false else [word]
    raised = figure.translate(_RAISED)
    if is_unit:
        text = stem + raised + tail
        return [replace(word, text=text, confidence=confidence, choices=(), raw=raw)]
    left, top, width, height = word.box
    begin = round(width * len(stem) / len(word.text))
    boxes = (
        Box(left, top, max(1, begin), height),
        Box(left + begin, top, max(1, width - begin), height),
    )
    return [
        replace(word, text=text, box=box, confidence=confidence, choices=(), raw=raw)
        for text, box in zip((stem, raised + tail), boxes, strict=True)
    ]


def _is_in(share: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= share <= limits[1]
