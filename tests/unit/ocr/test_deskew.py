"""Skew and orientation of a page are estimated without reading it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.image.deskew import estimate_skew
from ocr.image.geometry import Pixels
from ocr.image.measure import analyse
from ocr.image.preprocess import reading_picture
from tests.paper import Degradation, DrawnPage, degrade, draw_page

pytestmark = pytest.mark.slow

DPI = 150
CLOSE = 0.2  # degrees of lean that Tesseract does not notice


def pixels(drawn: DrawnPage) -> Pixels:
    return np.asarray(cv2.cvtColor(np.asarray(drawn.image.convert("RGB")), cv2.COLOR_RGB2BGR))


@pytest.mark.parametrize("skew", [-14.0, -1.2, 0.0, 0.4, 9.6])
@pytest.mark.parametrize("layout", ["A", pytest.param("F", marks=pytest.mark.slow)])
def test_the_page_is_straight_after_it_was_straightened(layout: str, skew: float) -> None:
    page = pixels(degrade(draw_page(layout, 5, DPI), Degradation(dpi=DPI, skew=skew), 5))
    analysis = analyse(page, DPI)
    estimate = estimate_skew(analysis.letters)
    assert abs(estimate.skew - skew) < CLOSE
    straight = reading_picture(page, analysis, 0, estimate.skew).grey
    assert abs(estimate_skew(analyse(straight, DPI).letters).skew) < CLOSE


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize(
    ("layout", "skew"),
    [("A", 1.5), pytest.param("C", -2.0, marks=pytest.mark.slow), ("G", 0.0)],
)
def test_which_end_is_up_is_told_from_where_letters_stand(
    layout: str, skew: float, rotation: int
) -> None:
    worn = Degradation(dpi=DPI, skew=skew, rotation=rotation, noise=4, jpeg_quality=75)
    page = pixels(degrade(draw_page(layout, 8, DPI), worn, 8))
    estimate = estimate_skew(analyse(page, DPI).letters)
    assert estimate.turns[0] == (360 - rotation) % 360
    assert estimate.sure == (rotation == 0)


def test_a_page_without_letters_is_left_as_it_lies() -> None:
    page = np.full((1754, 1240), 255, np.uint8)
    cv2.line(page, (100, 200), (1100, 900), 0, 3)
    estimate = estimate_skew(analyse(page, DPI).letters)
    assert estimate.turns == (0,)
    assert estimate.skew == 0


@pytest.mark.parametrize("dpi", [0.0, 72.0, 600.0, 1200.0])
def test_a_wrong_resolution_is_not_believed_against_the_letters(dpi: float) -> None:
    """A page of 300 dpi that says 1200 would be as small as a stamp, its letters dust."""
    page = pixels(draw_page("A", 5, 300))
    true = analyse(page, 300).letter_height(0)
    assert abs(analyse(page, dpi).letter_height(0) - true) < 0.2 * true
