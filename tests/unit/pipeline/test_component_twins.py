"""Of components with one name each keeps its own mark, also through masking and joining."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from pipeline import corrections
from pipeline.checklist.decided import decisions_of, with_decisions
from pipeline.corrections import Marking
from pipeline.corrections.named_component import component_now
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.joining.merge import joined, parted
from pipeline.masking import mask_dossier
from pipeline.model import Component, ComponentMark, ComponentState, Dossier, MarkKind
from pipeline.versions import Act
from tests.support.drops import CODE, Office

LAN = Act("lan", "đã xem giấy")
MISSING = ComponentState.MISSING
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def dossier(office: Office) -> str:
    dossier = office.drops(f"{CODE}.pdf", "TỜ KHAI ĐĂNG KÝ KHAI SINH").dossier
    assert dossier
    office.digitises_all()
    return dossier


def twins_of(office: Office, dossier: str, *names: str) -> None:
    """Keep a version whose checklist has these names; the first of them is present, no other."""
    record = office.newest(dossier)
    listed = [Component(name, MISSING, "receipt") for name in names]
    listed[0] = replace(listed[0], state=ComponentState.PRESENT, pages=(1,))
    state = replace(record.dossier, components=tuple(listed))
    later = replace(record, sequence=record.sequence + 1, dossier=state)
    office.archive.keep_record(later)


def test_of_two_components_with_one_name_the_one_that_is_meant_is_marked(
    office: Office, dossier: str
) -> None:
    twins_of(office, dossier, "Bản sao", "BẢN SAO", "bản sao")
    archive = office.archive
    with pytest.raises(CorrectionRefusedError, match="3 thành phần mang tên này: thứ 1, 2, 3"):
        corrections.mark_component(dossier, Marking("Bản sao", MarkKind.SHOWN), archive, LAN)
    for place, said in [(1, "không thiếu"), (4, "không có thành phần này")]:
        other = Marking("Bản sao", MarkKind.SHOWN, position=place)
        with pytest.raises(CorrectionRefusedError, match=said):
            corrections.mark_component(dossier, other, archive, LAN)
    kept = corrections.mark_component(
        dossier, Marking("Bản sao", MarkKind.SHOWN, position=2), archive, LAN
    ).dossier
    assert [each.nth for each in kept.marks] == [2]
    listed = tuple(Component(name, MISSING, "receipt") for name in ("Bản sao",) * 3)
    states = [one.state for one in with_decisions(listed, kept)]
    assert states == [MISSING, ComponentState.SHOWN, MISSING]


def test_a_checklist_with_other_twins_since_is_a_conflict(office: Office, dossier: str) -> None:
    twins_of(office, dossier, "Đơn", "Bản sao")
    seen = office.newest(dossier).sequence
    twins_of(office, dossier, "Bản sao", "Đơn", "Bản sao")
    with pytest.raises(EditConflictError, match="Số thành phần mang tên «Bản sao» đã đổi"):
        corrections.mark_component(
            dossier, Marking("Bản sao", MarkKind.SHOWN), office.archive, LAN, seen=seen
        )


def test_names_that_differ_by_hidden_numbers_keep_their_marks_apart() -> None:
    names = ("Bản sao CCCD 031890001562", "Bản sao CCCD 031877771562")
    listed = tuple(Component(name, MISSING, "receipt") for name in names)
    kept = ComponentMark(names[1], MarkKind.SHOWN, "lan", datetime.now(UTC))
    whole = Dossier("0a", "giấy.pdf", kept.at, components=listed, marks=(kept,))
    hidden = mask_dossier(whole, ())
    assert hidden.components[0].name == hidden.components[1].name
    marks = decisions_of(hidden.components, hidden.marks)
    assert [mark is not None for mark in marks] == [False, True]
    with pytest.raises(CorrectionRefusedError, match="thứ 1, 2"):
        component_now(whole, hidden.components[0].name)
    assert component_now(whole, hidden.components[0].name, 2).mark == kept
    assert component_now(whole, names[0]).component == listed[0]


def test_a_mark_of_an_older_version_is_about_the_first_of_its_name() -> None:
    told = {"component": "Bản sao", "kind": "shown", "by": "lan", "at": "2026-03-01T00:00:00Z"}
    kept = TypeAdapter(ComponentMark).validate_python(told)
    two = (Component("Bản sao", MISSING, "receipt"),) * 2
    assert decisions_of(two, [kept]) == (kept, None)


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
