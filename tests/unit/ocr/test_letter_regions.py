"""Letters that stand together on a line are joined band by band, as on the whole picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.image.components import Boxes
from ocr.image.geometry import identity
from ocr.image.preprocess import LETTER, ReadingPicture
from ocr.page.rereading.second_pass import letter_regions
from pipeline.model import Box

WIDTH, HEIGHT = 601, 500
WHOLE = identity(WIDTH, HEIGHT)
PICTURE = ReadingPicture(np.full((HEIGHT, WIDTH), 255, np.uint8), WHOLE, WHOLE, dpi=150)


@pytest.mark.parametrize("seed", range(40))
def test_regions_are_those_of_the_whole_picture(seed: int) -> None:
    """In the same order, some letters beyond the edges, some lines with no white row between."""
    random = np.random.default_rng(seed)
    count = int(random.integers(1, 60))
    tops = random.choice(random.integers(-5, HEIGHT + 5, 5), count) + random.integers(-4, 5, count)
    lefts, sizes = random.integers(-8, WIDTH + 3, count), random.integers(3, 34, (count, 2))
    letters = np.column_stack([lefts, tops, sizes]).astype(np.int32)
    found = list(letter_regions(PICTURE, letters))
    whole = joined_at_once(letters)
    assert found == [box for box in whole if box in found]
    assert all(is_no_line(box, letters) for box in whole if box not in found)


def test_no_letters_have_no_regions() -> None:
    assert list(letter_regions(PICTURE, np.empty((0, 4), np.int32))) == []


def joined_at_once(letters: Boxes) -> list[Box]:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    for left, top, width, height in letters.tolist():
        cv2.rectangle(mask, (left, top), (left + width, top + height), 255, cv2.FILLED)
    reach = np.ones((1, round(1.6 * LETTER)), np.uint8)
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, reach)
    stats = cv2.connectedComponentsWithStats(closed)[2]
    return [Box(*row[:4]) for row in stats[1:].tolist()]


def is_no_line(box: Box, letters: Boxes) -> bool:
    """Tell whether the median letter in a region is too low or too high for a line."""
    x, y = np.clip(letters[:, :2] + letters[:, 2:] // 2, 0, (WIDTH - 1, HEIGHT - 1)).T
    inside = (x >= box.left) & (x < box.right) & (y >= box.top) & (y < box.bottom)
    middle = float(np.median(letters[inside, 3])) if inside.any() else 0.0
    return not 0.6 * LETTER <= middle <= 2.5 * LETTER
