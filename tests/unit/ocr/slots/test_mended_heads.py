"""Numbers and days that somebody mended by hand are told, however surely the print was read.

The words around are those of the drawn paper, so no OCR engine is needed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ocr.engines.slot_recogniser import SlotRecogniser
from ocr.image.slot_ink import Disturbance
from ocr.page.slots.slot_phrase import DISTURBED
from ocr.page.slots.slot_reading import UNSURE, read_slots
from pipeline.model import Box, SlotKind, SlotReading
from tests.paper import Degradation, DrawnPage, degrade, draw_page
from tests.paper.doubtful_heads import Mending, mended_head
from tests.paper.written_heads import written_head
from tests.support.words_of_truth import page_of_truth

pytestmark = pytest.mark.slow  # pages are drawn

ADDED, BESIDE = DISTURBED[Disturbance.ADDED], DISTURBED[Disturbance.BESIDE]
CROSSED, STRUCK = DISTURBED[Disturbance.CROSSED], DISTURBED[Disturbance.STRUCK]
TOLD = {  # what is struck out and written anew is told by either
    Mending.BESIDE: {BESIDE, STRUCK},
    Mending.MORE: {BESIDE},
    Mending.DAY: {ADDED, STRUCK},
    Mending.BELOW: {ADDED, CROSSED},
    Mending.ONTO: {ADDED, CROSSED, STRUCK},
    Mending.ABOVE: {ADDED, CROSSED, STRUCK},
}
VIEWS = (
    Degradation(),
    Degradation(skew=3.0),
    Degradation(rotation=90),
    Degradation(rotation=180),
    Degradation(one_bit=True, blur=0.5, salt_pepper=0.0004),
)


@pytest.fixture(scope="module")
def figures() -> SlotRecogniser:
    return SlotRecogniser()


def read(
    figures: SlotRecogniser, drawn: DrawnPage, confidence: float = 0.96
) -> dict[SlotKind, SlotReading]:
    pixels = np.ascontiguousarray(np.asarray(drawn.image.convert("RGB"))[..., ::-1])
    page = page_of_truth(drawn.truth, confidence=confidence)
    upright = -drawn.truth.degradation.rotation % 360
    page = replace(page, measures=replace(page.measures, orientation=upright))
    return {slot.kind: slot for slot in read_slots(figures, pixels, page)}


@pytest.mark.parametrize("mending", TOLD)
def test_what_was_mended_is_told_of_every_view_of_the_page(
    figures: SlotRecogniser, mending: Mending
) -> None:
    kind = SlotKind.DATE if mending is Mending.DAY else SlotKind.NUMBER
    reasons = []
    for seed, view in enumerate(VIEWS):
        worn = degrade(mended_head(mending, 500 + seed, (150, 200)[seed % 2]).page, view, seed)
        slot = read(figures, worn, (0.96, 0.8)[seed % 2]).get(kind)
        assert slot is None or slot.value == ""
        reasons += [slot.reason] if slot else []
    assert set(reasons) <= TOLD[mending] | {UNSURE}, reasons
    # Without a word between, label and symbol that stand far apart are no row with a number.
    least = 2 if mending in (Mending.BELOW, Mending.ONTO, Mending.ABOVE) else 4
    assert sum(reason in TOLD[mending] for reason in reasons) >= least, reasons


@pytest.mark.parametrize("mending", [Mending.ONTO, Mending.ABOVE])
def test_a_number_that_another_touches_from_above_or_below_is_never_taken(
    figures: SlotRecogniser, mending: Mending
) -> None:
    """An engine made one figure of it, in a word as high as the row or half as high again."""
    told = 0
    for seed in range(51_000, 51_009):
        drawn = degrade(mended_head(mending, seed, 150).page, Degradation(skew=seed % 3 - 1.0), 1)
        words = list(drawn.truth.words)
        label = next(at for at, word in enumerate(words) if word.text.startswith("Số"))
        before, behind = words[label].box, words[label + 1].box
        high = round(before.height * (1.0, 1.5)[seed % 2])
        box = Box(before.right + 4, before.bottom - high, behind.left - before.right - 8, high)
        words.insert(label + 1, words[label]._replace(text="6", box=box))
        known = drawn._replace(truth=replace(drawn.truth, words=tuple(words)))
        slot = read(figures, known, 0.6)[SlotKind.NUMBER]
        assert slot.value == "", seed
        told += slot.reason != UNSURE
    assert told >= 7


@pytest.mark.parametrize(("layout", "seed"), [("A", 71_006), ("B", 71_011)])
def test_tails_of_a_written_day_are_no_figures_of_another_row(
    figures: SlotRecogniser, layout: str, seed: int
) -> None:
    head = written_head(layout, seed, 150)
    drawn = degrade(head.page, Degradation(skew=seed % 3 - 1.0), seed)
    assert read(figures, drawn, 0.6)[SlotKind.DATE].value == head.day


@pytest.mark.parametrize("mending", [Mending.PENCIL, Mending.STAMPED, Mending.DOTS])
def test_pencil_and_red_figures_are_read_right_or_not_and_dots_never(
    figures: SlotRecogniser, mending: Mending
) -> None:
    for seed, view in enumerate(VIEWS):
        head = mended_head(mending, 520 + seed, (150, 200)[seed % 2])
        slot = read(figures, degrade(head.page, view, seed), 0.8).get(SlotKind.NUMBER)
        allowed = {"", head.number} if mending is not Mending.DOTS else {""}
        assert slot is None or slot.value in allowed


def test_the_frame_of_an_arrival_stamp_below_is_no_figure(figures: SlotRecogniser) -> None:
    for seed in range(40, 48):
        view = Degradation(arrival_stamp=True, dpi=200)
        drawn = degrade(draw_page("AB"[seed % 2], seed, 200), view, seed)
        assert not any(slot.reason == ADDED for slot in read(figures, drawn).values()), seed


def test_print_that_nobody_touched_is_not_doubted(figures: SlotRecogniser) -> None:
    for seed, view in enumerate(VIEWS):
        drawn = degrade(draw_page("A", 540 + seed, 150), view, seed)
        assert not any(slot.reason for slot in read(figures, drawn).values())
