"""Seals and pen strokes fade, the letters under them and coloured print stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.engines.tesseract import open_engine
from ocr.image.background import extremes
from ocr.image.geometry import Pixels
from ocr.image.measure import analyse
from ocr.image.preprocess import reading_picture
from ocr.image.seals import Mask, colour_mask, fade_ink, join_across_print, large_coloured_areas
from pipeline.settings import ReadingSettings
from tests.paper import Degradation, degrade, draw_page, typeface
from tests.paper.fonts import Style

DPI = 200
MM = DPI / 25.4
SIZE = (1654, 1200)
SEAL = (827, 560)  # its middle
RED, BLUE, BLACK = (215, 35, 45), (45, 60, 190), (25, 25, 28)
PHRASES = (
    "Căn cứ Luật Tổ chức chính quyền địa phương năm 2025",
    "Xét đề nghị của Giám đốc Sở Tài nguyên và Môi trường",
    "Quyết định này có hiệu lực kể từ ngày ký ban hành",
    "Chánh Văn phòng và các đơn vị chịu trách nhiệm thi hành",
)


def printed(colour: tuple[int, int, int] = BLACK) -> Image.Image:
    """Four lines of print across the middle of a page."""
    picture = Image.new("RGB", SIZE, (252, 251, 248))
    pen, font = ImageDraw.Draw(picture), typeface("termes").font(Style.REGULAR, 38)
    for number, phrase in enumerate(PHRASES):
        pen.text((250, 460 + 60 * number), phrase, font=font, fill=colour)
    return picture


def pressed(picture: Image.Image, ink: tuple[int, int, int]) -> Image.Image:
    """The same with a seal of 36 mm over it, translucent as stamp ink is, through JPEG's eyes."""
    stamp = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(stamp)
    for radius, width in ((18, 1.2), (16.5, 0.5), (10, 0.6)):
        reach = radius * MM
        box = (SEAL[0] - reach, SEAL[1] - reach, SEAL[0] + reach, SEAL[1] + reach)
        pen.ellipse(box, outline=ink, width=round(width * MM))
    pen.regular_polygon((SEAL, 5 * MM), 5, fill=ink)
    font = typeface("noto-sans").font(Style.BOLD, 26)
    pen.text((SEAL[0] - 90, SEAL[1] + 45), "ỦY BAN", font=font, fill=ink)
    inked = np.asarray(picture, np.uint16) * np.asarray(stamp, np.uint16) // 255
    packed = cv2.imencode(
        ".jpg", inked.astype(np.uint8)[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80]
    )
    unpacked = cv2.imdecode(packed[1], cv2.IMREAD_COLOR)
    assert unpacked is not None
    return Image.fromarray(unpacked[:, :, ::-1])


def pixels(picture: Image.Image) -> Pixels:
    return np.asarray(cv2.cvtColor(np.asarray(picture), cv2.COLOR_RGB2BGR), np.uint8)


def coloured(page: Pixels) -> Mask:
    return colour_mask(extremes(page))


def joined(page: Pixels, millimetre: float) -> Mask:
    return join_across_print(coloured(page), extremes(page).brightest, millimetre)


def faded(picture: Image.Image) -> Pixels:
    page = pixels(picture)
    return fade_ink(page, large_coloured_areas(joined(page, MM), MM))


def words_read(picture: Image.Image) -> list[str]:
    page = pixels(picture)
    cleaned = reading_picture(page, analyse(page, DPI), 0, 0.0)
    lines = open_engine(ReadingSettings()).read(cleaned.grey, cleaned.dpi, 60)
    return [word.text for line in lines for word in line.words]


@pytest.mark.parametrize("ink", [RED, BLUE], ids=["red", "blue"])
def test_the_ink_of_a_seal_is_gone_and_black_print_stays_black(ink: tuple[int, int, int]) -> None:
    before, after = pixels(pressed(printed(), ink)), faded(pressed(printed(), ink))
    plain = np.asarray(printed().convert("L"))
    ink_only = (coloured(before) > 0) & (plain > 240)
    assert np.count_nonzero(ink_only) > 10_000
    assert np.mean(after[ink_only] > 200) > 0.97
    around = np.zeros(plain.shape, np.uint8)
    cv2.circle(around, SEAL, round(17 * MM), 255, cv2.FILLED)
    letters_under_seal = (around > 0) & (plain < 60)
    assert np.count_nonzero(letters_under_seal) > 1_000
    assert np.mean(after[letters_under_seal] < 120) > 0.95


@pytest.mark.engine
@pytest.mark.parametrize("ink", [RED, BLUE], ids=["red", "blue"])
def test_words_under_a_seal_are_read(ink: tuple[int, int, int]) -> None:
    read = words_read(pressed(printed(), ink))
    missing = [word for word in " ".join(PHRASES).split() if word not in read]
    assert len(missing) <= 2, missing
    assert "ỦY" not in read


