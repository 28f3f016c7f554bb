"""Cuts the rows of a form's number slots out of the page, each without what is another row's.

Rows of a form stand close: boxes, rules and figures of the slots above and below reach into a row,
where they look like a correction or a stroke across it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from ocr.image.components import label_components
from ocr.image.geometry import Mapping, Pixels, cut_out, unmap_box
from ocr.image.slot_boxes import Mask, Span
from ocr.image.slot_cells import Cleaned, cleaned, without
from pipeline.documents.slots.form_slots import LENGTHS, FormSlot
from pipeline.model import Box
from pipeline.model.page import SlotKind

_ABOVE = 2.0  # row heights above and below the row's middle that are looked at
_SAME_ROW = 0.6  # row heights between slots of one row, at most
_OFF = 0.25  # row heights by which figures of a row may be off
_FIGURE = 0.42  # row heights that a figure is high, at least
_SEVERAL = 4  # figures of a number, of those that touch fewer are seen
_BOXES = {SlotKind.TAX_CODE: (13, 10), SlotKind.PHONE: (11, 10)}


class RowBand(NamedTuple):
    """A slot's row, cut out of the page."""

    slot: FormSlot
    page: Pixels
    mapping: Mapping  # from the page to its upright image
    box: Box  # of the band, in upright pixels
    picture: Cleaned
    row: tuple[float, float]  # top and bottom of the row, in pixels of the band


def bands_of(slots: Sequence[FormSlot], pixels: Pixels, mapping: Mapping) -> list[RowBand]:
    """Return the row of each slot, without what belongs to the slots above and below it.

    Args:
        slots: the slots of a page.
        pixels: the original page.
        mapping: the mapping from the page to its upright image.
    """
    bands = [_band(slot, pixels, mapping) for slot in slots]
    return [_without_others(band, bands) for band in bands]


def reach_of(band: RowBand) -> slice:
    """Return the rows that figures of a row may take."""
    room = 0.4 * band.slot.height
    return slice(max(0, round(band.row[0] - room)), round(band.row[1] + room))


def on_page(band: RowBand, own: Span) -> Box:
    """Return where some columns of a row are, in pixels of the original page."""
    reach = reach_of(band)
    box = Box(band.box.left + own.left, band.box.top + reach.start, own.right - own.left,
              reach.stop - reach.start)  # fmt: skip
    return unmap_box(box, band.mapping, band.page.shape[1], band.page.shape[0])


def _band(slot: FormSlot, pixels: Pixels, mapping: Mapping) -> RowBand:
    middle = slot.box.top + slot.box.height / 2
    top = round(middle - _ABOVE * slot.height)
    box = Box(slot.box.left, top, slot.box.width, round(2 * _ABOVE * slot.height))
    counts = _BOXES.get(slot.kind, LENGTHS[slot.kind])
    above = [_within(word, box, middle - slot.height / 2) for word in slot.above]
    picture = cleaned(cut_out(pixels, mapping, box), slot.height, counts, above)
    row = middle - slot.height / 2 - top, middle + slot.height / 2 - top
    return RowBand(slot, pixels, mapping, box, picture, row)


def _within(word: Box, band: Box, end: float) -> Box:
    """Return a box of the page in pixels of a band, as far as a row that begins below it."""
    low = min(word.bottom, round(end))
    return Box(word.left - band.left, word.top - band.top, word.width, max(0, low - word.top))


def _without_others(band: RowBand, bands: Sequence[RowBand]) -> RowBand:
    """Return a band without what belongs to the slots of the rows above and below."""
    height, size = band.slot.height, band.picture.ink.shape
    gone = np.zeros(size, np.uint8)
    for other in bands:
        down = other.box.top - band.box.top
        if (
            not _SAME_ROW * height < abs(down) < 2 * _ABOVE * height
            or other.picture.printed is None
        ):
            continue
        own = other.picture.printed | (_own_figures(other) if down < 0 else 0)
        moved = np.array([[1, 0, other.box.left - band.box.left], [0, 1, down]], np.float32)
        shown = cv2.warpAffine(own, moved, size[::-1], flags=cv2.INTER_NEAREST)
        gone |= np.asarray(shown, np.uint8)
    if not gone.any():
        return band
    return band._replace(picture=without(band.picture, gone))


def _own_figures(band: RowBand) -> Mask:
    """Return where the figures of a row are; what is written below them belongs to the next row."""
    height, picture = band.slot.height, band.picture
    _, labels, stats = label_components(picture.ink)
    feet, middles = stats[:, 1] + stats[:, 3], stats[:, 1] + stats[:, 3] / 2
    is_own = (stats[:, 3] > _FIGURE * height) & (middles > band.row[0] - _OFF * height)
    is_own &= middles < band.row[1] + _OFF * height
    is_own[0] = False
    if is_own.sum() < _SEVERAL:
        return np.zeros_like(picture.ink)
    foot = min(float(np.median(feet[is_own])), band.row[1] + _OFF * height)
    is_own &= feet < foot + _OFF * height
    return np.asarray(is_own[labels], np.uint8)
