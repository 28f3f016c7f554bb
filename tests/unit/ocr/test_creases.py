"""Long lines through print go and its letters stay; nothing else is touched."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.image.background import normalise_background
from ocr.image.geometry import Pixels
from ocr.image.lines.creases import remove_creases
from tests.paper import Degradation, degrade, draw_page, typeface
from tests.paper.fonts import Style

LETTER = 14.0
PHRASES = (
    "Đã cắt đoạn văn thứ tư – điều 5 + 7 = 12, tờ số 141-ngõ 132",
    "Nơi sinh: Bệnh viện Đa khoa, phường Giảng Võ",
    "Họ và tên: ______________________ Số: ....................",
)


def printed() -> Pixels:
    """Rows of print with dashes, signs and blanks, of the height that is read."""
    picture = Image.new("L", (900, 300), 255)
    pen, font = ImageDraw.Draw(picture), typeface("termes").font(Style.REGULAR, 27)
    for number, phrase in enumerate(PHRASES * 2):
        pen.text((60, 40 + 40 * number), phrase, font=font, fill=0)
    return np.asarray(picture, np.uint8).copy()


def creased(page: Pixels, grey: float, thick: float, slope: float = 0.0) -> Pixels:
    """The same with a grey line through its second row of print, dark in the middle."""
    height, width = page.shape
    middle = 95 + slope * np.arange(width)[None, :]
    away = (np.arange(height)[:, None] - middle) / thick
    shade = 1 - (1 - grey) * np.exp(-(away**2))
    return np.asarray(np.round(page * shade), np.uint8)


@pytest.mark.parametrize("down", [False, True], ids=["across", "down"])
@pytest.mark.parametrize("slope", [0.0, 0.02, -0.03])
@pytest.mark.parametrize(("grey", "thick"), [(0.5, 1.0), (0.65, 2.0), (0.8, 4.0)])
def test_a_grey_line_goes_and_the_letters_on_it_stay(
    grey: float, thick: float, slope: float, down: bool
) -> None:
    bare = printed()
    page = creased(bare, grey, thick, slope)
    if down:
        page = np.ascontiguousarray(page.T)
    after = remove_creases(page, LETTER)
    after = after.T if down else after
    assert np.mean(np.abs(after.astype(int) - bare) <= 24) > 0.99
    assert np.mean(after[bare < 60] < 100) > 0.99
    line = creased(np.full_like(bare, 255), grey, thick, slope) < 225
    assert np.mean(after[line & (bare > 250)] > 200) > 0.95


@pytest.mark.parametrize("layout", ["A", "B", "C", "F", "G", "continuation"])
@pytest.mark.parametrize("dpi", [100, 150])
def test_a_page_without_creases_is_unchanged(layout: str, dpi: int) -> None:
    worn = Degradation(dpi=dpi, blur=0.7, noise=3.0, jpeg_quality=75)
    grey = np.asarray(degrade(draw_page(layout, 104, 150), worn, 104).image.convert("L"))
    page = normalise_background(grey)
    assert np.array_equal(remove_creases(page, LETTER * dpi / 150), page)


def test_rules_of_tables_and_underlines_stay() -> None:
    page = printed()
    for y in (34, 74, 114):  # between the rows, grey as a faint printer's
        cv2.line(page, (40, y), (860, y), 150, 2)
    for x in (40, 450, 860):
        cv2.line(page, (x, 34), (x, 114), 150, 2)
    cv2.line(page, (60, 230), (500, 230), 0, 2)
    assert np.array_equal(remove_creases(page, LETTER), page)


@pytest.mark.parametrize("down", [False, True], ids=["across", "down"])
@pytest.mark.parametrize("thick", [1, 3])
def test_a_black_line_goes_and_strokes_that_cross_it_stay(thick: int, down: bool) -> None:
    bare = printed()
    ends = ((300, 20), (300, 280)) if down else ((20, 102), (880, 104))
    if down:
        bare = np.vstack([bare] * 4)
        ends = ((103, 5), (100, 1195))
    page = np.asarray(cv2.line(bare.copy(), *ends, 0, thick), np.uint8)
    after = remove_creases(page, LETTER)
    added = (page < 100) & (bare > 250)
    assert np.mean(after[added] > 200) > 0.75  # the rest is between strokes that are near
    away = cv2.dilate((page != bare).astype(np.uint8), np.ones((5, 5), np.uint8)) == 0
    assert np.array_equal(after[away], bare[away])


def test_underlined_print_frames_and_blanks_stay() -> None:
    """None of their lines has print on both sides but for tails of letters."""
    page = printed()
    for row in range(6):
        cv2.line(page, (60, 69 + 40 * row), (620, 69 + 40 * row), 0, 2)
    cv2.rectangle(page, (40, 34), (880, 290), 0, 3)
    after = remove_creases(page, LETTER)
    bare = printed()
    assert np.array_equal(after[bare < 200], page[bare < 200])
    frame = np.zeros_like(page)
    cv2.rectangle(frame, (40, 34), (880, 290), 255, 3)
    assert np.array_equal(after[frame > 0], page[frame > 0])


@pytest.mark.parametrize("seed", [47, 48])
def test_a_folded_page_is_as_without_the_fold(seed: int) -> None:
    drawn = draw_page("F", seed, 150)
    bare, folded = (
        normalise_background(np.asarray(degrade(drawn, worn, seed).image.convert("L")))
        for worn in (Degradation(), Degradation(fold=True))
    )
    after = remove_creases(folded, LETTER)
    before = np.count_nonzero((folded < 220) & (bare > 250))
    assert np.count_nonzero((after < 220) & (bare > 250)) < 0.05 * before
    assert np.mean(after[bare < 100] < 130) > 0.99


@pytest.mark.parametrize("grey", [90, 130, 170])
@pytest.mark.parametrize("gap", [1, 2, 3])
def test_grey_rules_that_tails_of_letters_touch_stay(grey: int, gap: int) -> None:
    picture = Image.new("L", (1100, 320), 255)
    pen, font = ImageDraw.Draw(picture), typeface("termes").font(Style.REGULAR, 27)
    text = "Phường Giảng Võ, quận Ba Đình, số 15 ngõ 27 đường Quỳnh Mai (gồm cả phụ lục)"
    rules = [40 + row * (27 + gap) for row in range(8)]
    for at in rules:
        pen.line((40, at, 1060, at), fill=grey, width=1)
        pen.text((50, at - 2 + gap // 2), text, font=font, fill=0)
    page = np.asarray(picture, np.uint8)
    assert np.array_equal(remove_creases(page, LETTER), page)


def test_the_foot_of_a_comb_stays() -> None:
    page = printed()
    cv2.line(page, (40, 290), (860, 290), 130, 2)
    for x in range(60, 850, 30):
        cv2.line(page, (x, 272), (x, 290), 130, 2)
    assert np.array_equal(remove_creases(page, LETTER), page)
