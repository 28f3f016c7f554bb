"""Finds the labels that forms, receipts and certificates print, and the value behind each.

A label ends with a colon, begins a row or stands behind a wide gap, and is matched without marks
and nearly (docs/domain.md §3.5, §9): dot leaders and lost tones break exact matching. Its value
goes on to the next label of the row, and to the next row where nothing stands behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from pipeline.documents.extract.label_table import LABELS, PartyRole, PrintedLabel
from pipeline.documents.fuzzy import folded_text, similarity
from pipeline.documents.gazetteer import PROVINCES
from pipeline.documents.rows import WIDE_GAP, PageRows, Row, Token
from pipeline.documents.units import is_name_parted
from pipeline.model import CERTAIN, Box

_ALIKE = 0.86  # least similarity of a label that was not read exactly
_CELL = 2.5  # heights of a letter between the cells of a table; words leave a third of one
_WORDS = 12  # of the longest label, its English part included
_NEAR = 2.2  # row heights to the row that goes on with a value
_LEADER = re.compile(r"^[\W_]+|[\s.…_·:;,|]+$")
_LEADERS = re.compile(r"[.…_·]{2,}")
_NUMBERING = re.compile(r"^(?:\d{1,2}(?:\.\d)?|[a-eđ])[.)]?$")
_ITEM = re.compile(r"[IVX]{1,4}[.)]\s|\d{1,2}[.)]\s|[a-zđ]\)\s")
# An address ends with its province: what stands below it is something else.
_ENDED = re.compile(rf"(?:thanh pho|tp|tinh) (?:{'|'.join(map(folded_text, PROVINCES))})$")
_MOST_ROWS = 4  # that one value may take
_EDGE = 0.9  # share of the width of a page's text that a name fills before it is parted
_MOST_PARTED = 3  # words of a name in its second row
_COLONS = (":", "：")


class Labelled(NamedTuple):
    """A label on a page and what stands behind it."""

    label: PrintedLabel
    page: PageRows
    row: int  # index of its row on the page
    start: float  # where the label begins, in upright pixels from the left
    tokens: tuple[Token, ...]  # of the value, without leaders; empty on a blank form
    rows: int = 1  # rows that it takes, its label's included
    said: tuple[Token, ...] = ()  # the words of the label itself
    until: float | None = None  # where the next label of its row begins, as ``start``

    @property
    def text(self) -> str:
        """The value as read, one space between its words."""
        return " ".join(token.text for token in self.tokens)


class _Found(NamedTuple):
    start: int  # indices of its tokens in the row
    end: int
    label: PrintedLabel | None  # None: a label that nobody listed


def labelled_values(pages: Sequence[PageRows]) -> list[Labelled]:
    """Return all labels of a paper that are in the table, in reading order, each with its value."""
    return [found for page in pages for found in _on_page(page)]


def _on_page(page: PageRows) -> Iterator[Labelled]:
    rows = [Row(tuple(_split_at_colons(row.tokens))) for row in page.rows]
    found = [_labels_on(row) for row in rows]
    _join_parted_names(rows, found)
    for index, (row, labels) in enumerate(zip(rows, found, strict=True)):
        ends = [*(one.start for one in labels), len(row.tokens)][1:]
        for one, end in zip(labels, ends, strict=False):  # an empty row has an end and no label
            if one.label is None:
                continue
            behind = row.tokens[one.end : end]
            follows = end == len(row.tokens) and one.label.goes_on
            more: list[Row] = []
            if follows and (one.label.wraps or not without_leaders(behind)):
                more = _following(rows, found, index, behind)
            value = without_leaders([*behind, *(token for each in more for token in each.tokens)])
            start = row.tokens[one.start].box.left
            said = row.tokens[one.start : one.end]
            until = row.tokens[end].box.left if end < len(row.tokens) else None
            it = Labelled(one.label, page, index, start, value, 1 + len(more), said, until)
            yield _with_parted_name(it) if one.label.field == "name" else it


def _join_parted_names(rows: Sequence[Row], found: Sequence[list[_Found]]) -> None:
    """Take away a courtesy that is none: «Bà» in «phường Hai / Bà Trưng», parted by the row's end.

    Args:
        rows: the rows of a page.
        found: the labels of each.
    """
    for (above, row), labels in zip(pairwise(rows), found[1:], strict=False):
        if labels and labels[0].label and labels[0].label.role is PartyRole.PARTY:
            is_bare = not row.tokens[labels[0].end - 1].text.endswith(_COLONS)
            if is_bare and is_name_parted(above.text, row.text):
                del labels[0]


def _following(
    rows: Sequence[Row], found: Sequence[object], index: int, behind: Sequence[Token]
) -> list[Row]:
    """Return the rows that go on with a value; one where nothing stands behind the label."""
    more: list[Row] = []
    is_empty = not without_leaders(behind)
    left, full = rows[index].box.left, rows[index].box.right
    said = " ".join(token.text for token in behind)
    for above, row in pairwise(rows[index : index + (2 if is_empty else _MOST_ROWS)]):
        below = row.middle - above.middle  # of another paper on the sheet, if it is less than 0
        if found[index + 1 + len(more)] or not 0 <= below <= _NEAR * above.height:
            break
        aside = row.box.left > left + 3 * row.height or above.box.right < 0.8 * full
        if not is_empty and (aside or _ENDED.search(folded_text(said)) or _ITEM.match(row.text)):
            break
        more.append(row)
        said = f"{said} {row.text}"
    return more


def _with_parted_name(one: Labelled) -> Labelled:
    """Return the value of a name with what the edge of the page parted from it, never certain.

    Args:
        one: the label of a name, and what stands behind it in its row.
    """
    rows, below = one.page.rows, one.row + one.rows
    if len(cells_of(one.tokens)) != 1 or one.until is not None or below >= len(rows):
        return one
    row, last = rows[below], one.tokens[-1].box
    edge = max(each.box.right for each in rows)
    gap = row.middle - (last.top + last.height / 2)
    is_below = abs(row.box.left - rows[one.row].box.left) < 3 * row.height
    is_parted = is_below and last.right > _EDGE * edge and 0 < gap <= _NEAR * last.height
    is_rest = all(
        token.text.isalpha() and token.text.isupper() == one.tokens[-1].text.isupper()
        for token in row.tokens
    )
    if not (is_parted and is_rest and row.text.istitle() | row.text.isupper()):
        return one
    if len(row.tokens) > _MOST_PARTED or any(_labels_on(row)) or len(cells_of(row.tokens)) > 1:
        return one
    tokens = (*one.tokens, *row.tokens)
    unsure = (each._replace(confidence=min(each.confidence, CERTAIN - 0.1)) for each in tokens)
    return one._replace(tokens=tuple(unsure), rows=one.rows + 1)


def without_leaders(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return tokens without dot leaders and without what else surrounds a value."""
    kept: list[Token] = []
    for token in tokens:
        inner = _LEADERS.sub(" ", token.text).split()
        for text in inner:
            if folded_text(text) or (kept and text in "-/&"):
                kept.append(token._replace(text=text))
    if kept:
        kept[-1] = kept[-1]._replace(text=_LEADER.sub("", kept[-1].text) or kept[-1].text)
    return tuple(token for token in kept if folded_text(token.text) or token.text in "-/&")


