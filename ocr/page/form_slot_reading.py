"""Reads numbers that people wrote into forms: one figure to a box, on dots or on a rule.

What is printed for them to stand in is taken out, and the figures are read twice, drawn together
and drawn apart. A number is taken when both readings are sure and say the same, it has as many
figures as such a number and as its boxes, and it may exist (docs/reading.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np

from ocr.engines.ctc import digits, greedy
from ocr.engines.port import LineRecogniser
from ocr.image.geometry import Mapping, Pixels, cut_out, unmap_box, upright_mapping
from ocr.image.slot_boxes import Mask, Span
from ocr.image.slot_cells import Cleaned, are_cut, cleaned, figures_in, row_alone
from ocr.image.slot_ink import Around, Disturbance, disturbance, is_struck_alone
from pipeline.documents import PageOfDossier
from pipeline.documents.slots.form_slots import LENGTHS, FormSlot, form_slots, holds
from pipeline.model import Box, Page, SlotReading
from pipeline.model.page import SlotKind

UNSURE = "Chữ số trong ô này của tờ khai máy đọc không chắc."
SEVERAL = "Ô số của tờ khai có hai số, máy không biết số nào đúng."
DISTURBED = {
    Disturbance.CROSSED: "Có nét khác (chữ ký, con dấu, nét gạch) đè lên số trên tờ khai.",
    Disturbance.STRUCK: "Số trên tờ khai bị gạch.",
    Disturbance.ADDED: "Có chữ số viết thêm phía trên số trên tờ khai.",
}
_LEAST = 0.95  # of the weakest figure, in both readings; struck ones and cut ones have less
_ABOVE = 2.0  # row heights above and below the row's middle that are looked at
_ROOM = 0.3  # row heights of paper around what is read
_APART = 0.3, 0.55  # row heights between figures that are drawn together, first and second time
_HIGH = 0.95  # row heights above the row where nothing of its figures is
_BESIDE = 0.15  # row heights beside a figure that a line through it takes as well
_OVER = 0.34, 0.12  # row heights above a box: what goes through all of that is no figure's end
_GAP = 1.7  # row heights of paper between two numbers; figures of one are nearer
_NEAR = 0.5  # row heights from the row to the foot of a figure that belongs to it
_BOXES = {SlotKind.TAX_CODE: (13, 10), SlotKind.PHONE: (11, 10)}
_BRANCH = 10  # figures of a tax code before the three of its branch
_FIGURES = re.compile(r"[\s._…·,'|-]*(\d[\d\s.·,-]*?)[\s._…·,'|-]*")  # nothing else is there


class _RowBand(NamedTuple):
    """A slot's row, cut out of the page."""

    slot: FormSlot
    page: Pixels
    mapping: Mapping  # from the page to its upright image
    box: Box  # of the band, in upright pixels
    picture: Cleaned
    row: tuple[float, float]  # top and bottom of the row, in pixels of the band


def read_form_slots(
    recogniser: LineRecogniser, pixels: Pixels, page: Page
) -> tuple[SlotReading, ...]:
    """Return what stands in the number slots of a page; empty ones say nothing.

    Args:
        recogniser: reads the figures.
        pixels: the original page, grey (height by width) or BGR (height by width by 3).
        page: the page as it was read, with its words.

    Raises:
        MissingEngineError: the recogniser's model is not there.
    """
    (height, width), measures = pixels.shape[:2], page.measures
    mapping = upright_mapping(width, height, measures.orientation, measures.skew, 1.0)
    slots = form_slots(PageOfDossier(page.number, page))
    read = (_read(recogniser, _band(slot, pixels, mapping)) for slot in slots)
    return tuple(filter(None, read))


