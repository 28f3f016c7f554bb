"""Two papers on one sheet share no row, no slot and no value, and nothing of them is certain."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.documents import PageOfDossier, assemble
from pipeline.documents.extract.labels import labelled_values
from pipeline.documents.rows import SEVERAL_PAPERS, rows_of
from pipeline.documents.slots.form_slots import form_slots
from pipeline.model import Box, Line, Page, PageMeasures, PageState, PageText, View, Word

WIDTH, HEIGHT, GUTTER = 1754, 1240, 800
LEFT = (
    "TỜ KHAI ĐĂNG KÝ KHAI SINH",
    "Họ, chữ đệm, tên: Nguyễn Văn An",
    "Số định danh cá nhân: .........",
    "Nơi cư trú: thôn Một xã Bạch Mai",
    "Số điện thoại: ........",
    "Họ và tên cha:",
)
RIGHT = (
    "Trần Thị Lan nhận thay",
    "Ủy quyền cho bà Trần Thị Lan có",
    "034095001234 cấp ngày hai tháng ba",
    "tại Cục cảnh sát",
    "0912345678 là máy của bà Lan",
    "Nội dung ủy quyền như sau",
)
SIDE_BY_SIDE = Box(0, 0, GUTTER, HEIGHT), Box(GUTTER, 0, WIDTH - GUTTER, HEIGHT)
UPRIGHT = View(WIDTH, HEIGHT, (1, 0, 0, 0, 1, 0))


def line(text: str, x: int, y: int) -> Line:
    words = []
    for word in text.split():
        words.append(Word(word, 0.97, Box(x, y, 12 * len(word), 22)))
        x += 12 * len(word) + 10
    return Line(tuple(words))


def sheet(parts: tuple[Box, ...] = SIDE_BY_SIDE) -> Page:
    lines = [line(text, 100, 100 + 40 * at) for at, text in enumerate(LEFT)]
    lines += [line(text, 980, 102 + 40 * at) for at, text in enumerate(RIGHT)]
    measures = PageMeasures(WIDTH, HEIGHT, 150.0)
    text = PageText(tuple(lines))
    return Page(1, PageState.READ, measures, text, UPRIGHT, parts=parts)


def on_its_side(page: Page) -> Page:
    """The same sheet scanned so that it is turned by 90 degrees clockwise to be read."""
    lines = tuple(
        Line(tuple(replace(word, box=aside(word.box)) for word in one.words))
        for one in page.text.lines
    )
    measures = replace(page.measures, width=HEIGHT, height=WIDTH, orientation=90)
    view = View(WIDTH, HEIGHT, (0, -1, WIDTH, 1, 0, 0))
    return replace(page, text=PageText(lines), measures=measures, view=view)


def aside(box: Box) -> Box:
    return Box(box.top, WIDTH - box.right, box.height, box.width)


@pytest.mark.parametrize("page", [sheet(), on_its_side(sheet())], ids=["upright", "on its side"])
def test_no_row_goes_across_the_gutter(page: Page) -> None:
    rows = rows_of(PageOfDossier(1, page))
    assert [row.text for row in rows.rows] == [*LEFT, *RIGHT]
    assert {row.box.left for row in rows.rows} == {100, 980}
    left, right = set(rows.ends[: len(LEFT)]), set(rows.ends[len(LEFT) :])
    assert len(left) == 1
    assert max(row.box.right for row in rows.rows[: len(LEFT)]) < left.pop() < 980
    assert right == {WIDTH}


@pytest.mark.parametrize("page", [sheet(), on_its_side(sheet())], ids=["upright", "on its side"])
def test_a_slot_ends_with_its_paper(page: Page) -> None:
    slots = form_slots(PageOfDossier(1, page))
    assert [slot.raw for slot in slots] == ["", ""]
    assert all(slot.box.right < 980 for slot in slots)
    assert {str(slot.kind) for slot in slots} == {"personal_id", "phone"}


def test_no_value_is_taken_from_the_other_paper() -> None:
    found = labelled_values([rows_of(PageOfDossier(1, sheet()))])
    assert [one.text for one in found] == ["Nguyễn Văn An", "", "thôn Một xã Bạch Mai", "", ""]


def test_nothing_that_was_read_of_such_a_sheet_is_certain() -> None:
    (paper,) = assemble([PageOfDossier(1, sheet())])
    assert paper.findings["full_name"].value == "Nguyễn Văn An"
    for finding in paper.findings.values():
        assert not finding.is_certain
        assert SEVERAL_PAPERS in finding.reasons


def test_papers_above_each_other_reach_to_the_edge_of_the_sheet() -> None:
    above = Box(0, 0, WIDTH, 190), Box(0, 190, WIDTH, HEIGHT - 190)
    whole, parted = (rows_of(PageOfDossier(1, sheet(parts))) for parts in ((), above))
    assert [row.text for row in parted.rows] == [row.text for row in whole.rows]
    assert set(parted.ends) == {WIDTH}
    assert whole.ends == ()
