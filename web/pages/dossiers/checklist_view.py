"""Builds the checklist of a dossier as its page shows it, with the marks of people."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.checklist.decided import decisions_of
from pipeline.corrections.checklist import page_places
from pipeline.model import Component, ComponentMark, ComponentState, Dossier, MarkKind

_TICKS = {
    ComponentState.PRESENT: "✓",
    ComponentState.MISSING: "✗",
    ComponentState.UNCLEAR: "?",
    ComponentState.SHOWN: "–",
    ComponentState.EXEMPT: "–",
}
STATES = {
    ComponentState.PRESENT: "Có",
    ComponentState.MISSING: "Thiếu",
    ComponentState.UNCLEAR: "Cần xem",
    ComponentState.SHOWN: "Chỉ xuất trình",
    ComponentState.EXEMPT: "Không bắt buộc",
}
_NOT_DIGITISED = "Không phải số hóa"  # of a component that a person marked so
_ENDS = {"", ".", ",", ":", ";"}  # what may follow the words of a state; "": nothing
_OPEN = {ComponentState.MISSING, ComponentState.UNCLEAR}


@dataclass(frozen=True, slots=True)
class SentMark:
    """What was said of a component in a form that could not be saved, and why not."""

    position: int  # of the component, from 1
    kind: str
    pages: str  # as typed
    why: str
    error: str


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """A component as the page of its dossier shows it."""

    position: int  # on the checklist, from 1
    component: Component
    mark: ComponentMark | None  # what a person said of it
    mark_holds: bool  # whether the component is as it was marked
    sent: SentMark | None = None

    @property
    def tick(self) -> str:
        """A sign that shows its state at a glance."""
        return _TICKS[self.component.state]

    @property
    def told(self) -> str:
        """Its state in Vietnamese words."""
        is_exempt = self.mark_holds and self.mark and self.mark.kind is MarkKind.EXEMPT
        return _NOT_DIGITISED if is_exempt else STATES[self.component.state]

    @property
    def reason(self) -> str:
        """Why it is so, without what its state or its mark says already."""
        is_told = self.mark is not None and self.component.reason == self.mark.why
        return "" if is_told else _beyond(self.told, self.component.reason)

    @property
    def why(self) -> str:
        """What the person who marked it wrote, without what its state says already."""
        return _beyond(self.told, self.mark.why) if self.mark else ""

    @property
    def may_be_marked(self) -> bool:
        """Whether a person may say what became of it."""
        return self.mark is None and self.component.state in _OPEN


def checklist_rows(dossier: Dossier, sent: SentMark | None = None) -> tuple[ChecklistRow, ...]:
    """Return the checklist of a dossier.

    Args:
        dossier: the dossier as it is shown.
        sent: the mark that could not be saved; None: there is none.
    """
    marks = decisions_of(dossier.components, dossier.marks)
    return tuple(
        ChecklistRow(
            position,
            one,
            mark,
            mark is not None and _holds(one, mark, dossier),
            sent if sent and sent.position == position else None,
        )
        for position, (one, mark) in enumerate(zip(dossier.components, marks, strict=True), 1)
    )


def _beyond(told: str, text: str) -> str:
    """Return what a text says beyond the words of a state that it may begin with."""
    text = text.strip()
    rest = text[len(told) :].lstrip()
    if not text.casefold().startswith(told.casefold()) or rest[:1] not in _ENDS:
        return text
    rest = rest.lstrip("".join(_ENDS)).lstrip()
    return rest[:1].upper() + rest[1:]


def _holds(one: Component, mark: ComponentMark, dossier: Dossier) -> bool:
    if mark.kind is MarkKind.ON_PAPER:
        return bool(page_places(mark, dossier))
    return one.state.value == mark.kind.value
