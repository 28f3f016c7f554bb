"""Numbers and dates that people wrote into a letterhead are read, or it is told why they are not.

The words around are those of the drawn paper, so no OCR engine is needed.
"""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from ocr.engines.slot_recogniser import SlotRecogniser
from ocr.image.slot_ink import Disturbance
from ocr.page.slots.slot_phrase import DISTURBED
from ocr.page.slots.slot_reading import SEVERAL, UNSURE, read_slots
from pipeline.model import SlotKind, SlotReading, Source
from tests.paper import Degradation, DrawnPage, degrade, draw_page
from tests.paper.cases import make_case
from tests.paper.fonts import typeface
from tests.paper.layouts import lay_out
from tests.paper.picture import draw
from tests.paper.written_heads import Trouble, written_head
from tests.support.slot_crops import CountingRecogniser
from tests.support.words_of_truth import page_of_truth

pytestmark = pytest.mark.slow  # pages are drawn

TOLD = {
    Trouble.TWO: {SEVERAL},
    Trouble.SIGNED: {DISTURBED[Disturbance.CROSSED]},
    Trouble.STAMPED: {DISTURBED[Disturbance.CROSSED]},
    Trouble.STRUCK: {DISTURBED[Disturbance.STRUCK]},
    # Struck out, and another above it: either is said.
    Trouble.CORRECTED: {DISTURBED[Disturbance.STRUCK], DISTURBED[Disturbance.ADDED]},
}


@pytest.fixture(scope="module")
def figures() -> SlotRecogniser:
    return SlotRecogniser()


def read(
    figures: SlotRecogniser | CountingRecogniser, drawn: DrawnPage, **how: object
) -> list[SlotReading]:
    pixels = np.ascontiguousarray(np.asarray(drawn.image.convert("RGB"))[..., ::-1])
    page = page_of_truth(drawn.truth, **how)  # type: ignore[arg-type]
    return list(read_slots(figures, pixels, page))


@pytest.mark.parametrize(
    "worn", [Degradation(), Degradation(skew=1.5, jpeg_quality=70, yellow=0.5)]
)
def test_most_are_read_and_none_wrongly(figures: SlotRecogniser, worn: Degradation) -> None:
    taken = {SlotKind.NUMBER: 0, SlotKind.DATE: 0}
    for seed in range(8):
        head = written_head("AB"[seed % 2], 300 + seed, 150)
        for slot in read(figures, degrade(head.page, worn, seed)):
            true = head.number if slot.kind is SlotKind.NUMBER else head.day
            assert slot.value in ("", true), slot
            assert slot.value or slot.reason, slot
            taken[slot.kind] += bool(slot.value)
    assert min(taken.values()) >= 4, taken


@pytest.mark.parametrize("trouble", Trouble)
def test_a_number_that_may_not_hold_is_told_and_never_taken(
    figures: SlotRecogniser, trouble: Trouble
) -> None:
    said = []
    for seed in range(4):
        head = written_head("A", 400 + seed, 150, trouble=trouble)
        said += [slot for slot in read(figures, head.page) if slot.kind is SlotKind.NUMBER]
    assert len(said) >= 2  # two numbers may part a row into columns, and then there is no slot
    assert not any(slot.value for slot in said)
    reasons = [slot.reason for slot in said]
    assert set(reasons) <= TOLD[trouble] | {UNSURE}, reasons
    assert set(reasons) & TOLD[trouble], reasons


def test_print_that_was_read_surely_is_not_read_again() -> None:
    counting = CountingRecogniser()
    assert read(counting, draw_page("A", 5, 150)) == []
    assert counting.lines == 0


def test_a_printed_number_with_a_correction_above_is_doubted(figures: SlotRecogniser) -> None:
    """Whatever an engine made of it: here it read the print below the stroke, and surely."""
    for seed in range(4):
        head = written_head("A", 420 + seed, 150, trouble=Trouble.CORRECTED)
        slots = read(figures, head.page)
        assert next(slot for slot in slots if slot.kind is SlotKind.NUMBER).reason


@pytest.mark.parametrize("layout", ["C", "F", "continuation"])
def test_a_page_without_a_slot_costs_nothing(layout: str) -> None:
    counting = CountingRecogniser()
    slots = read(counting, draw_page(layout, 7, 150))
    assert counting.lines == 0
    assert slots == []


def test_print_on_a_page_that_leans_far_is_not_doubted_for_its_lean() -> None:
    counting = CountingRecogniser()
    assert read(counting, degrade(draw_page("A", 5, 150), Degradation(skew=-14.5), 1)) == []
    assert counting.lines == 0


def test_nobody_writes_into_a_text_layer() -> None:
    counting = CountingRecogniser()
    assert read(counting, written_head("A", 5, 150).page, source=Source.TEXT_LAYER) == []
    assert counting.lines == 0


def test_the_number_of_an_arrival_stamp_is_never_taken(figures: SlotRecogniser) -> None:
    for seed in range(4):
        head = written_head("A", 430 + seed, 150)
        stamped = degrade(head.page, Degradation(arrival_stamp=True), seed)
        for slot in read(figures, stamped):
            if slot.kind is SlotKind.NUMBER:
                assert slot.value in ("", head.number)


@pytest.mark.parametrize("printed", ["12a", "12-13", "12, 14", "1B2"])
def test_what_is_more_than_figures_is_not_cut_down_to_them(
    figures: SlotRecogniser, printed: str
) -> None:
    random = Random("page A 7")
    sheet = lay_out("A", make_case(random), random, typeface("termes"))
    sheet.pieces[:] = [
        piece._replace(text=printed, x=piece.x - 12) if piece.field == "number" else piece
        for piece in sheet.pieces
    ]
    slots = read(figures, draw(sheet, 200), confidence=0.5)
    (number,) = (slot for slot in slots if slot.kind is SlotKind.NUMBER)
    assert number.value == ""
