"""Reads lines that run under a seal which a copier made black, without the rings of that seal.

A red seal fades by its colour (``ocr.image.seals``); a black one is as dark as the letters, so
Tesseract loses the title and the name it covers. Its rings are circles: they are taken off, the
rest of the seal is covered where no line of print runs through it, and each such line is read once
more. What only this pass reads makes no finding certain. Pages without a black seal pay nothing; a
seal costs 20 milliseconds and each line under it 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np

from ocr.engines.port import OcrLine, OcrWord
from ocr.image.black_seals import Circle, black_seals, without_residue, without_rings
from ocr.image.components import Boxes
from ocr.image.geometry import Pixels
from ocr.image.preprocess import LETTER, ReadingPicture
from ocr.page.rereading.second_pass import CAP, Rereading, mapped_boxes
from pipeline.model import Box
from pipeline.vietnamese import is_attested

_LEAST, _LEAST_SYLLABLE = 0.85, 0.6  # confidence of a word beside the seal; of one under it
_ABOVE, _BELOW = 0.75, 0.5  # letter heights of a band above and below its letters: marks
_FEWEST = 3  # letters outside of the seal that make a line
_GAP = 3.5  # letter heights between two letters of one line, at most: one may touch the ring
_LEAD = 2.2  # letter heights that are read to the left of where a line may begin
_OPEN = 4.0  # letter heights from the seal to the first letter that does not touch it
_SAME_ROW = 0.7  # letter heights by which middles of letters of a line differ
_GRAZING = 0.5  # letter heights: the middle of a line that only touches the ring lies so near it
_HIGH = 0.6, 2.0  # letter heights of a letter of such a line
_AROUND = 0.4  # letter heights around a seal that belong to it
_MOST = 6  # lines through one seal
_BORDER = 20  # white pixels around a cut-out
_LARGEST = 3  # seals of a page that are looked at


class _Band(NamedTuple):
    """Where a line runs through a seal, in pixels of the image for OCR."""

    top: int
    bottom: int
    left: int
    right: int
    edge: int  # where the seal ends, to the right of it the line stands free


def with_sealed_lines(page: Rereading, lines: Sequence[OcrLine]) -> list[OcrLine]:
    """Return the lines of a page with those under black seals read better, where that is so.

    Args:
        page: the page that was read once.
        lines: the words that the first pass read.

    Raises:
        ReadingTimeoutError: the page's time is over.
        ReadingError: the engine failed.
    """
    found = list(lines)
    seals = black_seals(
        page.analysis.normalised,
        page.analysis.components,
        page.analysis.seals,
        page.analysis.millimetre,
    )
    for _, small in zip(range(_LARGEST), seals, strict=False):
        circle, scale = _on_image(small, page.picture)
        letters = mapped_boxes(page.picture.from_small, page.analysis.letters)
        bands = list(_bands(letters, circle))[:_MOST]
        if not bands:
            continue
        cleaned = without_rings(page.picture.grey, circle, page.analysis.millimetre * scale)
        inside = _disc(cleaned.shape, circle)
        for band in bands:
            pieces = _cut_out(cleaned, inside, band)
            read = _read(page, pieces, band)
            found = _better(found, read, band)
    return found


def _on_image(small: Circle, picture: ReadingPicture) -> tuple[Circle, float]:
    """Return a circle of the small image on the image for OCR, and the scale between them."""
    matrix = picture.from_small.matrix
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    x, y = (matrix @ np.array([small.x, small.y, 1.0]))[:2]
    return Circle(float(x), float(y), small.radius * scale), scale


def _bands(letters: Boxes, circle: Circle) -> Iterator[_Band]:
    """Yield the lines that run from beside a seal into it, top to bottom."""
    least, most = (share * LETTER for share in _HIGH)
    middles = letters[:, :2] + letters[:, 2:] / 2
    sized = (letters[:, 3] >= least) & (letters[:, 3] <= most)
    across = middles - (circle.x, circle.y)
    high = np.abs(across[:, 1]) < circle.radius + LETTER
    beside = (np.hypot(*across.T) > circle.radius) & (across[:, 0] > -circle.radius)
    rest = letters[sized & high & beside]
    rest = rest[np.argsort(rest[:, 0])]
    while len(rest):
        y = rest[-1, 1] + rest[-1, 3] / 2
        in_row = np.abs(rest[:, 1] + rest[:, 3] / 2 - y) < _SAME_ROW * LETTER
        if band := _band(rest[in_row], circle):
            yield band
        rest = rest[~in_row]


def _band(row: Boxes, circle: Circle) -> _Band | None:
    """Return the line whose letters beside a seal are a row, if it runs into the seal."""
    away = abs(float(np.median(row[:, 1] + row[:, 3] / 2)) - circle.y)
    half = float(np.sqrt(max(circle.radius**2 - away**2, 0)))
    if grazes := away > circle.radius - _GRAZING * LETTER:
        left = float(row[0, 0])
    else:
        left = circle.x - half
        row = row[row[:, 0] > circle.x]
    row = _joined(row)
    if len(row) < _FEWEST or (not grazes and row[0, 0] > circle.x + half + _OPEN * LETTER):
        return None
    return _Band(
        top=round(float(np.median(row[:, 1])) - _ABOVE * LETTER),
        bottom=round(float(np.median(row[:, 1] + row[:, 3])) + _BELOW * LETTER),
        left=round(left - _LEAD * LETTER),
        right=int((row[:, 0] + row[:, 2]).max()),
        edge=round(circle.x + half + LETTER / 2),
    )


def _joined(row: Boxes) -> Boxes:
    """Return the first letters of a row, up to a gap that no line has."""
    ends = np.maximum.accumulate(row[:, 0] + row[:, 2])
    gaps = np.flatnonzero(row[1:, 0] - ends[:-1] > _GAP * LETTER)
    return row[: gaps[0] + 1] if len(gaps) else row


def _disc(shape: tuple[int, ...], circle: Circle) -> Pixels:
    """Return 255 where a seal is, else 0."""
    inside = np.zeros(shape, np.uint8)
    middle = round(circle.x), round(circle.y)
    cv2.circle(inside, middle, round(circle.radius + _AROUND * LETTER), 255, cv2.FILLED)
    return inside


def _cut_out(image: Pixels, inside: Pixels, band: _Band) -> tuple[Pixels, Pixels]:
    """Return a line without what the seal left of itself, and with it: it may be of letters."""
    columns = slice(max(0, band.left), band.right + round(LETTER / 2))
    window = slice(max(0, band.top), band.bottom), columns
    strip = np.ascontiguousarray(image[window])
    return without_residue(strip, inside[window], LETTER), strip


def _read(page: Rereading, pieces: Sequence[Pixels], band: _Band) -> list[OcrWord]:
    """Read pictures of one line; of words in one place the surer is taken."""
    sides = (_BORDER // 2, _BORDER // 2, _BORDER, _BORDER)
    read: list[OcrWord] = []
    for piece in pieces:
        framed = cv2.copyMakeBorder(piece, *sides, cv2.BORDER_CONSTANT, value=255)
        lines = page.read_line(np.asarray(framed, np.uint8))
        read += [word for line in lines for word in line.words]
    words: list[OcrWord] = []
    for word in sorted(read, key=lambda each: -each.confidence):
        new = _placed(word, band)
        if _is_sure(new, band) and not any(_overlap(new.box, each.box) for each in words):
            words.append(new)
    return sorted(words, key=lambda word: word.box.left)


def _placed(word: OcrWord, band: _Band) -> OcrWord:
    """Return a word of a cut-out where it stands; Tesseract's boxes are as high as the cut-out."""
    top, low = band.top + _ABOVE * LETTER / 2, band.bottom - _BELOW * LETTER / 2
    left = max(0, band.left) - _BORDER + word.box.left
    box = Box(max(0, left), max(0, round(top)), word.box.width, max(1, round(low - top)))
    return replace(word, box=box, confidence=min(word.confidence, CAP))


