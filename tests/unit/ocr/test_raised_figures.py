"""Figures above the line are read as such, and what only looks like one stays as it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bench.lost_lines import compare
from ocr import open_reader
from ocr.deadline import Deadline
from ocr.engines.port import Engine, OcrLine, OcrWord, Segmentation
from ocr.engines.tesseract import open_engine
from ocr.image.geometry import identity
from ocr.image.preprocess import ReadingPicture
from ocr.page.rereading.raised_figures import with_raised_figures
from pipeline.model import CERTAIN, Box
from pipeline.settings import ReadingSettings
from tests.paper.fonts import Style, typeface
from tests.paper.risky_lines import draw_risky

DPI, SIZE = 150, 29.0  # pixels of the letters: a median letter of 14 pixels, as pages are read


@pytest.fixture(scope="module")
def engine() -> Engine:
    return open_engine(ReadingSettings())


def reread(
    engine: Engine, text: str, family: str = "termes", style: Style = Style.REGULAR
) -> tuple[list[OcrLine], list[OcrLine]]:
    """Return a printed line as read at first, and with raised figures."""
    image = Image.new("L", (1_000, 90), 255)
    ImageDraw.Draw(image).text((20, 20), text, 20, typeface(family).font(style, SIZE))
    grey = np.asarray(image)
    here = identity(*image.size)
    first = engine.read(grey, DPI, 60, Segmentation.LINE)
    picture = ReadingPicture(grey, here, here, DPI)
    return first, with_raised_figures(engine, picture, first, Deadline(600))


def words_of(lines: list[OcrLine]) -> list[str]:
    return [word.text for line in lines for word in line.words]


@pytest.mark.engine
@pytest.mark.parametrize("family", ["termes", "noto-serif", "noto-sans"])
@pytest.mark.parametrize("unit", ["m²", "km²", "m³"])
def test_powers_behind_amounts_are_read(engine: Engine, family: str, unit: str) -> None:
    _, lines = reread(engine, f"Diện tích thửa đất là 120,5 {unit} theo hồ sơ", family)
    assert unit in words_of(lines)
    (word,) = (word for line in lines for word in line.words if word.text == unit)
    assert word.confidence < CERTAIN, "what only this reading found makes no finding certain"
    assert word.raw


@pytest.mark.engine
@pytest.mark.parametrize("text", ["đồng/m²", "(m²)", "75m²;"])
def test_units_stand_in_brackets_prices_and_behind_figures(engine: Engine, text: str) -> None:
    _, lines = reread(engine, f"Giá đất tính là 900 {text}")
    assert words_of(lines)[-1].rstrip(";") == text.rstrip(";")


@pytest.mark.engine
def test_the_mark_of_a_footnote_becomes_a_word_of_its_own(engine: Engine) -> None:
    _, lines = reread(engine, "Quản lý thuế³ và các văn bản")
    assert {"thuế", "³"} <= set(words_of(lines))


@pytest.mark.engine
@pytest.mark.parametrize(
    "text",
    [
        "Thửa đất rộng 120 m2 theo hồ sơ",  # printed on the line
        "Con đường dài 15 m và rộng 7 m",
        "Vì sao hồ sơ quá hạn? Phải chờ lâu!",
        "Mục “chờ giải quyết” của thửa đất",
        "Khổ giấy A4, mẫu số 05, quyết định 15",
    ],
)
def test_what_stands_on_the_line_stays(engine: Engine, text: str) -> None:
    first, lines = reread(engine, text)
    assert lines == [OcrLine(tuple(line.words)) for line in first]


def test_a_thin_rule_behind_a_unit_is_no_letter(engine: Engine) -> None:
    grey = np.full((60, 100), 255, np.uint8)
    grey[20:36, 30:51] = 0  # the unit
    grey[40, 51:53] = grey[41, 53:61] = 0  # a rule that leans
    lines = [
        OcrLine((OcrWord("5", 0.9, Box(5, 20, 15, 16)), OcrWord("m", 0.9, Box(30, 20, 31, 22))))
    ]
    here = identity(100, 60)
    assert (
        with_raised_figures(engine, ReadingPicture(grey, here, here, DPI), lines, Deadline(600))
        == lines
    )


@pytest.mark.engine
@pytest.mark.slow
def test_no_unit_of_a_page_is_wrong_and_certain(tmp_path: Path) -> None:
    reader = open_reader(ReadingSettings())
    risky = draw_risky("superscript", 805)
    risky.page.image.save(tmp_path / "page.png", dpi=(200, 200))
    page = reader.read_page(tmp_path / "page.png", 1).page
    missed = compare(
        page, risky.page.truth.text, risky.lines, " ".join(risky.page.truth.optional_text)
    )
    assert missed.loss.invented == 0
    assert missed.loss.tokens_lost <= 2  # without: 8
