"""Reads numbers and dates that people wrote or stamped into a letterhead.

Each slot is cut out twice: with the printed words around it, which tell where the figures begin and
end, and the figures alone. A value is taken when both readings are sure and say the same, or a 1
with a roof would be a 4 (docs/reading.md). What disturbs the figures is told instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ocr.engines.ctc import Digits, Letter, digits, greedy
from ocr.engines.port import LineRecogniser, Probabilities
from ocr.image.geometry import Mapping, Pixels, cut_out, unmap_box, upright_mapping
from ocr.image.slot_ink import Around, Disturbance, disturbance
from ocr.page.form_slot_reading import UNSURE as UNSURE_IN_FORM
from ocr.page.form_slot_reading import read_form_slots
from pipeline.documents import PageOfDossier
from pipeline.documents.slots.open_slots import OpenSlot, open_slots
from pipeline.model import Box, Page, SlotKind, SlotReading
from pipeline.vietnamese.numbers import real_date

UNSURE = "Chữ số trong ô này (in, viết tay hay đóng dấu) máy đọc không chắc."
SEVERAL = "Ô số của giấy tờ có hai số, máy không biết số nào đúng."
DISTURBED = {
    Disturbance.CROSSED: "Có nét khác (chữ ký, con dấu, nét gạch) đè lên số hoặc ngày của giấy tờ.",
    Disturbance.STRUCK: "Số hoặc ngày của giấy tờ bị gạch ngang.",
    Disturbance.ADDED: "Có chữ số viết thêm phía trên số hoặc ngày của giấy tờ.",
}
_NUMBER, _DATE = 0.7, 0.6  # least confidence of the weakest figure, in both readings
_LONGEST = 5  # figures of a number
_ABOVE = 1.6  # row heights of paper above and below that are looked at for other ink
_PHRASE, _FIGURES = 0.5, 0.15  # row heights above and below that are read
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


class _Phrase(NamedTuple):
    """A slot with its cut-outs and what was read of the phrase."""

    slot: OpenSlot
    page: Pixels
    mapping: Mapping  # from the page to its upright image
    steps: Probabilities
    letters: list[Letter]
    box: Box  # of the phrase as it was read, in upright pixels

    @property
    def text(self) -> str:
        return "".join(letter.text for letter in self.letters)

    def across(self, step: float) -> float:
        """Return where a step begins, in upright pixels from the left of the page."""
        return self.box.left + step * self.box.width / len(self.steps)


def with_slots(recogniser: LineRecogniser, pixels: Pixels, page: Page) -> Page:
    """Return a page with what stands in its slots, and what disturbs them among its reasons.

    Args:
        recogniser: reads the figures.
        pixels: the original page, grey (height by width) or BGR (height by width by 3).
        page: the page as it was read, with its words.

    Raises:
        MissingEngineError: the recogniser's model is not there.
    """
    slots = read_slots(recogniser, pixels, page) + read_form_slots(recogniser, pixels, page)
    quiet = ("", UNSURE, UNSURE_IN_FORM)
    told = dict.fromkeys(slot.reason for slot in slots if slot.reason not in quiet)
    return replace(page, slots=slots, reasons=(*page.reasons, *told))


def read_slots(recogniser: LineRecogniser, pixels: Pixels, page: Page) -> tuple[SlotReading, ...]:
    """Return what stands in the slots of a page; arguments and errors are those of `with_slots`."""
    found = []
    measures = page.measures
    for slot in open_slots(PageOfDossier(page.number, page)):
        height, width = pixels.shape[:2]
        mapping = upright_mapping(width, height, measures.orientation, measures.skew, 1.0)
        box = _grown(slot.box, _PHRASE * slot.height)
        phrase = _Phrase(slot, pixels, mapping, np.zeros((0, 0), np.float32), [], box)
        if slot.sure_figures:  # print that was read surely is not read again
            seen = next(filter(None, (_disturbed(phrase, each) for each in slot.sure_figures)), "")
            found += [_refused(phrase, box, seen)] if seen else []
            continue
        steps = recogniser.steps(_cut_out(phrase, box))
        phrase = phrase._replace(steps=steps, letters=greedy(steps, recogniser.alphabet))
        read = _number if slot.kind is SlotKind.NUMBER else _date
        found.append(read(recogniser, phrase))
    return tuple(found)


def _number(recogniser: LineRecogniser, phrase: _Phrase) -> SlotReading:
    label = _NUMBER_LABEL.match(phrase.text)
    begin = label.end() if label else 0
    slash = phrase.text.find("/", begin)
    if slash < 0:
        return _refused(phrase, phrase.box, UNSURE)
    between = phrase.letters[begin:slash]
    first = phrase.letters[begin - 1].last + 1 if begin else 0
    last = phrase.letters[slash].first
    box = _figures(phrase, first, last)
    seen = _disturbed(phrase, box) or (SEVERAL if _are_several(phrase, between) else "")
    if seen:
        return _refused(phrase, box, seen)
    one = digits(phrase.steps[first:last], _columns(recogniser))
    is_lone = _is_lone(one, phrase.text[begin:slash])
    sure = is_lone and _agreed(one, _number_alone(recogniser, phrase, box), _NUMBER)
    tail = _year_behind(phrase, slash)
    if tail is None or not sure or not one.text.strip("0") or len(one.text) > _LONGEST:
        return _refused(phrase, box, UNSURE)
    return _taken(phrase, box, one.text + tail, sure)


def _number_alone(recogniser: LineRecogniser, phrase: _Phrase, figures: Box) -> Digits | None:
    """Return the number as read without its label, as far as the slash; None without one."""
    wide = figures.width + round(_BEHIND * phrase.slot.height)
    steps = recogniser.steps(_cut_out(phrase, figures._replace(width=wide)))
    letters = greedy(steps, recogniser.alphabet)
    end = next((letter.first for letter in letters if letter.text == "/"), 0)
    return digits(steps[:end], _columns(recogniser)) if end else None


def _year_behind(phrase: _Phrase, slash: int) -> str | None:
    """Return the year of ``12/2025/…``, empty where there is none; None if nobody knows."""
    behind = phrase.text[slash:]
    if not re.match(r"/\s?\d", behind):
        return ""
    year = re.match(r"/\s?((?:19|20)\d\d)(?!\d)", behind)
    return f"/{year[1]}" if year and year[1] in phrase.slot.raw else None


def _date(recogniser: LineRecogniser, phrase: _Phrase) -> SlotReading:
    match = _DAY.search(phrase.text)
    if match is None:
        return _refused(phrase, phrase.box, UNSURE)
    values, least, boxes = [], 1.0, []
    for name in ("day", "month"):
        begin, end = match.span(name)
        first, last = phrase.letters[begin - 1].last + 1, phrase.letters[end].first
        box = _figures(phrase, first, last, is_first=name == "day")
        boxes.append(box)
        if seen := _disturbed(phrase, box):
            return _refused(phrase, box, seen)
        one = digits(phrase.steps[first:last], _columns(recogniser))
        alone = recogniser.steps(_cut_out(phrase, box))
        sure = _agreed(one, digits(alone, _columns(recogniser)), _DATE)
        if not sure or len(one.text) > 2 or not _is_lone(one, match[name]):
            return _refused(phrase, box, UNSURE)
        values.append(int(one.text))
        least = min(least, sure)
    day = real_date(_year(phrase, match), values[1], values[0])
    whole = boxes[0].union(boxes[1])
    if day is None:
        return _refused(phrase, whole, UNSURE)
    return _taken(phrase, whole, day.isoformat(), least)


def _year(phrase: _Phrase, match: re.Match[str]) -> int | None:
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


def _are_several(phrase: _Phrase, letters: Sequence[Letter]) -> bool:
    """Tell whether figures of a number stand so far from one another that they are two numbers."""
    middles = [(letter.first + letter.last + 1) / 2 for letter in letters if letter.text.isdigit()]
    gaps = np.diff(middles) * phrase.box.width / len(phrase.steps)
    return bool((gaps > _GAP * phrase.slot.height).any())


def _disturbed(phrase: _Phrase, figures: Box) -> str:
    """Return why the figures may not hold, Vietnamese; empty when they stand alone."""
    height = phrase.slot.height
    box = _grown(phrase.slot.box, _ABOVE * height)
    top = phrase.slot.box.top - box.top
    free = max(0, phrase.slot.above - box.top)
    around = Around(figures.left - box.left, figures.right - box.left, top, top + height, free)
    seen = disturbance(_cut_out(phrase, box), around)
    return DISTURBED[seen] if seen else ""


def _figures(phrase: _Phrase, first: int, last: int, *, is_first: bool = True) -> Box:
    """Return the box around the figures between two steps, in upright pixels.

    The first begin where Tesseract saw the word before end: a thin 1 may have been taken for it.
    """
    row = _grown(phrase.slot.box, _FIGURES * phrase.slot.height)
    left = round(phrase.across(first) - 0.2 * phrase.slot.height)
    left = min(left, phrase.slot.begin or left) if is_first else left
    return Box(left, row.top, max(round(phrase.across(last + 1)) - left, 1), row.height)


def _refused(phrase: _Phrase, box: Box, reason: str) -> SlotReading:
    return SlotReading(phrase.slot.kind, "", 0.0, _on_page(phrase, box), phrase.slot.raw, reason)


def _taken(phrase: _Phrase, box: Box, value: str, sure: float) -> SlotReading:
    place = _on_page(phrase, box)
    return SlotReading(phrase.slot.kind, value, round(sure, 3), place, phrase.slot.raw)


def _on_page(phrase: _Phrase, box: Box) -> Box:
    return unmap_box(box, phrase.mapping, phrase.page.shape[1], phrase.page.shape[0])


def _columns(recogniser: LineRecogniser) -> list[int]:
    return [recogniser.alphabet.index(str(digit)) + 1 for digit in range(10)]


def _grown(box: Box, room: float) -> Box:
    """Return a box with so many pixels more above and below."""
    return Box(box.left, round(box.top - room), box.width, round(box.height + 2 * room))


def _cut_out(phrase: _Phrase, box: Box) -> Pixels:
    return cut_out(phrase.page, phrase.mapping, box)
