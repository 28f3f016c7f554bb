"""Masks the places of a form where people wrote numbers, whatever was made of what stands there.

A number that was struck out, read unsurely or given by somebody else than the paper's first person
is in no field of the dossier, and its figures are on the picture all the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.masking.plain import HIDDEN, LOOKALIKES, composed
from pipeline.model import Box, Page, SlotKind, SlotReading, Word

_OF_LETTERHEADS = frozenset({SlotKind.NUMBER, SlotKind.DATE})  # they say nothing of people
FIGURES = re.compile(rf"[0-9{LOOKALIKES}]*\d[\d{LOOKALIKES}]*")  # some read as letters
_ROWS = (
    1.8  # heights of a row of print that a slot's box is high (ocr/page/slots/form_slot_reading.py)
)
_SURE = 0.9  # confidence of the engine from which print is believed
_FURTHEST = 32.0  # row heights that a slot goes on: 13 boxes take 26


class _Room(NamedTuple):
    """Row heights that are painted around a slot's box, which itself has 0.4 above its row."""

    above: float
    beside: float
    below: float


_READ_ALIKE = _Room(0.6, 0.3, 0.3)
_REFUSED = _Room(1.2, 1.0, 0.6)  # another number may stand above: so far the reader looks there


class _Strip(NamedTuple):
    """A box as its row runs: from begin to end, between the letters' tops and feet."""

    begin: int
    end: int
    top: int
    foot: int

    def meets(self, other: _Strip) -> bool:
        return self.begin < other.end and other.begin < self.end and self.is_beside(other)

    def is_beside(self, other: _Strip) -> bool:
        return self.top < other.foot and other.top < self.foot

    def has_middle_of(self, other: _Strip) -> bool:
        across, down = (other.begin + other.end) / 2, (other.top + other.foot) / 2
        return self.begin <= across < self.end and self.top <= down < self.foot


class MaskedSlots(NamedTuple):
    """What is hidden of the slots of a page."""

    boxes: tuple[Box, ...]  # to paint, in pixels of the original page
    words: Mapping[int, str]  # what is shown of those that stand there, by position


def mask_slots(page: Page) -> MaskedSlots:
    """Return what is hidden because somebody's number belongs there; mostly nothing.

    Args:
        page: the page with the words that hold.
    """
    turn = page.measures.orientation
    words = page.text.words
    strips = [_strip(word.box, turn) for word in words] if page.slots else []
    boxes: list[Box] = []
    shown: dict[int, str] = {}
    for slot in page.slots:
        if slot.kind in _OF_LETTERHEADS:
            continue
        own = _strip(slot.box, turn)
        painted = _painted(slot, own, page, strips)
        boxes.append(_box(painted, turn))
        for at, text in _hidden(words, strips, own, painted):
            shown[at] = darker(shown.get(at, text), text)
    return MaskedSlots(tuple(boxes), shown)


def darker(one: str, other: str) -> str:
    """Return two maskings of a word as one: hidden is what either hides."""
    pairs = zip(one, other, strict=True)
    return "".join(HIDDEN if HIDDEN in pair else pair[0] for pair in pairs)


def _painted(slot: SlotReading, own: _Strip, page: Page, strips: Sequence[_Strip]) -> _Strip:
    """Return what is painted: of a refused slot all up to the next printed word as well."""
    height = (own.foot - own.top) / _ROWS
    room = _REFUSED if slot.reason else _READ_ALIKE
    beside, end = round(room.beside * height), own.end
    if slot.reason:
        prints = (
            strip.begin
            for word, strip in zip(page.text.words, strips, strict=True)
            if strip.begin >= own.end and strip.is_beside(own) and _is_print(word)
        )
        end = min([round(own.end + _FURTHEST * height), *prints])
    lean = math.tan(math.radians(min(abs(page.measures.skew), 45.0))) * (end - own.end)
    above, below = (round(share * height + lean) for share in (room.above, room.below))
    end = max(end, own.end + beside)
    return _Strip(own.begin - beside, end, own.top - above, own.foot + below)


def _hidden(
    words: Sequence[Word], strips: Sequence[_Strip], own: _Strip, painted: _Strip
) -> Iterator[tuple[int, str]]:
    """Yield the words of a slot, and what is shown of them, each letter in its place."""
    row = own._replace(end=painted.end)
    for at, (word, strip) in enumerate(zip(words, strips, strict=True)):
        text = composed(word.text)
        is_alone = row.has_middle_of(strip) and not _is_print(word)
        if is_alone or own.has_middle_of(strip):
            yield at, "".join(HIDDEN if char.isalnum() else char for char in text)
        elif own.meets(strip) or painted.has_middle_of(strip):
            yield at, FIGURES.sub(lambda match: HIDDEN * len(match[0]), text)


def _is_print(word: Word) -> bool:
    letters = word.text.strip(".,:;()/-…")
    return len(letters) > 1 and letters.isalpha() and word.confidence >= _SURE


def _strip(box: Box, turn: int) -> _Strip:
    """Return a box of the original page as it runs when turned clockwise so many degrees."""
    if turn == 90:
        return _Strip(-box.bottom, -box.top, box.left, box.right)
    if turn == 180:
        return _Strip(-box.right, -box.left, -box.bottom, -box.top)
    if turn == 270:
        return _Strip(box.top, box.bottom, -box.right, -box.left)
    return _Strip(box.left, box.right, box.top, box.bottom)


def _box(strip: _Strip, turn: int) -> Box:
    begin, end, top, foot = strip
    left, upper, right, low = {
        90: (top, -end, foot, -begin),
        180: (-end, -foot, -begin, -top),
        270: (-foot, begin, -top, end),
    }.get(turn, (begin, top, end, foot))
    left, upper = max(0, left), max(0, upper)
    return Box(left, upper, max(0, right - left), max(0, low - upper))
