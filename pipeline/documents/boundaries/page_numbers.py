"""Reads the page number printed in the upper or lower margin: ``2``, ``Trang 2``, ``2/3``.

NĐ 30/2020/NĐ-CP, annex I: Arabic numerals in the middle of the upper margin, none on the first
page. Programs print ``Trang 2/3`` into either margin.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.documents.rows import PageRows, Row
from pipeline.vietnamese import fold

_UPPER, _LOWER = 0.1, 0.88  # shares of the height between which the body stands
_MIDDLE = (0.4, 0.6)  # shares of the width in which a bare number's middle lies
_SURE = 0.5  # least confidence of a number
MOST_PAGES = 999  # of one paper

_PARTED = re.compile(r"(?:^|\b(?:trang|tr|page)\W*)(\d{1,3}) ?(?:/|tren|of) ?(\d{1,3})\W*$")
_LABELLED = re.compile(r"(?:^|\W)(?:trang|page)\W*(?:so\W*)?(\d{1,3})\W*$")
_BARE = re.compile(r"^[-–— .]*(\d{1,3})[-–— .]*$")


class PrintedPage(NamedTuple):
    """The number printed on a page, and how many pages its paper has."""

    number: int  # from 1
    total: int | None  # None: it is not printed

    def __str__(self) -> str:
        return f"{self.number}/{self.total}" if self.total else str(self.number)


def printed_number(page: PageRows) -> PrintedPage | None:
    """Return the page number that is printed on a page; None where none can be believed.

    Where two are printed, the one that says how many pages there are.
    """
    margins = (
        row
        for row in page.rows
        if not _UPPER * page.height < row.middle < _LOWER * page.height and row.confidence >= _SURE
    )
    found = [number for row in margins if (number := _number_in(row, page.width))]
    return next((one for one in found if one.total), None) or next(iter(found), None)


def is_page_number(row: Row, page: PageRows) -> bool:
    """Tell whether a row of a page is its printed number."""
    return row in page.rows[:2] and _number_in(row, page.width) is not None


def _number_in(row: Row, width: int) -> PrintedPage | None:
    text = fold(row.text).strip()
    if match := _PARTED.search(text):
        number, total = int(match[1]), int(match[2])
        return PrintedPage(number, total) if 0 < number <= total <= MOST_PAGES else None
    if match := _LABELLED.search(text):
        return PrintedPage(int(match[1]), None) if int(match[1]) else None
    middle = (row.box.left + row.box.width / 2) / max(width, 1)
    if (match := _BARE.match(text)) and _MIDDLE[0] < middle < _MIDDLE[1] and int(match[1]):
        return PrintedPage(int(match[1]), None)
    return None
