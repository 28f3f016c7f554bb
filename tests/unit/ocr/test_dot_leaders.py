"""Rows of dots go, everything else stays."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from ocr import open_reader
from ocr.image.background import normalise_background
from ocr.image.components import label_components
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


def plainly_removed(page: Pixels, letter: float) -> Pixels:
    """Return a page without rows of dots, looked for on all of it at once."""
    dark = np.asarray(page <= 170, np.uint8) * 255
    _, labels, stats = label_components(dark)
    small = np.maximum(stats[:, 2], stats[:, 3]) <= max(3.0, 0.36 * letter)
    small[0] = False
    gap = max(3, round(0.75 * letter)) | 1
    dots = np.where(small[labels], 255, 0).astype(np.uint8)
    rows = cv2.morphologyEx(dots, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    count, row_labels, sizes = label_components(np.asarray(rows, np.uint8))
    x, y = np.rint(stats[small][:, :2] + (stats[small][:, 2:4] - 1) / 2).astype(int).T
    leaders = np.bincount(row_labels[y, x], minlength=count) >= 7
    leaders &= sizes[:, 3] <= max(3.0, 0.45 * letter)
    leaders[0] = False
    mask = np.where(leaders[row_labels], 255, 0).astype(np.uint8)
    removed = (cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0) & ((dark == 0) | (dots > 0))
    return np.where(removed, 255, page).astype(np.uint8)


def dotted(seed: int) -> Pixels:
    """Return a page of dots, marks and strokes that touch or nearly touch one another."""
    random = np.random.default_rng(seed)
    page = np.full((160, 300), 255, np.uint8)
    for _ in range(random.integers(2, 14)):
        top, left, step = random.integers(0, 158), random.integers(0, 120), random.integers(2, 18)
        for dot in range(random.integers(3, 22)):
            x, y = left + dot * step, top + int(random.integers(0, 2))
            page[y : y + random.integers(1, 5), x : x + random.integers(1, 5)] = 90
    for _ in range(random.integers(0, 40)):
        cv2.line(page, random.integers(0, 160, 2).tolist(), random.integers(0, 160, 2).tolist(), 30)
    page[random.random(page.shape) < random.choice((0, 0.002, 0.05))] = 60
    return page


@pytest.mark.parametrize("letter", [6.0, 9.0, 14.0, 20.0])
def test_rows_that_are_looked_for_where_they_may_be_are_those_of_the_whole_page(
    letter: float,
) -> None:
    changed = 0
    for seed in range(60):
        page = dotted(seed)
        before, after = page.copy(), remove_dot_leaders(page, letter)
        assert np.array_equal(after, plainly_removed(page, letter)), seed
        assert np.array_equal(page, before)
        changed += not np.array_equal(after, page)
    assert changed
    blank = np.full((40, 50), 255, np.uint8)
    assert remove_dot_leaders(blank, letter) is blank
