"""Compares a PDF text layer with the picture of its page: what is drawn, and what it leaves open.

Letters that no word of the layer covers belong to pasted pictures, stamps, or lines whose words
were not believed. A doubted line is taken after all when reading its place gives the same words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.image.components import Boxes, Flags, covered_by
from ocr.image.geometry import Pixels, scaled
from ocr.image.measure import PageAnalysis
from pipeline.model import Box, Line, Word, mean_confidence

_MARGIN = 2  # pixels of the small image around a word in which a letter counts as covered by it
_CONTRAST = 40  # levels of grey between neighbouring pixels where something is drawn
_FLAT, _CLEAR = 24, 80  # the same, of a piece of one colour below, and of dark letters from there
_CORE, _SIDE = 0.35, 2  # heights, pixels of the small image: of a word's box, around its letters
_PIECE, _LETTERS = 0.8, 2  # heights and letters of a piece of a word, at least
_SHORT = 2  # letters of a word whose shape does not tell which way it runs
_GAPS = re.compile(r"\.\.|[…_]")  # signs of which nothing is in the middle of a line
# Share of the lesser width and height by which a word lies on another; height of the lower one.
_ON, _LEVEL_ON, _SAME = 0.12, 0.7, 0.6
_ROWS = 32  # words that are compared with those beside and below them at once
_AGREE = 0.7  # share of a layer's letters in words that reading gives as well, to be believed
_MOSTLY = 0.85  # the same, of lines that no paper can have
_HALF = 0.5  # share of the letters of figures in figures that are read as well
_LEGIBLE = 0.8  # mean confidence of a reading that refutes a layer
_WIDEST = 6  # heights of a letter; wider is a rule or an underline
_MANY = 400  # letters outside of the layer that are no logo
_LEVEL, _ALIKE, _BESIDE = 0.35, 0.55, 2.5  # letter heights by which letters of a line differ
_FEW = 3  # letters side by side: MẬT
_INSET = 1  # pixels
_EDGES = "\"'.,:;()[]{}“”‘’–-…|"


def drawn(words: Sequence[Word], analysis: PageAnalysis) -> list[bool]:
    """Tell of words whether they are drawn, none of their letters under a box of one colour.

    White text on white paper is not seen, nor is what a black box hides: of a word the middle
    counts, which no edge of such a box crosses, piece by piece. Beside an empty piece the others
    must be clear: pale letters leave some pieces nearly empty.

    Args:
        words: words of the layer, boxes in pixels of the original page.
        analysis: the measures of the page.
    """
    grey = analysis.normalised
    around = np.ones((3, 3), np.uint8)
    steps = np.asarray(cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, around), np.uint8)
    whole = _small_boxes(words, analysis)
    owners, pieces = _pieces(words, whole)
    is_empty = ~_has_steps(steps, pieces, _FLAT)
    has_empty = np.zeros(len(words), np.bool_)
    np.logical_or.at(has_empty, owners, is_empty)
    is_clear = np.ones(len(words), np.bool_)
    np.logical_and.at(is_clear, owners, is_empty | _has_steps(steps, pieces, _CLEAR))
    sides = np.concatenate([whole[:, :2], whole[:, :2] + whole[:, 2:]], axis=1).T
    seen = _has_steps(steps, sides, _CONTRAST) & ~(has_empty & is_clear)
    return [bool(each) for each in seen.tolist()]


def _has_steps(steps: Pixels, boxes: NDArray[np.integer], least: int) -> Flags:
    """Tell of boxes, sides by rows, whether somewhere inside the grey changes by so many levels."""
    sums = cv2.integral((steps >= least).astype(np.uint8))
    height, width = steps.shape
    left, right = (np.clip(side, 0, width) for side in (boxes[0], boxes[2]))
    top, bottom = (np.clip(side, 0, height) for side in (boxes[1], boxes[3]))
    found = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    return np.asarray(found > 0, np.bool_)


def _pieces(words: Sequence[Word], boxes: Boxes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the parts of words in which letters must be seen: whose they are, and their sides.

    Args:
        words: words of the layer.
        boxes: their boxes on the small image.
    """
    letters = np.array([len(word.text) for word in words])
    is_written = np.array([any(map(str.isalnum, word.text)) for word in words], np.bool_)
    left, top, width, height = boxes.astype(np.float64).T
    upwards = (height > width) & ((letters > _SHORT) | (_is_sideways(letters, boxes)))
    long, high = np.where(upwards, height, width), np.where(upwards, width, height)
    has_gaps = np.array([_GAPS.search(word.text) is not None for word in words], np.bool_)
    count = np.floor(long / np.maximum(_PIECE * high, _LETTERS * long / np.maximum(letters, 1)))
    count = np.where(is_written & ~has_gaps, np.maximum(count, 1), 1).astype(np.int64)
    owners = np.repeat(np.arange(len(words)), count)
    at = np.arange(len(owners)) - np.repeat(np.cumsum(count) - count, count)
    off = np.where(is_written, _CORE * high, 0)
    side = np.where(is_written, np.minimum(_SIDE, long / 4), 0)
    step = ((long - 2 * side) / count)[owners]
    start = side[owners] + at * step
    across = np.stack([start, off[owners], start + step, (high - off)[owners]])
    turned = np.where(upwards[owners], across[[1, 0, 3, 2]], across)
    origin = np.stack([left, top, left, top])[:, owners]
    low, far = np.floor(origin + turned), np.ceil(origin + turned)
    return owners, np.concatenate([low[:2], far[2:]]).astype(np.int64)


def _is_sideways(letters: NDArray[np.int64], boxes: Boxes) -> bool:
    """Tell whether most long words of a page run up or down."""
    long = letters > _SHORT
    return bool(2 * np.sum(long & (boxes[:, 3] > boxes[:, 2])) > np.sum(long))


