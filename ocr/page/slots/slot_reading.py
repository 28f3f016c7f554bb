"""Reads numbers and dates that people wrote or stamped into a letterhead.

Each slot is cut out twice: with the printed words around it, which tell where the figures begin and
end, and the figures alone. A value is taken when both readings are sure and say the same, or a 1
with a roof would be a 4 (docs/reading.md). What disturbs the figures is told instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ocr.engines.ctc import Digits, Letter, digits, greedy
from ocr.engines.port import LineRecogniser
from ocr.image.geometry import Pixels, upright_page
from ocr.image.slot_ink import Disturbance
from ocr.page.slots.figure_ink import are_apart, is_empty, is_over_print
from ocr.page.slots.printed_figures import confirmed
from ocr.page.slots.slot_phrase import DISTURBED, Phrase, figure_columns
from pipeline.documents import PageOfDossier
from pipeline.documents.rows import PageRows
from pipeline.documents.slots.open_slots import open_slots
from pipeline.model import Box, Page, SlotKind, SlotReading
from pipeline.vietnamese.numbers import real_date

UNSURE = "Chữ số trong ô này (in, viết tay hay đóng dấu) máy đọc không chắc."
SEVERAL = "Ô số của giấy tờ có hai số, máy không biết số nào đúng."
_NUMBER, _DATE = 0.7, 0.6  # least confidence of the weakest figure, in both readings
_LONGEST = 5  # figures of a number
_BEHIND = 1.6  # row heights behind the slash: a slash cut in half is read as 1
_GAP = 1.2  # row heights between middles of figures of one number; 1.02 was the most of 20 hands
_FIRST_YEAR = 1945
_NUMBER_LABEL = re.compile(r"\W*[sS]\w?\W{0,2}?[:.;]|\W*[sS][^\W\d]")
_LONE = re.compile(r"[\s._…·]*(\d[\d ]*?)[\s._…·]*")  # figures, not 12a, 12-13 or 1,2
_DAY = re.compile(
    r"g.?[aàáãâ]?y(?P<day>[^a-z]{0,7}?)t?h.{0,2}ng(?P<month>[^a-z]{0,7}?)"
    r"n.{0,2}m(?P<year>[\d ]{4,7})",
    re.IGNORECASE,
)


class _DateFigures(NamedTuple):
    """Day or month of a date, as read with the words around it."""

    box: Box  # upright pixels
    number: Digits
    text: str  # as read freely


def read_slots(
    recogniser: LineRecogniser, pixels: Pixels, page: Page, rows: PageRows | None = None
) -> tuple[SlotReading, ...]:
    """Return what stands in the slots of a letterhead; none on most pages.

    Args:
        recogniser: reads the figures.
        pixels: the original page, grey (height by width) or BGR (height by width by 3).
        page: the page as it was read, with its words.
        rows: the rows of the page, where they were made already.

    Raises:
        MissingEngineError: the recogniser's model is not there.
    """
    mapping = upright_page(pixels, page.measures)
    found = (
        _read(recogniser, Phrase.of(slot, pixels, mapping))
        for slot in open_slots(PageOfDossier(page.number, page), rows)
    )
    return tuple(filter(None, found))


def _read(recogniser: LineRecogniser, phrase: Phrase) -> SlotReading | None:
    """Return what stands in a slot; None where it is print that was read surely."""
    slot = phrase.slot
    if slot.is_double or slot.is_hidden:
        return phrase.refused(phrase.box, SEVERAL if slot.is_double else UNSURE)
    if printed := slot.printed:  # what nobody doubts is not read again
        is_day = slot.kind is SlotKind.DATE  # behind a number its slash stands
        rooms = [(one.left, one.right if is_day else one.box.right) for one in printed.parts]
        seen = phrase.disturbed([part.box for part in printed.parts], rooms)
        if seen:
            return phrase.refused(phrase.box, seen)
        if not any(part.is_doubtful for part in printed.parts):
            return None
        if said := confirmed(recogniser, phrase, printed):
            return said
    read = _number if slot.kind is SlotKind.NUMBER else _date
    return read(recogniser, phrase.read(recogniser))


def _number(recogniser: LineRecogniser, phrase: Phrase) -> SlotReading | None:
    """Return what stands in the slot of a number; None where nothing does."""
    label = _NUMBER_LABEL.match(phrase.text)
    begin = label.end() if label else 0
    slash = phrase.text.find("/", begin)
    if slash < 0:
        return phrase.refused(phrase.box, UNSURE)
    between = phrase.letters[begin:slash]
    first = phrase.letters[begin - 1].last + 1 if begin else 0
    last = phrase.letters[slash].first
    box = phrase.figures(first, last)
    seen = phrase.disturbed([box]) or (SEVERAL if _are_several(phrase, between) else "")
    if not seen and is_over_print(phrase.cut_out(box), phrase.print_height):
        seen = DISTURBED[Disturbance.CROSSED]
    if seen:
        return phrase.refused(box, seen)
    if _is_empty(phrase, box, between):
        return None
    one, tail = digits(phrase.steps[first:last], figure_columns(recogniser)), _year(phrase, slash)
    may_be = tail is not None and one.text.strip("0") and len(one.text) <= _LONGEST
    if not may_be or not _is_lone(one, phrase.text[begin:slash]) or one.confidence < _NUMBER:
        return phrase.refused(box, UNSURE)  # nothing that a second reading could change
    sure = _agreed(one, _number_alone(recogniser, phrase, box), _NUMBER)
    return phrase.taken(box, f"{one.text}{tail}", sure) if sure else phrase.refused(box, UNSURE)


def _is_empty(phrase: Phrase, box: Box, letters: Sequence[Letter]) -> bool:
    """Tell whether neither reading has anything before the slash, and no ink stands there."""
    is_read = any(letter.text.isalnum() for letter in letters)
    is_known = any(map(str.isdigit, phrase.slot.raw.partition("/")[0]))
    return not (is_read or is_known) and is_empty(phrase.cut_out(box), phrase.print_height)


def _number_alone(recogniser: LineRecogniser, phrase: Phrase, figures: Box) -> Digits | None:
    """Return the number as read without its label, as far as the slash; None without one."""
    wide = figures.width + round(_BEHIND * phrase.slot.height)
    steps = recogniser.steps(phrase.cut_out(figures._replace(width=wide)))
    letters = greedy(steps, recogniser.alphabet)
    end = next((letter.first for letter in letters if letter.text == "/"), 0)
    return digits(steps[:end], figure_columns(recogniser)) if end else None


def _year(phrase: Phrase, slash: int) -> str | None:
    """Return the year of ``12/2025/…``, empty where there is none; None if nobody knows."""
    behind = phrase.text[slash:]
    if not re.match(r"/\s?\d", behind):
        return ""
    year = re.match(r"/\s?((?:19|20)\d\d)(?!\d)", behind)
    return f"/{year[1]}" if year and year[1] in phrase.slot.raw else None


def _date(recogniser: LineRecogniser, phrase: Phrase) -> SlotReading:
    match = _DAY.search(phrase.text)
    if match is None:
        return phrase.refused(phrase.box, UNSURE)
    parts = [_part(recogniser, phrase, match, name) for name in ("day", "month")]
    if seen := phrase.disturbed([part.box for part in parts]):
        return phrase.refused(parts[0].box.union(parts[1].box), seen)
    whole = parts[0].box.union(parts[1].box)
    may_be = [part.number.confidence >= _DATE and len(part.number.text) <= 2 for part in parts]
    day = None
    if all(may_be) and all(_is_lone(part.number, part.text) for part in parts):
        year = _year_of_day(phrase, match)
        day = real_date(year, int(parts[1].number.text), int(parts[0].number.text))
    if day is None:
        return phrase.refused(whole, UNSURE)  # nothing that a second reading could change
    least = 1.0
    for part in parts:
        alone = digits(recogniser.steps(phrase.cut_out(part.box)), figure_columns(recogniser))
        least = min(least, _agreed(part.number, alone, _DATE))
        if not least:
            return phrase.refused(whole, UNSURE)
    return phrase.taken(whole, day.isoformat(), least)


def _part(
    recogniser: LineRecogniser, phrase: Phrase, match: re.Match[str], name: str
) -> _DateFigures:
    begin, end = match.span(name)
    first, last = phrase.letters[begin - 1].last + 1, phrase.letters[end].first
    number = digits(phrase.steps[first:last], figure_columns(recogniser))
    return _DateFigures(phrase.figures(first, last, is_first=name == "day"), number, match[name])


def _year_of_day(phrase: Phrase, match: re.Match[str]) -> int | None:
    """Return the year that both readings of the page have; None for any other."""
    text = match["year"].replace(" ", "")
    letters = phrase.letters[slice(*match.span("year"))]
    is_sure = all(letter.confidence >= _DATE for letter in letters if letter.text.isdigit())
    is_read = is_sure and len(text) == 4 and text in phrase.slot.raw.replace(" ", "")
    return int(text) if is_read and int(text) >= _FIRST_YEAR else None


def _agreed(one: Digits, two: Digits | None, least: float) -> float:
    """Return the confidence of the weakest figure of two equal, sure readings; else 0."""
    if two is None or one.text != two.text or not one.text:
        return 0.0
    sure = min(one.confidence, two.confidence)
    return sure if sure >= least else 0.0


def _is_lone(number: Digits, text: str) -> bool:
    """Tell whether a text, read freely, is this number alone: digits hide what else is there."""
    match = _LONE.fullmatch(text)
    return match is not None and match[1].replace(" ", "") == number.text


def _are_several(phrase: Phrase, letters: Sequence[Letter]) -> bool:
    """Tell whether figures of a number stand so far from one another that they are two numbers.

    The recogniser's steps are a third of a row wide, so what is far by them is looked at.
    """
    middles = [(letter.first + letter.last + 1) / 2 for letter in letters if letter.text.isdigit()]
    across = np.array(middles) * phrase.box.width / len(phrase.steps)
    height = phrase.print_height
    far = np.flatnonzero(np.diff(across) > _GAP * height)
    row = phrase.cut_out(phrase.row()._replace(left=phrase.box.left, width=phrase.box.width))
    return any(are_apart(row, (across[at], across[at + 1]), height) for at in far.tolist())
