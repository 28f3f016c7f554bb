"""Finds the places of a form where a person's number, a phone's or a tax code is written.

Their labels are those of ``extract/labels.py``; what stands behind one, up to the next label of the
row, is its slot. Pure: rows of words, no pixels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple
from unicodedata import normalize

from pipeline.documents.extract.labels import Labelled, labelled_values
from pipeline.documents.extract.people import (
    Validity,
    check_tax_code,
    decode_personal_id,
    find_personal_ids,
    find_phones,
    find_tax_codes,
)
from pipeline.documents.rows import PageOfDossier, PageRows, Row, rows_of
from pipeline.model import Box, Page, SlotReading, Source
from pipeline.model.page import SlotKind

_KINDS = {"personal_id", "phone", "tax_code"}
LENGTHS = {SlotKind.PERSONAL_ID: (12,), SlotKind.PHONE: (10, 11), SlotKind.TAX_CODE: (10, 13)}
_FIND = {
    SlotKind.PERSONAL_ID: find_personal_ids,
    SlotKind.PHONE: find_phones,
    SlotKind.TAX_CODE: find_tax_codes,
}
# Of each label something survives bad reading; a page without any has no slot.
_MAY_HOLD = re.compile(
    r"tho.{1,3}i|định|danh c|CC\W?CD|C{1,2}D|[Cc]ăn|CMND|thu[eếêé]|MST|S[ĐDÐ]T|ĐT|ã s[ốôo]",
)
_PHONE = re.compile(r"0[35789]\d{8}|02\d{9}")
_SURE = 0.9  # confidence of the engine from which print is believed
_LEAN = 5.0  # degrees; boxes of words that lean more are too rough
_WIDEST = 32.0  # row heights of a slot; 13 boxes take 26
_BEHIND = 3.0  # row heights of paper behind figures that were read surely
_NEXT = 0.4  # row heights that a slot ends before the next label
_BELOW = re.compile("[gpqyj,;()/\u0323]")  # what goes below the line on which letters stand
_DESCENT = 0.2  # row heights that it goes below
_MORE = 4  # words that a label may go on with
_ABOVE = 2.5  # row heights above a slot in which words are looked for
_TEST_CENTURY = 8  # figure of numbers that nobody can have yet: made for tests


class FormSlot(NamedTuple):
    """A place for a number, behind its label."""

    kind: SlotKind
    box: Box  # from its label to the next, as high as a row of print; pixels of the upright page
    height: float  # of a row of print, in the same pixels
    label: Box  # of the last word of its label, in pixels of the original page
    above: tuple[Box, ...]  # words of print above it, in upright pixels
    raw: str  # what the page's reading has there
    sure: tuple[Box, ...]  # where figures stand that were read surely, in upright pixels


def form_slots(page: PageOfDossier, rows: PageRows | None = None) -> tuple[FormSlot, ...]:
    """Return the places for numbers on a page that has words from an OCR engine; mostly none.

    Args:
        page: a page that was read, with its words.
        rows: its rows, where they were made already.
    """
    is_level = abs(page.page.measures.skew) <= _LEAN
    if not is_level or page.page.source is not Source.OCR or not _may_have(page.page):
        return ()
    rows = rows or rows_of(page)
    typical = median([row.height for row in rows.rows])
    return tuple(
        _slot(rows, one, typical)
        for one in labelled_values([rows])
        if one.label.field in _KINDS and not _is_text(one)
    )


def slot_behind(one: Labelled) -> SlotReading | None:
    """Return what was read apart behind a label; None where nothing was."""
    if not one.said or one.label.field not in _KINDS:
        return None
    own = one.said[-1].original_box
    return next(
        (
            slot
            for slot in one.page.slots
            if slot.label is not None and slot.kind == one.label.field and _same(slot.label, own)
        ),
        None,
    )


def holds(kind: SlotKind, value: str) -> bool:
    """Tell whether a number may exist: its length, its parts and its check digit.

    Args:
        kind: the kind of number.
        value: digits; of a branch's tax code with a hyphen before the last three.
    """
    if kind is SlotKind.PHONE:
        return _PHONE.fullmatch(value) is not None
    if kind is SlotKind.TAX_CODE:
        return check_tax_code(value) is Validity.OK
    if re.fullmatch(r"0\d{11}", value) is None:
        return False
    is_test = int(value[3]) >= _TEST_CENTURY
    doubts = set(decode_personal_id(value).doubts)
    return not doubts - {"year"} if is_test else int(value[3]) < 4 and not doubts


def _may_have(page: Page) -> bool:
    return any(_MAY_HOLD.search(line.text) for line in page.text.lines)


def _is_text(one: Labelled) -> bool:
    """Tell whether words stand behind a label, such as the kind of a card, and no number."""
    sure = [token.text for token in one.tokens if token.confidence >= _SURE]
    words = [text for text in sure if len(text) > 1 and text.isalpha()]
    return len(words) > 1 and not any(map(str.isdigit, one.text))


def _same(one: Box, other: Box) -> bool:
    """Tell whether two boxes lie on one another: words may be mended since, with other boxes."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    least = min(one.width * one.height, other.width * other.height)
    return across > 0 and down > 0 and across * down > 0.5 * least


