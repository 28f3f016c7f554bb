"""A table goes on on the next page where its columns stand there and nothing lies between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipeline.model import Box, Page, View
from pipeline.model.continued_tables import goes_on, repeated_rows
from tests.support.listed import HEADING, list_page, page_number, rows_of
from tests.support.web_backend import HEIGHT, WIDTH, line

FIRST = list_page(1, [HEADING, *rows_of(1, 14)], others=[line(40, "DANH", "SÁCH")])
NEXT = list_page(2, rows_of(15, 20), others=[page_number(2), line(900, "Người", "lập")])


def test_columns_at_the_same_places_are_one_table() -> None:
    assert goes_on(FIRST, NEXT)
    assert repeated_rows(FIRST, FIRST.tables[0], NEXT, NEXT.tables[0]) == 0


@pytest.mark.parametrize(
    "number", ["2", "- 2 -", "Trang 2", "trang 2/3", "[2]", "—", "2.", "Trang: 2"]
)
def test_a_page_number_does_not_part_a_table(number: str) -> None:
    head = list_page(2, rows_of(15, 20), others=[line(40, *number.split())])
    foot = list_page(1, [HEADING, *rows_of(1, 14)], others=[line(1060, *number.split())])
    assert goes_on(FIRST, head)
    assert goes_on(foot, NEXT)


@pytest.mark.parametrize(
    "other",
    [
        list_page(2, rows_of(15, 20), others=[line(40, "Bảng", "2")]),  # one of its own
        list_page(2, rows_of(15, 20), edges=(60, 300, 560, 740)),
        list_page(2, rows_of(15, 20), edges=(60, 110, 350, 440)),  # a narrower one
        list_page(2, [row[:2] for row in rows_of(15, 20)], edges=(60, 140, 740)),
        replace(NEXT, tables=()),
        replace(NEXT, view=None),
    ],
)
def test_another_table_is_another_one(other: Page) -> None:
    assert not goes_on(FIRST, other)


def test_lines_of_every_page_do_not_part_a_table() -> None:
    one, other, elsewhere = (
        list_page(
            number,
            rows,
            top=top,
            others=[
                line(top - 60, "Phụ", "lục", "trang", str(number)),
                line(1070, "Bản", "in", "thử"),
            ],
        )
        for number, rows, top in (
            (1, [HEADING, *rows_of(1, 14)], 100),
            (2, rows_of(15, 20), 100),
            (2, rows_of(15, 20), 300),
        )
    )
    assert goes_on(one, other)
    assert not goes_on(one, elsewhere)


def test_text_below_ends_a_table() -> None:
    signed = list_page(1, [HEADING, *rows_of(1, 9)], others=[line(900, "Người", "lập", "biểu")])
    assert not goes_on(signed, NEXT)


def test_a_sheet_that_was_fed_askew_and_shifted_holds_the_same_table() -> None:
    shifted = list_page(2, rows_of(15, 20), edges=(75, 160, 580, 770))
    assert goes_on(FIRST, shifted)


def test_a_sheet_that_lies_turned_in_its_scan_holds_the_same_table() -> None:
    turned = View(WIDTH, HEIGHT, (-1, 0, WIDTH, 0, -1, HEIGHT))
    upside_down = [
        replace(word, box=_turned(word.box)) for one in NEXT.text.lines for word in one.words
    ]
    lines = tuple(replace(NEXT.text.lines[0], words=(word,)) for word in upside_down)
    assert goes_on(FIRST, replace(NEXT, text=replace(NEXT.text, lines=lines), view=turned))


def _turned(box: Box) -> Box:
    return box._replace(left=WIDTH - box.right, top=HEIGHT - box.bottom)


@pytest.mark.parametrize(
    ("heads", "count"),
    [
        ([HEADING], 1),
        ([("STT", "Hồ sơ", "Sổ tờ")], 0),  # too short to tell: it stays
        ([HEADING, ("(1)", "(2)", "(3)")], 2),
        ([("Cộng", "trang trước", "21")], 0),
    ],
)
def test_headings_that_stand_there_again_are_told(
    heads: Sequence[tuple[str, str, str]], count: int
) -> None:
    first = list_page(1, [HEADING, ("(1)", "(2)", "(3)"), *rows_of(1, 9)])
    later = list_page(2, [*heads, *rows_of(10, 12)])
    assert repeated_rows(first, first.tables[0], later, later.tables[0]) == count


LONG = ("Số thứ tự", "Tên giấy tờ trong hồ sơ", "Năm 2025")


def test_a_heading_misread_in_its_own_way_is_told() -> None:
    first = list_page(1, [LONG, *rows_of(1, 9)])
    later = list_page(2, [("Số thử tự", "Tên giấy tờ trong hồ so", LONG[2]), *rows_of(10, 12)])
    assert repeated_rows(first, first.tables[0], later, later.tables[0]) == 1
    later = list_page(2, [(*LONG[:2], "Năm 2026"), *rows_of(10, 12)])
    assert repeated_rows(first, first.tables[0], later, later.tables[0]) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("BẢNG CHẤM CÔNG THÁNG 1", "BẢNG CHẤM CÔNG THÁNG 2"),
        ("DANH SÁCH THÔN ĐÔNG", "DANH SÁCH THÔN TÂY"),
        ("DANH SÁCH HỘ NGHÈO", "DANH SÁCH HỘ CẬN NGHÈO"),
        ("DANH SÁCH THU", "DANH SÁCH CHI"),
        ("Biểu số 01", "Biểu số 02"),
    ],
)
def test_lists_of_two_titles_are_two_tables(one: str, other: str) -> None:
    pages = [
        list_page(number, rows_of(10 * number, 10 * number + 8), others=[line(40, *title.split())])
        for number, title in ((1, one), (2, other))
    ]
    assert not goes_on(*pages)


def test_rows_that_are_numbered_anew_are_another_table() -> None:
    title = line(40, "Danh", "sách", "mẫu")
    one, other = (list_page(at, [HEADING, *rows_of(1, 9)], others=[title]) for at in (1, 2))
    assert not goes_on(one, other)
    numbered = list_page(2, [HEADING, ("1", "2", "3"), *rows_of(10, 12)], others=[title])
    assert goes_on(one, numbered), "numbers of the columns"
    parted = list_page(2, [HEADING, ("II", "Đơn", ""), *rows_of(1, 9)], others=[title])
    assert goes_on(one, parted), "a part of the list that begins on the page"


@pytest.mark.parametrize(
    "rows",
    [
        [("Mẫu Văn An", "Kinh", "Nông"), ("Mẫu Thị Bình", "Kinh", "Thợ")],
        [("a", "Nhà mẫu", "x"), ("b", "Nhà", "y")],
        [("•••", "•••", "•••"), ("1", "•••", "•••")],
        [("A", "Thu ngân sách", ""), ("1", "Thuế", "5")],
        [("1", "Nhà mẫu", "2"), ("2", "Nhà mẫu", "2")],
    ],
)
def test_a_table_without_a_heading_loses_no_row(rows: Sequence[tuple[str, str, str]]) -> None:
    first, later = (list_page(at, rows) for at in (1, 2))
    assert repeated_rows(first, first.tables[0], later, later.tables[0]) == 0


def test_of_a_heading_of_two_rows_all_is_left_out_or_nothing() -> None:
    heads = [("STT", "Số lượng", ""), ("", "Kỳ trước", "Kỳ này")]
    first = list_page(1, [*heads, *rows_of(1, 9)])
    (table,) = first.tables
    cells = [
        replace(cell, row_span=2) if (cell.row, cell.column) == (1, 1) else cell
        for cell in table.cells
    ]
    table = replace(table, cells=tuple(cells))
    same, misread = (
        list_page(2, [heads[0], second, *rows_of(10, 12)])
        for second in (heads[1], ("", "Ký l", "Kỳ này"))
    )
    assert repeated_rows(first, table, same, same.tables[0]) == 2
    assert repeated_rows(first, table, misread, misread.tables[0]) == 0


@pytest.mark.parametrize(
    "row", [("1", "Đơn mẫu 1", "2"), ("1.", "Đơn mẫu 1", "02"), ("", "Chi thường xuyên", "")]
)
def test_a_row_of_the_list_is_kept_however_alike(row: tuple[str, str, str]) -> None:
    first = list_page(1, [HEADING, ("1", "Đơn mẫu 1", "2"), *rows_of(2, 9)])
    later = list_page(2, [HEADING, row])
    assert repeated_rows(first, first.tables[0], later, later.tables[0]) == 1


def test_a_page_of_nothing_but_a_heading_keeps_a_row() -> None:
    later = list_page(2, [HEADING])
    assert repeated_rows(FIRST, FIRST.tables[0], later, later.tables[0]) == 0
