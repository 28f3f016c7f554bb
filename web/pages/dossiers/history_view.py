"""Builds the history of a dossier: who did what, which fields from what to what, what undoes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pipeline import corrections
from pipeline.checklist.decided import component_keys, decisions_of
from pipeline.documents.fields import label_of, rank_of
from pipeline.masking import mask_record
from pipeline.model import Document, Dossier, Finding, Record
from web.labels import finding_value
from web.masked.sight import Sight
from web.pages.dossiers.checklist_view import STATES

_MOST_NOTES = 3_000  # pages of all versions together: reading more of them takes a second
_MOST_CHANGES = 12  # of a version that are told


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field that a version changed."""

    label: str
    before: str  # empty: there was none
    after: str  # empty: there is none any more
    is_confirmed: bool  # whether a person vouches for it now, and did not before


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A version of a dossier, and what it changed."""

    record: Record
    changes: tuple[ChangedField, ...]
    more: int  # changes that are not told
    may_undo: bool


def is_short(record: Record) -> bool:
    """Tell whether the history of a dossier is quickly read, by its newest version."""
    return record.sequence * max(1, len(record.dossier.pages)) <= _MOST_NOTES


def history_lines(sight: Sight) -> tuple[HistoryLine, ...]:
    """Return the versions of a dossier, newest first, with personal data as it may be shown."""
    records = sight.context.archive.history(sight.dossier.id)
    if not sight.is_clear:
        kinds = sight.context.settings.privacy.masked_whole
        records = tuple(mask_record(record, kinds) for record in records)
    lines = [_line(None, record) for record in records[:1]]
    lines += [_line(before, after) for before, after in pairwise(records)]
    return tuple(reversed(lines))


def _line(before: Record | None, after: Record) -> HistoryLine:
    is_decision = after.action in corrections.UNDOABLE
    changes = tuple(_changes(before, after)) if before and is_decision else ()
    told = changes[:_MOST_CHANGES]
    return HistoryLine(after, told, len(changes) - len(told), before is not None and is_decision)


def _changes(before: Record, after: Record) -> Iterator[ChangedField]:
    """Yield what a decision changed; where papers were cut anew, no fields can be told."""
    yield from _marked(before.dossier, after.dossier)
    was, became = before.dossier.documents, after.dossier.documents
    if [paper.span for paper in was] != [paper.span for paper in became]:
        return
    for old, new in zip(was, became, strict=True):
        for name in sorted({**old.findings, **new.findings}, key=rank_of):
            first, second = _known(old, name), _known(new, name)
            if first != second:
                yield _changed(name, first, second)


def _marked(before: Dossier, after: Dossier) -> Iterator[ChangedField]:
    """Yield the components that were marked, or whose marks were taken off."""
    if before.marks == after.marks:
        return
    keys = component_keys(before.components)
    states = (STATES[one.state] for one in before.components)
    was = dict(zip(keys, states, strict=True))
    listed, marks = after.components, decisions_of(after.components, after.marks)
    for one, key, mark in zip(listed, component_keys(listed), marks, strict=True):
        now = STATES[one.state]
        if was.get(key) != now:
            yield ChangedField(one.name, was.get(key, ""), now, is_confirmed=mark is not None)


def _known(paper: Document, name: str) -> tuple[str, str | None] | None:
    found: Finding | None = paper.findings.get(name)
    return (found.value, found.confirmed_by) if found else None


def _changed(
    name: str, before: tuple[str, str | None] | None, after: tuple[str, str | None] | None
) -> ChangedField:
    was, now = (finding_value(name, each[0]) if each else "" for each in (before, after))
    vouched = bool(after and after[1]) and not (before and before[1])
    return ChangedField(label_of(name), was, now, vouched)
