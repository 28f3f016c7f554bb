"""Lays what people decided over the checklist that machines made: marks, and papers used again.

A decision names its component as the checklist spelt it then. A later reading may spell it with
other letters, so a near name counts where no other component or decision could be meant. Of
components with one name, a decision says which it is about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any, Protocol, TypeVar

from pipeline.documents.completeness import WHY_SCANNED
from pipeline.documents.fuzzy import folded_text, similarity
from pipeline.model import (
    Component,
    ComponentMark,
    ComponentState,
    Dossier,
    MarkKind,
    PagePlace,
    ReusedPaper,
)
from pipeline.vietnamese import is_legal

# Which dossier holds the paper is in ``Component.reference``: not everybody may know of that one.
REUSED_REASON = "Dùng lại giấy tờ đã có trong kho."
_ALIKE = 0.75  # one letter of four read otherwise
_MOST_APART = 2  # words of a name that may be misread


class OfComponent(Protocol):
    """A decision of a person about one component."""

    @property
    def component(self) -> str:
        """Its name on the checklist, as it was then."""
        ...

    @property
    def nth(self) -> int:
        """Which of the components of that name it is, from 1."""
        ...


D = TypeVar("D", bound=OfComponent)


def component_keys(listed: Sequence[Component]) -> list[tuple[str, int]]:
    """Return for each component its folded name, and which of that name it is, from 1."""
    before: Counter[str] = Counter()
    keys = []
    for name in (folded_text(each.name) for each in listed):
        before[name] += 1
        keys.append((name, before[name]))
    return keys


def decision_key(decision: OfComponent) -> tuple[str, int]:
    """Return the component that a decision is about, as ``component_keys`` names it."""
    return folded_text(decision.component), decision.nth


def decisions_of(listed: Sequence[Component], decided: Sequence[D]) -> tuple[D | None, ...]:
    """Return for each component of a checklist what was decided about it; None: nothing.

    Args:
        listed: the checklist.
        decided: the decisions, at most one a component.
    """
    keys = component_keys(listed)
    names = {name for name, _ in keys}
    by_key = {decision_key(each): each for each in decided}
    found = {key: by_key[key] for key in keys if key in by_key}
    open_keys = [key for key in keys if key not in by_key]
    for key, each in by_key.items():
        near = [other for other in open_keys if key[0] not in names and _is_near(key, other)]
        rivals = [other for other in by_key if near and _is_near(other, near[0])]
        if len(near) == len(rivals) == 1:
            found[near[0]] = each
    return tuple(found.get(key) for key in keys)


def with_decisions(listed: Sequence[Component], dossier: Dossier) -> tuple[Component, ...]:
    """Return a checklist with what people decided about its components.

    Args:
        listed: the checklist that machines made.
        dossier: the dossier with its pages, marks, and papers of other dossiers.
    """
    marks = decisions_of(listed, dossier.marks)
    held = decisions_of(listed, dossier.reused)
    marked = (_marked(each, mark, dossier) for each, mark in zip(listed, marks, strict=True))
    return tuple(_reused(each, paper) for each, paper in zip(marked, held, strict=True))


def component_rows(dossier: Dossier) -> list[dict[str, Any]]:
    """Return a row for each component, with the mark of a person, in the shape of `sohoa show`."""
    marks = decisions_of(dossier.components, dossier.marks)
    return [
        {**asdict(one), "state": str(one.state), "pages": list(one.pages), "mark": _row(mark)}
        for one, mark in zip(dossier.components, marks, strict=True)
    ]


def _row(mark: ComponentMark | None) -> dict[str, str] | None:
    if mark is None:
        return None
    return {"kind": str(mark.kind), "by": mark.by, "at": mark.at.isoformat(), "why": mark.why}


def _marked(one: Component, mark: ComponentMark | None, dossier: Dossier) -> Component:
    """Return a component as a person marked it; a scan of its own counts more than «not here»."""
    if mark is None:
        return one
    if mark.kind is MarkKind.SHOWN:
        reason = WHY_SCANNED if one.pages else mark.why
        return replace(one, state=ComponentState.SHOWN, reason=reason)
    if mark.kind is MarkKind.EXEMPT:
        return one if one.pages else replace(one, state=ComponentState.EXEMPT, reason=mark.why)
    places = {_place_now(place, dossier) for place in mark.pages}
    pages = {
        number
        for number, note in enumerate(dossier.pages, start=1)
        if (note.scan, note.number) in places
    }
    if not pages:  # somebody left them out, or their file is in another dossier
        return one
    pages.update(one.pages)
    return replace(one, state=ComponentState.PRESENT, reason=mark.why, pages=tuple(sorted(pages)))


def _place_now(place: PagePlace, dossier: Dossier) -> PagePlace:
    """Return the page that stands where a person saw one; itself, unless it was replaced."""
    replaced = {each.place: each.replaced_by for each in dossier.edits if each.left_out}
    for _ in replaced:  # one that was replaced may replace another
        place = replaced.get(place) or place
    return place


def _reused(one: Component, held: ReusedPaper | None) -> Component:
    """Return a component with the paper that stands for it; a scan of its own counts."""
    if held is None or one.pages:
        return one
    state, why = ComponentState.PRESENT, REUSED_REASON
    return replace(one, state=state, reason=why, reference=held.dossier)


def _is_near(one: tuple[str, int], other: tuple[str, int]) -> bool:
    """Tell whether two keys have one name, read twice: a letter differs in few of its words."""
    words, others = one[0].split(), other[0].split()
    if one[1] != other[1] or len(words) != len(others):
        return False
    apart = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    return len(apart) <= _MOST_APART and all(map(_is_misread, apart))


def _is_misread(pair: tuple[str, str]) -> bool:
    """Tell whether two words may be one, of which one is no syllable; numbers never are."""
    is_no_word = "".join(pair).isalpha() and not all(map(is_legal, pair))
    return is_no_word and similarity(*pair, _ALIKE) >= _ALIKE
