"""What a slot says becomes a finding that is never certain, and never beats one that is."""

from __future__ import annotations

from pipeline.documents.rows import PageRows
from pipeline.documents.slots.filled import READ_APART, with_slots
from pipeline.model import CERTAIN, Box, Finding, SlotKind, SlotReading, Source

BOX = Box(10, 10, 60, 30)


def page(*slots: SlotReading) -> PageRows:
    return PageRows(3, Source.OCR, 1000, 1400, (), slots=slots)


def read(value: str, reason: str = "", kind: SlotKind = SlotKind.NUMBER) -> SlotReading:
    return SlotReading(kind, value, 0.99 if value else 0.0, BOX, "Số: 9'†B /UBND", reason)


def found(value: str, confidence: float) -> Finding:
    return Finding(value, value, confidence, Source.OCR, 3, Box(0, 0, 5, 5))


def test_what_was_read_twice_is_shown_with_its_place_and_waits_for_a_person() -> None:
    number = with_slots(page(read("575")), {})["number"]
    assert (number.value, number.page, number.box) == ("575", 3, BOX)
    assert number.confidence < CERTAIN
    assert number.reasons == (READ_APART,)


def test_a_doubtful_reading_gives_way_and_stays_as_raw() -> None:
    number = with_slots(page(read("575")), {"number": found("14", 0.5)})["number"]
    assert (number.value, number.raw) == ("575", "14")


def test_a_certain_reading_stays() -> None:
    assert with_slots(page(read("575")), {"number": found("14", 0.9)}) == {}


def test_what_speaks_against_a_value_doubts_it_however_sure_it_was() -> None:
    struck = page(read("", "Chữ số trong ô này bị gạch ngang."))
    number = with_slots(struck, {"number": found("14", 0.97)})["number"]
    assert number.confidence < CERTAIN
    assert number.reasons == ("Chữ số trong ô này bị gạch ngang.",)
    assert with_slots(struck, {}) == {}


def test_what_a_person_wrote_over_the_reading_holds() -> None:
    assert with_slots(page(read("", "Có hai số.")), {"number": found("14", 1.0)}) == {}


def test_a_day_is_a_day_of_the_calendar() -> None:
    day = with_slots(page(read("2025-02-04", kind=SlotKind.DATE)), {})["issued_on"]
    assert day.value == "2025-02-04"