def _band(slot: FormSlot, pixels: Pixels, mapping: Mapping) -> _RowBand:
    middle = slot.box.top + slot.box.height / 2
    top = round(middle - _ABOVE * slot.height)
    box = Box(slot.box.left, top, slot.box.width, round(2 * _ABOVE * slot.height))
    counts = _BOXES.get(slot.kind, LENGTHS[slot.kind])
    above = [_within(word, box, middle - slot.height / 2) for word in slot.above]
    picture = cleaned(cut_out(pixels, mapping, box), slot.height, counts, above)
    row = middle - slot.height / 2 - top, middle + slot.height / 2 - top
    return _RowBand(slot, pixels, mapping, box, picture, row)


def _within(word: Box, band: Box, end: float) -> Box:
    """Return a box of the page in pixels of a band, as far as a row that begins below it."""
    low = min(word.bottom, round(end))
    return Box(word.left - band.left, word.top - band.top, word.width, max(0, low - word.top))


def _read(recogniser: LineRecogniser, band: _RowBand) -> SlotReading | None:
    """Return what stands in a slot; None where it is empty, or undisturbed print."""
    figures = figures_in(band.picture.ink, band.row, band.slot.height)
    if not figures:
        return None
    groups = list(_groups(figures, _GAP * band.slot.height, band.picture.cells))
    own = Span(groups[0][0].left, groups[0][-1].right)
    seen = _disturbed(band, own, figures)
    if seen:
        return _refused(band, own, seen)
    if band.slot.sure:
        return None
    if any(len(group) > 2 for group in groups[1:]):
        return _refused(band, own, SEVERAL)
    return _figures(recogniser, band, groups[0], own)


def _groups(figures: Sequence[Span], gap: float, cells: Sequence[Span]) -> Iterator[list[Span]]:
    """Yield figures that belong together: those in boxes, then what stands apart."""
    group: list[Span] = []
    for figure in figures:
        ended = cells and figure.left > cells[-1].right
        is_far = bool(group) and figure.left - group[-1].right > gap
        if group and (is_far or ended) and not (cells and figure.right <= cells[-1].right):
            yield group
            group = []
            cells = ()
        group.append(figure)
    yield group


def _figures(
    recogniser: LineRecogniser, band: _RowBand, figures: Sequence[Span], own: Span
) -> SlotReading:
    """Return the number that both readings have, or why there is none."""
    band = band._replace(picture=row_alone(band.picture, band.row, band.slot.height))
    drawn = _of_cells(band) if band.picture.cells else [own]
    if drawn is None:
        return _refused(band, own, UNSURE)
    least, text = 1.0, ""
    for apart in _APART:
        steps = recogniser.steps(_drawn(band, drawn, apart))
        columns = [recogniser.alphabet.index(str(digit)) + 1 for digit in range(10)]
        one = digits(steps, columns)
        free = _FIGURES.fullmatch("".join(each.text for each in greedy(steps, recogniser.alphabet)))
        alone = re.sub(r"\D", "", free[1]) if free else ""
        least = min(least, one.confidence)
        if least < _LEAST or one.text != alone or (text and one.text != text):
            return _refused(band, own, UNSURE)
        text = one.text
        is_whole = len(text) in LENGTHS[band.slot.kind]
        is_cut = band.picture.cells and (
            len(text) != len(drawn) or are_cut(band.picture, drawn, text, band.slot.height)
        )
        if not is_whole or is_cut:
            return _refused(band, own, UNSURE)
    value = text
    if band.slot.kind is SlotKind.TAX_CODE and len(text) > _BRANCH:
        value = f"{text[:_BRANCH]}-{text[_BRANCH:]}"
    if not holds(band.slot.kind, value):
        return _refused(band, own, UNSURE)
    slot, place = band.slot, _on_page(band, own)
    return SlotReading(slot.kind, value, round(least, 3), place, slot.raw, "", slot.label)


def _of_cells(band: _RowBand) -> list[Span] | None:
    """Return the boxes that hold a figure; None when one in between is empty."""
    filled = [cell for cell in band.picture.cells if _holds_figure(band, cell)]
    return filled if len(filled) == len(band.picture.cells) else None


def _holds_figure(band: _RowBand, cell: Span) -> bool:
    rows = np.flatnonzero(band.picture.ink[_reach(band), cell.left : cell.right].any(axis=1))
    return bool(len(rows)) and rows[-1] - rows[0] > 0.35 * band.slot.height


