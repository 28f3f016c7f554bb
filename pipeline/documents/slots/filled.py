"""Turns what was read in the slots of a letterhead or a form into findings, never certain ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pipeline.documents.extract.labels import Labelled
from pipeline.documents.rows import PageRows
from pipeline.documents.slots.form_slots import slot_behind
from pipeline.model import CERTAIN, Finding, SlotReading, Source
from pipeline.model.page import SlotKind

# Of print that nobody read surely as well: nothing tells it from what was written or stamped.
READ_APART = "Số hoặc ngày này máy đọc riêng từ ô của nó, cần người kiểm tra."
_HEAD = {SlotKind.NUMBER: "number", SlotKind.DATE: "issued_on"}
FIELD = {kind: _HEAD.get(kind, str(kind)) for kind in SlotKind}
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
        name = _HEAD.get(slot.kind)
        if name and (filled := _with_slot(page, slot, found.get(name))):
            changed[name] = filled
    return changed


def found_behind(
    one: Labelled, found: Mapping[str, Finding], own: Collection[str]
) -> dict[str, Finding]:
    """Return the finding that a form's slot behind a label changes; nothing where it has none.

    Args:
        one: the label, and what stands behind it.
        found: the findings of the person that it describes.
        own: names of those that this label gave; the first value of a name counts.
    """
    slot = slot_behind(one)
    name = FIELD[slot.kind] if slot else ""
    if slot is None or (name in found and name not in own):
        return {}
    filled = _with_slot(one.page, slot, found.get(name))
    return {name: filled} if filled else {}


def _with_slot(page: PageRows, slot: SlotReading, known: Finding | None) -> Finding | None:
    """Return the finding of a slot; None where what is known stays as it is."""
    if slot.reason:
        is_open = known is not None and known.confidence < _SAID
        return known.doubted(slot.reason) if known is not None and is_open else None
    return _finding(page, slot, known) if known is None or not known.is_certain else None


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
