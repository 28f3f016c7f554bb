"""Reads apart what people wrote or stamped into the slots of letterheads and forms."""

from __future__ import annotations

from dataclasses import replace

from ocr.engines.port import LineRecogniser
from ocr.image.geometry import Pixels
from ocr.page.slots.form_slot_reading import UNSURE as UNSURE_IN_FORM
from ocr.page.slots.form_slot_reading import read_form_slots
from ocr.page.slots.slot_reading import UNSURE, read_slots
from pipeline.documents import PageOfDossier
from pipeline.documents.rows import rows_of
from pipeline.model import Page, SlotKind, Source

__all__ = ["with_slots"]

UNREAD = "Số của giấy tờ máy không đọc chắc được, cần người xem."


def with_slots(recogniser: LineRecogniser, pixels: Pixels, page: Page) -> Page:
    """Return a page with what stands in its slots, and what disturbs them among its reasons.

    Args:
        recogniser: reads the figures.
        pixels: the original page, grey (height by width) or BGR (height by width by 3).
        page: the page as it was read, with its words.

    Raises:
        MissingEngineError: the recogniser's model is not there.
    """
    if page.source is not Source.OCR:
        return page  # nobody writes into a text layer
    rows = rows_of(PageOfDossier(page.number, page))
    slots = read_slots(recogniser, pixels, page, rows)
    slots += read_form_slots(recogniser, pixels, page, rows)
    quiet = ("", UNSURE, UNSURE_IN_FORM)
    told = dict.fromkeys(slot.reason for slot in slots if slot.reason not in quiet)
    if any(slot.kind is SlotKind.NUMBER and slot.reason == UNSURE for slot in slots):
        told[UNREAD] = None
    return replace(page, slots=slots, reasons=(*page.reasons, *told))
