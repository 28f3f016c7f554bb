"""A number read apart on a form becomes a finding of the right person, never a certain one."""

from __future__ import annotations

import pytest

from pipeline.documents import PageOfDossier
from pipeline.documents.extract.parties import parties_of
from pipeline.documents.rows import rows_of
from pipeline.documents.slots.filled import READ_APART
from pipeline.documents.slots.form_slots import form_slots, holds
from pipeline.model import (
    CERTAIN,
    Box,
    Finding,
    Line,
    Page,
    PageMeasures,
    PageState,
    PageText,
    SlotKind,
    SlotReading,
    Word,
)

ROWS = (
    "Họ và tên: NGUYỄN VĂN MẪU",
    "Số định danh cá nhân: 0018Z?000l23",
    "Họ và tên người mẹ: TRẦN THỊ THỬ",
    "Số định danh cá nhân: ............",
)
WRITTEN = "001890000123"


def page(slots: tuple[SlotReading, ...] = (), confidence: float = 0.95) -> Page:
    lines = []
    for at, row in enumerate(ROWS):
        words, x = [], 100
        for text in row.split():
            words.append(Word(text, confidence, Box(x, 300 + 60 * at, 16 * len(text), 30)))
            x += 16 * len(text) + 12
        lines.append(Line(tuple(words)))
    measures = PageMeasures(1600, 2200, 200.0)
    return Page(1, PageState.READ, measures, PageText(tuple(lines)), slots=slots)


def slot_of(row: int, value: str, reason: str = "") -> SlotReading:
    label = page().text.lines[row].words[4].box
    place = Box(label.right + 10, label.top, 200, 30)
    return SlotReading(SlotKind.PERSONAL_ID, value, 0.99, place, "raw", reason, label)


def numbers(*slots: SlotReading) -> list[Finding | None]:
    rows = rows_of(PageOfDossier(1, page(slots)))
    return [party.found.get("personal_id") for party in parties_of([rows], is_form=True)]


def test_slots_are_where_labels_are() -> None:
    first, second = form_slots(PageOfDossier(1, page()))
    assert first.kind is second.kind is SlotKind.PERSONAL_ID
    assert first.label == page().text.lines[1].words[4].box
    assert first.box.left == first.label.right
    assert second.box.top > first.box.bottom


def test_a_number_goes_to_the_person_whose_label_stands_before_it() -> None:
    own, mothers = numbers(slot_of(3, WRITTEN))
    assert own is None
    assert mothers is not None
    assert mothers.value == WRITTEN
    assert mothers.confidence < CERTAIN
    assert mothers.reasons == (READ_APART,)
    assert mothers.box == slot_of(3, WRITTEN).box


def test_a_refused_slot_gives_nothing() -> None:
    assert numbers(slot_of(1, "", "Số trên tờ khai bị gạch.")) == [None, None]


@pytest.mark.parametrize(
    ("kind", "value", "held"),
    [
        (SlotKind.PERSONAL_ID, "001099000001", True),
        (SlotKind.PERSONAL_ID, "001890000123", True),  # of the century of tests
        (SlotKind.PERSONAL_ID, "003099000001", False),  # no province
        (SlotKind.PERSONAL_ID, "001599000001", False),  # the 22nd century
        (SlotKind.PERSONAL_ID, "001399000001", False),  # born in 2099
        (SlotKind.PERSONAL_ID, "101099000001", False),
        (SlotKind.PERSONAL_ID, "00109900001", False),
        (SlotKind.PHONE, "0900000123", True),
        (SlotKind.PHONE, "0100000123", False),
        (SlotKind.PHONE, "09000001234", False),
        (SlotKind.TAX_CODE, "0100000001", False),  # its check digit is another
    ],
)
def test_numbers_that_nobody_can_have_are_not_taken(kind: SlotKind, value: str, held: bool) -> None:
    assert holds(kind, value) is held


def test_a_tax_code_holds_by_its_check_digit() -> None:
    held = [value for value in range(100_000_000, 100_000_100) if holds(
        SlotKind.TAX_CODE, f"{value:010d}")]  # fmt: skip
    assert len(held) in (9, 10)
    assert holds(SlotKind.TAX_CODE, f"{held[0]:010d}-001")
    assert not holds(SlotKind.TAX_CODE, f"{held[0]:010d}-000")