def cells_of(tokens: Sequence[Token]) -> list[tuple[Token, ...]]:
    """Return the cells of a table's row: tokens between gaps that no sentence leaves."""
    cells: list[list[Token]] = []
    for at, token in enumerate(tokens):
        gap = token.box.left - tokens[at - 1].box.right if at else 0
        if not cells or gap > _CELL * token.box.height:
            cells.append([])
        cells[-1].append(token)
    return [tuple(cell) for cell in cells]


def _split_at_colons(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield tokens, ``tên:NGUYỄN`` as two; a part's box is its share of the letters."""
    for token in tokens:
        head, colon, tail = token.text.partition(":")
        if not (colon and head and tail) or (tail[0].isdigit() and head[-1].isdigit()):
            yield token
            continue
        box, cut = token.box, round(token.box.width * (len(head) + 1) / len(token.text))
        yield token._replace(text=head + ":", box=Box(box.left, box.top, cut, box.height))
        rest = Box(box.left + cut, box.top, max(box.width - cut, 1), box.height)
        yield token._replace(text=tail, box=rest)


def _labels_on(row: Row) -> list[_Found]:
    folded = [folded_text(token.text) for token in row.tokens]
    found: list[_Found] = []
    for end, token in enumerate(row.tokens, start=1):
        begin = found[-1].end if found else 0
        if token.text.endswith(_COLONS):
            found.append(_before_colon(row, folded, begin, end))
    if not found or found[0].start:  # the colon may be lost, and some labels have none
        first = found[0].start if found else len(folded)
        if bare := _at_start(row, folded, first):
            found.insert(0, bare)
    return found


def _before_colon(row: Row, folded: Sequence[str], begin: int, end: int) -> _Found:
    """Return the label that ends with a colon: the longest that is listed, else an unknown one."""
    starts = [at for at in range(max(begin, end - _WORDS), end) if folded[at]]
    for start in starts:
        if label := LABELS.get(_phrase(folded[start:end])):
            return _Found(start, end, label)
    edges = [at for at in starts if _is_edge(row, begin, at)]
    for start in edges:
        if label := _nearly(_phrase(folded[start:end])):
            return _Found(start, end, label)
    return _Found(edges[0] if edges else end - 1, end, None)


def _at_start(row: Row, folded: Sequence[str], most: int) -> _Found | None:
    start = 1 if most > 1 and _NUMBERING.match(row.tokens[0].text) else 0
    for end in range(min(most, start + _WORDS), start, -1):
        label = LABELS.get(_phrase(folded[start:end]))
        # A name's label alone on its row stands over a signature: NGƯỜI NỘP HỒ SƠ.
        alone = label is not None and label.field == "name" and end == len(row.tokens)
        if label and label.stands_bare and folded[end - 1] and not alone:
            return _Found(start, end, label)
    return None


def _is_edge(row: Row, begin: int, at: int) -> bool:
    """Tell whether a label may begin at a token: at the row's or value's edge, behind a gap."""
    if at == begin:
        return True
    before, after = row.tokens[at - 1], row.tokens[at]
    gap = after.box.left - before.box.right
    return gap > WIDE_GAP * row.height or bool(_NUMBERING.match(before.text))


def _phrase(folded: Sequence[str]) -> str:
    words = " ".join(filter(None, folded)).replace("œ", "c").split()  # what C of CCCD is read as
    if len(words) > 1 and _NUMBERING.match(words[0]):
        words = words[1:]
    return " ".join(words)


@cache
def _nearly(phrase: str) -> PrintedLabel | None:
    if len(phrase) < 8:
        return None
    near = (known for known in LABELS if abs(len(known) - len(phrase)) <= 0.14 * len(phrase))
    best = max(near, key=lambda known: similarity(phrase, known, _ALIKE), default="")
    return LABELS[best] if best and similarity(phrase, best) >= _ALIKE else None
