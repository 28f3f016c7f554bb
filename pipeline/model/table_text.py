"""Gives the text of a page's tables, cell by cell, from the words that lie in them."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.model.page import Page, PageTable


class PlacedText(NamedTuple):
    """The text of a cell, and over how many rows and columns it goes."""

    text: str
    rows: int
    columns: int


def text_by_rows(page: Page, table: PageTable) -> tuple[tuple[str, ...], ...]:
    """Return the text of a table, a tuple for each row, an entry for each column.

    A cell over several rows or columns has its text in the first of them; the others are empty.
    Words are in the page's reading order, so they are corrected or masked as the page is.

    Args:
        page: the page as it is shown, with its view.
        table: one of its tables.
    """
    rows = [["" for _ in range(table.columns)] for _ in range(table.rows)]
    for cell, text in zip(table.cells, cell_texts(page, table), strict=True):
        before = rows[cell.row - 1][cell.column - 1]  # of a cell that was found in two pieces
        rows[cell.row - 1][cell.column - 1] = " ".join(filter(None, (before, text)))
    return tuple(map(tuple, rows))


def cells_by_rows(page: Page, table: PageTable) -> tuple[tuple[PlacedText, ...], ...]:
    """Return the cells of each row that begin in it, so that every place of the table has one.

    Where no cell was found, as in a corner that rules do not close, stands an empty one. Arguments
    as above.
    """
    texts = text_by_rows(page, table)
    cells = {(cell.row, cell.column): cell for cell in table.cells}
    taken = set[tuple[int, int]]()
    found = []
    for row in range(1, table.rows + 1):
        own = []
        for column in range(1, table.columns + 1):
            if (row, column) in taken:
                continue
            cell = cells.get((row, column))
            tall, wide = (cell.row_span, cell.column_span) if cell else (1, 1)
            own_places = {(row + y, column + x) for y in range(tall) for x in range(wide)}
            if own_places & (taken | (cells.keys() - {(row, column)})):
                # Cells that overlap keep their own places alone.
                tall, wide, own_places = 1, 1, {(row, column)}
            taken |= own_places
            own.append(PlacedText(texts[row - 1][column - 1], tall, wide))
        found.append(tuple(own))
    return tuple(found)


def cell_texts(page: Page, table: PageTable) -> tuple[str, ...]:
    """Return the text of each cell, in the order of ``PageTable.cells``; arguments as above."""
    inside: list[list[str]] = [[] for _ in table.cells]
    if page.view is None:
        return tuple("" for _ in table.cells)
    for word in page.text.words:
        middle = word.box.left + word.box.width / 2, word.box.top + word.box.height / 2
        x, y = page.view.project(*middle)
        for at, cell in enumerate(table.cells):
            box = cell.box
            if box.left <= x < box.right and box.top <= y < box.bottom:
                inside[at].append(word.text)
                break
    return tuple(" ".join(words) for words in inside)
