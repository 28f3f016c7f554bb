"""Finds the parts of a ruled table that goes on over pages of a dossier, as a visitor sees them."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.errors import ObjectMissingError
from pipeline.model import Page, PageTable
from pipeline.model.continued_tables import goes_on, repeated_rows
from web.masked.sight import Sight

_MOST_PAGES = 500  # of one table; a longer list is several files


class TablePart(NamedTuple):
    """The part of a table that stands on one page."""

    number: int  # of the page within the dossier, from 1
    page: Page
    table: PageTable
    repeated: int  # rows at its head that say again what the first part's say


def part_of_table(sight: Sight, number: int, table: int) -> TablePart:
    """Return a table as it stands on one page.

    Args:
        sight: the dossier as it is shown.
        number: the page's number within the dossier, from 1.
        table: the table's number on the page, from 1.

    Raises:
        ObjectMissingError: the page was not read, or has no such table.
    """
    page = sight.page(number)
    if page is None or table > len(page.tables):
        raise ObjectMissingError(
            f"Trang {number} không có bảng số {table}.",
            "Xem số bảng của trang ở trang ấy, hoặc trong phần tables của lời đáp về trang.",
        )
    return TablePart(number, page, page.tables[table - 1], 0)


def whole_table(sight: Sight, number: int, table: int) -> tuple[TablePart, ...]:
    """Return all parts of a table, from the page on which it begins; of one page, that alone.

    Arguments and errors as of ``part_of_table``, of any page on which it stands.
    """
    parts = [part_of_table(sight, number, table)]
    while parts[0].table is parts[0].page.tables[0] and len(parts) < _MOST_PAGES:
        before = _page(sight, parts[0].number - 1)
        if before is None or not _is_one(sight, parts[0].number - 1, before, parts[0].page):
            break
        parts.insert(0, TablePart(parts[0].number - 1, before, before.tables[-1], 0))
    first = parts[0]
    parts[1:] = [_without_heading(first, part) for part in parts[1:]]
    while parts[-1].table is parts[-1].page.tables[-1] and len(parts) < _MOST_PAGES:
        last = parts[-1]
        after = _page(sight, last.number + 1)
        if after is None or not _is_one(sight, last.number, last.page, after):
            break
        part = TablePart(last.number + 1, after, after.tables[0], 0)
        parts.append(_without_heading(first, part))
    return tuple(parts)


def neighbours_of_tables(sight: Sight, number: int) -> tuple[bool, bool]:
    """Tell whether a page's first table began on the page before, and its last goes on after it.

    Args:
        sight: the dossier as it is shown.
        number: the page's number within the dossier, from 1.
    """
    page = _page(sight, number)
    if page is None or not page.tables:
        return False, False
    before, after = _page(sight, number - 1), _page(sight, number + 1)
    return (
        before is not None and _is_one(sight, number - 1, before, page),
        after is not None and _is_one(sight, number, page, after),
    )


def _page(sight: Sight, number: int) -> Page | None:
    return sight.page(number) if 1 <= number <= len(sight.dossier.pages) else None


def _is_one(sight: Sight, number: int, page: Page, after: Page) -> bool:
    """Tell whether a page's last table goes on on the page after it, in the same paper."""
    papers = sight.dossier.documents
    begins = any(paper.pages and paper.pages[0] == number + 1 for paper in papers)
    return not begins and goes_on(page, after)


def _without_heading(first: TablePart, part: TablePart) -> TablePart:
    return part._replace(repeated=repeated_rows(first.page, first.table, part.page, part.table))