def _reach(band: _RowBand) -> slice:
    """Return the rows that figures of a row may take."""
    room = 0.4 * band.slot.height
    return slice(max(0, round(band.row[0] - room)), round(band.row[1] + room))


def _drawn(band: _RowBand, parts: Sequence[Span], apart: float) -> Pixels:
    """Draw figures side by side, with so much paper between them, cut close above and below."""
    height, paper = band.slot.height, band.picture.paper
    inked = band.picture.ink
    rows = np.flatnonzero(
        np.logical_or.reduce([inked[:, part.left : part.right].any(axis=1) for part in parts])
    )
    room = round((_ROOM if apart == _APART[0] else 1.6 * _ROOM) * height)
    top, low = int(rows[0]), int(rows[-1]) + 1
    pieces: list[Pixels] = []
    for part in parts:
        piece = band.picture.grey[top:low, part.left : part.right]
        if len(parts) > 1:
            columns = np.flatnonzero(band.picture.ink[top:low, part.left : part.right].any(axis=0))
            piece = piece[:, max(0, columns[0] - 1) : columns[-1] + 2]
            pieces.append(np.full((low - top, round(apart * height)), paper, np.uint8))
        pieces.append(piece)
    line = np.hstack(pieces)
    return np.asarray(
        cv2.copyMakeBorder(line, room, room, room, room, cv2.BORDER_CONSTANT, value=paper), np.uint8
    )


def _disturbed(band: _RowBand, own: Span, figures: Sequence[Span]) -> str:
    """Return why the figures may not hold, Vietnamese; empty when they stand alone."""
    height = band.slot.height
    labels, stats = cv2.connectedComponentsWithStats(band.picture.ink, connectivity=8)[1:3]
    feet = stats[:, 1] + stats[:, 3]
    goes_on_above = (stats[:, 1] <= 1) & (feet < band.row[0] + 0.5 * height)
    of_row_above = goes_on_above | (feet < band.row[0] - _NEAR * height)
    of_row_above[0] = True
    looked = np.where(of_row_above[labels], 255, 0).astype(np.uint8)
    seen = disturbance(looked, Around(own.left, own.right, *band.row, 0.0))
    alone = row_alone(band.picture, band.row, height).ink
    if seen is None and _reaches_up(band, own, alone):
        seen = Disturbance.ADDED
    room = round(_BESIDE * height)
    parts = (alone[:, max(0, one.left - room) : one.right + room] for one in figures)
    if seen is None and not band.slot.sure and any(is_struck_alone(p, height) for p in parts):
        return DISTURBED[Disturbance.STRUCK] if band.picture.cells else UNSURE  # bars that touch
    return DISTURBED[seen] if seen else ""


def _reaches_up(band: _RowBand, own: Span, alone: Mask) -> bool:
    """Tell whether something joined to the figures goes up where no figure of theirs does."""
    height, picture = band.slot.height, band.picture
    top = max(0, round(band.row[0] - _HIGH * height))
    if alone[:top, own.left : own.right].any():
        return True
    if picture.edges is None or picture.edges.left < 0 or picture.dark is None:
        return False
    first, last = (max(0, round(picture.edges.left - share * height)) for share in _OVER)
    across = picture.dark[first:last]
    return bool(len(across)) and any(
        across[:, cell.left : cell.right].all(axis=0).any() for cell in picture.cells
    )


def _refused(band: _RowBand, own: Span, reason: str) -> SlotReading:
    place = _on_page(band, own)
    return SlotReading(band.slot.kind, "", 0.0, place, band.slot.raw, reason, band.slot.label)


def _on_page(band: _RowBand, own: Span) -> Box:
    reach = _reach(band)
    box = Box(band.box.left + own.left, band.box.top + reach.start, own.right - own.left,
              reach.stop - reach.start)  # fmt: skip
    return unmap_box(box, band.mapping, band.page.shape[1], band.page.shape[0])
