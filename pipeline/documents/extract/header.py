"""The head of a paper: national heading, agencies, and the two columns they stand in.

Geometry of NĐ 30/2020 (docs/domain.md §3.1): the national heading top right, the agencies
top left, number below them, place and date below the heading. Tesseract joins both columns into
one line, so rows are split where the heading begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.documents.classify import Title
from pipeline.documents.fuzzy import find_window, plain, upper_share
from pipeline.documents.gazetteer import restore
from pipeline.documents.rows import PageRows, Row, Token, finding, split_columns
from pipeline.model import CERTAIN, Finding, Source

HEAD = 0.45  # share of the page's height in which a head may stand
_REACH = 0.12  # share of the page's width in which the gap between the columns is looked for
_MIDDLE = 0.45  # where the columns part on pages without a national heading
_HEADINGS = (
    ("cong hoa xa hoi chu nghia viet nam", 0.7),
    ("dang cong san viet nam", 0.8),
    ("doc lap tu do hanh phuc", 0.7),
)
_NUMBER_LABEL = re.compile(r"^\W*(?:Luật\s+)?[Ss][ốôoóồổỗò6]\s?[:.;„]")
_SYMBOL_LIKE = re.compile(r"/\s?[A-ZĐ]{2}")
_WIDEST_NUMBER = 0.5  # share of the page's width; a wider row is a sentence that cites a number
_SPECK = 0.6  # a single letter read with less is a speck
_BELOW_TITLE = 3  # rows in which citizen papers print their number
_ABOUT = re.compile(r"^\W*(?:v\s?/?\s?v|ve viec)\b", re.IGNORECASE)
_END = re.compile(r"^\W*(?:kinh gui|can cu|dieu \d)")
# Words that begin the name of an agency; a later row that begins so is a lower agency.
_AGENCY_HEADS = tuple(
    "uy ban|ubnd|hoi dong|hdnd|bo|so|cuc|chi cuc|tong cuc|trung tam|phong|ban|van phong|truong|"
    "cong ty|tong cong ty|tap doan|cong an|toa an|vien|hoc vien|chi nhanh|benh vien|tram|dang uy|"
    "dang bo|chi bo|tinh uy|thanh uy|huyen uy|thu tuong|chinh phu|quoc hoi|chu tich|kho bac|"
    "ngan hang|bao hiem|lien doan|cong doan|thanh tra|hoi lien hiep|hoi cuu|hoi nong".split("|")
)


class Head(NamedTuple):
    """The rows of a head, by column, top to bottom; nothing of the national heading."""

    sheet: PageRows
    agencies: tuple[Row, ...]
    number: Row | None  # the row with số, ký hiệu
    about: tuple[Row, ...]  # below the number in the left column: V/v … of a letter
    right: tuple[Row, ...]  # place and date, and whatever else stands there
    below: bool  # whether that row stands below the title
    national: bool  # whether the national (or the Party's) heading was found

    @property
    def is_sure(self) -> bool:
        """Whether this is a head: with a heading, or as letters print it, ``Số: …`` over ``V/v``.

        Anything else may be the body of a paper whose first page is missing.
        """
        labelled = self.number is not None and bool(_NUMBER_LABEL.match(self.number.text))
        about = bool(self.about) and bool(_ABOUT.match(plain(self.about[0].text)))
        return self.national or (labelled and about)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens of the number's row and of the right column."""
        rows = (self.number, *self.right) if self.number else self.right
        return tuple(token for row in rows for token in row.tokens)


def read_head(sheet: PageRows, title: Title | None) -> Head:
    """Take the head of a page apart."""
    rows = _head_rows(sheet, title)
    headings = [(row, window) for row in rows if (window := _heading(row))]
    taken = {token.seen for row, window in headings for token in row.tokens[window[0] : window[1]]}
    top = min((row.middle - row.height for row, _ in headings), default=0.0)
    rest = [
        Row(tokens)
        for row in rows
        if row.middle > top and (tokens := tuple(t for t in row.tokens if t.seen not in taken))
    ]
    boundary = _boundary(sheet, headings)
    left, right = split_columns(_without_rules(rest), boundary, _REACH * sheet.width)
    number = next((i for i, row in enumerate(left) if _is_number_row(row, sheet)), None)
    above = left if number is None else left[:number]
    below = _number_below(sheet, title) if number is None else None
    return Head(
        sheet,
        agencies=tuple(_agency_rows(above)),
        number=below if number is None else left[number],
        about=() if number is None else tuple(left[number + 1 :]),
        right=tuple(right),
        below=below is not None,
        national=bool(headings),
    )


