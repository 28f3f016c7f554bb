"""Every degradation of synthetic paper changes what it says, by as much as it says."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.paper import Degradation, DrawnPage, degrade, draw_page
from tests.paper.lens import grey


@pytest.fixture(scope="module")
def page() -> DrawnPage:
    return draw_page("A", 11, 120)


# --- wear ---


def test_the_default_degradation_changes_nothing(page: DrawnPage) -> None:
    same = degrade(page, Degradation(), 1)
    assert same.image.tobytes() == page.image.tobytes()
    assert same.truth == page.truth
    assert Degradation().told() == {}


@pytest.mark.parametrize("wear", [f.name for f in fields(Degradation)])
def test_each_degradation_changes_the_picture_alike_every_time(page: DrawnPage, wear: str) -> None:
    values: dict[str, Any] = {
        "dpi": 90, "skew": 2.0, "rotation": 90, "thin": 60, "blur": 2.0, "noise": 12.0,
        "salt_pepper": 0.01, "jpeg_quality": 40, "yellow": 0.7, "uneven_light": 0.4,
        "show_through": 0.3,
    }  # fmt: skip
    chosen: dict[str, Any] = {wear: values.get(wear, True)}
    plain: dict[str, Any] = {"one_bit": True} if wear == "thin" else {}
    one, two = (degrade(page, Degradation(**plain, **chosen), 3) for _ in range(2))
    before = degrade(page, Degradation(**plain), 3)
    assert one.image.tobytes() == two.image.tobytes() != before.image.tobytes()
    assert one.truth.degradation.told() == plain | chosen
    assert one.truth.text == page.truth.text


def test_geometry_is_what_it_says(page: DrawnPage) -> None:
    width, height = page.image.size
    half = degrade(page, Degradation(dpi=60), 1)
    assert half.image.size == (round(width / 2), round(height / 2))
    assert half.truth.dpi == 60
    turned = degrade(page, Degradation(rotation=90), 1)
    back = turned.image.transpose(Image.Transpose.ROTATE_90)
    assert back.tobytes() == page.image.tobytes()
    leaning = degrade(page, Degradation(skew=2.0), 1)
    assert sharp_rows(leaning, 2.0) > 2 * sharp_rows(leaning, -2.0)


def sharp_rows(drawn: DrawnPage, leaning: float) -> float:
    """Return how much rows differ once the page was turned back by so many degrees clockwise."""
    picture = grey(drawn)
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), leaning, 1.0)
    straight = cv2.warpAffine(picture, turn, (width, height), borderValue=255)
    return float(np.var(straight.mean(axis=1)))


def test_scanner_modes_and_noise_are_what_they_say(page: DrawnPage) -> None:
    assert degrade(page, Degradation(grey=True), 1).image.mode == "L"
    bits = degrade(page, Degradation(one_bit=True), 1)
    assert bits.image.mode == "1"
    thin = degrade(page, Degradation(one_bit=True, thin=80), 1)
    assert (grey(thin) == 0).sum() < 0.9 * (grey(bits) == 0).sum()
    grain = grey(degrade(page, Degradation(noise=12, grey=True, uneven_light=0.5), 1))
    corner = grain[-60:-20, 20:60] if grain[-40, 40] < grain[-40, -40] else grain[-60:-20, -60:-20]
    assert 9 < corner.std() < 15
    specks = grey(degrade(page, Degradation(salt_pepper=0.02), 1))[:40]
    assert 0.007 < (specks == 0).mean() < 0.013
    sharp, soft = (
        cv2.Laplacian(grey(degrade(page, Degradation(blur=blur), 1)), cv2.CV_64F).var()
        for blur in (0.0, 3.0)
    )
    assert soft < 0.5 * sharp


def test_paper_ages_where_it_says(page: DrawnPage) -> None:
    def worn(**chosen: Any) -> NDArray[np.int16]:
        return np.asarray(degrade(page, Degradation(**chosen), 2).image).astype(np.int16)

    plain = worn()
    mm = page.truth.dpi / 25.4
    old = worn(yellow=0.8)
    assert old[..., 0].mean() - old[..., 2].mean() > 20
    holes = worn(punch_holes=True)[:, round(12 * mm)]
    assert 50 < (holes.max(axis=1) < 90).sum() < 66  # two holes of 6 mm at 120 dpi: 57 rows
    folded = worn(fold=True) - plain
    assert 0.45 < np.argmin(folded.mean(axis=(1, 2))) / folded.shape[0] < 0.55
    assert worn(black_edge=True)[:, :3].mean() < 60
    shine = worn(show_through=0.3) - plain
    assert (shine < -20).mean() > 0.01
    assert (shine < -90).mean() < 0.001


def test_stamps_and_pens_leave_their_colour(page: DrawnPage) -> None:
    def coloured(drawn: DrawnPage, channel: int) -> int:
        picture = np.asarray(drawn.image).astype(np.int16)
        others = np.delete(picture, channel, axis=2).max(axis=2)
        return int((picture[..., channel] - others > 60).sum())

    red, blue = coloured(page, 0), coloured(page, 2)
    stamped = degrade(page, Degradation(arrival_stamp=True), 1)
    assert coloured(stamped, 0) > red + 500
    assert any(text.startswith("ĐẾN Số: ") for text in stamped.truth.optional_text)
    assert coloured(degrade(page, Degradation(seal_over_text=True), 1), 0) > red + 500
    assert coloured(degrade(page, Degradation(pen_stroke=True), 1), 2) > blue + 300


def test_the_back_shines_through_a_blank_page(page: DrawnPage) -> None:
    blank = draw_page("blank", 1, 120)
    assert grey(blank).min() == 255
    assert blank.truth.text == ""
    worn = grey(degrade(blank, Degradation(show_through=0.2), 1, page))
    assert 200 <= worn.min() < 240
