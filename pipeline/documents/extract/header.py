"""Analyses the letterhead of a paper: national heading, agencies, and the two columns they form.

Geometry of NĐ 30/2020 (docs/domain.md §3.1): the national heading top right, the agencies
top left, number below them, place and date below the heading. Tesseract joins both columns into
one line, so rows are split where the heading begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.documents.classify import Title
from pipeline.documents.columns import split_columns
from pipeline.documents.fuzzy import find_phrase, folded_text, upper_share
from pipeline.documents.gazetteer import restore_marks
from pipeline.documents.rows import PageRows, Row, Token, make_finding
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
# What a stroke across «Số: …/QĐ-UBND» leaves of it: the end of its label, or of its symbol.
_LABEL_END = re.compile(r"^\W*[Ss]?[ôốồổỗòóõÔỐỒỔỖÒÓÕ]\s?[:;„]")
_SYMBOL_END = re.compile(r"^\W*[A-ZĐ]{1,3}-[^\W\d_]{2,}\W*$")
_GARBLED = 0.6  # what lies under a stroke is read with less
_REST = 3  # letters and figures that are left, at least
_DATE_LIKE = re.compile(r"\bth.{1,3}g\b.*\bn.m\b")
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


# Bodies founded for one task bear the name of their founder beside their own, on papers in use.
_AD_HOC = re.compile(r"(?:ban (?:chi dao|to chuc cuoc|van dong)|to (?:cong tac|giup viec)|doan )")
_FOUNDED = "Ban, tổ, đoàn lập ra cho một việc: tên đầy đủ có cả cơ quan lập ra."


class Head(NamedTuple):
    """The rows of a letterhead, by column, top to bottom, without the national heading."""

    page: PageRows  # the page it stands on
    agencies: tuple[Row, ...]  # on top of the left column
    number: Row | None  # the row with số, ký hiệu
    about: tuple[Row, ...]  # below the number in the left column: V/v … of a letter
    right: tuple[Row, ...]  # place and date, and whatever else stands there
    below: bool  # whether the row with the number stands below the title
    national: bool  # whether the national (or the Party's) heading was found
    hidden: Row | None = None  # what is left of the row with the number, if something hides it

    @property
    def is_sure(self) -> bool:
        """Whether this is a head: with a heading, or as letters print it, ``Số: …`` over ``V/v``.

        Anything else may be the body of a paper whose first page is missing.
        """
        labelled = self.number is not None and bool(_NUMBER_LABEL.match(self.number.text))
        about = bool(self.about) and bool(_ABOUT.match(folded_text(self.about[0].text)))
        return self.national or (labelled and about)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens of the number's row and of the right column."""
        rows = (self.number, *self.right) if self.number else self.right
        return tuple(token for row in rows for token in row.tokens)


def read_head(page: PageRows, title: Title | None) -> Head:
    """Split the upper part of a paper's first page into the parts of a letterhead.

    Args:
        page: the first page.
        title: the title found on it, which ends the letterhead; None for a letter.
    """
    rows = _head_rows(page, title)
    headings = [(row, match) for row in rows if (match := _heading(row))]
    taken = {
        token.original_box for row, match in headings for token in row.tokens[match[0] : match[1]]
    }
    top = min((row.middle - row.height for row, _ in headings), default=0.0)
    rest = [
        Row(tokens)
        for row in rows
        if row.middle > top
        and (tokens := tuple(t for t in row.tokens if t.original_box not in taken))
    ]
    boundary = _boundary(page, headings)
    left, right = split_columns(_without_rules(rest), boundary, _REACH * page.width)
    number = next((i for i, row in enumerate(left) if _is_number_row(row, page)), None)
    above = left if number is None else left[:number]
    below = _number_below(page, title) if number is None else None
    return Head(
        page,
        agencies=tuple(_agency_rows(above)),
        number=below if number is None else left[number],
        about=() if number is None else tuple(left[number + 1 :]),
        right=tuple(right),
        below=below is not None,
        national=bool(headings),
        hidden=_hidden(left, right) if headings and number is None and below is None else None,
    )


