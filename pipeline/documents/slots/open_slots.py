"""Finds the places of a letterhead that hold a number or a date nobody could read surely.

«Số: … /QĐ-UBND» and «ngày … tháng … năm …» are printed; what stands between is often written or
stamped, which Tesseract loses or reads wrongly (``digit_trust``). The printed words around tell
where it is. Pure: rows of words, no pixels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from pipeline.documents.extract.header import Head, read_head
from pipeline.documents.extract.numbering import has_two_numbers
from pipeline.documents.rows import PageOfDossier, PageRows, Row, Token, rows_of
from pipeline.documents.slots.printed_values import PrintedValue, printed_day, printed_number
from pipeline.model import Box, Page, Source
from pipeline.model.page import SlotKind

_LABEL = re.compile(r"^\W*s[oố6ốóôòồỗ]\W*", re.IGNORECASE)
_FIRST_WORD = re.compile(r"\W?[Ss]\w\W?|ng\wy")  # with nothing glued to it
_SLASH = re.compile(r"[/!|]\s?[A-ZĐ]{2}|[A-ZĐ]{2,}\s?-\s?[A-ZĐ]|[A-ZĐ]r?-[A-ZĐ]{2}")  # TTr-UBND
_DAY = re.compile(r"^\W*ng\w")  # Ngãi begins large
_MONTH_OR_YEAR = re.compile(r"\bth.{1,3}g|\bn.m\b")
_WIDEST = {SlotKind.NUMBER: 9.5, SlotKind.DATE: 18.0}  # row heights that a phrase takes at most
_LEAN = 5.0  # degrees; boxes of words that lean more are too rough to tell row from row
_NEAR = 6.0  # row heights above and below in which words are looked for
_WIDE = 0.6  # share of the page's width; a wider line is of running text
_MAY_HOLD = re.compile(r"S.?.{0,12}/\s?[A-ZĐ]{2}|\bS[ốóồỗổô]\b|\bng\w.{0,14}\bth|\bth.{0,8}\bn.m\b")
_HEADING = re.compile(r"C[ỘO]NG|[ĐD][ộo]c l|DO|XÃ")  # its line may hold both columns


class OpenSlot(NamedTuple):
    """A place for a number or a date, with the printed words around it."""

    kind: SlotKind
    box: Box  # of the phrase, in pixels of the upright page
    height: float  # of the row it stands in, in the same pixels
    typical: float  # height of the page's rows: a scrawl makes its own row high
    begin: int | None  # where its first printed word ends, in the same pixels; None: not known
    above: int  # where the words above it end, in the same pixels; 0 without any
    below: int  # where the words below it begin, in the same pixels; the page's end without any
    raw: str  # the phrase as the page's reading has it
    printed: PrintedValue | None = None  # None: written or stamped, or nobody knows
    is_double: bool = False  # two numbers are printed in it
    is_hidden: bool = False  # something hides most of its row


def open_slots(page: PageOfDossier, rows: PageRows | None = None) -> tuple[OpenSlot, ...]:
    """Return the places for number and date in the letterhead of a page; none on most pages.

    A slot whose reading is certain is among them: its print may have been corrected by hand. A page
    whose words are not from an OCR engine has none, for nobody writes into a text layer, and
    neither has one that leans far.

    Args:
        page: a page that was read, with its words.
        rows: its rows, where they were made already.
    """
    is_level = abs(page.page.measures.skew) <= _LEAN
    if not is_level or page.page.source is not Source.OCR or not _may_have_slots(page.page):
        return ()
    head = read_head(rows or rows_of(page), None)
    if not head.is_sure:
        return ()
    return tuple(_slots_of(head))


def _may_have_slots(page: Page) -> bool:
    """Tell by single lines whether a page may have slots; most pages have none, and it is cheap."""
    measures = page.measures
    is_upright = measures.orientation in (0, 180)
    width = measures.width if is_upright else measures.height
    return any(
        _MAY_HOLD.search(line.text)
        for line in page.text.lines
        if not is_upright or line.box.width < _WIDE * width or _HEADING.search(line.text)
    )


def _slots_of(head: Head) -> Iterator[OpenSlot]:
    if head.number is not None and (slot := _number_slot(head, head.number)):
        yield slot
    if head.hidden is not None:
        yield _slot(SlotKind.NUMBER, head, head.hidden, room=(1.0, 1.5))._replace(is_hidden=True)
    for row in head.right:
        if slot := _date_slot(head, row):
            yield slot
            return


def _number_slot(head: Head, row: Row) -> OpenSlot | None:
    labels = [at for at, token in enumerate(row.tokens) if _LABEL.match(token.text)]
    start = labels[0] if labels else 0
    tokens = row.tokens[start:]
    if not _SLASH.search(" ".join(token.text for token in tokens)):
        return None  # without a symbol behind it, it may be anybody's number: an arrival stamp's
    slot = _slot(SlotKind.NUMBER, head, Row(tokens), room=(1.0, 1.5))
    printed = printed_number(head, tokens, slot.begin)
    return slot._replace(printed=printed, is_double=has_two_numbers(head))


def _date_slot(head: Head, row: Row) -> OpenSlot | None:
    start = next((at for at, token in enumerate(row.tokens) if _DAY.match(token.text)), -1)
    rest: tuple[Token, ...] = row.tokens[start:]
    if start < 0 or not _MONTH_OR_YEAR.search(" ".join(token.text for token in rest)):
        return None
    slot = _slot(SlotKind.DATE, head, Row(rest), room=(0.6, 0.6))
    return slot._replace(printed=printed_day(head, rest))


def _slot(kind: SlotKind, head: Head, row: Row, room: tuple[float, float]) -> OpenSlot:
    box, height = row.box, row.height
    left = box.left - room[0] * height
    right = min(box.right + room[1] * height, box.left + _WIDEST[kind] * height)
    top = row.middle - height / 2  # of the row, not of a scrawl that was taken for a tall word
    around = Box(round(left), round(top), round(right - left), round(height))
    first = row.tokens[0]
    begin = first.box.right if _FIRST_WORD.fullmatch(first.text) else None
    typical = median([each.height for each in head.page.rows])
    return OpenSlot(kind, around, height, typical, begin, *_words_around(head, around), row.text)


def _words_around(head: Head, box: Box) -> tuple[int, int]:
    """Return where printed words above a slot end, and begin below; figures may belong into it."""
    words = [
        token.box
        for row in head.page.rows
        if abs(row.middle - box.top) < _NEAR * box.height
        for token in row.tokens
        if token.box.left < box.right and token.box.right > box.left
        if sum(map(str.isalpha, token.text)) > 1
    ]
    above = (word.bottom for word in words if word.bottom <= box.top + box.height / 4)
    below = (word.top for word in words if word.top >= box.bottom - box.height / 4)
    return max(above, default=0), min(below, default=head.page.height)
