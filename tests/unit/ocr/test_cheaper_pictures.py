"""What is done in a cheaper way to pictures gives what the plain way gives."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.image import head_stamps, page_crop
from ocr.image.background import balanced_extremes, extremes, white_balance
from ocr.image.components import label_components
from ocr.image.deskew import estimate_skew
from ocr.image.geometry import Mapping, Pixels, upright_mapping, warp
from ocr.image.measure import PageAnalysis, analyse
from ocr.image.preprocess import reading_picture
from tests.paper import Degradation, DrawnPage, degrade, draw_page, wear
from tests.unit.ocr.test_head_stamps import FADED, WORN, letter, pixels

COLOURS = np.random.default_rng(3).integers(0, 256, (211, 157, 3), np.uint8)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 3), (160, 121)])
def test_labels_and_statistics_of_components_are_those_of_opencv(
    shape: tuple[int, int], share: float
) -> None:
    mask = (np.random.default_rng(5).random(shape) < share).astype(np.uint8)
    count, labels, stats = label_components(mask)
    plain = cv2.connectedComponentsWithStats(mask, connectivity=8)
    assert count == plain[0]
    assert np.array_equal(labels, plain[1])
    assert np.array_equal(stats, plain[2])


TILTED = Mapping(np.array([[1.0, 0.02, 3.0], [-0.01, 1.0, 2.0], [1e-4, 5e-5, 1.0]]), 157, 211)


@pytest.mark.parametrize(
    "mapping",
    [
        *(upright_mapping(157, 211, turn, 0.4, 1.0) for turn in (0, 90, 180, 270)),
        *(upright_mapping(157, 211, 0, -3.1, scale) for scale in (0.5, 0.7, 1.4)),
        TILTED,
    ],
)
def test_a_moved_page_has_in_each_channel_what_that_channel_has_alone(mapping: Mapping) -> None:
    planes = [warp(np.ascontiguousarray(COLOURS[:, :, each]), mapping) for each in range(3)]
    assert np.array_equal(warp(COLOURS, mapping), np.dstack(planes))


@pytest.mark.parametrize("paper", [(255, 255, 255), (250, 250, 250), (190, 225, 240)])
def test_the_extremes_of_a_balanced_page_need_no_balanced_page(paper: tuple[int, ...]) -> None:
    page = np.maximum(np.full_like(COLOURS, paper), 1)
    page[40:80] = COLOURS[40:80]
    for one, other in zip(balanced_extremes(page), extremes(white_balance(page)), strict=True):
        assert np.array_equal(one, other)


@pytest.fixture(scope="module")
def plain() -> DrawnPage:
    return draw_page("A", 5, 100)


@pytest.mark.parametrize("kind", wear.SINGLE)
def test_a_glance_finds_no_page_that_a_close_look_would(
    plain: DrawnPage, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = pixels(degrade(plain, wear.SINGLE[kind], 3))
    glanced = page_crop.find_page(page)
    monkeypatch.setattr(page_crop, "_MAYBE_DARK", 0.0)  # looks closely at every image
    close = page_crop.find_page(page)
    assert np.array_equal(glanced.matrix, close.matrix)
    assert glanced[1:] == close[1:]


@pytest.mark.parametrize("worn", WORN.values(), ids=WORN)
@pytest.mark.parametrize("ink", [(20, 20, 20), (215, 40, 40), FADED], ids=["black", "red", "faded"])
def test_no_stamp_is_missed_because_the_small_image_shows_none(
    worn: Degradation, ink: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = degrade(letter("TỐI MẬT", ink, 4.0, framed=ink != FADED), worn, 2)
    image = pixels(page)
    analysis = analyse(image, page.truth.dpi)
    turn = page.truth.degradation.rotation, estimate_skew(analysis.letters).skew
    boxes = [stamp.box for stamp in head_stamps.head_stamps(image, analysis, *turn)]
    monkeypatch.setattr(head_stamps, "_may_be_there", lambda *_: (True, True))
    assert boxes == [stamp.box for stamp in head_stamps.head_stamps(image, analysis, *turn)]
    assert boxes


def _read_from(page: Pixels, analysis: PageAnalysis, skew: float) -> Pixels:
    return reading_picture(page, analysis, 0, skew).grey


@pytest.mark.parametrize("skew", [0.0, 0.5, -2.0])
def test_the_image_for_ocr_is_the_same_from_the_small_image(skew: float) -> None:
    page = pixels(degrade(draw_page("A", 5, 300), Degradation(seal_over_text=True, skew=skew), 3))
    analysis = analyse(page, 300)
    assert analysis.seals.any()
    of_the_page = _read_from(page.copy(), analysis, skew)  # another page: the small one is not its
    assert np.array_equal(_read_from(page, analysis, skew), of_the_page)
