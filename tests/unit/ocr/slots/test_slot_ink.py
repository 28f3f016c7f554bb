"""What lies near figures is no mending of them: a stamp's frame below, bars of the symbol behind.

Drawn with OpenCV's own letters, 40 pixels high in a row of 40.
"""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.image.geometry import Pixels
from ocr.image.slot_ink import Around, Disturbance, disturbance
from ocr.page.slots.figure_ink import are_apart, is_over_print

TOP, HEIGHT, LEFT, RIGHT = 64, 40, 120, 200
AROUND = Around(LEFT, RIGHT, TOP, TOP + HEIGHT, 0, 1_000, HEIGHT)


def row(text: str = "36", at: int = LEFT + 5) -> Pixels:
    """Return a row with figures, and 1.6 heights of paper above and below."""
    picture = np.full((TOP + HEIGHT + 64, 400), 245, np.uint8)
    cv2.putText(picture, text, (at, TOP + HEIGHT), cv2.FONT_HERSHEY_SIMPLEX, 1.75, 30, 4)
    return picture


@pytest.mark.parametrize("lean", [-4, 0, 4])
@pytest.mark.parametrize(("begin", "end"), [(0, 170), (130, 400)])
def test_the_frame_of_a_stamp_below_figures_adds_nothing(begin: int, end: int, lean: int) -> None:
    picture, top = row(), TOP + HEIGHT + 14
    side = end if begin == 0 else begin
    cv2.line(picture, (begin, top), (end, top + lean), 30, 3)
    cv2.line(picture, (side, top + (lean if begin == 0 else 0)), (side, len(picture)), 30, 3)
    assert disturbance(picture, AROUND) is None


@pytest.mark.parametrize(("text", "size"), [("25", 1.2), ("77", 2.4), ("1", 2.4)])
def test_figures_below_figures_are_told_even_where_the_picture_ends(text: str, size: float) -> None:
    picture = row()
    low = TOP + HEIGHT + round(8 + 24 * size)
    for down in (0, 6):
        below = picture.copy()
        cv2.putText(below, text, (LEFT, low + down), cv2.FONT_HERSHEY_SIMPLEX, size, 30, 4)
        assert disturbance(below, AROUND) is Disturbance.ADDED


def test_a_rule_with_figures_under_it_that_end_on_the_picture_is_no_frame() -> None:
    picture = row()
    top = TOP + HEIGHT + 12
    cv2.line(picture, (LEFT, top), (LEFT + 100, top), 30, 3)
    cv2.putText(picture, "25", (LEFT, top + 34), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 30, 4)
    assert disturbance(picture, AROUND) is Disturbance.ADDED


def test_a_line_through_one_of_the_figures_is_told_and_bars_of_the_symbol_behind_are_not() -> None:
    behind = row()
    for down in (18, 19, 20):  # bars of two T that touch the slash
        cv2.line(behind, (RIGHT - 8, TOP + down), (RIGHT + 60, TOP + down), 30, 2)
    assert disturbance(behind, AROUND) is None
    struck = row("3641", LEFT - 60)
    cv2.line(struck, (LEFT + 6, TOP + 22), (RIGHT - 10, TOP + 18), 30, 4)
    whole = AROUND._replace(left=LEFT - 62)
    assert disturbance(struck, whole) is Disturbance.STRUCK


@pytest.mark.parametrize("dots", [False, True])
def test_two_numbers_are_apart_and_wide_figures_are_not(*, dots: bool) -> None:
    picture = row("36    41", 40)
    if dots:  # to write on
        cv2.putText(picture, "." * 20, (40, TOP + HEIGHT), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 30, 2)
    line = picture[TOP - 6 : TOP + HEIGHT + 6]
    assert are_apart(line, (90, 230), HEIGHT)
    assert not are_apart(line, (58, 90), HEIGHT)


@pytest.mark.parametrize("pen", [(170, 60, 30), (30, 30, 200), (40, 40, 40)])
def test_black_figures_under_coloured_ones_are_told_and_a_black_slash_is_not(
    pen: tuple[int, int, int],
) -> None:
    written = np.full((52, 120, 3), 245, np.uint8)
    cv2.putText(written, "37", (14, 46), cv2.FONT_HERSHEY_SIMPLEX, 1.75, pen, 4)
    cv2.line(written, (100, 46), (114, 6), (30, 30, 30), 2)
    assert not is_over_print(written, HEIGHT)
    assert not is_over_print(written[..., 0], HEIGHT)
    cv2.putText(written, "30", (14, 46), cv2.FONT_HERSHEY_COMPLEX, 1.2, (30, 30, 30), 2)
    assert is_over_print(written, HEIGHT) == (max(pen) - min(pen) > 50)
