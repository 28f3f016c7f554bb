"""Reads the checklist of papers that a receipt prints (thành phần hồ sơ nộp gồm)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.documents.extract.labels import Labelled, labelled_values, without_leaders
from pipeline.documents.fuzzy import folded_text
from pipeline.documents.rows import PageRows, Row, Token

MOST_ITEMS = 60  # a receipt lists a handful
_NUMBER = re.compile(r"\W*(\d{1,2})[.)|]?\W*")
_GAP = 1.0  # row heights between two cells
_NOT_NAMES = re.compile(r"^(?:\d{1,2}|ban (?:giay|chinh|sao|chup|dien tu)|x|hinh thuc|so ban)$")
_ENDS = re.compile(r"^(?:so luong ho so|thoi gian|dang ky nhan|vao so|luu y|ghi chu)\b")


def checklist(pages: Sequence[PageRows]) -> tuple[str, ...]:
    """Return the names of the papers that a receipt lists, in order; empty without a list.

    Args:
        pages: the pages of one receipt.
    """
    labels = labelled_values(pages)
    head = next((one for one in labels if one.label.field == "components"), None)
    if head is None:
        return ()
    return tuple(_items(_rows_below(head, labels)))[:MOST_ITEMS]


def _rows_below(head: Labelled, labels: Sequence[Labelled]) -> list[Row]:
    """Return the rows between the list's label and the next label of its page."""
    later = [one.row for one in labels if one.page is head.page and one.row > head.row]
    rows = list(head.page.rows[head.row + 1 : min(later, default=len(head.page.rows))])
    for at, row in enumerate(rows):
        if _ENDS.match(folded_text(row.text)):
            return rows[:at]
    return rows


def _items(rows: Sequence[Row]) -> Iterator[str]:
    name: list[str] = []
    wanted, left = 1, 0
    for row in rows:
        number = _NUMBER.fullmatch(row.tokens[0].text)
        if number and int(number[1]) == wanted and len(row.tokens) > 1:
            if name:
                yield " ".join(name)
            name, left = [], row.tokens[1].box.left
            name += _first_cell(row.tokens[1:])
            wanted += 1
        elif name and abs(row.box.left - left) <= 2 * row.height:
            name += _first_cell(row.tokens)
    if name:
        yield " ".join(name)


def _first_cell(tokens: Sequence[Token]) -> list[str]:
    """Return the words before the first wide gap, without the number of copies behind them."""
    cell = [tokens[0]]
    for before, after in pairwise(tokens):
        if after.box.left - before.box.right > _GAP * before.box.height or after.text == "|":
            break
        cell.append(after)
    words = [token.text for token in without_leaders(cell)]
    while words and _NOT_NAMES.match(folded_text(words[-1])):
        words.pop()
    return words
