"""Reads the checklist of papers that a receipt prints (thành phần hồ sơ nộp gồm).

A receipt may be folded, half covered or cut off in the scan. What of the list cannot be read is an
item as well, which says so: a list that lacks a line must not look whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.documents.extract.labels import Labelled, labelled_values, without_leaders
from pipeline.documents.fuzzy import folded_text
from pipeline.documents.rows import PageRows, Row, Token

MOST_ITEMS = 60  # a receipt lists a handful
UNREADABLE = "(không đọc được)"  # how the name of an item ends that cannot be read
UNSURE = "(đọc không chắc)"  # how the name of one ends that was read badly
_NUMBER = re.compile(r"\W*(\d{1,2})[.)|]?\W*")
_GAP = 1.0  # row heights between two cells
_EMPTY = 4.0  # row heights from the last item to what follows: a line fits between, forms leave 3
_LEGIBLE = 0.5  # least confidence of a row whose words are believed
_MOST_LOST = 9  # items between two that were read
_NOT_NAMES = re.compile(r"^(?:\d{1,2}|ban (?:giay|chinh|sao|chup|dien tu)|x|hinh thuc|so ban)$")
_ENDS = re.compile(r"^(?:so luong ho so|thoi gian|dang ky nhan|vao so|luu y|ghi chu)\b")
_TITLES = re.compile(r"^(?:stt|tt|so tt|ten giay to|ten thanh phan)\b")


class _List(NamedTuple):
    """The rows of a list, and what follows it."""

    rows: tuple[Row, ...]
    behind: Row | None  # what follows on the same page; None: it goes on to the end of the receipt


class _Item(NamedTuple):
    number: int
    words: tuple[str, ...]
    is_sure: bool
    is_followed: bool  # by something that cannot be read


def checklist(pages: Sequence[PageRows]) -> tuple[str, ...]:
    """Return the names of the papers that a receipt lists, in order; empty without a list.

    What cannot be read of it has a name that ends in ``UNREADABLE``.

    Args:
        pages: the pages of one receipt.
    """
    labels = labelled_values(pages)
    head = next((one for one in labels if one.label.field == "components"), None)
    if head is None:
        return ()
    return tuple(_names(_list_below(head, labels, pages)))[:MOST_ITEMS]


def _list_below(head: Labelled, labels: Sequence[Labelled], pages: Sequence[PageRows]) -> _List:
    """Return the rows from the list's label to the next label, on the pages behind as well."""
    found: list[Row] = []
    start = head.row + 1
    for page in pages[pages.index(head.page) :]:
        later = [one.row for one in labels if one.page is page and one.row >= start]
        ends = (at for at, row in enumerate(page.rows) if _ENDS.match(folded_text(row.text)))
        end = min([*later, *(at for at in ends if at >= start)], default=len(page.rows))
        found += page.rows[start:end]
        if end < len(page.rows):
            return _List(tuple(found), page.rows[end])
        start = 0
    return _List(tuple(found), None)


def _names(found: _List) -> Iterator[str]:
    items = list(_items(found))
    if not items:
        if any(_is_content(row) for row in found.rows):
            yield f"Danh sách giấy tờ {UNREADABLE}"
        return
    for before, item in pairwise([None, *items]):
        assert item is not None
        last = before.number if before else 0
        yield from (f"Mục {lost} {UNREADABLE}" for lost in range(last + 1, item.number))
        name = " ".join(item.words)
        yield name if item.is_sure else f"{name} {UNSURE}"
        is_last = item is items[-1]
        if is_last and (item.is_followed or _may_go_on(found)):
            yield f"Các mục sau mục {item.number} {UNREADABLE}"


def _may_go_on(found: _List) -> bool:
    """Tell whether lines may be missing behind the last row: it is far from what follows, or last.

    Forms print how many sets and which days below the list.
    """
    last = next(row for row in reversed(found.rows) if _is_content(row))
    if found.behind is None:
        return True
    return found.behind.middle - last.middle > _EMPTY * last.height


def _is_content(row: Row) -> bool:
    return len(row.tokens) > 1 and not _TITLES.match(folded_text(row.text))


def _items(found: _List) -> Iterator[_Item]:
    item: _Item | None = None
    left = 0
    column: int | None = None
    for row in found.rows:
        number = _number(row, item.number if item else 0, column)
        if number:
            if item:
                yield item
            left, column = row.tokens[1].box.left, row.tokens[0].box.left
            words = _first_cell(row.tokens[1:])
            item = _Item(number, tuple(words), row.confidence >= _LEGIBLE, is_followed=False)
        elif item and abs(row.box.left - left) <= 2 * row.height:
            if row.confidence < _LEGIBLE:
                item = item._replace(is_followed=True)
            else:
                item = item._replace(words=(*item.words, *_first_cell(row.tokens)))
    if item:
        yield item


def _number(row: Row, last: int, column: int | None) -> int:
    """Return the number of the item that a row begins; 0 where it goes on with one.

    Args:
        row: the row.
        last: the number of the item before.
        column: where the number of that one stands, in pixels from the left; None: there is none.
    """
    first = row.tokens[0]
    found = _NUMBER.fullmatch(first.text)
    if not found or len(row.tokens) < 2:
        return 0
    number = int(found[1])
    if number == last + 1:
        return number
    is_aligned = column is None or abs(first.box.left - column) <= row.height
    gap = row.tokens[1].box.left - first.box.right
    is_marked = gap > 0.6 * row.height or first.text.rstrip()[-1] in ".)|"
    return number if is_aligned and is_marked and last < number <= last + 1 + _MOST_LOST else 0


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
