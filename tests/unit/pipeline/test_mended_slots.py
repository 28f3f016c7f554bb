"""What people wrote over a line holds against what a machine reads apart in that line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.documents import PageOfDossier, assemble
from pipeline.model import (
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
from pipeline.page_edits.words import mend, with_mended

FORM = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "TỜ KHAI ĐĂNG KÝ KHAI SINH",
    "Kính gửi: Ủy ban nhân dân xã Bạch Mai",
    "Họ và tên: Nguyễn Văn An",
    "Số định danh cá nhân: ",
    "Số điện thoại: ",
    "Mã số thuế: ",
    "Nơi cư trú: thôn Một",
)
LETTER = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Số: /QĐ-UBND",
    "Hà Nội, ngày tháng năm 2024",
    "QUYẾT ĐỊNH",
    "Về việc giao đất cho hộ gia đình",
)
ROW = 60  # pixels
FORM_LINES = {  # line, what a machine reads, what a person types
    SlotKind.PERSONAL_ID: (6, "034095001234", "034095009999"),
    SlotKind.PHONE: (7, "0912345678", "0912345679"),
    SlotKind.TAX_CODE: (8, "0100109106", "0100112437"),
}
HEAD_LINES = {  # the same, the value of what was typed, the word behind
    SlotKind.NUMBER: (3, "575", "Số: 375/QĐ-UBND", "375", "/QĐ-UBND"),
    SlotKind.DATE: (
        4,
        "2024-02-14",
        "Hà Nội, ngày 11 tháng 02 năm 2024",
        "2024-02-11",
        "tháng",
    ),
}
FIELDS = {SlotKind.NUMBER: "number", SlotKind.DATE: "issued_on"}


def page(rows: tuple[str, ...], slot: SlotReading | None = None, orientation: int = 0) -> Page:
    lines = []
    for at, row in enumerate(rows):
        words, x = [], 600 if at < 2 or row.startswith("Hà Nội") else 100
        for text in row.split():
            width = 14 * len(text)
            words.append(Word(text, 0.93, Box(x, 100 + ROW * at, width, 30)))
            x += width + 12 + (60 if text in ("Số:", "ngày", "tháng") else 0)
        lines.append(Line(tuple(words)))
    measures = PageMeasures(1600, 2200, 200.0, orientation)
    slots = (slot,) if slot else ()
    return Page(1, PageState.READ, measures, PageText(tuple(lines)), slots=slots)


def form_slot(kind: SlotKind, reason: str = "") -> SlotReading:
    number, value, _ = FORM_LINES[kind]
    label = page(FORM).text.lines[number - 1].words[-1].box
    place = Box(label.right + 40, label.top - 6, 300, 42)
    return SlotReading(kind, "" if reason else value, 0.97, place, "", reason, label)


def head_slot(kind: SlotKind) -> SlotReading:
    number, value, _, _, behind = HEAD_LINES[kind]
    words = page(LETTER).text.lines[number - 1].words
    after = next(word.box for word in words if word.text == behind)
    return SlotReading(kind, value, 0.97, Box(after.left - 60, after.top - 6, 50, 42))


def value_of(shown: Page, name: str) -> str | None:
    (paper,) = assemble([PageOfDossier(1, shown)])
    found: Finding | None = paper.findings.get(name)
    return found.value if found else None


def typed_on(read: Page, number: int, text: str) -> Page:
    return with_mended(read, mend(read.text, (), {number: text}))


@pytest.mark.parametrize("kind", FORM_LINES)
@pytest.mark.parametrize("reason", ["", "Số trên tờ khai bị gạch."])
def test_a_number_that_a_person_wrote_on_a_form_holds(kind: SlotKind, reason: str) -> None:
    number, value, typed = FORM_LINES[kind]
    read = page(FORM, form_slot(kind, reason))
    assert value_of(read, str(kind)) == (None if reason else value)
    shown = typed_on(read, number, f"{FORM[number - 1]}{typed}")
    assert value_of(shown, str(kind)) == typed
    assert shown.slots == ()


@pytest.mark.parametrize("kind", FORM_LINES)
def test_a_number_that_a_person_took_away_stays_away(kind: SlotKind) -> None:
    number, value, _ = FORM_LINES[kind]
    filled = (*FORM[: number - 1], f"{FORM[number - 1]}{value}", *FORM[number:])
    read = replace(page(filled), slots=(form_slot(kind),))
    assert value_of(typed_on(read, number, FORM[number - 1]), str(kind)) is None


@pytest.mark.parametrize("kind", HEAD_LINES)
def test_a_number_and_a_day_that_a_person_wrote_hold(kind: SlotKind) -> None:
    number, value, typed, held, _ = HEAD_LINES[kind]
    read = page(LETTER, head_slot(kind))
    assert value_of(read, FIELDS[kind]) == value
    shown = typed_on(read, number, typed)
    assert value_of(shown, FIELDS[kind]) == held
    assert shown.slots == ()


def test_slots_of_other_lines_stay() -> None:
    slots = tuple(map(form_slot, FORM_LINES))
    read = replace(page(FORM), slots=slots)
    assert typed_on(read, 9, "Nơi cư trú: thôn Hai").slots == slots
    assert typed_on(read, 7, "Số điện thoại: 0912345679").slots == (slots[0], slots[2])


def test_a_page_on_its_side_is_no_different() -> None:
    """On the scan the lines run downwards, beside one another."""

    def aside(box: Box) -> Box:
        return Box(box.top, box.left, box.height, box.width)

    upright = form_slot(SlotKind.PHONE)
    assert upright.label is not None
    lying = tuple(
        Line(tuple(replace(word, box=aside(word.box)) for word in line.words))
        for line in page(FORM).text.lines
    )
    slot = replace(upright, box=aside(upright.box), label=aside(upright.label))
    read = replace(page((), slot, 270), text=PageText(lying))
    assert typed_on(read, 6, "Số định danh cá nhân: 034095009999").slots == (slot,)
    assert typed_on(read, 7, "Số điện thoại: 0912345679").slots == ()
