"""Odd pictures and senseless readings, of any place, stop no search for lost lines."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.deadline import Deadline
from ocr.engines.port import OcrLine, OcrWord, Segmentation
from ocr.image.geometry import Pixels
from ocr.image.measure import analyse
from ocr.image.preprocess import reading_picture
from ocr.page.rereading import with_lost_lines
from pipeline.model import Box

TEXTS = (
    "THÀNH",
    "T",
    "m",
    "m²",
    "km?",
    "m°",
    "đất",
    "thuế3",
    "15",
    "trình",
    "c",
    ".",
    "-",
    "a" * 30,
)
SIZES = ((1, 1), (2, 300), (300, 2), (20, 20), (400, 700), (600, 400))
KINDS = ("empty", "noise", "dirt", "lines", "boxes", "print", "seal")


class RandomEngine:
    """An engine that reads any words anywhere on what it is given."""

    name = version = recipe = "random"

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random

    def read(
        self, grey: Pixels, dpi: int, seconds: float, segmentation: Segmentation = Segmentation.PAGE
    ) -> list[OcrLine]:
        assert grey.dtype == np.uint8
        assert min(grey.shape) > 0
        most = 3 if segmentation is Segmentation.LINE else 20
        return [self._line(*grey.shape) for _ in range(self._random.integers(most))]

    def rows(self, height: int, width: int) -> list[OcrLine]:
        """Return the words of rows of print."""
        return [self._line(height, width, top) for top in range(0, max(1, height - 16), 31)]

    def _line(self, height: int, width: int, top: int | None = None) -> OcrLine:
        words = []
        for left in sorted(self._random.integers(0, width, 6).tolist()):
            y = int(self._random.integers(height)) if top is None else top
            wide, high = self._random.integers(1, (min(90, width - left) + 1, height - y + 1))
            box = Box(left, y, int(wide), int(high) if top is None else min(20, height - y))
            sure = float(self._random.choice([0.3, 0.6, 0.8, 0.95]))
            words.append(OcrWord(str(self._random.choice(TEXTS)), sure, box))
        return OcrLine(tuple(words))


def drawn(random: np.random.Generator, kind: str, height: int, width: int) -> Pixels:
    """Return a picture of a kind; what is drawn on it may run over its edges."""
    page = np.full((height, width), 255, np.uint8)
    if kind == "noise":
        return random.integers(0, 256, page.shape, np.uint8)
    if kind == "dirt":
        page[random.random(page.shape) < 0.02] = 0
    if kind in ("print", "seal", "boxes"):
        print_on(page, *random.integers(31, size=2).tolist())
    ends = random.integers(-10, (width + 10, height + 10), (int(random.integers(1, 20)), 2, 2))
    for one, other in ends.tolist():
        if kind in ("lines", "print"):
            cv2.line(page, one, other, 0, int(random.choice([1, 1, 4])))
        if kind == "boxes":
            cv2.rectangle(page, one, other, 0, int(random.choice([1, 2, 4])))
    if kind == "seal":
        cv2.circle(page, ends[0, 0].tolist(), int(random.integers(20, 120)), 0, 3)
    return page


def print_on(page: Pixels, top: int, left: int) -> None:
    """Draw rows of strokes that stand for letters."""
    for y in range(top, page.shape[0], 31):
        for x in range(left, page.shape[1], 12):
            cv2.rectangle(page, (x, y), (x + 2, y + 14), 0, cv2.FILLED)
            cv2.rectangle(page, (x, y + 6), (x + 7, y + 8), 0, cv2.FILLED)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", SIZES)
def test_nothing_stops_the_search(kind: str, size: tuple[int, int]) -> None:
    random = np.random.default_rng([KINDS.index(kind), SIZES.index(size)])
    engine = RandomEngine(random)
    page = drawn(random, kind, *size)
    analysis = analyse(page, 150)
    picture = reading_picture(page, analysis, 0, float(random.choice([0, 1.5, -3])))
    height, width = picture.grey.shape
    for _ in range(3):
        lines = engine.rows(height, width) + engine.read(picture.grey, picture.dpi, 1)
        found = with_lost_lines(engine, picture, analysis, lines, Deadline(600))
        assert all(line.words for line in found)
