"""Makes pages of a list that is printed as a ruled table over several pages."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import (
    Box,
    Line,
    Page,
    PageMeasures,
    PageState,
    PageTable,
    PageText,
    TableCell,
    Word,
)
from tests.support.web_backend import HEIGHT, UPRIGHT, WIDTH, line

HEADING = ("STT", "Hồ sơ", "Số tờ")
TALL = 60  # pixels of a row


def list_page(
    number: int,
    rows: Sequence[Sequence[str]],
    *,
    top: int = 100,
    edges: Sequence[int] = (60, 140, 560, 740),
    others: Sequence[Line] = (),
) -> Page:
    """Return an upright page with a table of so many rows, a cell for each text.

    Args:
        number: the page's number in its scan.
        rows: the texts of the cells, row by row.
        top: the upper edge of the table, in pixels.
        edges: the left edges of the columns and the right edge of the last, in pixels.
        others: lines of the page that lie outside of the table.
    """
    cells, lines = [], list(others)
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            left, upper = edges[x], top + y * TALL
            box = Box(left, upper, edges[x + 1] - left, TALL)
            cells.append(TableCell(y + 1, x + 1, 1, 1, box))
            words = [
                Word(word, 0.95, Box(left + 5 + 60 * at, upper + 15, 50, 30))
                for at, word in enumerate(text.split())
            ]
            lines.append(Line(tuple(words)))
    width, height = edges[-1] - edges[0], TALL * len(rows)
    table = PageTable(Box(edges[0], top, width, height), len(rows), len(rows[0]), tuple(cells))
    measures = PageMeasures(WIDTH, HEIGHT, 100.0)
    read = PageText(tuple(one for one in lines if one.words))
    return Page(number, PageState.READ, measures, read, UPRIGHT, tables=(table,))


def rows_of(first: int, last: int) -> list[tuple[str, str, str]]:
    """Return rows of the list, by their numbers."""
    return [(str(at), f"Đơn mẫu {at}", str(at % 7 + 1)) for at in range(first, last + 1)]


def page_number(number: int, top: int = 40) -> Line:
    """Return a line that holds nothing but a page's number."""
    return line(top, str(number))
