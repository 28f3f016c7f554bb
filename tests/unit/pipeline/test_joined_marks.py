"""Marks of components when dossiers are joined: the newest counts, parting brings others back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.joining.merge import joined, parted
from pipeline.model import ComponentMark, Dossier, MarkKind

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def marked(name: str, kind: MarkKind, hours: int, nth: int = 1) -> ComponentMark:
    return ComponentMark(name, kind, "lan", NOW + timedelta(hours=hours), nth=nth)


def test_of_two_marks_of_one_component_the_newest_counts_and_parting_brings_back_the_other() -> (
    None
):
    old, new = marked("Đơn", MarkKind.SHOWN, 1), marked("ĐƠN", MarkKind.EXEMPT, 2)
    twin, kept = marked("Đơn", MarkKind.SHOWN, 0, nth=2), marked("CCCD", MarkKind.SHOWN, 3)
    stale = marked("CCCD", MarkKind.EXEMPT, 1)
    before = Dossier("0a", "01 don.pdf", NOW, marks=(old, kept))
    newer = Dossier("0b", "02 cccd.pdf", NOW, marks=(new, twin, stale))
    after = joined(before, newer, {}, ())
    assert {*after.marks} == {new, twin, kept}
    assert {*joined(newer, before, {}, ()).marks} == {new, twin, kept}
    assert {*parted(after, "0b", before, after).marks} == {old, kept}
    later = marked("Đơn", MarkKind.ON_PAPER, 4)
    again = replace(after, marks=(later, twin, kept))
    assert {*parted(again, "0b", before, after).marks} == {later, kept}
    off = replace(after, marks=(twin, kept))
    assert {*parted(off, "0b", before, after).marks} == {kept}, "somebody took it off since"
