"""Reads lines once more that Tesseract garbled by joining lines of two columns.

Recipients in small print stand beside a signer's heading in larger lines. Where both share a line
of Tesseract's, but no baseline, the smaller one is cut through: two of its lines become one, or
half of one. The letters of such a part were found all the same; they form rows of their own, and
each row is read as a line of its own. What was read better so takes the place of the garbled
words. A row costs 5 to 10 ms; a page without such parts pays nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np

from ocr.engines.port import OcrLine, OcrWord
from ocr.image.components import Boxes
from ocr.image.geometry import Pixels
from ocr.image.preprocess import LETTER
from ocr.page.rereading.second_pass import (
    CAP,
    Rereading,
    letter_regions,
    mapped_boxes,
    missed_letters,
)
from pipeline.model import Box, mean_confidence

_GAP = 4.0  # letter heights between two parts of one line, at least: columns, not words
_UNSURE = 0.5  # confidence below which a word may be garbled
_SHARE = 0.2  # of a part's letters in such words: more, and it is not one misread word
_MOST, _WORDS = 12, 2_500  # rows that are read once more; words of a page that is looked at
_FEWEST = 3  # letters that make a row
_ABOVE, _BELOW = 0.75, 0.5  # letter heights read above and below the letters of a row: marks
_LEAD = 1.8  # letter heights read to the left of a row: a dash before it is no letter
_MARK = 0.6  # letter heights: what is less high may be a mark over this row's own letters
_BORDER = 10, 20  # white pixels above and below, left and right: Tesseract wants a margin
_SURE = 0.85  # confidence from which a word stays unless the other reading has its place
_LEGIBLE = 0.65  # mean confidence from which a row was read
_GUESSED = 0.4  # confidence below which a word is a guess
_MORE = 1.2  # times what was read at first, from which the second reading is the better one

Part = Sequence[OcrWord]


def with_garbled_lines(page: Rereading, lines: Sequence[OcrLine]) -> list[OcrLine]:
    """Return the lines of a page with garbled parts read better, where that is so.

    Args:
        page: the page that was read once.
        lines: the words that the first pass read.

    Raises:
        ReadingTimeoutError: the page's time is over.
        ReadingError: the engine failed.
    """
    parts = [part for line in lines for part in _parts(line.words)]
    garbled = list(filter(_is_garbled, parts))
    if not (garbled and len(page.analysis.letters)) or sum(map(len, parts)) > _WORDS:
        return list(lines)
    others = [OcrLine(tuple(part)) for part in parts if not _is_garbled(part)]
    found = _without_doubles(lines, garbled, others)
    free = missed_letters(page.picture, page.analysis, others)
    if not len(free):
        return found
    places = [Box.around(word.box for word in part) for part in garbled]
    letters = mapped_boxes(page.picture.from_small, page.analysis.letters)
    rows = [
        row
        for row in letter_regions(page.picture, free)
        if _count(free, row) >= _FEWEST and any(_in_row(row, each) for each in places)
    ]
    if len(rows) > _MOST:
        return found
    for row in rows:
        piece = _cut_out(page.picture.grey, row, letters)
        read = [_on_image(word, row) for line in page.read_line(piece) for word in line.words]
        found = _better(found, read, row)
    return found


def _parts(words: Sequence[OcrWord]) -> Iterator[Part]:
    """Yield the words of a line between gaps that part columns."""
    part: list[OcrWord] = []
    for word in words:
        if part and word.box.left - part[-1].box.right > _GAP * LETTER:
            yield part
            part = []
        part.append(word)
    yield part


def _is_garbled(part: Part) -> bool:
    unsure = [word for word in part if word.confidence < _UNSURE and not _is_figure(word.text)]
    return _letters(unsure) > _SHARE * _letters(part)


def _is_figure(text: str) -> bool:
    """Tell whether a word is mostly digits, which a second reading does not make surer."""
    return 2 * sum(char.isdigit() for char in text) >= sum(char.isalnum() for char in text)


def _letters(words: Iterable[OcrWord]) -> int:
    return sum(char.isalnum() for word in words for char in word.text)


def _without_doubles(
    lines: Sequence[OcrLine], garbled: Sequence[Part], others: Sequence[OcrLine]
) -> list[OcrLine]:
    """Return the lines without garbled words where another line has surely read the place."""
    sure = [word for line in others for word in line.words if word.confidence >= _SURE]
    doubles = [
        word
        for part in garbled
        for word in part
        if word.confidence < _UNSURE
        and _overlaps(word, [each for each in sure if _in_row(word.box, each.box)])
    ]
    return _without(lines, doubles)


def _in_row(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    is_beside = one.right < other.left or other.right < one.left
    return not is_beside and 2 * shared > min(one.height, other.height)


def _without(lines: Sequence[OcrLine], words: Sequence[OcrWord]) -> list[OcrLine]:
    gone = set(map(id, words))
    kept = (OcrLine(tuple(word for word in line.words if id(word) not in gone)) for line in lines)
    return [line for line in kept if line.words]


def _count(letters: Boxes, row: Box) -> int:
    """Return how many letters have their middle in a row."""
    x, y = (letters[:, :2] + letters[:, 2:] // 2).T
    inside = (x >= row.left) & (x < row.right) & (y >= row.top) & (y < row.bottom)
    return int(np.count_nonzero(inside))


def _cut_out(grey: Pixels, row: Box, letters: Boxes) -> Pixels:
    """Return a row on a white border, the letters of the rows above and below it taken off."""
    top, low = max(0, row.top - round(_ABOVE * LETTER)), row.bottom + round(_BELOW * LETTER)
    left, right = max(0, row.left - round(_LEAD * LETTER)), row.right + round(LETTER)
    piece = grey[top:low, left:right].copy()
    for x, y, width, height in letters.tolist():
        is_other = y + height / 2 < row.top or y + height / 2 >= row.bottom
        if (
            is_other
            and height > _MARK * LETTER
            and top < y + height
            and y < low
            and left < x + width
            and x < right
        ):
            rows = slice(max(0, y - top - 1), max(0, y + height - top + 1))
            piece[rows, max(0, x - left - 1) : max(0, x + width - left + 1)] = 255
    down, across = _BORDER
    framed = cv2.copyMakeBorder(piece, down, down, across, across, cv2.BORDER_CONSTANT, value=255)
    return np.asarray(framed, np.uint8)


def _on_image(word: OcrWord, row: Box) -> OcrWord:
    """Return a word of a cut-out where it stands; Tesseract's boxes are as high as the cut-out."""
    left = max(0, row.left - round(_LEAD * LETTER)) - _BORDER[1] + word.box.left
    box = Box(max(0, left), row.top, word.box.width, row.height)
    return replace(word, box=box)


