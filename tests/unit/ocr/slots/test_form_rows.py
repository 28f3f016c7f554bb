"""What is printed for figures to stand in is told from them, and from what is another row's."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.engines.slot_recogniser import SlotRecogniser
from ocr.image.geometry import Pixels
from ocr.image.slot_cells import Cleaned, cleaned, cut_figures, figures_in
from ocr.image.slot_ink import is_struck_alone
from ocr.page.slots.form_slot_reading import read_form_slots
from tests.paper.written_forms import written_form
from tests.support.words_of_truth import page_of_truth

HEIGHT = 30.0  # of a row of print, in pixels
TOP, LOW, LEFT, SIDE = 45, 82, 40, 42  # of the boxes
ROW = 50.0, 80.0
BLACK, GREY = 20, 130


def band(*, rule: int = BLACK) -> Pixels:
    """Draw ten boxes between the rules of the rows above and below."""
    drawn = np.full((130, 560), 235, np.uint8)
    cv2.line(drawn, (0, 12), (559, 12), BLACK, 3)
    cv2.line(drawn, (0, 112), (559, 112), BLACK, 3)
    for at in range(11):
        cv2.line(drawn, (LEFT + at * SIDE, TOP), (LEFT + at * SIDE, LOW), rule, 2)
    for row in (TOP, LOW):
        cv2.line(drawn, (LEFT, row), (LEFT + 10 * SIDE, row), rule, 3)
    return drawn


def seven(drawn: Pixels, at: int, top: int) -> None:
    left = LEFT + at * SIDE + 10
    cv2.line(drawn, (left, top), (left + 18, top), BLACK, 3)
    cv2.line(drawn, (left + 18, top), (left + 8, 76), BLACK, 3)


def broken(drawn: Pixels, at: int) -> Pixels:
    """Take away the rule below a box."""
    left = LEFT + at * SIDE
    drawn[LOW - 3 : LOW + 4, left + 3 : left + SIDE - 2] = 235
    return drawn


def of(drawn: Pixels) -> Cleaned:
    return cleaned(drawn, HEIGHT, (10,))


def test_boxes_are_found_between_longer_rules_of_other_rows() -> None:
    picture = of(band())
    assert len(picture.cells) == 10
    assert picture.edges is not None
    assert abs(picture.edges.left - TOP) <= 1
    assert abs(picture.edges.right - LOW) <= 1
    assert figures_in(picture.ink, ROW, HEIGHT) == []  # empty boxes hold nothing


def test_a_figure_that_goes_through_the_rule_of_its_box_stays_whole() -> None:
    drawn = band()
    cv2.ellipse(drawn, (LEFT + 21, 58), (9, 19), 0, 0, 360, BLACK, 3)
    picture = of(drawn)
    (figure,) = figures_in(picture.ink, ROW, HEIGHT)
    own = np.ascontiguousarray(picture.ink[:, figure.left : figure.right])
    assert cv2.connectedComponents(own)[0] == 2  # paper, and one figure


def test_a_bar_on_a_pale_rule_stays_and_on_a_black_one_is_missed() -> None:
    pale, black = band(rule=GREY), band()
    seven(pale, 3, TOP)
    seven(black, 3, TOP)
    kept, lost = of(pale), of(black)
    inside = slice(kept.cells[3].left, kept.cells[3].right)
    assert (kept.ink[TOP, inside] > 0).sum() >= 15
    assert cut_figures(kept, kept.cells[3:4], "7", HEIGHT) == 0
    assert cut_figures(lost, lost.cells[3:4], "1", HEIGHT) == 1


def test_a_stem_through_a_black_rule_may_be_of_a_7_whose_bar_lies_on_it() -> None:
    short, long = band(), band()
    for drawn, top in ((short, TOP - 3), (long, TOP - 9)):
        cv2.line(drawn, (LEFT + 140, top), (LEFT + 140, 76), BLACK, 3)
    one, other = of(short), of(long)
    assert cut_figures(one, one.cells[3:4], "1", HEIGHT) == 1
    assert cut_figures(other, other.cells[3:4], "1", HEIGHT) == 0


@pytest.mark.parametrize("figure", "17")
def test_a_7_is_doubted_where_the_rule_below_its_box_is_missing(figure: str) -> None:
    drawn = broken(band(), 3)
    seven(drawn, 3, 54)
    picture = of(drawn)
    assert len(picture.cells) == 10
    assert cut_figures(picture, picture.cells[3:4], figure, HEIGHT) == (figure == "7")
    assert cut_figures(picture, picture.cells[4:5], "7", HEIGHT) == 0


def test_a_7_is_doubted_in_a_comb_whose_rule_is_above() -> None:
    drawn = band()
    drawn[LOW - 5 : LOW + 4, LEFT - 3 : LEFT + 10 * SIDE + 4] = 235
    seven(drawn, 3, 54)
    picture = of(drawn)
    assert len(picture.cells) == 10
    assert cut_figures(picture, picture.cells[3:4], "7", HEIGHT) == 1


def test_a_line_through_one_figure_is_told_from_figures_that_touch() -> None:
    zeros = np.zeros((70, 90), np.uint8)
    for middle in (24, 45):
        cv2.ellipse(zeros, (middle, 35), (10, 15), 0, 0, 360, 255, 3)
    assert not is_struck_alone(zeros, HEIGHT)
    struck = zeros.copy()
    cv2.line(struck, (8, 42), (44, 28), 255, 3)
    assert is_struck_alone(struck, HEIGHT)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seed", "name"),
    [(5001, "personal_id"), (5003, "personal_id"), (5007, "personal_id"), (5011, "personal_id")],
)
def test_figures_of_the_row_above_are_no_correction(seed: int, name: str) -> None:
    form = written_form(seed, 200)
    pixels = np.ascontiguousarray(np.asarray(form.page.image.convert("RGB"))[..., ::-1])
    slots = read_form_slots(SlotRecogniser(), pixels, page_of_truth(form.page.truth))
    (read,) = (slot for slot in slots if str(slot.kind) == name)
    assert read.value == form.numbers[name]
