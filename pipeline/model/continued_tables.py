"""Tells whether a ruled table goes on on the next page, and what rows it repeats there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from pipeline.model.page import Page, PageTable
from pipeline.model.page_geometry import Box
from pipeline.model.table_text import text_by_rows

_Rows = Sequence[Sequence[str]]

_SAME_EDGE = 0.02  # of the table's width: a sheet that was fed askew, a rule that is thick
_SAME_WIDTH = 0.05  # of the page's width: two sheets of one printing differ by less
_SAME_TEXT = 0.85  # of the letters of two headings: each is misread in its own way
_SAME_LINE = 0.95  # the same of a line of every page: titles of two lists differ in a name
_SAME_HEIGHT = 0.03  # of the page's height: a line at the head or foot of every page
_MARGIN = 0.12  # of the page's height: two forms of one printing are signed at one place further in
_NUMBER_OF_COLUMN = re.compile(r"\(\s*(?:\d{1,2}|[a-zA-Z])\s*\)|\d{1,2}|[aA]")
_NUMBER_OF_ROW = re.compile(r"(\d{1,4})\W?")
_PAGE_NUMBER = re.compile(r"\W*(?:trang\W*)?\d{1,4}(?:\s*/\s*\d{1,4})?\W*", re.IGNORECASE)
_NUMBER_OF_PAGE = re.compile(r"trang\W*\d+(?:\s*/\s*\d+)?", re.IGNORECASE)


def goes_on(page: Page, following: Page) -> bool:
    """Tell whether the last table of a page is one with the first of the page after it.

    It is where the columns stand at the same places and nothing lies between the two but page
    numbers, at the head (Nghị định 30/2020/NĐ-CP, Phụ lục I) or foot, and lines of every page.

    Args:
        page: the page as it is shown, its tables from top to bottom.
        following: the page after it in the dossier.
    """
    if not page.tables or not following.tables or page.view is None or following.view is None:
        return False
    last, first = page.tables[-1], following.tables[0]
    widths = last.box.width / page.view.width, first.box.width / following.view.width
    if last.columns != first.columns or abs(widths[0] - widths[1]) > _SAME_WIDTH:
        return False
    edges = zip(_column_edges(last), _column_edges(first), strict=True)
    if any(a is not None and b is not None and abs(a - b) > _SAME_EDGE for a, b in edges):
        return False
    if _begins_again(text_by_rows(page, last), text_by_rows(following, first)):
        return False
    below = _lines_between(page, last.box.bottom, page.view.height)
    above = _lines_between(following, 0, first.box.top)
    return _are_margins(below, following) and _are_margins(above, page)


def _begins_again(rows: _Rows, later: _Rows) -> bool:
    """Tell whether the rows are numbered, and the later ones from 1 again."""
    numbers = [_number(row) for row in rows]
    first = next(
        (
            row
            for row in later
            if not _is_same_row(rows[0], row) and not all(map(_NUMBER_OF_COLUMN.fullmatch, row))
        ),
        (),
    )
    return any(number is not None for number in numbers) and _number(first) == 1


def _number(row: Sequence[str]) -> int | None:
    match = _NUMBER_OF_ROW.fullmatch(row[0]) if row else None
    return int(match[1]) if match else None


def repeated_rows(page: Page, table: PageTable, later: Page, continued: PageTable) -> int:
    """Return how many rows at the head of a continued table say again what the first one's say.

    Args:
        page: the page on which the table begins.
        table: the table there.
        later: a later page, on which it goes on.
        continued: the part of the table there.
    """
    rows, later_rows = text_by_rows(page, table), text_by_rows(later, continued)
    deep = max((cell.row_span for cell in table.cells if cell.row == 1), default=1)
    heads = list(zip(rows, later_rows, strict=False))
    if len(heads) <= deep or not _is_heading(rows, deep):
        return 0
    if not all(_is_same_row(one, other) for one, other in heads[:deep]):
        return 0
    numbers = [cell for row in heads[deep] for cell in row]
    if heads[deep][0] == heads[deep][1] and all(map(_NUMBER_OF_COLUMN.fullmatch, numbers)):
        return min(deep + 1, continued.rows - 1)
    return deep


def _is_heading(rows: _Rows, deep: int) -> bool:
    """Tell whether a table's first rows are surely a heading, and no row of what it lists.

    Its first cell is a word («STT»), most of its cells say something, and the rows below have
    numbers. Where that is not sure the rows stay: a heading twice harms less than a row lost.
    """
    filled = [any(row[column] for row in rows[:deep]) for column in range(len(rows[0]))]
    texts = "".join(map("".join, rows[:deep]))
    is_word = len(re.findall(r"[^\W\d_]", rows[0][0])) > 1
    has_numbers = any(_number(row) is not None for row in rows[deep:])
    return is_word and has_numbers and 2 * sum(filled) > len(filled) and "•" not in texts


def _is_same_row(one: Sequence[str], other: Sequence[str]) -> bool:
    return all(map(_is_same, one, other))


def _is_same(one: str, other: str) -> bool:
    """Tell whether two cells say the same, letters misread but figures equal."""
    return re.findall(r"\d+", one) == re.findall(r"\d+", other) and _alike(one, other, _SAME_TEXT)


def _alike(one: str, other: str, least: float) -> bool:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= least


def _column_edges(table: PageTable) -> list[float | None]:
    """Return where each column begins, as a share of the table's width; None where no cell does."""
    edges: list[float | None] = []
    for column in range(1, table.columns + 1):
        begin = [cell.box.left for cell in table.cells if cell.column == column]
        share = (min(begin) - table.box.left) / table.box.width if begin else None
        edges.append(share)
    return edges


class _PlacedLine(NamedTuple):
    text: str
    height: float  # of its middle, as a share of the page's height from its top


def _are_margins(lines: Sequence[_PlacedLine], other: Page) -> bool:
    """Tell whether lines are page numbers, or in a margin where another page has the same."""
    running = _lines_between(other, 0, other.view.height if other.view else 0)
    for line in lines:
        if _PAGE_NUMBER.fullmatch(line.text) or not re.search(r"\w", line.text):
            continue
        if _MARGIN < line.height < 1 - _MARGIN:
            return False
        there = [each for each in running if abs(each.height - line.height) <= _SAME_HEIGHT]
        if not any(_is_same_line(line.text, each.text) for each in there):
            return False
    return True


def _is_same_line(one: str, other: str) -> bool:
    """Tell whether two lines say the same but for a page's number; «Biểu số 1» and 2 are two."""
    plain, there = (_NUMBER_OF_PAGE.sub("", text) for text in (one, other))
    if re.findall(r"\d+", plain) != re.findall(r"\d+", there):
        return False
    return len(plain.split()) == len(there.split()) and _alike(plain, there, _SAME_LINE)


def _lines_between(page: Page, top: float, bottom: float) -> list[_PlacedLine]:
    """Return what of each line lies between two heights of a page's view."""
    if page.view is None:
        return []
    found = []
    for line in page.text.lines:
        placed = [(word.text, page.view.project(*_middle(word.box))[1]) for word in line.words]
        inside = [(text, y) for text, y in placed if top <= y < bottom]
        if inside:
            middle = sum(y for _, y in inside) / len(inside)
            text = " ".join(text for text, _ in inside)
            found.append(_PlacedLine(text, middle / page.view.height))
    return found


def _middle(box: Box) -> tuple[float, float]:
    return box.left + box.width / 2, box.top + box.height / 2
