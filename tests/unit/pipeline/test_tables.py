"""Tables: whatever separator a spreadsheet believes in, no cell of ours is a formula."""

from __future__ import annotations

import random

import pytest

from pipeline.plain_text import one_line
from pipeline.tables import table_row, table_rows
from tests.support.hostile_names import NAMES, SEEDS, hostile_text, unseen_in
from tests.support.table_readers import formulas


def test_the_check_sees_a_formula_behind_a_separator() -> None:
    assert "=1+1" in formulas("x;=1+1\r\n")
    assert formulas('"x\t""@SUM(A1)","y"\r\n')


@pytest.mark.parametrize(
    "name",
    [
        "=1+1", "+84 900 000 123", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠a", "\t=1", "\r=1",
        "x;=WEBSERVICE(CHAR(104)&B2);.pdf", "x,=1", "x\t=1", "x|=1", "x\n=1", 'x;"=1', 'x;""=1""',
        " =1", "x; =1", "'=1", "''=1", "x;'=1", '"=1"', *NAMES,
    ],
)  # fmt: skip
def test_no_reader_finds_a_formula(name: str) -> None:
    table = table_row([name, "Đã lưu", name]) + table_row(["=", name])
    assert formulas(table) == []
    assert unseen_in(table, keep="\r\n") == []
    assert table_rows(table) == [[one_line(name), "Đã lưu", one_line(name)], ["=", one_line(name)]]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_table_of_hostile_texts_has_a_formula_and_each_is_read_back(seed: int) -> None:
    chance = random.Random(seed)
    width = chance.randint(1, 4)
    rows = [[hostile_text(chance.randrange(10**6)) for _ in range(width)] for _ in range(4)]
    table = "".join(map(table_row, rows))
    assert formulas(table) == []
    assert unseen_in(table, keep="\r\n") == []
    assert table_rows(table) == [list(map(one_line, row)) for row in rows]


def test_a_row_is_quoted_and_ends_as_the_standard_says() -> None:
    assert table_row(["một", 'hai "2"', ""]) == '"một","hai ""2""",""\r\n'