def has_heading(page: PageRows) -> bool:
    """Tell whether the national or the Party's heading stands in the upper part of a page."""
    upper = (row for row in page.rows if row.box.top < HEAD * page.height)
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
    restored = restore_marks([token.text for token in tokens])
    sure = [
        max(token.confidence, 0.9) if known else token.confidence
        for token, known in zip(tokens, restored.known, strict=True)
    ]
    confidence = min(sure)
    if not head.national or (head.number is None and head.page.source is Source.OCR):
        confidence = min(confidence, CERTAIN - 0.1)  # which part of the head it is, is a guess
    found = make_finding(head.page, restored.text.strip(" .,-'\"‘’“”"), tokens, confidence)
    return found.doubted(_FOUNDED) if _AD_HOC.match(folded_text(found.value)) else found


def _head_rows(page: PageRows, title: Title | None) -> list[Row]:
    """Return the rows above the title, or above the body of a letter."""
    if title is not None:
        return list(page.rows[: title.first])
    rows = []
    for row in page.rows:
        if row.box.top > HEAD * page.height or _END.match(folded_text(row.text)):
            break
        rows.append(row)
    return rows


def _heading(row: Row) -> tuple[int, int] | None:
    """Return the token indices (start, end) of the national heading or its motto in a row."""
    words = [token.text for token in row.tokens]
    for phrase, floor in _HEADINGS:
        if match := find_phrase(words, phrase, floor):
            return match.start, match.end
    return None


def _boundary(page: PageRows, headings: Sequence[tuple[Row, tuple[int, int]]]) -> float:
    """Return where the right column begins: between the heading and what is left of it."""
    if not headings:
        return _MIDDLE * page.width
    row, (start, _) = headings[0]
    begin = row.tokens[start].box.left
    beside = [row.tokens[start - 1].box.right for row, (start, _) in headings if start > 0]
    return (begin + max(beside)) / 2 if beside and max(beside) < begin else begin - 1.0


def _is_number_row(row: Row, page: PageRows) -> bool:
    if row.box.width > _WIDEST_NUMBER * page.width:
        return False
    return bool(_NUMBER_LABEL.match(row.text) or _SYMBOL_LIKE.search(row.text))


def _hidden(left: Sequence[Row], right: Sequence[Row]) -> Row | None:
    """Return what is left of the row with the number: below the agencies, beside the date."""
    date = next((row for row in right if _DATE_LIKE.search(row.text)), None)
    if date is None or not _agency_rows(left[:1]):
        return None
    near = [row for row in left[1:] if row.middle < date.middle + 1.5 * date.height]
    return next((row for row in near if _is_remnant(row)), None)


def _is_remnant(row: Row) -> bool:
    if _LABEL_END.match(row.text) or _SYMBOL_END.match(row.text):
        return True
    is_garbled = max(token.confidence for token in row.tokens) < _GARBLED
    return is_garbled and sum(map(str.isalnum, row.text)) >= _REST


def _number_below(page: PageRows, title: Title | None) -> Row | None:
    """Return the row with the number that permits and certificates print under their title."""
    if title is None or title.kind.administrative:
        return None
    below = page.rows[title.last + 1 : title.last + 1 + _BELOW_TITLE]
    return next((row for row in below if _NUMBER_LABEL.match(row.text)), None)


def _agency_rows(rows: Sequence[Row]) -> list[Row]:
    """Return the rows in capitals, without the specks that OCR engines take for letters."""
    agency_rows = []
    for row in rows:
        tokens = tuple(
            t for t in row.tokens if len(folded_text(t.text)) > 1 or t.confidence >= _SPECK
        )
        if not any(len(folded_text(token.text)) > 1 for token in tokens):
            continue
        clean = Row(tokens)
        if upper_share(clean.text) < 0.6 or _ABOUT.match(folded_text(clean.text)):
            break
        agency_rows.append(clean)
    return agency_rows


def _begins_agency(row: Row) -> bool:
    text = folded_text(row.text)
    return any(text == head or text.startswith(head + " ") for head in _AGENCY_HEADS)


def _without_rules(rows: Sequence[Row]) -> list[Row]:
    """Return rows without what the ruled lines under agency and motto were read as."""
    printed = []
    for row in rows:
        tokens = tuple(
            token for token in row.tokens if folded_text(token.text) or token.text in "-/&"
        )
        if any(folded_text(token.text) for token in tokens):
            printed.append(Row(tokens))
    return printed
