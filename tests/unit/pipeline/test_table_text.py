"""The text of tables keeps every place, whatever cells were found and however they overlap."""

from __future__ import annotations

from pipeline.model import (
    Box,
    Line,
    Page,
    PageMeasures,
    PageState,
    PageTable,
    PageText,
    TableCell,
    View,
    Word,
)
from pipeline.model.table_text import PlacedText, cells_by_rows, text_by_rows

WIDE, TALL = 100, 40


def page(rows: int, columns: int, *places: tuple[int, int, int, int]) -> Page:
    """Return a page with a table of cells, by row, column and spans, a word in each."""
    cells = tuple(
        TableCell(
            y, x, down, across, Box((x - 1) * WIDE, (y - 1) * TALL, across * WIDE, down * TALL)
        )
        for y, x, down, across in places
    )
    words = (
        Word(f"{one.row}.{one.column}", 1.0, Box(one.box.left + 5, one.box.top + 5, 30, 20))
        for one in cells
    )
    table = PageTable(Box(0, 0, columns * WIDE, rows * TALL), rows, columns, cells)
    view = View(1000, 1000, (1, 0, 0, 0, 1, 0))
    text = PageText(tuple(Line((word,)) for word in words))
    measures = PageMeasures(1000, 1000, 100.0)
    return Page(1, PageState.READ, measures, text, view, tables=(table,))


def test_a_place_without_a_cell_is_empty_and_moves_no_other() -> None:
    one = page(2, 3, (1, 1, 1, 1), (1, 3, 1, 1), (2, 1, 1, 3))
    found = cells_by_rows(one, one.tables[0])
    assert found[0] == (PlacedText("1.1", 1, 1), PlacedText("", 1, 1), PlacedText("1.3", 1, 1))
    assert found[1] == (PlacedText("2.1", 1, 3),)


def test_a_cell_over_rows_leaves_its_place_in_the_next() -> None:
    one = page(2, 2, (1, 1, 2, 1), (1, 2, 1, 1), (2, 2, 1, 1))
    assert cells_by_rows(one, one.tables[0]) == (
        (PlacedText("1.1", 2, 1), PlacedText("1.2", 1, 1)),
        (PlacedText("2.2", 1, 1),),
    )
    assert text_by_rows(one, one.tables[0]) == (("1.1", "1.2"), ("", "2.2"))


def test_cells_that_overlap_keep_their_words_and_their_own_places() -> None:
    one = page(2, 2, (1, 1, 1, 2), (1, 2, 2, 1), (2, 1, 1, 1))
    found = cells_by_rows(one, one.tables[0])
    told = [[cell.text for cell in row] for row in found]
    assert told == [["1.1 1.2", ""], ["2.1"]]
    assert sum(cell.rows * cell.columns for row in found for cell in row) == 4