def _is_sure(word: OcrWord, band: _Band) -> bool:
    """Tell whether a word counts: under the seal only a syllable that the language has."""
    letters = "".join(char for char in word.text if char.isalnum())
    if word.box.left >= band.edge:
        return word.confidence >= min(_LEAST, CAP) and bool(letters)
    is_word = len(letters) > 1 and is_attested(letters.lower())
    return is_word and word.confidence >= _LEAST_SYLLABLE


def _better(lines: list[OcrLine], read: list[OcrWord], band: _Band) -> list[OcrLine]:
    """Return the lines with a band's words exchanged for what was read now, if that is more.

    Words beside the seal that were surely read stay as they are.
    """
    old = [word for line in lines for word in line.words if _lies_in(word.box, band)]
    if _weight(read, band) <= _weight(old, band):
        return lines
    free = [word for word in old if word.box.left > band.edge and word.confidence >= _LEAST]
    new = [word for word in read if not any(_overlap(word.box, each.box) for each in free)]
    refused = [word for word in read if word not in new]
    stay = [word for word in old if any(_overlap(word.box, each.box) for each in refused)]
    gone = {id(word) for word in old} - {id(word) for word in (*free, *stay)}
    kept = (OcrLine(tuple(word for word in line.words if id(word) not in gone)) for line in lines)
    return [*(line for line in kept if line.words), OcrLine(tuple(new))]


def _overlap(one: Box, other: Box) -> bool:
    shared = min(one.right, other.right) - max(one.left, other.left)
    return 2 * shared > min(one.width, other.width)


def _lies_in(box: Box, band: _Band) -> bool:
    x, y = box.left + box.width / 2, box.top + box.height / 2
    return band.left <= x <= band.right + LETTER and band.top <= y <= band.bottom


def _weight(words: Iterable[OcrWord], band: _Band) -> int:
    """Return how much a reading is worth: letters of words that count."""
    return sum(len(word.text) for word in words if _is_sure(word, band))
