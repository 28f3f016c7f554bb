"""Turns what was read in the slots of a letterhead into findings, never into certain ones."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.documents.rows import PageRows
from pipeline.model import CERTAIN, Finding, SlotReading, Source
from pipeline.model.page import SlotKind

READ_APART = "Số hoặc ngày viết tay hay đóng dấu: máy đọc riêng ô này, cần người kiểm tra."
FIELD = {SlotKind.NUMBER: "number", SlotKind.DATE: "issued_on"}
_MOST = CERTAIN - 0.05  # confidence of a figure that people wrote, at most
_SAID = 1.0  # confidence of words that a person wrote over the reading


def with_slots(page: PageRows, found: Mapping[str, Finding]) -> dict[str, Finding]:
    """Return the findings that the slots of a page change.

    A value that was read twice alike takes the place of a doubtful one; a certain one stays, unless
    something was seen that speaks against it. What speaks against a value is its reason.

    Args:
        page: the first page of a paper, whose slots are asked.
        found: the findings of its letterhead.
    """
    changed: dict[str, Finding] = {}
    for slot in page.slots:
        name = FIELD[slot.kind]
        known = found.get(name)
        if slot.reason:
            if known is not None and known.confidence < _SAID:
                changed[name] = known.doubted(slot.reason)
        elif known is None or not known.is_certain:
            changed[name] = _finding(page, slot, known)
    return changed


def _finding(page: PageRows, slot: SlotReading, known: Finding | None) -> Finding:
    raw = known.raw if known is not None else slot.raw
    return Finding(
        value=slot.value,
        raw=raw or slot.value,
        confidence=round(min(slot.confidence, _MOST), 3),
        source=Source.OCR,
        page=page.number,
        box=slot.box,
        reasons=(READ_APART,),
    )
