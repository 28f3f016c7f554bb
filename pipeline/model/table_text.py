"""Gives the text of a page's tables, cell by cell, from the words that lie in them."""

from __future__ import annotations

from pipeline.model.page import Page, PageTable


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
        rows[cell.row - 1][cell.column - 1] = text
    return tuple(map(tuple, rows))


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
