"""Doubts words that a line which was taken off ran through from end to end.

Such a line is a fold, a streak of the scanner, or a word that somebody struck out. The words are
read as if they stood, so none of them makes a finding certain; and a page says so where the line
was as dark as ink. A stroke that crosses a word on its way down, or runs under it, doubts none.
Pages without such a line pay nothing, others 2 milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from ocr.engines.port import OcrLine, OcrWord
from ocr.image.geometry import Pixels
from ocr.image.preprocess import DARK_LINE, LETTER, ReadingPicture
from ocr.page.rereading.second_pass import CAP

_ABOVE = 4  # pixels above a word's box: what a line cut off its letters is not in the box
_BODY = 0.75  # of the height of a word's box: an underline is below
_SHARE = 0.5  # of a word's width that the line runs along
_LETTERS = 2  # or figures of a word, at least: what is left of a line passes for a bar or a dash


def doubt_struck(picture: ReadingPicture, lines: list[OcrLine]) -> tuple[list[OcrLine], bool]:
    """Return the lines of a page with doubted words, and whether any may be struck out.

    Args:
        picture: the image that was read.
        lines: the words, boxes in pixels of that image.
    """
    if picture.lines is None:
        return lines, False
    across = np.ones((1, round(LETTER) | 1), np.uint8)  # over the letters that the line crossed
    removed = np.asarray(cv2.morphologyEx(picture.lines, cv2.MORPH_CLOSE, across), np.uint8)
    doubted = [OcrLine(_doubted(line.words, removed)) for line in lines]
    words = (word for line in lines for word in line.words if _is_written(word))
    return doubted, any(_is_crossed(word, removed, DARK_LINE) for word in words)


def _is_written(word: OcrWord) -> bool:
    return sum(letter.isalnum() for letter in word.text) >= _LETTERS


def _doubted(words: Sequence[OcrWord], removed: Pixels) -> tuple[OcrWord, ...]:
    return tuple(
        replace(word, confidence=min(word.confidence, CAP)) if _is_crossed(word, removed) else word
        for word in words
    )


def _is_crossed(word: OcrWord, removed: Pixels, least: int = 1) -> bool:
    """Tell whether a line runs along a word, through the middle of its height.

    Args:
        word: the word.
        removed: not 0 where lines were taken off.
        least: the level from which a line counts.
    """
    box = word.box
    low = box.top + max(1, round(_BODY * box.height))
    body = removed[max(0, box.top - _ABOVE) : low, max(0, box.left) : box.right]
    return bool(np.count_nonzero((body >= least).any(axis=0)) >= max(1, _SHARE * box.width))
