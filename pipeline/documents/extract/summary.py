"""Extracts the summary (trích yếu) that a paper prints of itself (docs/domain.md §3.1, §9)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from pipeline.documents.classify import Title
from pipeline.documents.columns import central_run
from pipeline.documents.extract.header import Head
from pipeline.documents.fuzzy import folded_text, upper_share
from pipeline.documents.rows import PageRows, Row, Token, make_finding
from pipeline.model import CERTAIN, Finding

_MOST_ROWS = 9
_GAP = 2.5  # the summary is nearer to its title, in row heights
_INNER_GAP = 2.1  # and its rows to one another; the rule below leaves more
_INDENT = 1.2  # row heights by which the first row of a body is further from one margin
_OFF_CENTRE = 0.03  # share of the page's width; the first line of a body is indented by more
_WIDE, _FEW = 0.6, 5  # share of the page's width of a full row, and how many show the margins
_BODY = re.compile(r"(?:kinh gui|can cu|dieu \d|thuc hien|xet de nghi|theo de nghi|phan thu)\b")
_ITEM = re.compile(r"\W*\d{1,2}[.)]\s")
_REQUEST = re.compile(r"(?:\d+ )?(?:noi dung yeu cau giai quyet|noi dung de nghi|ve viec)")
_FORMULA = re.compile(
    r"(?:quyet dinh|quyet nghi|chi thi|thong bao|chu tich|giam doc|thu tuong|bo truong|truong ban|"
    r"hieu truong|cuc truong|uy ban nhan dan|hoi dong nhan dan)\b"
)
_LOST_TONE = re.compile(r"^và việc\b")  # what Tesseract makes of a bold "Về việc"
# V/v as printed, and what handwriting above it makes of it: V#, W/%
_ABOUT = re.compile(r"^\W*(?:[Vv]\s?[/,.]?\s?[Vv]\b|[VW]\s?[^\w\s]{1,2}(?=\s))[\s:.]*")


def summary_below(page: PageRows, title: Title) -> Finding | None:
    """Return the summary between a title and the ruled line, the căn cứ or the body below it.

    Args:
        page: the page with the title.
        title: the title above the summary.
    """
    rows: list[Row] = []
    above = title.rows[-1]
    centre = above.box.left + above.box.width / 2
    margins = _margins(page)
    below = page.rows[title.last + 1 :]
    for at, whole in enumerate(below):
        row = central_run(whole, page.width)
        if row is None or not folded_text(row.text):
            continue  # a rule, or noise at the margins
        if _ends(row, above, rows) or _begins_body(below[at : at + 2], margins):
            return _joined(page, rows)
        off = abs(row.box.left + row.box.width / 2 - centre)
        if len(rows) == _MOST_ROWS or off > _OFF_CENTRE * page.width:
            break
        rows.append(row)
        above = row
    return _doubted(_joined(page, rows))  # text goes on below: the end is a guess


def summary_of_letter(head: Head) -> Finding | None:
    """Return the summary under the number of a letter, without the ``V/v`` itself."""
    rows: list[Row] = []
    for row in head.about:
        if rows and row.middle - rows[-1].middle > _GAP * row.height:
            break
        rows.append(row)
    found = _joined(head.page, rows)
    if found and _ABOUT.match(found.raw):
        return found
    return _doubted(found)  # V/v was lost, or something else stands there


def summary_by_label(page: PageRows) -> Finding | None:
    """Return what a form asks for, from the row with that label; None where only dots follow it."""
    for row in page.rows:
        label, colon, _ = row.text.partition(":")
        if colon and _REQUEST.fullmatch(folded_text(label)):
            value = row.tokens[len(label.split()) :]
            return _joined(page, [Row(value)]) if value else None
    return None


def _doubted(found: Finding | None) -> Finding | None:
    return found and replace(found, confidence=min(found.confidence, CERTAIN - 0.1))


def _joined(page: PageRows, rows: Sequence[Row]) -> Finding | None:
    tokens: list[Token] = [token for row in rows for token in row.tokens]
    text = " ".join(token.text for token in tokens)
    value = _LOST_TONE.sub("Về việc", _ABOUT.sub("", text)).strip(" .,;:-_|/")
    if not folded_text(value):
        return None
    confidence = sum(t.confidence * len(t.text) for t in tokens) / len(text.replace(" ", ""))
    return make_finding(page, value, tokens, confidence)


def _ends(row: Row, above: Row, rows: Sequence[Row]) -> bool:
    text, printed = folded_text(row.text), row.text.lstrip("-–*'\" ")
    if _ITEM.match(printed) or (_BODY.match(text) and printed[:1].isupper()):
        return True
    if _FORMULA.match(text) and (upper_share(row.text) > 0.6 or not rows):
        return True
    widest = _INNER_GAP if rows else _GAP
    return row.middle - above.middle > widest * max(row.height, above.height)


def _margins(page: PageRows) -> tuple[float, float] | None:
    """Return where full rows begin and end, in upright pixels; None on a page with few of them."""
    wide = [row.box for row in page.rows if row.box.width > _WIDE * page.width]
    if len(wide) < _FEW:
        return None
    return median(box.left for box in wide), median(box.right for box in wide)


def _begins_body(rows: Sequence[Row], margins: tuple[float, float] | None) -> bool:
    """Tell whether a row is indented to the right margin's end, or it and the next are full.

    The rows of a summary stand centred, those of a body reach both margins.
    """
    if margins is None:
        return False
    sides = [(row.box.left - margins[0], margins[1] - row.box.right, row.height) for row in rows]
    left, right, height = sides[0]
    indented = right < height / 2 and left - right > _INDENT * height
    full = [max(abs(left), abs(right)) < height / 2 for left, right, height in sides]
    return indented or (len(full) > 1 and all(full))
