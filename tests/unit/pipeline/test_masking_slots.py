"""What people wrote into the slots of a form is hidden, whatever was made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from ocr.page.slots.form_slot_reading import DISTURBED, SEVERAL, UNSURE
from pipeline.masking import HIDDEN, MaskedPage, mask_page
from pipeline.model import (
    Box,
    Line,
    Page,
    PageMeasures,
    PageState,
    PageText,
    SlotKind,
    SlotReading,
    Word,
)

OF_PEOPLE = (SlotKind.PERSONAL_ID, SlotKind.PHONE, SlotKind.TAX_CODE)
REASONS = ("", UNSURE, SEVERAL, *DISTURBED.values())
TURNS = (0, 90, 180, 270)
WIDTH, HEIGHT = 1600, 2200  # of the upright page
ROW = 30  # pixels of a row of print
OWN = Box(500, 488, 200, 54)  # of the figures, 0.4 rows above and below their row
NUMBERS = {
    SlotKind.PERSONAL_ID: "001890000123",
    SlotKind.PHONE: "0900000123",
    SlotKind.TAX_CODE: "0100000001",
}


def lying(box: Box, turn: int) -> Box:
    """Return a box of the upright page as it was scanned: turned clockwise it comes back."""
    if turn == 90:
        return Box(box.top, WIDTH - box.right, box.height, box.width)
    if turn == 180:
        return Box(WIDTH - box.right, HEIGHT - box.bottom, box.width, box.height)
    if turn == 270:
        return Box(HEIGHT - box.bottom, box.left, box.height, box.width)
    return box


def page_of(slot: SlotReading, turn: int, *words: tuple[str, Box, float]) -> Page:
    """Return a page scanned lying, with the label of a slot and more words."""
    printed = [("định", Box(300, 500, 70, ROW), 0.95), ("danh:", Box(380, 500, 80, ROW), 0.95)]
    lines = [Line((Word(text, sure, lying(box, turn)),)) for text, box, sure in (*printed, *words)]
    size = (WIDTH, HEIGHT) if turn in (0, 180) else (HEIGHT, WIDTH)
    measures = PageMeasures(*size, 200.0, orientation=turn)
    read = replace(slot, box=lying(slot.box, turn))
    return Page(1, PageState.READ, measures, PageText(tuple(lines)), slots=(read,))


def slot_of(kind: SlotKind, reason: str, box: Box = OWN) -> SlotReading:
    return SlotReading(kind, "" if reason else NUMBERS[kind], 0.99, box, "raw", reason)


def is_covered(shown: MaskedPage, place: Box) -> bool:
    return any(
        box.left <= place.left
        and place.right <= box.right
        and box.top <= place.top
        and place.bottom <= box.bottom
        for box in shown.boxes
    )


def cases() -> Iterator[tuple[SlotKind, str, int]]:
    yield from product(OF_PEOPLE, REASONS, TURNS)


@pytest.mark.parametrize(("kind", "reason", "turn"), list(cases()))
def test_each_slot_of_a_person_is_painted_whatever_was_read(
    kind: SlotKind, reason: str, turn: int
) -> None:
    shown = mask_page(page_of(slot_of(kind, reason), turn))
    assert is_covered(shown, lying(OWN, turn))
    above = Box(OWN.left, OWN.top - ROW, OWN.width, ROW)  # figures that were written above
    assert not reason or is_covered(shown, lying(above, turn))
    assert not is_covered(shown, lying(Box(380, 500, 80, ROW), turn)), "the label stays"
    assert shown.page.slots == () and NUMBERS[kind] not in repr(shown)


@pytest.mark.parametrize("turn", TURNS)
def test_a_second_number_beside_a_refused_one_is_painted_up_to_the_next_label(turn: int) -> None:
    second, label = Box(780, 495, 200, 40), Box(1100, 500, 90, ROW)
    page = page_of(slot_of(SlotKind.PHONE, SEVERAL), turn, ("Email:", label, 0.95))
    shown = mask_page(page)
    assert is_covered(shown, lying(second, turn))
    assert not is_covered(shown, lying(label, turn))


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("text", ["001890000123", "OOl8Z?000l23", "ooLbqOOO", "0018", "12"])
def test_words_that_stand_in_a_slot_are_hidden(reason: str, text: str) -> None:
    read = text, Box(505, 498, 190, 32), 0.4
    shown = mask_page(page_of(slot_of(SlotKind.PERSONAL_ID, reason), 0, read))
    word = shown.page.text.words[2].text
    assert len(word) == len(text) and not any(map(str.isalnum, word))
    assert 2 in shown.hidden_words
    assert [one.text for one in shown.page.text.words[:2]] == ["định", "danh:"]


def test_figures_glued_to_a_label_or_above_a_slot_are_hidden() -> None:
    glued = "nhân:0018Z0", Box(380, 498, 180, 32), 0.4
    above = "0Ol8", Box(520, 462, 80, 24), 0.4
    name = "MẪU", Box(620, 462, 60, 24), 0.95
    page = page_of(slot_of(SlotKind.PERSONAL_ID, UNSURE), 0, glued, above, name)
    words = [one.text for one in mask_page(page).page.text.words[2:]]
    assert words == ["nhân:" + HIDDEN * 6, HIDDEN * 4, "MẪU"]


@pytest.mark.parametrize("kind", [SlotKind.NUMBER, SlotKind.DATE])
@pytest.mark.parametrize("reason", REASONS)
def test_number_and_date_of_a_letterhead_say_nothing_of_people(kind: SlotKind, reason: str) -> None:
    slot = SlotReading(kind, "" if reason else "12", 0.9, OWN, "Số 12/UBND", reason)
    shown = mask_page(page_of(slot, 0, ("12/UBND", Box(505, 498, 190, 32), 0.4)))
    assert shown.boxes == () and shown.page.slots == ()
    assert shown.page.text.words[2].text == "12/UBND"
