"""Parts of the papers of made-up people: slots of a form, a checklist, a table over the page."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import (
    Box,
    Component,
    ComponentMark,
    ComponentState,
    Line,
    MarkKind,
    PageTable,
    SlotKind,
    SlotReading,
    TableCell,
    View,
    Word,
)
from tests.paper.people import Person
from tests.support.web_backend import RECEIVED


def written_slots(lines: Sequence[Line], number: str) -> tuple[tuple[SlotReading, ...], Line]:
    """Return two slots, and what is written there and stands in no words.

    Args:
        lines: a line with a label, and one with a label and a number that was misread.
        number: what was read in the first slot; it is nobody's whom a field names.
    """
    first, second = (one.words[0].box for one in lines)
    misread = lines[1].words[1].box
    written = first._replace(left=first.right + 20, width=144)
    beside = misread._replace(left=misread.right + 60, width=120)
    reason = "Ô số của tờ khai có hai số, máy không biết số nào đúng."
    kind = SlotKind.PERSONAL_ID
    slots = (
        SlotReading(kind, number, 0.98, _reach(written), number, "", first),
        SlotReading(kind, "", 0.0, _reach(misread), "", reason, second),
    )
    return slots, Line((Word(number, 0.0, written), Word("", 0.0, beside)))


def _reach(row: Box) -> Box:
    """Return the box of a slot whose figures stand in a row of print."""
    room = round(0.4 * row.height)
    return row._replace(top=row.top - room, height=row.height + 2 * room)


def named_checklist(person: Person) -> tuple[tuple[Component, ...], tuple[ComponentMark, ...]]:
    """Return a checklist whose receipt printed a number into names, and a mark of a person."""
    name, why = f"Bản sao CCCD {person.personal_id}", f"đã nộp, gọi {person.phone}"
    components = (
        Component(name, ComponentState.EXEMPT, "receipt", reason=why),
        Component(f"Đơn của {person.personal_id}", ComponentState.MISSING, "receipt"),
    )
    return components, (ComponentMark(name, MarkKind.EXEMPT, "mai", RECEIVED, why),)


def grid(view: View) -> PageTable:
    """Return a table over the whole page: two rows of two cells."""
    across, down = view.width // 2, view.height // 2
    places = [(row, column) for row in (1, 2) for column in (1, 2)]
    cells = (
        TableCell(r, c, 1, 1, Box((c - 1) * across, (r - 1) * down, across, down))
        for r, c in places
    )
    return PageTable(Box(0, 0, view.width, view.height), 2, 2, tuple(cells))
