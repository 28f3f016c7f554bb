"""Reads lines of print that a frame as dark as print crosses, without the lines of that frame.

A coloured stamp fades by its colour; on a copy its frame runs black through the print, and
Tesseract loses the words it touches. Lines of print that touch the frame are read once more
without it; words that count then take the place of those it touched. What only this pass reads, and
words that a frame touches and nobody reads better, make no finding certain. Pages without a frame
that print touches pay nothing, a frame 3 milliseconds, each line through it two readings of
5 to 10.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

import cv2
import numpy as np

from ocr.engines.port import OcrLine, OcrWord
from ocr.image.geometry import Pixels
from ocr.image.preprocess import LETTER
from ocr.page.rereading.black_frames import Frame, black_frames
from ocr.page.rereading.second_pass import CAP, Rereading, mapped_boxes
from pipeline.model import Box
from pipeline.vietnamese import is_attested

_SURE, _LEAST = 0.85, 0.6  # confidence of a word that counts; of one that the language has
_CONTACT = 6  # pixels of print that touch a frame's lines in a row of print, at least
_TOUCH = 3  # pixels around a line: what is ink there touches it
_INK = 170  # grey below which a pixel is ink
_ABOVE = 4  # pixels above and below the words of a row that are read with it
_BODY = 0.6  # letter heights from the middle of a row in which its letters touch a line
_GAP = 3.5  # letter heights between two words of a row, at most
_BORDER = 20  # white pixels around a cut-out
_MOST, _LARGEST = 8, 4  # rows of a frame, frames of a page that are looked at
_LIKE = 0.7  # of a new word's width: an old one that is narrower is a piece of it


class _CrossedRow(NamedTuple):
    """A row of print that touches a frame, in pixels of the image for OCR."""

    box: Box
    touched: Pixels  # 255 on the lines of the frame, as large as the box


def with_crossed_lines(page: Rereading, lines: Sequence[OcrLine]) -> list[OcrLine]:
    """Return the lines of a page with those that black frames cross read better, if they are.

    Args:
        page: the page that was read once.
        lines: the words that the first pass read.

    Raises:
        ReadingTimeoutError: the page's time is over.
        ReadingError: the engine failed.
    """
    found = list(lines)
    if not len(page.analysis.components):
        return found
    matrix = page.picture.from_small.matrix
    millimetre = page.analysis.millimetre * float(np.hypot(matrix[0, 0], matrix[1, 0]))
    components = mapped_boxes(page.picture.from_small, page.analysis.components)
    frames = black_frames(page.picture.grey, components, LETTER, millimetre)
    for _, frame in zip(range(_LARGEST), frames, strict=False):
        rows = list(islice(_rows(page.picture.grey, found, frame), _MOST))
        if not rows:
            continue
        cleaned = [_on(page.picture.grey, frame.box, piece) for piece in frame.cleaned]
        for row in rows:
            read = [word for each in cleaned for word in _read(page, each, row)]
            found = _better(found, _surest(read), row)
    return found


def _on(grey: Pixels, box: Box, piece: Pixels) -> Pixels:
    """Return an image with a piece of it exchanged."""
    changed = grey.copy()
    changed[box.top : box.bottom, box.left : box.right] = piece
    return changed


def _surest(words: Sequence[OcrWord]) -> list[OcrWord]:
    """Return the words of several readings, in one place the surer one, left to right."""
    taken: list[OcrWord] = []
    for word in sorted(words, key=lambda each: -each.confidence):
        if not any(_overlap(word.box, each.box) for each in taken):
            taken.append(word)
    return sorted(taken, key=lambda word: word.box.left)


def _rows(grey: Pixels, lines: Sequence[OcrLine], frame: Frame) -> Iterator[_CrossedRow]:
    """Yield the rows of print that touch a frame's lines, as far as words go."""
    around = cv2.dilate(frame.lines, np.ones((2 * _TOUCH + 1,) * 2, np.uint8))
    piece = grey[frame.box.top : frame.box.bottom, frame.box.left : frame.box.right]
    contact = (piece < _INK) & (around > 0) & (frame.lines == 0)
    taken: list[Box] = []
    for line in lines:
        sure = [word.box for word in line.words if word.confidence >= _SURE and len(word.text) > 1]
        if not sure:
            continue
        top = round(float(np.median([box.top for box in sure]))) - _ABOVE
        low = round(float(np.median([box.bottom for box in sure]))) + _ABOVE
        middle = (top + low) // 2
        if any(box.top < middle < box.bottom for box in taken):
            continue
        at, half = middle - frame.box.top, round(_BODY * LETTER)
        if np.count_nonzero(contact[max(0, at - half) : max(0, at + half)]) < _CONTACT:
            continue
        words = [word.box for each in lines for word in each.words if _crosses(word.box, middle)]
        if not (box := _reach(words, frame.box, max(0, top), low)):
            continue
        taken.append(box)
        yield _CrossedRow(box, _touched(box, frame))