def clashing(words: Sequence[Word]) -> set[int]:
    """Return which words stand in the place of others: only one of them can be seen.

    Args:
        words: words of the layer that are drawn, boxes in pixels of the original page.
    """
    long = [at for at, word in enumerate(words) if sum(map(str.isalnum, word.text)) > 1]
    long.sort(key=lambda at: words[at].box.top)
    boxes = np.array([words[at].box for at in long], np.float64).reshape(-1, 4)
    left, top, width, height = boxes.T
    found: set[int] = set()
    for start in range(0, len(long), _ROWS):
        part = slice(start, start + _ROWS)
        below = slice(start, int(np.searchsorted(top, (top + height)[part].max())))
        over = [
            np.minimum((low + size)[part, None], (low + size)[below])
            - np.maximum(low[part, None], low[below])
            for low, size in ((left, width), (top, height))
        ]
        lower = np.minimum(height[part, None], height[below])
        is_on = over[0] > _ON * np.minimum(width[part, None], width[below])
        is_on &= over[1] > _LEVEL_ON * lower
        is_on &= lower > _SAME * np.maximum(height[part, None], height[below])
        for one, two in np.argwhere(is_on).tolist():
            pair = long[start + one], long[start + two]
            if words[pair[0]].text != words[pair[1]].text:
                found |= set(pair)
    return found


def open_letters(words: Sequence[Word], analysis: PageAnalysis) -> tuple[Boxes, float]:
    """Return the print seen outside of words, and the share of letters that words cover.

    Args:
        words: words of the layer, boxes in pixels of the original page.
        analysis: the measures of the page, on whose small image the letters' boxes are.
    """
    letters = analysis.letters
    if not len(letters):
        return letters, 1.0
    boxes = (Box(*box) for box in _small_boxes(words, analysis).tolist())
    covered = covered_by(letters, boxes, analysis.normalised.shape, _MARGIN)
    flat = letters[:, 2] > _WIDEST * letters[:, 3]
    left = np.asarray(letters[~(covered | flat)], np.int32)
    return left[_on_lines(left)], float(covered.mean())


def _on_lines(letters: Boxes) -> Flags:
    """Tell which letters have others of their height beside them, as in a line of print."""
    if len(letters) > _MANY:  # more than a logo: looking at pairs would cost too much
        return np.ones(len(letters), np.bool_)
    left, top, width, height = letters.astype(np.float64).T
    middle = top + height / 2
    taller = np.maximum(height[:, None], height)
    level = np.abs(middle[:, None] - middle) < _LEVEL * taller
    sized = np.minimum(height[:, None], height) > _ALIKE * taller
    gap = np.maximum(left[:, None], left) - np.minimum((left + width)[:, None], left + width)
    beside = level & sized & (gap < _BESIDE * taller)
    return np.asarray(beside.sum(axis=1) >= _FEW, np.bool_)


def _small_boxes(words: Sequence[Word], analysis: PageAnalysis) -> Boxes:
    """Return the boxes of words (n x 4) on the small image of the page."""
    matrix = scaled(analysis.page_crop, analysis.scale).matrix
    left, top, width, height = np.array([word.box for word in words], np.float64).reshape(-1, 4).T
    ones = np.ones(len(words))
    corners = np.stack(
        [matrix @ np.stack([x, y, ones]) for x in (left, left + width) for y in (top, top + height)]
    )
    places = corners[:, :2] / corners[:, 2:]
    low, high = np.floor(places.min(axis=0)).T, np.ceil(places.max(axis=0)).T
    return np.asarray(np.concatenate([low, high - low], axis=1), np.int32)


def without_words(pixels: Pixels, words: Sequence[Word]) -> Pixels:
    """Return the page with words painted over in white.

    Args:
        pixels: the original page, grey or colour.
        words: words with boxes in its pixels.
    """
    painted = pixels.copy()
    for word in words:
        box = word.box
        rows = slice(max(box.top - _INSET, 0), box.bottom + _INSET)
        painted[rows, max(box.left - _INSET, 0) : box.right + _INSET] = 255
    return painted


def agreement(words: Sequence[Word], read: Sequence[Word]) -> float:
    """Return the share of the letters of words that were read there as well, 0-1.

    Args:
        words: words of a layer.
        read: the words that reading the same place gave.
    """
    said, seen = _tokens(words), _tokens(read)
    total = sum(len(token) * count for token, count in said.items())
    both = sum(len(token) * count for token, count in (said & seen).items())
    return both / total if total else 0.0


def agrees(words: Sequence[Word], read: Sequence[Word]) -> bool:
    """Tell whether reading a place confirms the words that a layer has there."""
    return agreement(words, read) >= _AGREE


def refutes(words: Sequence[Word], read: Sequence[Word]) -> bool:
    """Tell whether reading a place that is doubted gives other words than a layer has there.

    Args:
        words: words of a layer that says what no paper can.
        read: the words that reading the same place gave.
    """
    if mean_confidence(read) < _LEGIBLE:
        return False
    figures = [word for word in words if any(map(str.isdigit, word.text))]
    if figures and agreement(figures, read) < _HALF:
        return True
    return agreement(words, read) < _MOSTLY


def words_in(lines: Sequence[Line], box: Box) -> list[Word]:
    """Return the words whose middle lies in a box."""
    return [
        word
        for line in lines
        for word in line.words
        if box.left <= word.box.left + word.box.width // 2 < box.right
        and box.top <= word.box.top + word.box.height // 2 < box.bottom
    ]


def _tokens(words: Sequence[Word]) -> Counter[str]:
    return Counter(token for word in words if (token := word.text.strip(_EDGES).casefold()))