def has_heading(sheet: PageRows) -> bool:
    """Tell whether the national heading stands in the upper part of a page."""
    upper = (row for row in sheet.rows if row.box.top < HEAD * sheet.height)
    return any(_heading(row) for row in upper)


def agencies(head: Head) -> dict[str, Finding]:
    """Return ``issuer`` and, where a higher agency is named, ``parent_issuer``."""
    groups: list[list[Row]] = []
    for row in head.agencies:
        if not groups or _begins_agency(row):
            groups.append([])
        groups[-1].append(row)
    found = {}
    for name, group in zip(("issuer", "parent_issuer"), reversed(groups[-2:]), strict=False):
        found[name] = _agency(head, [token for row in group for token in row.tokens])
    return found


def _agency(head: Head, tokens: Sequence[Token]) -> Finding:
    restored = restore([token.text for token in tokens])
    sure = [
        max(token.confidence, 0.9) if known else token.confidence
        for token, known in zip(tokens, restored.known, strict=True)
    ]
    confidence = min(sure)
    if not head.national or (head.number is None and head.sheet.source is Source.OCR):
        confidence = min(confidence, CERTAIN - 0.1)  # its place in the head is a guess
    return finding(head.sheet, restored.text.strip(" .,-'\"‘’“”"), tokens, confidence)


def _head_rows(sheet: PageRows, title: Title | None) -> list[Row]:
    """Return the rows above the title, or above the body of a letter."""
    if title is not None:
        return list(sheet.rows[: title.first])
    rows = []
    for row in sheet.rows:
        if row.box.top > HEAD * sheet.height or _END.match(plain(row.text)):
            break
        rows.append(row)
    return rows


def _heading(row: Row) -> tuple[int, int] | None:
    """Return which tokens of a row are the national heading or its motto."""
    words = [token.text for token in row.tokens]
    for phrase, floor in _HEADINGS:
        if window := find_window(words, phrase, floor):
            return window.start, window.end
    return None


def _boundary(sheet: PageRows, headings: Sequence[tuple[Row, tuple[int, int]]]) -> float:
    """Return where the right column begins: left of the heading, right of what is beside it."""
    if not headings:
        return _MIDDLE * sheet.width
    row, (start, _) = headings[0]
    begin = row.tokens[start].box.left
    beside = [row.tokens[start - 1].box.right for row, (start, _) in headings if start > 0]
    return (begin + max(beside)) / 2 if beside and max(beside) < begin else begin - 1.0


def _is_number_row(row: Row, sheet: PageRows) -> bool:
    if row.box.width > _WIDEST_NUMBER * sheet.width:
        return False
    return bool(_NUMBER_LABEL.match(row.text) or _SYMBOL_LIKE.search(row.text))


def _number_below(sheet: PageRows, title: Title | None) -> Row | None:
    """Find the number that permits and certificates print under their title."""
    if title is None or title.kind.administrative:
        return None
    below = sheet.rows[title.last + 1 : title.last + 1 + _BELOW_TITLE]
    return next((row for row in below if _NUMBER_LABEL.match(row.text)), None)


def _agency_rows(rows: Sequence[Row]) -> list[Row]:
    """Return the rows in capitals, without the specks that readers take for letters."""
    kept = []
    for row in rows:
        tokens = tuple(t for t in row.tokens if len(plain(t.text)) > 1 or t.confidence >= _SPECK)
        if not any(len(plain(token.text)) > 1 for token in tokens):
            continue
        clean = Row(tokens)
        if upper_share(clean.text) < 0.6 or _ABOUT.match(plain(clean.text)):
            break
        kept.append(clean)
    return kept


def _begins_agency(row: Row) -> bool:
    text = plain(row.text)
    return any(text == head or text.startswith(head + " ") for head in _AGENCY_HEADS)


def _without_rules(rows: Sequence[Row]) -> list[Row]:
    """Drop what the lines under agency and motto were read as."""
    kept = []
    for row in rows:
        tokens = tuple(token for token in row.tokens if plain(token.text) or token.text in "-/&")
        if any(plain(token.text) for token in tokens):
            kept.append(Row(tokens))
    return kept
