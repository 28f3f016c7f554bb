"""What the first pass misses is read in a second one, and dirt is not."""

from __future__ import annotations

from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from bench.scoring import errors
from ocr import open_reader
from ocr.deadline import Deadline
from ocr.engines.port import OcrLine
from ocr.engines.tesseract import open_engine
from ocr.image.deskew import estimate_skew
from ocr.image.measure import analyse
from ocr.image.preprocess import reading_picture
from ocr.page import rereading
from ocr.page.rereading.second_pass import Rereading, read_missed
from ocr.reader import Reader
from pipeline.model import CERTAIN, Page
from pipeline.settings import ReadingSettings
from tests.paper import STAMP, Degradation, degrade, draw_page
from tests.paper.fonts import Style, typeface

pytestmark = pytest.mark.engine

DPI = 200


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(ReadingSettings())


def read(reader: Reader, image: Image.Image, folder: Path) -> Page:
    image.save(folder / "page.png", dpi=(DPI, DPI))
    return reader.read_page(folder / "page.png", 1).page


def numbered() -> Image.Image:
    """A page with its number alone above the text, as administrative papers have from page two."""
    image = draw_page("continuation", 41, DPI).image.convert("RGB")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, image.width, 130), fill="white")
    font = typeface("noto-serif").font(Style.REGULAR, 36)
    pen.text((image.width / 2, 95), "5", fill="black", font=font, anchor="mm")
    return image


@pytest.mark.parametrize("skew", [0.0, 4.0])
def test_a_line_that_was_left_out_is_found_where_it_stands(skew: float) -> None:
    """Whichever it is: the lone page number, a heading, the first and the last of a paragraph."""
    turned = numbered().rotate(-skew, Image.Resampling.BICUBIC, fillcolor="white")
    page = np.asarray(cv2.cvtColor(np.asarray(turned), cv2.COLOR_RGB2BGR), np.uint8)
    analysis = analyse(page, DPI)
    picture = reading_picture(page, analysis, 0, estimate_skew(analysis.letters).skew)
    engine, deadline = open_engine(ReadingSettings()), Deadline(600)
    lines = engine.read(picture.grey, picture.dpi, deadline.left())
    assert lines[0].words[0].text == "5"
    page_read = Rereading(engine, picture, analysis, deadline)
    assert read_missed(page_read, lines) == []
    for place in (0, 1, len(lines) // 2, len(lines) - 1):
        others = [line for number, line in enumerate(lines) if number != place]
        found = read_missed(page_read, others)
        assert texts(found) >= texts([lines[place]]) * 0.8
        for word in (word for line in found for word in line.words):
            assert word.confidence < CERTAIN
            assert any(
                abs(word.box.left - there.box.left) < 6 and abs(word.box.top - there.box.top) < 12
                for there in lines[place].words
            ), word


def texts(lines: list[OcrLine]) -> int:
    return sum(len(word.text) for line in lines for word in line.words)


def test_words_that_touch_dirt_are_read_again(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worn fax loses whole headings in the first pass; the second never makes a page worse.

    Lines under its seals are read better before; here the second pass is alone.
    """
    monkeypatch.setattr(rereading, "with_sealed_lines", lambda *args: list(args[1]))
    gained = 0
    for layout, seed in (("A", 301), ("G", 304), ("C", 302)):
        worn = Degradation(dpi=DPI, one_bit=True, thin=30)
        drawn = degrade(draw_page(layout, seed, 300), worn, seed)
        twice = errors(drawn.truth.text, read(reader, drawn.image, tmp_path).text.text, STAMP)
        with monkeypatch.context() as alone:
            alone.setattr(rereading, "read_missed", lambda *_: [])
            once = errors(drawn.truth.text, read(reader, drawn.image, tmp_path).text.text, STAMP)
        assert twice.wrong <= once.wrong
        gained += once.wrong - twice.wrong
    assert gained > 0


def test_dirt_scribbles_and_boxes_to_tick_give_no_more_words(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image, chance = draw_page("C", 42, DPI).image.convert("RGB"), Random(1)
    pen = ImageDraw.Draw(image)
    for _ in range(20):  # specks as large as letters, in the margins
        x, y = chance.choice((30, image.width - 60)), chance.randrange(100, image.height - 100)
        pen.ellipse((x, y, x + chance.randrange(4, 24), y + chance.randrange(4, 24)), fill="black")
    for row in range(6):
        pen.rectangle((90, 300 + 60 * row, 112, 322 + 60 * row), outline="black", width=3)
    points = np.random.default_rng(2).normal(0, 14, (60, 2)).cumsum(axis=0)
    pen.line([(1400 + x, 2150 + y) for x, y in points.tolist()], fill="black", width=3)
    twice = read(reader, image, tmp_path).text.words
    monkeypatch.setattr(rereading, "read_missed", lambda *_: [])
    once = read(reader, image, tmp_path).text.words
    assert len(twice) <= len(once) + 1
