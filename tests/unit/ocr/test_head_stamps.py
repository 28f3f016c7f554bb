"""Marks of secrecy and urgency are read whatever their ink, and nothing else is taken for one."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest

from ocr.deadline import Deadline
from ocr.engines.tesseract import open_engine
from ocr.image.deskew import estimate_skew
from ocr.image.geometry import Pixels
from ocr.image.measure import analyse
from ocr.page.stamp_reading import mark_in, read_head_stamps
from ocr.reader import Reader
from pipeline.documents import PageOfDossier, find_secrecy_mark
from pipeline.settings import ReadingSettings
from tests.paper import Degradation, DrawnPage, degrade, save_picture, typeface
from tests.paper.cases import make_case
from tests.paper.layouts import lay_out
from tests.paper.marks import head_mark
from tests.paper.picture import draw
from tests.paper.sheet import BLACK, BLUE, MM, RED, Colour

pytestmark = pytest.mark.engine

DPI = 200
FADED = (225, 140, 140)
WORN = {
    "clean": Degradation(),
    "office scan": Degradation(skew=0.4, blur=0.7, noise=3.0, jpeg_quality=75),
    "poor JPEG": Degradation(blur=1.0, jpeg_quality=40),
    "yellowed": Degradation(yellow=0.9, noise=3.0, jpeg_quality=70),
    "skewed": Degradation(skew=3.0, jpeg_quality=70),
    "upside down": Degradation(rotation=180, jpeg_quality=70),
    "150 dpi": Degradation(dpi=150, blur=0.8, jpeg_quality=60),
    "uneven light": Degradation(uneven_light=0.5, jpeg_quality=75),
}
COLOURLESS = {
    "grey": Degradation(grey=True, blur=0.7, noise=3.0),
    "black and white": Degradation(one_bit=True, blur=0.7),
}


def letter(
    mark: str = "", ink: Colour = RED, lean: float = 0.0, *, framed: bool = True
) -> DrawnPage:
    """An official letter, perhaps with a mark above its head's left column."""
    random = Random("letter 3")
    sheet = lay_out("A", make_case(random), random, typeface("termes"))
    if mark:
        head_mark(sheet, mark, (42 * MM, 14 * MM), ink, framed=framed, lean=lean)
    return draw(sheet, DPI)


def pixels(page: DrawnPage) -> Pixels:
    image = page.image.convert("L" if page.image.mode in "1L" else "RGB")
    array = np.asarray(image, np.uint8)
    return array if array.ndim == 2 else np.ascontiguousarray(array[:, :, ::-1])


def stamps(page: DrawnPage) -> list[str]:
    array = pixels(page)
    analysis = analyse(array, page.truth.dpi)
    turn = page.truth.degradation.rotation, estimate_skew(analysis.letters).skew
    lines = read_head_stamps(open_engine(ReadingSettings()), array, analysis, turn, Deadline(600))
    return [line.text for line in lines]


@pytest.mark.parametrize("worn", WORN.values(), ids=WORN)
@pytest.mark.parametrize("ink", [RED, BLUE, FADED], ids=["red", "blue", "faded"])
def test_a_coloured_mark_is_read(ink: Colour, worn: Degradation) -> None:
    number = list(WORN.values()).index(worn)
    mark = ("MẬT", "TỐI MẬT", "TUYỆT MẬT")[number % 3]
    page = letter(mark, ink, (0, 3, -6, 10)[number % 4], framed=number % 2 == 0)
    assert stamps(degrade(page, worn, 1)) == [mark]


@pytest.mark.parametrize("worn", COLOURLESS.values(), ids=COLOURLESS)
@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "TUYỆT MẬT", "HỎA TỐC"])
def test_a_framed_mark_is_read_without_its_colour(mark: str, worn: Degradation) -> None:
    assert stamps(degrade(letter(mark, BLACK, 3), worn, 1)) == [mark]


@pytest.mark.parametrize("mark", ["HỎA TỐC", "THƯỢNG KHẨN", "KHẨN"])
def test_a_mark_of_urgency_is_read(mark: str) -> None:
    assert stamps(degrade(letter(mark), WORN["office scan"], 1)) == [mark]


@pytest.mark.parametrize("text", ["MẪU", "Mật độ", "MẬT ĐỘ XÂY DỰNG", "BẢN SAO", "ĐÃ THU"])
def test_other_stamps_are_left_out(text: str) -> None:
    assert stamps(degrade(letter(text), WORN["office scan"], 1)) == []


def test_seals_and_an_arrival_stamp_are_no_marks() -> None:
    worn = Degradation(seal_over_text=True, arrival_stamp=True, pen_stroke=True, jpeg_quality=75)
    assert stamps(degrade(letter(), worn, 1)) == []


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("TUYỆT MẬT.", "TUYỆT MẬT"),
        ("| TÔI MAT", "TỐI MẬT"),
        ("MẬI", "MẬT"),
        ("HỎA TÔC |", "HỎA TỐC"),
        ("MẪU", ""),
        ("Mật độ", ""),
        ("BÍ MẬT KINH DOANH", ""),
        ("", ""),
    ],
)
def test_a_worn_reading_is_the_mark_or_nothing(text: str, mark: str) -> None:
    assert mark_in(text) == mark


@pytest.mark.parametrize("ink", [RED, BLUE, BLACK], ids=["red", "blue", "black"])
def test_the_page_says_its_mark_to_whoever_looks_for_secrets(ink: Colour, tmp_path: Path) -> None:
    save_picture(degrade(letter("MẬT", ink, 3), WORN["office scan"], 1), tmp_path / "thu.jpg")
    settings = ReadingSettings()
    reader = Reader(settings, open_engine(settings))
    page = reader.read_page(tmp_path / "thu.jpg", 1).page
    found = find_secrecy_mark(PageOfDossier(1, page))
    assert found is not None
    assert found.value == "MẬT"
    assert found.box is not None
    assert found.box.top < 0.1 * page.measures.height
