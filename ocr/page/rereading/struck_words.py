"""Doubts words that a long line runs through from end to end, or a black one along their feet.

Such a line is a fold, a streak of the scanner, or a word that somebody struck out. The words are
read as if they stood, so none of them makes a finding certain; and a page says so where the line
was as dark as ink. A black line that letters stand on hides the dots below them. A stroke that
crosses a word on its way down, or runs under it at a distance, doubts none.

Words that a black signature or the ring of a copied seal runs through are no more certain either.
Pages pay 5 milliseconds, those with long lines 2 more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.engines.port import OcrLine, OcrWord
from ocr.image.geometry import Pixels
from ocr.image.lines.free_strokes import free_strokes
from ocr.image.preprocess import DARK_LINE, HIDING_LINE, LETTER, ReadingPicture
from ocr.page.rereading.second_pass import CAP
from pipeline.model import Box

_AROUND = 4  # pixels around a word's box: what a line cut off its letters is not in the box
_MET = 12  # pixels of a free stroke in a word's box: two or three across
_BELOW = 3  # pixels below it: a line that letters stand on
_BODY = 0.75  # of the height of a word's box: an underline is below
_SHARE = 0.5  # of a word's width that the line runs along
_LETTERS = 2  # or figures of a word, at least: what is left of a line passes for a bar or a dash


def doubt_struck(picture: ReadingPicture, lines: list[OcrLine]) -> tuple[list[OcrLine], bool]:
    """Return the lines of a page with doubted words, and whether any may be struck out.

    Args:
        picture: the image that was read.
        lines: the words, boxes in pixels of that image.
    """
    free = free_strokes(picture.grey, LETTER)
    if free is not None:
        lines = [OcrLine(_crossed_freely(line.words, free)) for line in lines]
    if picture.lines is None:
        return lines, False
    across = np.ones((1, round(LETTER) | 1), np.uint8)  # over the letters that the line crossed
    removed = np.asarray(cv2.morphologyEx(picture.lines, cv2.MORPH_CLOSE, across), np.uint8)
    doubted = [OcrLine(_doubted(line.words, removed)) for line in lines]
    words = (word for line in lines for word in line.words if _is_written(word))
    return doubted, any(_is_crossed(word, removed, DARK_LINE) for word in words)


def _crossed_freely(words: Sequence[OcrWord], free: Pixels) -> tuple[OcrWord, ...]:
    return tuple(
        replace(word, confidence=min(word.confidence, CAP)) if _meets(word.box, free) else word
        for word in words
    )


def _meets(box: Box, free: Pixels) -> bool:
    """Tell whether a free stroke, or a letter that it touches, is in a word's box or at it."""
    top, left = max(0, box.top - _AROUND), max(0, box.left - _AROUND)
    inside = free[top : box.bottom + _AROUND, left : box.right + _AROUND]
    return cv2.countNonZero(inside) >= _MET if inside.size else False


def _is_written(word: OcrWord) -> bool:
    return sum(letter.isalnum() for letter in word.text) >= _LETTERS


def _doubted(words: Sequence[OcrWord], removed: Pixels) -> tuple[OcrWord, ...]:
    return tuple(
        replace(word, confidence=min(word.confidence, CAP))
        if _is_crossed(word, removed) or _is_hidden(word, removed)
        else word
        for word in words
    )


def _is_hidden(word: OcrWord, removed: Pixels) -> bool:
    """Tell whether a black line runs along a word or its feet, where it hides marks."""
    box = word.box
    rows = removed[max(0, box.top - _AROUND) : box.bottom + _BELOW, max(0, box.left) : box.right]
    return _runs_along(rows >= HIDING_LINE, word)


def _runs_along(line: NDArray[np.bool_], word: OcrWord) -> bool:
    return bool(np.count_nonzero(line.any(axis=0)) >= max(1, _SHARE * word.box.width))


def _is_crossed(word: OcrWord, removed: Pixels, least: int = 1) -> bool:
    """Tell whether a line runs along a word, through the middle of its height.

    Args:
        word: the word.
        removed: not 0 where lines were taken off.
        least: the level from which a line counts.
    """
    box = word.box
    low = box.top + max(1, round(_BODY * box.height))
    body = removed[max(0, box.top - _AROUND) : low, max(0, box.left) : box.right]
    return _runs_along(body >= least, word)
