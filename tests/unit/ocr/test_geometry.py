"""Boxes find their way back to the original page."""

from __future__ import annotations

import itertools
from random import Random

import numpy as np
import pytest

from ocr.image.geometry import (
    Mapping,
    compose,
    identity,
    unmap_box,
    unmap_boxes,
    upright_mapping,
    warp,
)
from pipeline.model import Box

CASES = list(itertools.product((0, 90, 180, 270), (-7.0, 0.0, 1.3), (0.5, 1.0, 1.7)))


@pytest.mark.parametrize(("orientation", "skew", "scale"), CASES)
def test_a_mark_is_found_back_where_it_was_drawn(
    orientation: int, skew: float, scale: float
) -> None:
    """Draw a mark, warp the page, find the mark's box there, map it back."""
    page = np.full((700, 500), 255, np.uint8)
    mark = Box(180, 320, 60, 24)
    page[mark.top : mark.bottom, mark.left : mark.right] = 0
    mapping = upright_mapping(500, 700, orientation, skew, scale)
    picture = warp(page, mapping)
    assert picture.shape == (mapping.height, mapping.width)
    rows, columns = np.nonzero(picture < 128)
    seen = Box(
        int(columns.min()),
        int(rows.min()),
        int(np.ptp(columns)) + 1,
        int(np.ptp(rows)) + 1,
    )
    found = unmap_box(seen, mapping, 500, 700)
    # A leaning mark's box is larger than the mark; it must hold it, and not much more.
    slack = 3 + abs(np.sin(np.radians(skew))) * (mark.width + mark.height)
    assert found.left <= mark.left + 2
    assert found.top <= mark.top + 2
    assert found.right >= mark.right - 2
    assert found.bottom >= mark.bottom - 2
    assert mark.left - found.left <= slack
    assert found.right - mark.right <= slack
    assert mark.top - found.top <= slack
    assert found.bottom - mark.bottom <= slack


def test_boxes_never_leave_the_page() -> None:
    mapping = upright_mapping(100, 100, 0, 10.0, 1.0)
    for left, top in ((-20, -20), (95, 95), (0, 99)):
        box = unmap_box(Box(left, top, 40, 40), mapping, 100, 100)
        assert 0 <= box.left < box.right <= 100
        assert 0 <= box.top < box.bottom <= 100


def test_turning_alone_loses_no_pixel() -> None:
    page = np.random.default_rng(1).integers(0, 256, (60, 40), np.uint8)
    turned = warp(page, upright_mapping(40, 60, 90, 0.0, 1.0))
    assert np.array_equal(turned, np.rot90(page, -1))


@pytest.mark.parametrize("seed", range(24))
def test_the_upper_part_of_a_page_is_pixel_by_pixel_that_of_the_whole(seed: int) -> None:
    """Only the rows that are wanted are shrunken; that must not show."""
    random = Random(seed)
    width, height = random.randint(300, 900), random.randint(300, 900)
    shape = (height, width, 3) if seed % 2 else (height, width)
    page = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
    turn, skew = random.choice((0, 0, 90, 180, 270)), random.choice((0.0, 0.4, -9.0))
    scale = random.choice((0.5, random.uniform(0.2, 0.99)))
    whole = upright_mapping(width, height, turn, skew, scale)
    rows = max(1, round(random.uniform(0.1, 0.8) * whole.height))
    part = warp(page, Mapping(whole.matrix, whole.width, rows))
    assert np.array_equal(part, warp(page, whole)[:rows])


def test_boxes_go_back_together_as_one_by_one() -> None:
    mapping = compose(identity(500, 700), upright_mapping(500, 700, 90, 1.3, 0.7))
    boxes = [Box(7 * at, 5 * at, 30 + at, 12) for at in range(60)]
    assert unmap_boxes(boxes, mapping, 500, 700) == tuple(
        unmap_box(box, mapping, 500, 700) for box in boxes
    )


def test_no_boxes_go_back_to_none() -> None:
    assert unmap_boxes((), identity(10, 10), 10, 10) == ()
