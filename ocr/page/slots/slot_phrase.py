"""Cuts the phrase of a letterhead's slot, or its figures alone, out of the page and has it read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from ocr.engines.ctc import Letter, greedy
from ocr.engines.port import LineRecogniser, Probabilities
from ocr.image.background import extremes
from ocr.image.geometry import Mapping, Pixels, cut_out, unmap_box
from ocr.image.slot_ink import Around, Disturbance, disturbances
from pipeline.documents.slots.open_slots import OpenSlot
from pipeline.model import Box, SlotKind, SlotReading

DISTURBED = {
    Disturbance.CROSSED: "Có nét khác (chữ ký, con dấu, nét gạch) đè lên số hoặc ngày của giấy tờ.",
    Disturbance.STRUCK: "Số hoặc ngày của giấy tờ bị gạch ngang.",
    Disturbance.ADDED: "Có chữ số viết thêm phía trên hoặc dưới số hoặc ngày của giấy tờ.",
    Disturbance.BESIDE: "Bên cạnh số hoặc ngày của giấy tờ có nét máy không đọc được.",
}
_ABOVE = 1.6  # row heights of paper above and below that are looked at for other ink
_PHRASE, _FIGURES = 0.5, 0.15  # row heights above and below that are read
_FAINT = 0.15  # share of the way from paper to the darkest ink: pencil beside print is seen
_BESIDE = 0.25  # row heights of paper beside figures that are read alone


class Phrase(NamedTuple):
    """A slot with its cut-outs and what was read of the phrase."""

    slot: OpenSlot
    page: Pixels
    mapping: Mapping  # from the page to its upright image
    box: Box  # of the phrase as it is read, in upright pixels
    steps: Probabilities
    letters: list[Letter]

    @classmethod
    def of(cls, slot: OpenSlot, page: Pixels, mapping: Mapping) -> Phrase:
        """Return the phrase of a slot, not yet read."""
        box = _grown(slot.box, _PHRASE * slot.height)
        return cls(slot, page, mapping, box, np.zeros((0, 0), np.float32), [])

    @property
    def text(self) -> str:
        """What was read, freely."""
        return "".join(letter.text for letter in self.letters)

    @property
    def print_height(self) -> float:
        """The height of a row of print, in pixels: a scrawl makes its own row high."""
        return min(self.slot.height, self.slot.typical)

    def read(self, recogniser: LineRecogniser) -> Phrase:
        """Return the phrase with what stands in it."""
        steps = recogniser.steps(self.cut_out(self.box))
        return self._replace(steps=steps, letters=greedy(steps, recogniser.alphabet))

    def cut_out(self, box: Box) -> Pixels:
        """Return a part of the upright page."""
        return cut_out(self.page, self.mapping, box)

    def figures(self, first: int, last: int, *, is_first: bool = True) -> Box:
        """Return the box around the figures between two steps, in upright pixels.

        The first begin where Tesseract saw the word before end: a thin 1 may have been taken for
        it.
        """
        row = self.row()
        left = round(self._across(first) - 0.2 * self.slot.height)
        left = min(left, self.slot.begin or left) if is_first else left
        return Box(left, row.top, max(round(self._across(last + 1)) - left, 1), row.height)

    def row(self) -> Box:
        """Return the row in which figures are read, in upright pixels."""
        return _grown(self.slot.box, _FIGURES * self.slot.height)

    def disturbed(
        self, figures: Sequence[Box], rooms: Sequence[tuple[int, int]] | None = None
    ) -> str:
        """Return why any of the figures may not hold, Vietnamese; empty when all stand alone.

        Args:
            figures: where figures stand, in upright pixels.
            rooms: the same with the paper beside them, where nothing may stand; None: not known.
        """
        slot = self.slot
        box = _grown(slot.box, _ABOVE * slot.height)
        top = slot.box.top - box.top
        rows = top, top + slot.height, max(0, slot.above - box.top), slot.below - box.top
        # Days are written with longer tails than numbers, and mended elsewhere.
        reach = self.print_height if slot.kind is SlotKind.NUMBER else 0.0
        around = [
            Around(
                each.left - box.left, each.right - box.left, *rows, self.print_height, reach=reach
            )
            for each in figures
        ]
        if rooms is not None:
            around = [
                each._replace(before=left - box.left, behind=right - box.left)
                for each, (left, right) in zip(around, rooms, strict=True)
            ]
        seen = next(filter(None, disturbances(self.cut_out(box), around)), None)
        return DISTURBED[seen] if seen else ""

    def refused(self, box: Box, reason: str) -> SlotReading:
        """Return that nobody knows what stands there."""
        return SlotReading(self.slot.kind, "", 0.0, self._on_page(box), self.slot.raw, reason)

    def taken(self, box: Box, value: str, sure: float) -> SlotReading:
        """Return what stands there."""
        place = self._on_page(box)
        return SlotReading(self.slot.kind, value, round(sure, 3), place, self.slot.raw)

    def _across(self, step: float) -> float:
        """Return where a step begins, in upright pixels from the left of the page."""
        return self.box.left + step * self.box.width / len(self.steps)

    def _on_page(self, box: Box) -> Box:
        return unmap_box(box, self.mapping, self.page.shape[1], self.page.shape[0])


def figure_columns(recogniser: LineRecogniser) -> list[int]:
    """Return the columns of the ten figures among a recogniser's letters."""
    return [recogniser.alphabet.index(str(digit)) + 1 for digit in range(10)]


def trimmed(line: Pixels, height: float) -> Pixels:
    """Return a line without the paper at its ends, but not narrower than it is high.

    The recogniser takes time by the width, and draws out what is narrower than its own height.

    Args:
        line: upright, grey or BGR.
        height: the height of a row of print, in pixels.
    """
    grey = extremes(line).darkest
    paper, darkest = np.percentile(grey, (80, 0.5))
    inked = np.flatnonzero((grey < paper - _FAINT * (paper - darkest) - 1).any(axis=0))
    if not len(inked):
        return line
    room = round(_BESIDE * height)
    part = line[:, max(0, int(inked[0]) - room) : int(inked[-1]) + 1 + room]
    lacking = max(0, line.shape[0] - part.shape[1])
    left, value = lacking // 2, (int(paper),) * 3
    return np.asarray(
        cv2.copyMakeBorder(part, 0, 0, left, lacking - left, cv2.BORDER_CONSTANT, value=value),
        np.uint8,
    )


def _grown(box: Box, room: float) -> Box:
    """Return a box with so many pixels more above and below."""
    return Box(box.left, round(box.top - room), box.width, round(box.height + 2 * room))
