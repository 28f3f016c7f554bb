"""Rows of dots go, everything else stays."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from ocr import open_reader
from ocr.image.background import normalise_background
from ocr.image.dot_leaders import remove_dot_leaders
from ocr.image.geometry import Pixels
from ocr.image.measure import analyse
from pipeline.model import Box
from pipeline.settings import ReadingSettings
from tests.paper import Degradation, degrade, draw_page, save_picture

DPI = 150
WORN = {
    "clean": Degradation(dpi=DPI),
    "office scan": Degradation(dpi=DPI, blur=0.7, noise=3.0, jpeg_quality=75),
}


def normalised(layout: str, worn: Degradation) -> Pixels:
    page = degrade(draw_page(layout, 104, 300), worn, 104).image.convert("L")
    return normalise_background(np.asarray(page))


def letter(page: Pixels) -> float:
    return analyse(page, DPI).letter_height(0)


@pytest.mark.parametrize("worn", WORN.values(), ids=WORN)
def test_rows_of_dots_go_and_the_ink_of_words_stays(worn: Degradation) -> None:
    page = normalised("F", worn)
    after = remove_dot_leaders(page, letter(page))
    words = np.zeros(page.shape, np.uint8)
    for word in degrade(draw_page("F", 104, 300), worn, 104).truth.words:
        box: Box = word.box
        words[box.top - 2 : box.bottom + 2, box.left - 2 : box.right + 2] = 255
    ink = page < 150
    kept = np.count_nonzero((after < 150) & ink & (words > 0)) / np.count_nonzero(ink & (words > 0))
    assert kept > 0.995
    row = page[np.flatnonzero((page != after).any(axis=1))]
    assert row.shape[0] > 10
    dots = (page != after) & (words == 0) & ink
    assert np.count_nonzero(dots) > 1_000


@pytest.mark.parametrize("layout", ["A", "C"])
def test_a_page_without_rows_of_dots_is_unchanged(layout: str) -> None:
    page = normalised(layout, WORN["clean"])
    assert np.array_equal(remove_dot_leaders(page, letter(page)), page)


def test_three_dots_and_marks_over_capitals_stay() -> None:
    page = np.full((120, 500), 255, np.uint8)
    for place in range(3):
        cv2.circle(page, (60 + 7 * place, 60), 1, 0, -1)
    for place in range(12):
        cv2.line(page, (60 + 14 * place, 90), (60 + 14 * place, 92), 0, 2)
    assert np.array_equal(remove_dot_leaders(page, 14.0), page)


@pytest.mark.engine
def test_dots_of_a_form_are_not_read_as_letters(tmp_path: Path) -> None:
    drawn = draw_page("F", 104, 300)
    save_picture(drawn, tmp_path / "form.png")
    page = open_reader(ReadingSettings()).read_page(tmp_path / "form.png", 1).page
    assert "...." not in page.text.text
    read = {word.text for word in page.text.words}
    missed = [word.text for word in drawn.truth.words if word.text not in read]
    assert len(missed) <= 4, missed
    assert not [word for word in read if len(word) > 30]


@pytest.mark.parametrize("top", range(3, 40))
@pytest.mark.parametrize("lean", [0.0, 0.03])
def test_a_row_of_seven_dots_goes_wherever_it_stands(top: int, lean: float) -> None:
    page = np.full((80, 300), 255, np.uint8)
    page[5 : 5 + 14, 200:208] = 0  # a letter
    for number in range(7):
        y, x = top + round(lean * 9 * number), 20 + 9 * number
        page[y : y + 2, x : x + 2] = 60
    after = remove_dot_leaders(page, 14.0)
    assert after[:, :190].min() == 255
    assert np.array_equal(after[:, 195:], page[:, 195:])
