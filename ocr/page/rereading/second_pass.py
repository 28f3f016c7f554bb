"""Reads again what the first pass missed: lone page numbers, names by seals, cramped lines.

Tesseract takes a figure that stands alone for dirt, and loses lines that touch a seal or a
signature. Their letters were found all the same (``ocr.image.components``); where no word was read
they are read again, each region as a line of its own. A region costs 3 to 10 ms, a page seldom has
five.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.deadline import Deadline
from ocr.engines.port import Engine, OcrLine, OcrWord, Segmentation
from ocr.image.components import Boxes, covered_by, label_components
from ocr.image.geometry import Mapping
from ocr.image.measure import PageAnalysis
from ocr.image.preprocess import LETTER, ReadingPicture
from pipeline.model import CERTAIN, Box

LOST_LINES = "l2"  # part of the recipe: how lost lines are found and read once more
_MAX_REGIONS = 30  # of a page; one with more is scribbled on, or a picture
_REACH = round(1.6 * LETTER)  # pixels between two letters of one region, at most
_HEIGHT = (0.6, 2.5)  # letter heights of a region's median letter: neither dots nor scrawl
_PADDING = 10  # pixels of the image around a region that are read with it
_BORDER = 10, 20  # white pixels above and below, left and right: Tesseract wants a margin
_COVERED = 3  # pixels around a word's box in which letters count as read
_LEAST = 0.85  # confidence from which a word of the second pass is taken: noise has less
CAP = CERTAIN - 0.05  # confidence at most: what only this pass found makes no finding certain


class Rereading(NamedTuple):
    """A page that was read once, with what reads parts of it again."""

    engine: Engine
    picture: ReadingPicture  # the image that the first pass read
    analysis: PageAnalysis  # the measures of its page
    deadline: Deadline  # the page's time limit

    def read_line(self, piece: NDArray[np.uint8]) -> list[OcrLine]:
        """Return what is read of a cut-out with one line, in its pixels.

        Raises:
            ReadingTimeoutError: the page's time is over.
            ReadingError: the engine failed.
        """
        left = self.deadline.left()
        return self.engine.read(piece, self.picture.dpi, left, Segmentation.LINE)


def read_missed(page: Rereading, lines: Sequence[OcrLine]) -> list[OcrLine]:
    """Return the lines that the first pass missed, with boxes in pixels of the image it read.

    Args:
        page: the page that was read once.
        lines: the words that the first pass read.

    Raises:
        ReadingTimeoutError: the page's time is over.
        ReadingError: the engine failed.
    """
    letters = missed_letters(page.picture, page.analysis, lines)
    regions = list(letter_regions(page.picture, letters)) if len(letters) else []
    if len(regions) > _MAX_REGIONS:
        return []
    found = []
    for region in regions:
        for line in page.read_line(_cut_out(page.picture, region)):
            if words := tuple(_on_image(word, region) for word in line.words if _is_sure(word)):
                found.append(OcrLine(words))
    return found


def missed_letters(
    picture: ReadingPicture, analysis: PageAnalysis, lines: Sequence[OcrLine]
) -> Boxes:
    """Return the boxes of letters, on the image that was read, that no word or seal covers.

    Args:
        picture: the image that the first pass read.
        analysis: the measures of its page.
        lines: the words that were read on it.
    """
    letters = analysis.letters
    if not len(letters):
        return letters
    middles = letters[:, :2] + letters[:, 2:] // 2
    letters = letters[analysis.seals[middles[:, 1], middles[:, 0]] == 0]
    boxes = mapped_boxes(picture.from_small, letters)
    words = (word.box for line in lines for word in line.words)
    is_read = covered_by(boxes, words, picture.grey.shape, _COVERED)
    return np.asarray(boxes[~is_read], np.int32)


def mapped_boxes(mapping: Mapping, boxes: Boxes) -> Boxes:
    """Return the upright boxes around where a mapping takes boxes (n x 4).

    Args:
        mapping: the mapping from the image on which the boxes lie.
        boxes: the boxes on that image, one or more.
    """
    left, top, width, height = boxes.astype(np.float64).T
    ones = np.ones(len(boxes))
    corners = np.stack(
        [np.stack([x, y, ones]) for x in (left, left + width) for y in (top, top + height)]
    )
    moved = (mapping.matrix @ corners)[:, :2]
    low, high = moved.min(axis=0).T, moved.max(axis=0).T
    return np.asarray(np.round(np.concatenate([low, high - low], axis=1)), np.int32)


def letter_regions(picture: ReadingPicture, letters: Boxes) -> Iterator[Box]:
    """Yield the boxes of letters that stand together on a line.

    Args:
        picture: the image that was read.
        letters: boxes of letters on it.
    """
    height, width = picture.grey.shape
    for band in _bands(letters):
        (left, top), (right, bottom) = band[:, :2].min(0), (band[:, :2] + band[:, 2:]).max(0) + 1
        # Closing reaches as far to the sides. Even edges: OpenCV numbers regions by blocks of four.
        left, top = max(0, left - _REACH) // 2 * 2, max(0, top) // 2 * 2
        right, bottom = min(right + _REACH, width), min(bottom, height)
        if left < right and top < bottom:
            shape = int(bottom - top), int(right - left)
            for box in _joined(band - (left, top, 0, 0), shape):
                yield box._replace(left=box.left + int(left), top=box.top + int(top))


def _bands(letters: Boxes) -> Iterator[Boxes]:
    """Yield letters with no white row between them, from the top down."""
    ordered = letters[np.argsort(letters[:, 1], kind="stable")]
    reached = np.maximum.accumulate(ordered[:, 1] + ordered[:, 3])
    breaks = np.flatnonzero(ordered[1:, 1] > reached[:-1] + 1) + 1
    yield from np.split(ordered, breaks) if len(ordered) else ()


def _joined(letters: Boxes, shape: tuple[int, int]) -> Iterator[Box]:
    """Yield the boxes of letters that stand together, on an image of this height and width."""
    mask = np.zeros(shape, np.uint8)
    for left, top, width, height in letters.tolist():
        cv2.rectangle(mask, (left, top), (left + width, top + height), 255, cv2.FILLED)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, _REACH), np.uint8))
    _, labels, stats = label_components(np.asarray(joined, np.uint8))
    heights = _heights(labels, letters, len(stats))
    least, most = (share * LETTER for share in _HEIGHT)
    for (left, top, width, height, _), letter in zip(stats[1:].tolist(), heights[1:], strict=True):
        if least <= letter <= most:
            yield Box(left, top, width, height)


def _heights(labels: NDArray[np.int32], letters: Boxes, count: int) -> list[float]:
    """Return the median height of the letters in each labelled region."""
    limit = np.array(labels.shape[::-1]) - 1
    x, y = np.clip(letters[:, :2] + letters[:, 2:] // 2, 0, limit).T
    owners = labels[y, x]
    return [
        float(np.median(letters[owners == label, 3])) if (owners == label).any() else 0.0
        for label in range(count)
    ]


def _cut_out(picture: ReadingPicture, region: Box) -> NDArray[np.uint8]:
    """Return a region with some pixels around it, on a white border."""
    rows = slice(max(0, region.top - _PADDING), region.bottom + _PADDING)
    columns = slice(max(0, region.left - _PADDING), region.right + _PADDING)
    down, across = _BORDER
    piece = picture.grey[rows, columns]
    return np.asarray(
        cv2.copyMakeBorder(piece, down, down, across, across, cv2.BORDER_CONSTANT, value=255),
        np.uint8,
    )


def _on_image(word: OcrWord, region: Box) -> OcrWord:
    """Return a word of a cut-out with its box on the whole image, at most as high as its region.

    Tesseract gives boxes as high as the image when it reads a single line.
    """
    left = max(0, region.left - _PADDING) - _BORDER[1] + word.box.left
    top = max(0, region.top - _PADDING) - _BORDER[0] + word.box.top
    low = min(top + word.box.height, region.bottom)
    top = min(max(top, region.top), low - 1)
    box = Box(max(0, left), top, word.box.width, low - top)
    return replace(word, box=box, confidence=min(word.confidence, CAP))


def _is_sure(word: OcrWord) -> bool:
    return word.confidence >= _LEAST and any(char.isalnum() for char in word.text)
