"""A second look at what the first left out: lone page numbers, names beside seals, cramped lines.

Tesseract takes a figure that stands alone for dirt, and loses lines that touch a seal or a
signature. Their letters were measured all the same (``ocr.writing``); where no word was read they
are read again, each place as a line of its own. A place costs 3 to 10 ms, a page seldom has five.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.deadline import Deadline
from ocr.engines.port import Engine, OcrLine, OcrWord, Segmentation
from ocr.image.components import Boxes, are_in
from ocr.image.geometry import Mapping
from ocr.image.measure import PageAnalysis
from ocr.image.preprocess import LETTER, ReadingPicture
from pipeline.model import CERTAIN, Box

_MOST = 30  # places of a page; one with more is scribbled on, or a picture
_NEAR = 1.6  # letters that far apart, in letter heights, stand in one place
_HEIGHT = (0.6, 2.5)  # of the place's letters, in letter heights: neither dots nor scrawl
_AROUND = 10  # pixels of the picture that are read with a place
_WHITE = 10, 20  # pixels of white above and below, left and right: Tesseract wants a margin
_COVERED = 3  # pixels around a word's box in which letters count as read
_SURE = 0.85  # confidence from which a word of a second look is believed: noise has less
_AS_SURE = CERTAIN - 0.05  # what was found only so makes no finding certain


def unread(
    engine: Engine,
    picture: ReadingPicture,
    look: PageAnalysis,
    lines: Sequence[OcrLine],
    deadline: Deadline,
) -> list[OcrLine]:
    """Return lines that the first look left out, in pixels of the reading picture.

    Args:
        engine: reads them.
        picture: that was read.
        look: the measures of its page.
        lines: what was read.
        deadline: of the page.

    Raises:
        ReadingTimeoutError: the page's time is over.
    """
    letters = _left_out(picture, look, lines)
    places = list(_places(picture, letters)) if len(letters) else []
    if len(places) > _MOST:
        return []
    found = []
    for place in places:
        piece = _cut(picture, place)
        for line in engine.read(piece, picture.dpi, deadline.left(), Segmentation.LINE):
            if words := tuple(_moved(word, place) for word in line.words if _is_sure(word)):
                found.append(OcrLine(words))
    return found


def _left_out(picture: ReadingPicture, look: PageAnalysis, lines: Sequence[OcrLine]) -> Boxes:
    """Return the boxes of letters, on the picture, that are in no word and in no seal."""
    letters = look.letters
    if not len(letters):
        return letters
    middles = letters[:, :2] + letters[:, 2:] // 2
    letters = letters[look.seals[middles[:, 1], middles[:, 0]] == 0]
    boxes = _onto(picture.from_small, letters)
    words = (word.box for line in lines for word in line.words)
    read = are_in(boxes, words, picture.grey.shape, _COVERED)
    return np.asarray(boxes[~read], np.int32)


def _onto(mapping: Mapping, boxes: Boxes) -> Boxes:
    """Return the boxes on a picture that hold boxes of the page."""
    left, top, width, height = boxes.astype(np.float64).T
    ones = np.ones(len(boxes))
    corners = np.stack(
        [np.stack([x, y, ones]) for x in (left, left + width) for y in (top, top + height)]
    )
    moved = (mapping.matrix @ corners)[:, :2]
    low, high = moved.min(axis=0).T, moved.max(axis=0).T
    return np.asarray(np.round(np.concatenate([low, high - low], axis=1)), np.int32)


def _places(picture: ReadingPicture, letters: Boxes) -> Iterator[Box]:
    """Yield the boxes of letters that stand together on a line."""
    near = round(_NEAR * LETTER)
    mask = np.zeros(picture.grey.shape, np.uint8)
    for left, top, width, height in letters.tolist():
        cv2.rectangle(mask, (left, top), (left + width, top + height), 255, cv2.FILLED)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, near), np.uint8))
    labels, stats = cv2.connectedComponentsWithStats(joined)[1:3]
    heights = _heights(np.asarray(labels, np.int32), letters, len(stats))
    least, most = (share * LETTER for share in _HEIGHT)
    for (left, top, width, height, _), letter in zip(stats[1:].tolist(), heights[1:], strict=True):
        if least <= letter <= most:
            yield Box(left, top, width, height)


def _heights(labels: NDArray[np.int32], letters: Boxes, count: int) -> list[float]:
    """Return the median height of the letters of each place."""
    limit = np.array(labels.shape[::-1]) - 1
    x, y = np.clip(letters[:, :2] + letters[:, 2:] // 2, 0, limit).T
    owners = labels[y, x]
    return [
        float(np.median(letters[owners == place, 3])) if (owners == place).any() else 0.0
        for place in range(count)
    ]


def _cut(picture: ReadingPicture, place: Box) -> NDArray[np.uint8]:
    rows = slice(max(0, place.top - _AROUND), place.bottom + _AROUND)
    columns = slice(max(0, place.left - _AROUND), place.right + _AROUND)
    down, across = _WHITE
    piece = picture.grey[rows, columns]
    return np.asarray(
        cv2.copyMakeBorder(piece, down, down, across, across, cv2.BORDER_CONSTANT, value=255),
        np.uint8,
    )


def _moved(word: OcrWord, place: Box) -> OcrWord:
    """Return a word of a cut-out where it stands on the picture, as high as its place.

    Of a single line Tesseract tells boxes as high as the picture.
    """
    left = max(0, place.left - _AROUND) - _WHITE[1] + word.box.left
    top = max(0, place.top - _AROUND) - _WHITE[0] + word.box.top
    low = min(top + word.box.height, place.bottom)
    top = min(max(top, place.top), low - 1)
    box = Box(max(0, left), top, word.box.width, low - top)
    return replace(word, box=box, confidence=min(word.confidence, _AS_SURE))


def _is_sure(word: OcrWord) -> bool:
    return word.confidence >= _SURE and any(char.isalnum() for char in word.text)
