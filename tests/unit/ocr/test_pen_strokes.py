"""Long strokes of pens fade, writing and coloured print stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.image.background import extremes
from ocr.image.geometry import Pixels
from ocr.image.lines.pen_strokes import long_strokes
from ocr.image.measure import analyse
from ocr.image.preprocess import reading_picture
from ocr.image.seals import colour_mask, join_across_print
from tests.paper import Degradation, degrade, draw_page, typeface
from tests.paper.fonts import Style
from tests.paper.picture import multiply

DPI = 150
MM = DPI / 25.4
INKS = {"blue": (190, 60, 45), "red": (45, 35, 215), "green": (60, 150, 40)}  # BGR


def page_of(layout: str, seed: int, worn: Degradation) -> Pixels:
    image = degrade(draw_page(layout, seed, DPI), worn, seed).image.convert("RGB")
    return np.asarray(cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR), np.uint8)


def drawn_over(page: Pixels, line: list[tuple[int, int]], ink: str, thick: int = 3) -> Pixels:
    """The page with a stroke over it, translucent as ink is."""
    layer = np.full_like(page, 255)
    cv2.polylines(layer, [np.array(line, np.int32)], False, INKS[ink], thick, cv2.LINE_AA)
    page = page.copy()
    multiply(page, layer)
    return page


def strokes_of(page: Pixels) -> Pixels:
    colours = extremes(page)
    coloured = colour_mask(colours)
    return long_strokes(coloured, join_across_print(coloured, colours.brightest, MM), MM)


def read_picture(page: Pixels) -> Pixels:
    analysis = analyse(page, DPI)
    return reading_picture(page, analysis, 0, 0.0).grey


@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize(
    "line",
    [
        [(150, 500), (400, 512), (700, 490), (1000, 507)],
        [(200, 900), (1000, 905)],
        [(300, 300), (320, 800), (306, 1300)],
    ],
    ids=["wavering", "ruled", "down"],
)
def test_a_stroke_goes_and_the_print_under_it_stays(line: list[tuple[int, int]], ink: str) -> None:
    bare = page_of("A", 47, Degradation())
    page = drawn_over(bare, line, ink)
    plain, after = read_picture(bare), read_picture(page)
    size = (after.shape[1], after.shape[0])
    moved = cv2.resize((page != bare).any(axis=2).astype(np.uint8), size) > 0
    assert np.count_nonzero(moved & (plain > 250)) > 1_000
    assert np.mean(after[moved & (plain > 250)] > 200) > 0.97
    assert np.mean(after[moved & (plain < 60)] < 130) > 0.9


def test_short_and_written_lines_stay() -> None:
    bare = np.full((600, 900, 3), 250, np.uint8)
    short = drawn_over(bare, [(100, 100), (200, 104)], "blue")
    assert not strokes_of(short).any()
    x = np.linspace(0, 1, 400)
    loops = np.stack((150 + 400 * x + 12 * np.cos(120 * x), 300 + 14 * np.sin(120 * x)), axis=1)
    written = drawn_over(bare, [tuple(at) for at in loops.astype(int).tolist()], "blue", 2)
    assert not strokes_of(written).any()


@pytest.mark.parametrize("layout", ["C", "F", "G"])
@pytest.mark.parametrize("ink", INKS)
def test_print_in_colour_stays(ink: str, layout: str) -> None:
    """Strokes of a printed frame may go, letters may not."""
    page = page_of(layout, 48, Degradation())
    coloured = np.asarray(np.where(page < 128, np.array(INKS[ink], np.uint8), page), np.uint8)
    found = strokes_of(coloured) > 0
    letters = np.zeros(found.shape, np.bool_)
    for word in draw_page(layout, 48, DPI).truth.words:
        box = word.box
        letters[box.top : box.bottom, box.left : box.right] = True
    letters &= page.min(axis=2) < 128
    assert np.mean(found[letters]) < 0.001


def test_a_grey_page_has_no_strokes() -> None:
    assert not strokes_of(np.full((300, 300), 90, np.uint8)).any()


SMALL = (
    "https://dichvucong.mau.gov.vn",
    "vanphong.ubnd@xamaulam.gov.vn",
    "www.mau.gov.vn/vanban/mauso-consurave-nemo",
    "ACCOUNT.NO.19033456789012",
    "0123-4567-8901-2345-6789",
)


@pytest.mark.parametrize("underlined", [False, True])
@pytest.mark.parametrize("style", [Style.REGULAR, Style.BOLD])
@pytest.mark.parametrize("points", [8, 9, 10, 11])
def test_small_addresses_and_numbers_in_colour_stay(
    points: int, style: Style, underlined: bool
) -> None:
    picture = Image.new("RGB", (900, 300), (250, 250, 250))
    pen, size = ImageDraw.Draw(picture), round(points * DPI / 72)
    font = typeface("termes").font(style, size)
    for row, text in enumerate(SMALL):
        pen.text((60, 40 + 50 * row), text, font=font, fill=INKS["blue"][::-1])
        if underlined:
            low, right = 40 + 50 * row + size, round(60 + pen.textlength(text, font=font))
            pen.line((60, low, right, low), fill=INKS["blue"][::-1], width=2)
    page = np.asarray(cv2.cvtColor(np.asarray(picture), cv2.COLOR_RGB2BGR), np.uint8)
    found, ink = strokes_of(page) > 0, page.min(axis=2) < 128
    if underlined:  # the rule alone may go
        for row in range(len(SMALL)):
            ink[40 + 50 * row + size - 2 : 40 + 50 * row + size + 3] = False
    assert np.mean(found[ink]) < 0.02


def test_writing_that_is_low_stays() -> None:
    x = np.arange(0, 300)
    waves = np.stack((200 + x, 200 + 5 * np.sin(x / 5)), axis=1).astype(int)
    bare = np.full((400, 900, 3), 250, np.uint8)
    assert not strokes_of(drawn_over(bare, [tuple(at) for at in waves.tolist()], "blue", 2)).any()
