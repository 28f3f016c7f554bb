"""Where the other side of a sheet shines through, no reader is shown it, no second one either."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.engines.port import LetterChoice, OcrLine, OcrWord, Segmentation
from ocr.image.geometry import Pixels
from ocr.image.measure import INK
from ocr.reader import Reader
from pipeline.model import Box
from pipeline.settings import ReadingSettings
from tests.paper import typeface
from tests.paper.fonts import Style

pytestmark = pytest.mark.slow  # the page is opened in a process

DPI = 150
PALE, PAPER = 185, 235  # grey of the other side's print, and above which there is paper
WORDS = "trụ sở văn phòng của cơ quam"  # the last one is doubtful


def shows_other_side(picture: Pixels) -> bool:
    return bool(np.any((picture > INK) & (picture < PAPER)))


class SharpEyes:
    """An engine that reads surely only what nothing shines through."""

    name = recipe = "sharp"
    version = "1"

    def read(
        self, image: Pixels, dpi: int, seconds: float, shows: Segmentation = Segmentation.PAGE
    ) -> list[OcrLine]:
        sure = 0.4 if shows_other_side(image) else 0.95
        width = image.shape[1] // 10
        words = [
            OcrWord(text, min(sure, 0.5) if text == "quam" else sure, box)
            for at, text in enumerate(WORDS.split())
            if (box := Box(width * (at + 1), image.shape[0] // 4, width - 10, 60))
        ]
        return [OcrLine(tuple(words))]


class Onlooker:
    """A reader that keeps the pictures it was given, and says the same of all."""

    recipe = ""

    def __init__(self) -> None:
        self.seen: list[Pixels] = []

    def letters(self, line: Pixels, dpi: int, seconds: float) -> Sequence[LetterChoice]:
        self.seen.append(line)
        return [LetterChoice(letter, 0.95) for letter in "quan"]


def test_a_second_opinion_is_asked_of_the_side_that_was_read(tmp_path: Path) -> None:
    sheet = Image.new("L", (1240, 1754), "white")
    pen = ImageDraw.Draw(sheet)
    font = typeface("termes").font(Style.REGULAR, 29)
    for row in range(26):
        pen.text((90, 90 + 60 * row), "Nội dung của mặt sau tờ giấy này " * 2, PALE, font)
    pen.text((560, 80), "Số 12", 0, font)
    sheet.save(tmp_path / "page.png", dpi=(DPI, DPI))
    one, other = Onlooker(), Onlooker()
    reader = Reader(ReadingSettings(), SharpEyes(), second=(one, other))
    words = reader.read_page(tmp_path / "page.png", 1).page.text.words
    assert words[-1].text == "quan"
    assert len(one.seen) == len(other.seen) >= 1
    assert not any(map(shows_other_side, one.seen))
