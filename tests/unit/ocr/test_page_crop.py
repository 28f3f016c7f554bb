"""The page is found on a scanner's dark bed and on the table under a camera, and nowhere else."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from bench.scoring import errors
from ocr import open_reader
from ocr.image.geometry import Pixels, identity, is_affine, map_box, skew_of, unmap_box, warp
from ocr.image.page_crop import find_page
from ocr.reader import Reader
from pipeline.model import Box
from pipeline.settings import ReadingSettings
from tests.paper import STAMP, Degradation, DrawnPage, degrade, draw_page, save_picture
from tests.paper.wear import SINGLE

pytestmark = pytest.mark.slow

DPI = 150
AROUND = {
    "bed": Degradation(bed=True),
    "bed, leaning": Degradation(bed=True, skew=-12.0),
    "bed, yellow and sealed": Degradation(bed=True, skew=3.0, yellow=0.9, seal_over_text=True),
    "photograph, little tilt": Degradation(perspective=0.06),
    "photograph": Degradation(perspective=0.1, uneven_light=0.3),
    "photograph, leaning": Degradation(perspective=0.15, skew=6.0),
}
ALL_SHEET = [kind for kind in SINGLE if kind not in ("dark bed", "photograph", "black edge")]


def pixels(drawn: DrawnPage) -> Pixels:
    return np.asarray(cv2.cvtColor(np.asarray(drawn.image.convert("RGB")), cv2.COLOR_RGB2BGR))


@pytest.fixture(scope="module")
def clean() -> DrawnPage:
    return draw_page("A", 21, DPI)


@pytest.mark.parametrize("worn", AROUND.values(), ids=AROUND)
def test_words_stand_on_the_found_page_where_they_stand_on_paper(
    clean: DrawnPage, worn: Degradation
) -> None:
    """Within a hundredth of the page, whatever lay around it and however it was seen."""
    seen = degrade(clean, worn, 21)
    crop = find_page(pixels(seen))
    assert is_affine(crop.matrix) == (not worn.perspective)
    assert crop.height / crop.width == pytest.approx(2**0.5, rel=0.02)
    assert worn.perspective or skew_of(crop) == pytest.approx(worn.skew, abs=0.3)
    for true, moved in zip(clean.truth.words, seen.truth.words, strict=True):
        found = middle(map_box(moved.box, crop), crop.width, crop.height)
        assert found == pytest.approx(middle(true.box, *clean.image.size), abs=0.01)


@pytest.mark.parametrize("worn", AROUND.values(), ids=AROUND)
def test_nothing_of_the_bed_is_left_along_the_edges(clean: DrawnPage, worn: Degradation) -> None:
    """A rim, read as strokes and dashes, moved the rows beside it in Tesseract's eyes."""
    page = pixels(degrade(clean, worn, 21))
    found = warp(page, find_page(page)).max(axis=2)
    for side in (found[1:3], found[-3:-1], found[:, 1:3].T, found[:, -3:-1].T):
        assert np.mean(side > 120) > 0.9


def middle(box: Box, width: int, height: int) -> tuple[float, float]:
    """Return where the middle of a box is, in widths and heights of what it lies on."""
    return (box.left + box.width / 2) / width, (box.top + box.height / 2) / height


@pytest.mark.parametrize("kind", ALL_SHEET)
def test_an_image_that_is_all_page_stays_as_it_is(clean: DrawnPage, kind: str) -> None:
    page = pixels(degrade(clean, SINGLE[kind], 21))
    crop = find_page(page)
    assert np.array_equal(crop.matrix, np.eye(3))
    assert (crop.height, crop.width) == page.shape[:2]


def test_a_copiers_black_edge_costs_no_word(clean: DrawnPage) -> None:
    seen = degrade(clean, SINGLE["black edge"], 21)
    crop = find_page(pixels(seen))
    for word in seen.truth.words:
        found = map_box(word.box, crop)
        assert found.left >= 0
        assert found.top >= 0


def dark_things() -> dict[str, Pixels]:
    page = np.full((1754, 1240, 3), 245, np.uint8)
    shadow = (page * np.linspace(1, 0.2, 1240)[None, :, None]).astype(np.uint8)
    photo, card, frame = page.copy(), page.copy(), page.copy()
    photo[900:, :] = np.random.default_rng(1).integers(0, 90, (854, 1240, 1), np.uint8)
    cv2.rectangle(card, (200, 300), (840, 700), (40, 40, 40), 6)
    frame[:120], frame[-120:] = 40, 40
    for row in range(30, 110, 24):  # print in a dark band
        for column in (60, 460, 860):
            cv2.putText(frame, "PHUC VU HANH CHINH", (column, row), 0, 0.8, (240,) * 3, 2)
    return {
        "shadow over a side": shadow,
        "dark picture on half of it": photo,
        "frame of a card": card,
        "white print in dark bands": frame,
        "white on black": 255 - page,
        "nothing": page,
        "darkness": np.zeros_like(page),
        "one pixel": page[:1, :1],
    }


@pytest.mark.parametrize("kind", dark_things())
def test_whatever_is_not_certain_is_cut_nowhere(kind: str) -> None:
    page = dark_things()[kind]
    assert np.array_equal(find_page(page).matrix, np.eye(3))


def test_boxes_go_to_a_tilted_page_and_back(clean: DrawnPage) -> None:
    seen = degrade(clean, AROUND["photograph"], 21)
    crop = find_page(pixels(seen))
    width, height = seen.image.size
    box = Box(300, 900, 80, 20)
    back = unmap_box(map_box(box, crop), crop, width, height)
    assert back.left <= box.left
    assert back.right >= box.right
    assert max(back.width - box.width, back.height - box.height) < 12  # boxes around boxes
    assert map_box(box, identity(width, height)) == box


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(ReadingSettings())


@pytest.mark.engine
def test_a_photograph_is_read_as_a_scan_and_shown_flat(reader: Reader, tmp_path: Path) -> None:
    drawn = draw_page("C", 22, 200)
    worn = degrade(drawn, Degradation(perspective=0.12, uneven_light=0.2, skew=-4.0), 22)
    save_picture(worn, tmp_path / "page.jpg")
    reading = reader.read_page(tmp_path / "page.jpg", 1)
    found = errors(worn.truth.text, reading.page.text.text, STAMP)
    assert found.rate < 0.02
    assert found.right > 0.95 * found.words
    view = reading.page.view
    assert view is not None
    assert view.tilt[:2] != (0, 0)
    grey = np.asarray(Image.open(io.BytesIO(reading.picture)).convert("L"))
    assert np.mean(grey[:, 6:10] > 120) > 0.9, "the table is still to be seen"
    (a, b, c, d, e, f), (g, h, i) = view.matrix, view.tilt
    for word in reading.page.text.words:
        x, y = word.box.left + word.box.width / 2, word.box.top + word.box.height / 2
        over = g * x + h * y + i
        column, row = (a * x + b * y + c) / over, (d * x + e * y + f) / over
        around = grey[round(row) - 8 : round(row) + 9, round(column) - 12 : round(column) + 13]
        assert around.min() < 140, word
