"""Two numbers printed where a letterhead has one, and what a stroke leaves of the row."""

from __future__ import annotations

import pytest

from pipeline.documents import assemble
from pipeline.documents.slots.open_slots import OpenSlot, open_slots
from pipeline.model import SlotKind, Source
from tests.support.typeset import page

NATIONAL, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"


def rows(number: str) -> list[str]:
    return [
        f"ỦY BAN NHÂN DÂN || {NATIONAL}",
        f"XÃ MẪU SƠN || {MOTTO}",
        f"{number} || Mẫu Sơn, ngày 17 tháng 9 năm 2024",
        "",
        "^BÁO CÁO",
        "^Về việc phê duyệt kế hoạch nạo vét kênh mương nội đồng",
    ]


def number_slot(number: str) -> OpenSlot | None:
    slots = open_slots(page(rows(number), joined=False))
    return next((slot for slot in slots if slot.kind is SlotKind.NUMBER), None)


@pytest.mark.parametrize("source", [Source.OCR, Source.TEXT_LAYER])
@pytest.mark.parametrize(
    "printed",
    [
        "417 418/BC-UBND", "41 7/BC-UBND", "417; 418/BC-UBND", "417-418/BC-UBND",
        "417/418/BC-UBND", "417 (418)/BC-UBND", "417/BC-UBND, 418/BC-UBND",
    ],
)  # fmt: skip
def test_neither_of_two_numbers_is_taken_nor_are_they_joined(printed: str, source: Source) -> None:
    (paper,) = assemble([page(rows(f"Số: {printed}"), source=source)])
    assert "number" not in paper.findings
    if source is Source.OCR:
        slot = number_slot(f"Số: {printed}")
        assert slot is not None
        assert slot.is_double


@pytest.mark.parametrize(
    ("printed", "number"),
    [("417/BC-UBND", "417"), ("417/2024/BC-UBND", "417/2024"), ("4 1 7/BC-UBND", "417")],
)
def test_one_number_stays_one(printed: str, number: str) -> None:
    (paper,) = assemble([page(rows(f"Số: {printed}"))])
    assert paper.findings["number"].value == number
    slot = number_slot(f"Số: {printed}")
    assert slot is None or not slot.is_double


@pytest.mark.parametrize("rest", ["Ô: 4", "T-TỊP", "BC-UBN"])
def test_what_a_stroke_left_of_the_row_is_the_place_of_its_number(rest: str) -> None:
    slot = number_slot(rest)
    assert slot is not None
    assert slot.is_hidden
    assert slot.raw == rest


@pytest.mark.parametrize("other", ["", "Số: 417/BC-UBND", "PHÒNG VĂN HÓA - XÃ HỘI", "VĂN PHÒNG"])
def test_other_rows_hide_nothing(other: str) -> None:
    slot = number_slot(other)
    assert slot is None or not slot.is_hidden
