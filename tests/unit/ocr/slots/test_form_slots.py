"""Numbers that people wrote into forms are read, or it is told why they are not.

The words around are those of the drawn paper, so no OCR engine is needed.
"""

from __future__ import annotations

import numpy as np
import pytest

from ocr.engines.slot_recogniser import SlotRecogniser
from ocr.page.slots.form_slot_reading import DISTURBED, SEVERAL, UNSURE, read_form_slots
from pipeline.model import SlotKind, SlotReading, Source
from tests.paper import Degradation, degrade, draw_page
from tests.paper.picture import DrawnPage
from tests.paper.written_forms import FormTrouble, Ruling, written_form
from tests.support.slot_crops import CountingRecogniser
from tests.support.words_of_truth import page_of_truth

pytestmark = pytest.mark.slow  # pages are drawn

WORN = (Degradation(), Degradation(blur=0.6, jpeg_quality=75, yellow=0.3, skew=0.6))


@pytest.fixture(scope="module")
def figures() -> SlotRecogniser:
    return SlotRecogniser()


def read(
    figures: SlotRecogniser | CountingRecogniser, drawn: DrawnPage, **how: object
) -> dict[str, SlotReading]:
    pixels = np.ascontiguousarray(np.asarray(drawn.image.convert("RGB"))[..., ::-1])
    page = page_of_truth(drawn.truth, **how)  # type: ignore[arg-type]
    return {str(slot.kind): slot for slot in read_form_slots(figures, pixels, page)}


@pytest.mark.parametrize("worn", WORN)
def test_most_numbers_are_read_and_none_wrongly(figures: SlotRecogniser, worn: Degradation) -> None:
    taken, rulings = [], set()
    for seed in range(700, 704):
        form = written_form(seed, 200)
        for name, slot in read(figures, degrade(form.page, worn, seed)).items():
            assert slot.value in ("", form.numbers[name]), (seed, slot)
            assert bool(slot.value) != bool(slot.reason)
            if slot.value:
                taken.append(name)
                rulings.add(form.rulings[name])
    assert len(taken) >= 6, taken  # of 12
    assert set(taken) == {"personal_id", "phone", "tax_code"}
    assert rulings & {Ruling.GRID, Ruling.PARTED, Ruling.COMB}
    assert rulings & {Ruling.DOTS, Ruling.RULE, Ruling.NONE}


@pytest.mark.parametrize("trouble", FormTrouble)
def test_a_number_that_may_not_hold_is_never_taken(
    figures: SlotRecogniser, trouble: FormTrouble
) -> None:
    reasons = []
    for seed in range(710, 713):
        drawn = written_form(seed, 200, trouble=trouble).page
        slot = read(figures, drawn).get("personal_id")
        reasons += [slot.reason] if slot else []
        assert slot is None or not slot.value, (seed, slot)
    if trouble is FormTrouble.EMPTY:
        assert reasons == []  # nobody is asked about what nobody wrote
    else:
        assert set(reasons) <= {SEVERAL, UNSURE, *DISTURBED.values()}
        assert set(reasons) - {UNSURE}, reasons


def test_printed_numbers_are_not_read_again_and_not_doubted() -> None:
    counting = CountingRecogniser()
    for layout in ("F", "E", "C"):
        assert read(counting, draw_page(layout, 3, 150)) == {}, layout
    assert counting.lines == 0


def test_print_that_was_read_unsurely_is_read_again(figures: SlotRecogniser) -> None:
    drawn = draw_page("F", 3, 200)
    slots = read(figures, drawn, confidence=0.6)
    assert slots["personal_id"].value == drawn.truth.fields["personal_id"].value


def test_a_text_layer_has_no_slots() -> None:
    counting = CountingRecogniser()
    assert read(counting, written_form(3, 100).page, source=Source.TEXT_LAYER) == {}
    assert counting.lines == 0


def test_each_slot_says_where_its_label_and_its_figures_are(figures: SlotRecogniser) -> None:
    form = written_form(704, 200)
    for name, slot in read(figures, form.page).items():
        assert slot.label is not None
        assert slot.kind is SlotKind(name)
        assert slot.box.left >= slot.label.right
        assert abs(slot.box.top + slot.box.height / 2 - slot.label.bottom) < 2 * slot.label.height