def _touched(row: Box, frame: Frame) -> Pixels:
    """Return 255 where the lines of a frame run in a row, an image as large as the row."""
    left, top = max(row.left, frame.box.left), max(row.top, frame.box.top)
    right = max(left, min(row.right, frame.box.right))
    low = max(top, min(row.bottom, frame.box.bottom))
    lines = frame.lines[
        top - frame.box.top : low - frame.box.top, left - frame.box.left : right - frame.box.left
    ]
    touched = np.zeros((row.height, row.width), np.uint8)
    touched[top - row.top : low - row.top, left - row.left : right - row.left] = lines
    return touched


def _crosses(box: Box, y: int) -> bool:
    return box.top <= y <= box.bottom and box.height > LETTER / 2


def _reach(words: Sequence[Box], frame: Box, top: int, low: int) -> Box | None:
    """Return where a row of words is read: those that run into a frame, one after the other."""
    left, right = frame.left, frame.right
    for box in sorted(words, key=lambda each: -each.right):
        if box.left < left and left - box.right <= _GAP * LETTER:
            left = box.left
    for box in sorted(words, key=lambda each: each.left):
        if box.right > right and box.left - right <= _GAP * LETTER:
            right = box.right
    return Box(max(0, left - _TOUCH), top, right - left + 2 * _TOUCH, low - top)


def _read(page: Rereading, cleaned: Pixels, row: _CrossedRow) -> list[OcrWord]:
    """Return the words of a row that count, without the frame."""
    box = row.box
    piece = cleaned[box.top : box.bottom, box.left : box.right]
    framed = cv2.copyMakeBorder(piece, *(_BORDER,) * 4, cv2.BORDER_CONSTANT, value=255)
    lines = page.read_line(np.asarray(framed, np.uint8))
    words = [_placed(word, box) for line in lines for word in line.words]
    return [
        replace(word, confidence=min(word.confidence, CAP))
        for word in words
        if _counts(word, touched=_is_touched(word.box, row))
    ]


def _placed(word: OcrWord, row: Box) -> OcrWord:
    """Return a word of a cut-out where it stands; Tesseract's boxes are as high as the cut-out."""
    left = max(0, row.left + word.box.left - _BORDER)
    box = Box(left, row.top + _ABOVE, word.box.width, max(1, row.height - 2 * _ABOVE))
    return replace(word, box=box)


def _counts(word: OcrWord, *, touched: bool) -> bool:
    """Tell whether a word counts: where a line ran through it only one that the language has."""
    letters = "".join(char for char in word.text if char.isalnum())
    is_word = len(letters) > 1 and is_attested(letters.lower())
    if touched:
        return is_word and word.confidence >= _LEAST
    return bool(letters) and word.confidence >= (_LEAST if is_word else _SURE)


def _better(lines: list[OcrLine], read: list[OcrWord], row: _CrossedRow) -> list[OcrLine]:
    """Return the lines with the words that a frame touches exchanged for what was read now.

    A new word is taken only if all words in its place give way to what is taken, so none is lost.
    """
    old = [word for line in lines for word in line.words if _is_in_row(word.box, row.box)]
    new, before = read, len(read) + 1
    while len(new) < before:
        before = len(new)
        kept = [word for word in old if not _gives_way(word, new, row)]
        new = [each for each in new if not _overlapping(each, kept)]
    rest = [
        OcrLine(tuple(word for word in line.words if not _is_in_row(word.box, row.box)))
        for line in lines
    ]
    words = sorted((*_doubted(kept, row), *new), key=lambda word: word.box.left)
    return [*(line for line in rest if line.words), OcrLine(tuple(words))]


def _gives_way(word: OcrWord, new: Sequence[OcrWord], row: _CrossedRow) -> bool:
    """Tell whether new words take the place of one that a frame touches, or that is a piece."""
    others = _overlapping(word, new)
    is_piece = any(word.box.width < _LIKE * each.box.width for each in others)
    is_worse = is_piece or _is_touched(word.box, row) or not _counts(word, touched=False)
    return is_worse and 2 * sum(len(each.text) for each in others) > len(word.text)


def _overlapping(word: OcrWord, others: Sequence[OcrWord]) -> list[OcrWord]:
    return [each for each in others if _overlap(word.box, each.box)]


def _doubted(kept: Sequence[OcrWord], row: _CrossedRow) -> Iterator[OcrWord]:
    """Yield the words of a row, none certain that a frame touches or that is next to such a one."""
    touched = [word.box for word in kept if _is_touched(word.box, row)]
    for word in kept:
        left, right = word.box.left - LETTER, word.box.right + LETTER
        is_doubtful = any(box.left < right and box.right > left for box in touched)
        yield replace(word, confidence=min(word.confidence, CAP)) if is_doubtful else word


def _is_touched(box: Box, row: _CrossedRow) -> bool:
    left, top = max(0, box.left - row.box.left), max(0, box.top - row.box.top)
    right, low = box.right - row.box.left, box.bottom - row.box.top
    return bool(row.touched[top:low, max(0, left - _TOUCH) : right + _TOUCH].any())


def _is_in_row(box: Box, row: Box) -> bool:
    x, y = box.left + box.width / 2, box.top + box.height / 2
    return row.left <= x <= row.right and row.top <= y <= row.bottom


def _overlap(one: Box, other: Box) -> bool:
    shared = min(one.right, other.right) - max(one.left, other.left)
    return 2 * shared > min(one.width, other.width)