@pytest.mark.engine
@pytest.mark.parametrize("ink", [RED, BLUE], ids=["red", "blue"])
def test_coloured_print_is_no_seal(ink: tuple[int, int, int]) -> None:
    """Titles of certificates are printed red; they must not be washed away."""
    picture = printed(ink)
    assert not large_coloured_areas(coloured(pixels(picture)), MM).any()
    read = words_read(picture)
    assert sum(word in read for word in " ".join(PHRASES).split()) > 40


def test_a_pen_stroke_through_print_fades() -> None:
    picture = printed()
    ImageDraw.Draw(picture).line((300, 700, 600, 440, 900, 660, 1200, 430), fill=BLUE, width=7)
    after = faded(picture)
    stroke = (coloured(pixels(picture)) > 0) & (np.asarray(printed().convert("L")) > 240)
    assert np.mean(after[stroke] > 200) > 0.95


@pytest.mark.parametrize(("layout", "seed"), [("G", 103), ("C", 102), ("A", 101)])
def test_a_ring_that_print_cuts_into_arcs_is_one_seal(layout: str, seed: int) -> None:
    """Arcs lower than a seal were left on the page, and the words under them were lost."""
    plain = draw_page(layout, seed, DPI)
    under = np.asarray(plain.image.convert("L"))
    stamped = degrade(plain, Degradation(seal_over_text=True), seed).image
    new = np.ptp([pixels(plain.image), pixels(stamped)], axis=0).max(axis=2) > 30
    ring = new & (coloured(pixels(stamped)) > 0) & (under > 240)
    after = faded(stamped)
    assert np.mean(after[ring] > 200) > 0.99
    beside = cv2.dilate(ring.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    assert np.mean(after[beside & (under < 40)] < 120) > 0.9


def test_where_a_signature_crosses_a_seal_nothing_is_left() -> None:
    """Two inks over one another are as dark as print and were read as letters."""
    picture = pressed(Image.new("RGB", SIZE, (252, 251, 248)), RED)
    pen = Image.new("RGB", SIZE, "white")
    scrawl = (600, 461, 740, 522, 780, 505, 850, 475, 930, 520, 1150, 480)
    ImageDraw.Draw(pen).line(scrawl, fill=BLUE, width=5, joint="curve")
    both = np.asarray(picture, np.uint16) * np.asarray(pen, np.uint16) // 255
    signed = Image.fromarray(both.astype(np.uint8))
    page = pixels(signed.resize((1240, 900), Image.Resampling.BOX))  # as the reader sees it
    crossed = np.count_nonzero(page.max(axis=2) < 120)
    assert crossed > 80
    area = large_coloured_areas(joined(page, 0.75 * MM), 0.75 * MM)
    assert np.count_nonzero(fade_ink(page, area) < 150) < crossed / 2


def test_print_inside_a_red_frame_stays() -> None:
    """The frame of a certificate is as large as the page; what it holds is not a seal."""
    picture = printed(RED)
    ImageDraw.Draw(picture).rectangle((60, 60, 1594, 1140), outline=RED, width=14)
    inside = np.asarray(printed(RED).convert("L")) < 120
    assert np.mean(faded(picture)[inside] < 140) > 0.95


def test_half_a_seal_on_the_edge_is_found() -> None:
    """Giáp lai: a seal pressed across the edges of fanned sheets leaves a strip on each."""
    page = np.full((1754, 1240, 3), 250, np.uint8)
    cv2.circle(page, (1260, 800), 110, (40, 40, 215), 6)
    area = large_coloured_areas(coloured(page), 150 / 25.4)
    assert area[800, 1160] == 255
    assert not area[:, :1100].any()


def test_grey_pages_have_no_colour() -> None:
    assert not coloured(np.full((50, 50), 90, np.uint8)).any()


@pytest.mark.parametrize("seed", range(8))
def test_each_large_thing_covers_its_hull_and_a_frame_its_strokes(seed: int) -> None:
    """Things inside a frame, or inside a ring, count on their own."""
    random = np.random.default_rng(seed)
    mask = np.zeros((700, 600), np.uint8)
    cv2.rectangle(mask, (10, 12), (580, 660), 255, 3)  # larger than an arrival stamp
    for _ in range(12):
        x, y, size = random.integers(40, 520), random.integers(40, 600), random.integers(2, 60)
        cv2.ellipse(mask, (int(x), int(y)), (int(size), int(size) // 2 + 1), 20, 0, 300, 255, 2)
    millimetre = 4.0
    kernel = np.ones((3, 3), np.uint8)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel)
    count, labels = cv2.connectedComponents(joined)
    wanted = np.zeros_like(mask)
    for label in range(1, count):
        thing = np.where(labels == label, 255, 0).astype(np.uint8)
        _, _, width, height = cv2.boundingRect(thing)
        if max(width, height) > 80 * millimetre:
            wanted |= thing
        elif min(width, height) > 11 * millimetre:
            cv2.drawContours(wanted, [cv2.convexHull(cv2.findNonZero(thing))], -1, 255, cv2.FILLED)
    assert wanted.any()
    assert np.array_equal(large_coloured_areas(mask, millimetre), cv2.dilate(wanted, kernel))