def _slot(page: PageRows, one: Labelled, typical: float) -> FormSlot:
    height = typical
    left = _label_end(page.rows[one.row], one)
    end = page.ends[one.row] if page.ends else page.width
    edge = end if one.until is None else one.until - _NEXT * height
    right = min(edge, left + _WIDEST * height)
    kind = SlotKind(one.label.field)
    sure = tuple(_sure(kind, one))
    if sure:  # only what lies on these figures is looked for
        right = min(right, max(figures.right for figures in sure) + _BEHIND * height)
    top = _base_line(one, height) - height
    box = Box(round(left), round(top), max(1, round(right - left)), max(1, round(height)))
    return FormSlot(
        kind,
        box,
        height,
        one.said[-1].original_box,
        tuple(_words_above(page, box)),
        one.text if one.rows == 1 else "",
        sure,
    )


def _base_line(one: Labelled, height: float) -> float:
    """Return where letters stand, by the words of a label that have nothing below."""
    ends = [
        token.box.bottom for token in one.said if not _BELOW.search(normalize("NFD", token.text))
    ]
    return median(ends or [token.box.bottom - _DESCENT * height for token in one.said])


def _label_end(row: Row, one: Labelled) -> int:
    """Return where the label ends: a known one may go on with words up to its colon."""
    last = one.said[-1].box
    behind = [token for token in row.tokens if token.box.left >= last.right][:_MORE]
    ends = [at for at, token in enumerate(behind) if token.text.endswith(":")]
    is_more = bool(ends) and not any(c.isdigit() for t in behind[: ends[0] + 1] for c in t.text)
    return behind[ends[0]].box.right if is_more and one.until is None else last.right


def _words_above(page: PageRows, box: Box) -> Iterator[Box]:
    """Yield the printed words near above a slot; figures there may be its correction."""
    for row in page.rows:
        if box.top - _ABOVE * box.height < row.middle < box.top:
            for token in row.tokens:
                is_print = sum(map(str.isalpha, token.text)) > 1 or token.confidence >= _SURE
                if is_print and token.box.bottom <= box.top + box.height / 4:
                    yield token.box


def _sure(kind: SlotKind, one: Labelled) -> Iterator[Box]:
    """Yield the boxes of a number that was read surely and may exist."""
    figures = [token for token in one.tokens if any(map(str.isdigit, token.text))]
    found = _FIND[kind](one.text)
    is_sure = all(token.confidence >= _SURE for token in figures)
    if one.rows == 1 and len(found) == 1 and is_sure and holds(kind, found[0]):
        yield from (token.box for token in figures)
