"""A figure that nobody can be sure of is not taken: its rule is missing, or it has no proof.

The words around are those of the drawn paper, so no OCR engine is needed.
"""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.engines.ctc import greedy
from ocr.engines.port import Probabilities
from ocr.engines.slot_recogniser import SlotRecogniser
from ocr.image.geometry import Pixels, upright_mapping
from ocr.page.slots.form_slot_bands import RowBand, bands_of
from ocr.page.slots.form_slot_reading import UNSURE, read_form_slots
from pipeline.documents import PageOfDossier
from pipeline.documents.slots.form_slots import form_slots
from pipeline.model import Page, SlotKind, SlotReading
from tests.paper.written_forms import written_form
from tests.support.words_of_truth import page_of_truth

pytestmark = pytest.mark.slow  # pages are drawn

BOXED = 5045  # a form with boxes for its three numbers; the tax code is a branch's
BLACK, PAPER = (30, 20, 20), 245


class DoubtingRecogniser(SlotRecogniser):
    """The recogniser that we ship, less sure of one figure of each line."""

    def __init__(self, place: int, share: float) -> None:
        super().__init__()
        self._place, self._share = place, share

    def steps(self, line: Pixels) -> Probabilities:
        steps = super().steps(line)
        letters = [each for each in greedy(steps, self.alphabet) if each.text.isdecimal()]
        if len(letters) > self._place:
            doubted = letters[self._place]
            steps[doubted.first : doubted.last + 1] *= self._share / doubted.confidence
        return steps


def form() -> tuple[Pixels, Page, dict[str, str]]:
    drawn = written_form(BOXED, 200)
    pixels = np.ascontiguousarray(np.asarray(drawn.page.image.convert("RGB"))[..., ::-1])
    return pixels, page_of_truth(drawn.page.truth), drawn.numbers


def row_of(kind: SlotKind, pixels: Pixels, page: Page) -> RowBand:
    height, width = pixels.shape[:2]
    slots = form_slots(PageOfDossier(page.number, page))
    bands = bands_of(slots, pixels, upright_mapping(width, height, 0, 0.0, 1.0))
    return next(band for band in bands if band.slot.kind is kind)


def read(
    kind: SlotKind, pixels: Pixels, page: Page, figures: SlotRecogniser | None = None
) -> SlotReading:
    slots = read_form_slots(figures or SlotRecogniser(), pixels, page)
    return next(slot for slot in slots if slot.kind is kind)


@pytest.mark.parametrize("kind", [SlotKind.PERSONAL_ID, SlotKind.PHONE])
def test_a_7_whose_box_has_lost_its_rule_leaves_the_number_to_a_person(kind: SlotKind) -> None:
    pixels, page, numbers = form()
    assert read(kind, pixels, page).value == numbers[kind]
    band = row_of(kind, pixels, page)
    assert band.picture.edges is not None
    cell = band.picture.cells[numbers[kind].index("7")]
    low, left = band.box.top + band.picture.edges.right, band.box.left
    pixels[low - 6 : low + 7, left + cell.left - 1 : left + cell.right + 1] = PAPER
    said = read(kind, pixels, page)
    assert (said.value, said.reason) == ("", UNSURE)


@pytest.mark.parametrize("beside", [-1, 0])
def test_a_branch_whose_7_lies_on_its_box_is_not_taken_for_a_1(beside: int) -> None:
    pixels, page, numbers = form()
    band = row_of(SlotKind.TAX_CODE, pixels, page)
    assert band.picture.edges is not None
    cell, left, above = band.picture.cells[-1], band.box.left, band.box.top
    top, low = above + band.picture.edges.left, above + band.picture.edges.right
    pixels[top + 3 : low - 3, left + cell.left + 3 : left + cell.right - 3] = PAPER
    middle = left + (cell.left + cell.right) // 2
    cv2.line(pixels, (middle - 15, top + beside), (middle + 3, top + beside), BLACK, 2)
    cv2.line(pixels, (middle + 3, top + beside), (middle, low - 8), BLACK, 2)
    assert read(SlotKind.TAX_CODE, pixels, page).value in ("", numbers["tax_code"][:-1] + "7")


@pytest.mark.parametrize(
    ("place", "share", "is_taken"),
    [(4, 0.92, True), (4, 0.6, False), (11, 0.92, False), (11, 0.98, True)],
)
def test_a_check_digit_proves_no_figure_of_a_branch(
    place: int, share: float, is_taken: bool
) -> None:
    pixels, page, numbers = form()
    said = read(SlotKind.TAX_CODE, pixels, page, DoubtingRecogniser(place, share))
    assert said.value == (numbers["tax_code"] if is_taken else "")
