"""A page is read upright, and not more often than it takes to prove which end is up."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.engines.port import OcrLine, OcrWord
from ocr.engines.tesseract import open_engine
from ocr.image.deskew import SkewEstimate, estimate_skew
from ocr.image.geometry import identity
from ocr.image.measure import analyse
from ocr.image.preprocess import ReadingPicture, reading_picture
from ocr.page.orientation import read_upright
from pipeline.model import Box
from pipeline.settings import ReadingSettings
from tests.paper import Degradation, degrade, draw_page

HEIGHT, WIDTH, DPI = 400, 300, 150
GOOD, POOR = 0.9, 0.3


def turned(turn: int) -> ReadingPicture:
    """Return a picture whose grey tells under which turn it was made; a band of it tells too."""
    grey = np.full((HEIGHT, WIDTH), turn // 90, np.uint8)
    return ReadingPicture(grey, identity(WIDTH, HEIGHT), identity(WIDTH, HEIGHT), DPI)


class ReadingLog:
    """Reads such pictures well under one turn, poorly under others, and remembers what it read."""

    def __init__(self, upright: int, good: float = GOOD) -> None:
        self.upright, self.good = upright, good
        self.read: list[tuple[int, bool]] = []  # the turn, and whether it was the whole page

    def __call__(self, picture: ReadingPicture) -> list[OcrLine]:
        turn = int(picture.grey[0, 0]) * 90
        self.read.append((turn, len(picture.grey) == HEIGHT))
        sure = self.good if turn == self.upright else POOR
        return [OcrLine((OcrWord("Quyết", sure, Box(5, 5, 40, 14)),))]


def estimated(*turns: int, clear: bool) -> SkewEstimate:
    return SkewEstimate(turns, sure=turns[0] == 0, skew=0.0, clear=clear)


@pytest.mark.parametrize("upright", [0, 90, 180, 270])
def test_a_page_that_clearly_lies_is_read_once(upright: int) -> None:
    read = ReadingLog(upright)
    found = read_upright(estimated(upright, 360 - upright, clear=True), None, turned, read)
    assert found.turn == upright
    assert read.read == [(upright, True)]


@pytest.mark.parametrize("turns", [(180, 0), (90, 270), (270, 90)])
@pytest.mark.parametrize("clear", [True, False])
def test_letters_that_mislead_are_found_out(turns: tuple[int, int], *, clear: bool) -> None:
    read = ReadingLog(turns[1])
    found = read_upright(estimated(*turns, clear=clear), None, turned, read)
    assert found.turn == turns[1]
    assert found.lines[0].words[0].confidence == GOOD
    whole = [turn for turn, is_whole in read.read if is_whole]
    assert whole == [turns[0], turns[1]][not clear :]


@pytest.mark.parametrize("clear", [True, False])
def test_a_poor_page_that_lies_is_turned_if_its_samples_are_better(*, clear: bool) -> None:
    read = ReadingLog(180, 0.7)
    found = read_upright(estimated(180, 0, clear=clear), None, turned, read)
    assert found.turn == 180
    assert [turn for turn, is_whole in read.read if is_whole] == [180]  # and not once more
    assert read_upright(estimated(180, 0, clear=clear), None, turned, ReadingLog(0, POOR)).turn == 0


def test_an_upright_page_that_reads_poorly_is_tried_the_other_way_up() -> None:
    read = ReadingLog(180)
    found = read_upright(estimated(0, 180, clear=True), None, turned, read)
    assert found.turn == 180
    assert read.read == [(0, True), (180, False), (180, True)]


def test_what_a_person_said_is_not_doubted() -> None:
    read = ReadingLog(0)
    assert read_upright(estimated(180, 0, clear=True), 90, turned, read).turn == 90
    assert read.read == [(90, True)]


@pytest.mark.slow
@pytest.mark.engine
@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_drawn_page_that_lies_is_read_once(rotation: int) -> None:
    worn = Degradation(dpi=DPI, rotation=rotation, skew=1.0)
    drawn = degrade(draw_page("B", 21, DPI), worn, 21).image.convert("RGB")
    page = np.asarray(cv2.cvtColor(np.asarray(drawn), cv2.COLOR_RGB2BGR), np.uint8)
    analysis, engine = analyse(page, DPI), open_engine(ReadingSettings())
    estimate, heights = estimate_skew(analysis.letters), list[int]()

    def read(picture: ReadingPicture) -> list[OcrLine]:
        heights.append(len(picture.grey))
        return engine.read(picture.grey, picture.dpi, 60)

    def upright(turn: int) -> ReadingPicture:
        return reading_picture(page, analysis, turn, estimate.skew)

    found = read_upright(estimate, None, upright, read)
    assert found.turn == 360 - rotation
    assert heights == [len(found.picture.grey)]