def _better(lines: list[OcrLine], read: Sequence[OcrWord], row: Box) -> list[OcrLine]:
    """Return the lines with a row's words exchanged for what was read now, if that is more.

    A word goes only where another has its place: one read now, or a sure one of another line.
    """
    old = [word for line in lines for word in line.words if _is_of(word, row)]
    sure = [word for word in old if word.confidence >= _SURE]
    if old and len(sure) == len(old):
        return lines
    if _is_legible(read) and _weight(read) > _MORE * _weight(old):
        taken = list(filter(_is_word, read))
        gone = [word for word in old if _overlaps(word, taken)]
        new = [replace(word, confidence=min(word.confidence, CAP)) for word in taken]
        return _exchanged(lines, gone, new, row)
    return _without(lines, [w for w in old if w.confidence < _UNSURE and _overlaps(w, sure)])


def _exchanged(
    lines: list[OcrLine], gone: Sequence[OcrWord], new: Sequence[OcrWord], row: Box
) -> list[OcrLine]:
    """Return the lines with words exchanged; new ones stay with what is left of their row's line.

    Else the parts of a form's line would be read as columns of their own.
    """
    ids = set(map(id, gone))
    for at, line in enumerate(lines):
        rest = [word for word in line.words if id(word) not in ids]
        middles = [word.box.top + word.box.height / 2 for word in rest]
        if 0 < len(rest) < len(line.words) and all(row.top <= y <= row.bottom for y in middles):
            words = sorted((*rest, *new), key=lambda word: word.box.left)
            return _without([*lines[:at], OcrLine(tuple(words)), *lines[at + 1 :]], gone)
    return [*_without(lines, gone), OcrLine(tuple(new))]


def _is_legible(read: Sequence[OcrWord]) -> bool:
    """Tell whether a row was read, and no word of it is a guess: figures by hand are."""
    guessed = any(word.confidence < _GUESSED for word in read if _letters([word]) > 1)
    return not guessed and mean_confidence(read) >= _LEGIBLE


def _is_word(word: OcrWord) -> bool:
    """Tell whether a word is more than what the edges of another row look like."""
    return word.confidence >= _UNSURE or _letters([word]) > 1


def _is_of(word: OcrWord, row: Box) -> bool:
    """Tell whether a word stands in a row, or is a garbled one that reaches into it."""
    x, y = word.box.left + word.box.width / 2, word.box.top + word.box.height / 2
    if not row.left - LETTER <= x <= row.right + LETTER:
        return False
    if row.top <= y <= row.bottom:
        return True
    shared = min(word.box.bottom, row.bottom) - max(word.box.top, row.top)
    return word.confidence < _UNSURE and 2 * shared > row.height


def _overlaps(word: OcrWord, others: Iterable[OcrWord]) -> bool:
    """Tell whether a word stands in the place of others of its row."""

    def shared(one: Box, other: Box) -> int:
        return min(one.right, other.right) - max(one.left, other.left)

    return any(
        2 * shared(word.box, each.box) > min(word.box.width, each.box.width) for each in others
    )


def _weight(words: Iterable[OcrWord]) -> float:
    """Return how much a reading is worth: its letters by their confidence, without guesses."""
    return sum(_letters([word]) * word.confidence for word in words if word.confidence >= _UNSURE)
