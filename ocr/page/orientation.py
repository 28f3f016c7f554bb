"""Finds the orientation of a page (0, 90, 180, 270 degrees) and reads it so.

A wrong turn is worse than none, so a page is turned only where reading it proves that: the whole of
it where its letters clearly stand on their feet so, or else samples under several turns. So is a
part of it: of two papers on a glass one often lies upside down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ocr.engines.port import OcrLine, OcrWord
from ocr.image.deskew import SkewEstimate
from ocr.image.preprocess import ReadingPicture
from pipeline.model import Box, mean_confidence

CONFIDENT = 0.70  # mean confidence of a page that is certainly not upside down
_SAMPLE_HEIGHT = 0.35  # share of the page's height that is read to find its orientation
_PROVEN = 0.80  # mean confidence of a sample that needs no comparison
_LEAST = 0.60  # below, nothing is proven: handwriting, music, drawings
# By how much the score of a turned page must exceed that of the page as it came. Tesseract can read
# whole blocks that lie on their side, so for those turns less is asked.
_BETTER = {90: 0.7, 180: 1.3, 270: 0.7}
_WORDS = 12  # of a part that lies upside down, and of the rest, at least
_ALIKE = 0.05  # by which confidences of two ways to part a page may differ; more room decides
_GARBAGE = 0.60  # mean confidence of what is read upside down, at most
_LONG, _UPENDED = 4, 0.2  # letters of a word wider than high; share of such that are not, at most


class UprightReading(NamedTuple):
    """A page as it was read under a turn."""

    turn: int  # degrees clockwise: 0, 90, 180 or 270
    picture: ReadingPicture
    lines: list[OcrLine]


def read_upright(
    estimate: SkewEstimate,
    known: int | None,
    turned: Callable[[int], ReadingPicture],
    read: Callable[[ReadingPicture], list[OcrLine]],
) -> UprightReading:
    """Return what is read of a page that is turned upright.

    A page that clearly lies is read whole at once: most are as their letters tell, and then no
    sample was needed.

    Args:
        estimate: how the page's letters stand.
        known: degrees clockwise that bring it upright; None: to be found.
        turned: makes the image for OCR under a turn.
        read: recognises the words of such an image.
    """

    def whole(turn: int) -> UprightReading:
        picture = turned(turn)
        return UprightReading(turn, picture, read(picture))

    def sample(turn: int) -> list[OcrLine]:
        return read(densest_band(turned(turn)))

    if known is not None:
        return whole(known)
    first = whole(estimate.turns[0]) if estimate.sure or estimate.clear else None
    least, turns = (CONFIDENT, (180,)) if estimate.sure else (_PROVEN, estimate.turns)
    if first is not None and confidence(first.lines) >= least:
        return first
    turn = best_turn(turns, sample)
    return first if first is not None and first.turn == turn else whole(turn)


def best_turn(turns: Sequence[int], sample: Callable[[int], list[OcrLine]]) -> int:
    """Return the turn, in degrees clockwise, whose sample reads best; 0 unless another is proven.

    Args:
        turns: the turns to try in degrees clockwise (0, 90, 180, 270), the likeliest first.
        sample: recognises a part of the page under a turn.
    """
    samples: dict[int, list[OcrLine]] = {}
    for turn in turns:
        samples[turn] = sample(turn)
        if confidence(samples[turn]) >= _PROVEN:
            return turn
    winner = max(samples, key=lambda turn: score(samples[turn]))
    if winner == 0 or confidence(samples[winner]) < _LEAST:
        return 0
    unturned = samples.get(0) or sample(0)
    return winner if score(samples[winner]) > _BETTER[winner] * score(unturned) else 0


def score(lines: Sequence[OcrLine]) -> float:
    """Return the letters of words above confidence 0.5, weighted by how far above it they are."""
    return sum(
        len(word.text) * (word.confidence - 0.5)
        for line in lines
        for word in line.words
        if word.confidence > 0.5 and len(word.text) > 1
    )


def confidence(lines: Sequence[OcrLine]) -> float:
    """Return the mean confidence (0-1) of the words, weighted by letters; 0 without words."""
    return mean_confidence([word for line in lines for word in line.words])


def densest_band(picture: ReadingPicture) -> ReadingPicture:
    """Return the horizontal band of an image with most ink in it, which is a sample of its page."""
    ink = (picture.grey < 128).sum(axis=1, dtype=np.int64)
    height = max(1, round(len(ink) * _SAMPLE_HEIGHT))
    sums = np.convolve(ink, np.ones(height, np.int64), mode="valid")
    top = int(np.argmax(sums))
    return picture._replace(grey=np.ascontiguousarray(picture.grey[top : top + height]))


def with_turned_part(
    picture: ReadingPicture,
    lines: list[OcrLine],
    read: Callable[[ReadingPicture], list[OcrLine]],
) -> list[OcrLine]:
    """Return the lines of a page on one side of which a paper lies upside down, read as it lies.

    The words of such lines follow one another from right to left on the picture, and are marked
    as turned. A paper on its side can be read so too, but in no order: the page stays as it was.

    Args:
        picture: the page as it was read.
        lines: its lines, with boxes in pixels of that picture.
        read: recognises a part of the page.
    """
    words = [word for line in lines for word in line.words]
    part = _garbled_side(words, picture.grey.shape[1], picture.grey.shape[0])
    if part is None:
        return lines
    cut = picture.grey[part.top : part.bottom, part.left : part.right]
    turned = read(picture._replace(grey=np.ascontiguousarray(cut[::-1, ::-1])))
    if confidence(turned) < _PROVEN:
        return lines
    own = [OcrLine(tuple(_turned_back(word, part) for word in line.words)) for line in turned]
    rest = [OcrLine(tuple(w for w in line.words if not _lies_in(w, part))) for line in lines]
    kept = [line for line in rest if line.words]
    if _is_on_side([*own, *kept]):
        return lines
    is_first = part.left == 0 and part.top == 0
    return own + kept if is_first else kept + own


def _garbled_side(words: Sequence[OcrWord], width: int, height: int) -> Box | None:
    """Return the side of a page whose words are garbage while those of the rest are print."""
    letters = np.array([len(word.text) for word in words], np.float64)
    surely = letters * [word.confidence for word in words]
    if len(words) < 2 * _WORDS or surely.sum() > _PROVEN * letters.sum():
        return None  # nearly all pages
    sides: list[tuple[float, float, Box]] = []  # difference of confidence, room, place
    for is_below in (True, False):
        middles = np.array([_middle(word, is_below=is_below) for word in words])
        order = np.argsort(middles, kind="stable")
        before = np.cumsum(surely[order]) / np.cumsum(letters[order])
        behind = (np.cumsum(surely[order][::-1]) / np.cumsum(letters[order][::-1]))[::-1]
        for at in range(_WORDS, len(words) - _WORDS + 1):
            first, last = float(before[at - 1]), float(behind[at])
            if min(first, last) > _GARBAGE or max(first, last) < _PROVEN:
                continue
            low, high = middles[order[at - 1 : at + 1]].tolist()
            edge = round((low + high) / 2)
            if first < last:
                side = Box(0, 0, width, edge) if is_below else Box(0, 0, edge, height)
            elif is_below:
                side = Box(0, edge, width, height - edge)
            else:
                side = Box(edge, 0, width - edge, height)
            sides.append((abs(first - last), high - low, side))
    clearest = max((difference for difference, _, _ in sides), default=0.0)
    near = [each for each in sides if each[0] > clearest - _ALIKE]
    return max(near, key=lambda each: each[1])[2] if near else None


def _middle(word: OcrWord, *, is_below: bool) -> float:
    box = word.box
    return box.top + box.height / 2 if is_below else box.left + box.width / 2


def _lies_in(word: OcrWord, part: Box) -> bool:
    x, y = _middle(word, is_below=False), _middle(word, is_below=True)
    return part.left <= x < part.right and part.top <= y < part.bottom


def _is_on_side(lines: Sequence[OcrLine]) -> bool:
    """Tell whether many words run up or down the page."""
    boxes = [word.box for line in lines for word in line.words if len(word.text) >= _LONG]
    return sum(box.height > box.width for box in boxes) > _UPENDED * len(boxes)


def _turned_back(word: OcrWord, part: Box) -> OcrWord:
    """Return a word that was read on a part turned by 180 degrees at its place on the page."""
    left, top = part.right - word.box.right, part.bottom - word.box.bottom
    return replace(word, box=Box(left, top, word.box.width, word.box.height), turned=True)
