"""A person marks a component: it counts at once, lasts over readings, conflicts are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from pipeline import corrections
from pipeline.checklist.decided import decisions_of, with_decisions
from pipeline.corrections import FieldAct, FieldChange, Marking, PageSeen
from pipeline.corrections.named_component import component_now
from pipeline.errors import CorrectionRefusedError, EditConflictError, WithheldError
from pipeline.masking import mask_dossier
from pipeline.model import (
    Component,
    ComponentMark,
    ComponentState,
    Document,
    Dossier,
    MarkKind,
    Query,
    Record,
)
from pipeline.reprocessing import understand
from pipeline.understanding import with_papers
from pipeline.versions import Act
from tests.support.drops import Office
from tests.support.mended import published, read_anew
from tests.support.reprocessed import made_by_older_rules

LAN, MAI = Act("lan", "đã xem giấy"), Act("mai", "tôi thấy ở trang hai")
BIRTH = "1.001193"  # of the sample of the catalogue
CODE = "H26.15.25-251103-0170"
PAGES = "TỜ KHAI ĐĂNG KÝ KHAI SINH\ntrang hai\ntrang ba"
MISSING = ComponentState.MISSING


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def dossier(office: Office) -> str:
    """A digitised dossier of three pages, held against the catalogue, which wants more papers."""
    dossier = office.drops(f"{CODE}.pdf", PAGES).dossier
    assert dossier
    office.digitises_all()
    wanted = FieldChange(1, "procedure_code", FieldAct.CORRECT, BIRTH)
    published(office, corrections.amend(dossier, [wanted], office.archive, LAN))
    return dossier


def open_component(office: Office, dossier: str) -> Component:
    """Return the first component that is missing or unclear."""
    listed = office.newest(dossier).dossier.components
    open_states = {MISSING, ComponentState.UNCLEAR}
    return next(one for one in listed if one.state in open_states)


def component(record: Record, name: str) -> Component:
    return next(one for one in record.dossier.components if one.name == name)


def mark(
    office: Office, dossier: str, name: str, kind: MarkKind | None, *pages: int, act: Act = LAN
) -> Record:
    return corrections.mark_component(dossier, Marking(name, kind, pages), office.archive, act)


@pytest.mark.parametrize(
    ("kind", "pages", "state"),
    [
        (MarkKind.ON_PAPER, (2,), ComponentState.PRESENT),
        (MarkKind.SHOWN, (), ComponentState.SHOWN),
        (MarkKind.EXEMPT, (), ComponentState.EXEMPT),
    ],
)
def test_a_mark_counts_and_outlasts_readings_and_rules(
    office: Office, dossier: str, kind: MarkKind, pages: tuple[int, ...], state: ComponentState
) -> None:
    name = open_component(office, dossier).name
    record = mark(office, dossier, name.upper(), kind, *pages)
    assert (record.action, record.actor, record.reason) == ("marked", "lan", LAN.reason)
    (kept,) = record.dossier.marks
    assert (kept.by, kept.why, kept.at.tzinfo) == ("lan", LAN.reason, UTC)
    assert (component(record, name).state, component(record, name).pages) == (state, pages)
    again = read_anew(office, dossier)
    assert again.action == "digitised"
    assert (component(again, name).state, component(again, name).pages) == (state, pages)
    older = made_by_older_rules(office, dossier)
    found = understand.understand_again(older, office.archive, office.index)
    after = replace(older, dossier=found.dossier)
    assert (component(after, name).state, found.dossier.marks) == (state, record.dossier.marks)


def test_the_filter_of_what_lacks_papers_follows(office: Office, dossier: str) -> None:
    def is_lacking() -> bool:
        published(office, office.newest(dossier))
        return bool(office.index.find(Query("", filters={"missing": "1"})).total)

    assert is_lacking()
    for one in office.newest(dossier).dossier.lacking:
        mark(office, dossier, one.name, MarkKind.SHOWN)
    assert not office.newest(dossier).dossier.lacking
    assert not is_lacking()
    corrections.undo(dossier, office.newest(dossier).sequence, office.archive, LAN)
    assert is_lacking()
    office.assert_nothing_differs()


def test_a_mark_is_taken_off_and_undone(office: Office, dossier: str) -> None:
    before = open_component(office, dossier)
    mark(office, dossier, before.name, MarkKind.EXEMPT)
    off = mark(office, dossier, before.name, None)
    assert (off.action, off.dossier.marks) == ("unmarked", ())
    assert component(off, before.name) == before
    back = corrections.undo(dossier, off.sequence, office.archive, MAI)
    assert component(back, before.name).state is ComponentState.EXEMPT
    assert mark(office, dossier, before.name, MarkKind.EXEMPT).sequence == back.sequence
    newer = mark(office, dossier, before.name, MarkKind.SHOWN)
    with pytest.raises(EditConflictError, match="đánh dấu lại sau đó"):
        corrections.undo(dossier, back.sequence, office.archive, LAN)
    corrections.undo(dossier, newer.sequence, office.archive, LAN)
    assert component(office.newest(dossier), before.name).state is ComponentState.EXEMPT


def test_two_people_are_told_of_each_other(office: Office, dossier: str) -> None:
    name = open_component(office, dossier).name
    seen = office.newest(dossier).sequence
    first = mark(office, dossier, name, MarkKind.SHOWN)

    def late(kind: MarkKind | None, act: Act) -> Record:
        sent = Marking(name, kind, (2,) if kind is MarkKind.ON_PAPER else ())
        return corrections.mark_component(dossier, sent, office.archive, act, seen=seen)

    with pytest.raises(EditConflictError, match=f"lan quyết định ở bản {first.sequence}"):
        late(MarkKind.ON_PAPER, MAI)
    assert late(MarkKind.SHOWN, LAN) == first, "a second click changes nothing"
    off = mark(office, dossier, name, None)
    assert late(None, MAI) == off, "what both want is done"


@pytest.mark.parametrize(
    ("kind", "pages", "why", "said"),
    [
        (MarkKind.ON_PAPER, (), "", "ở trang nào"),
        (MarkKind.ON_PAPER, (4,), "", "không có trang 4"),
        (MarkKind.ON_PAPER, (0,), "", "không có trang 0"),
        (MarkKind.SHOWN, (1,), "", "không có trang"),
        (MarkKind.EXEMPT, (), "  ", "vì sao"),
        (MarkKind.SHOWN, (), "x" * 501, "dài quá"),
    ],
)
def test_what_says_nothing_is_refused(
    office: Office, dossier: str, kind: MarkKind, pages: tuple[int, ...], why: str, said: str
) -> None:
    name = open_component(office, dossier).name
    with pytest.raises(CorrectionRefusedError, match=said):
        mark(office, dossier, name, kind, *pages, act=Act("lan", why))
    with pytest.raises(CorrectionRefusedError, match="không có thành phần này"):
        mark(office, dossier, "Giấy phép bay", kind, *pages)


def test_what_is_there_needs_no_mark(office: Office, dossier: str) -> None:
    listed = office.newest(dossier).dossier.components
    there = next(one for one in listed if one.state is ComponentState.PRESENT)
    with pytest.raises(CorrectionRefusedError, match="không thiếu"):
        mark(office, dossier, there.name, MarkKind.SHOWN)


def test_a_mark_goes_with_its_page(office: Office, dossier: str) -> None:
    name = open_component(office, dossier).name
    mark(office, dossier, name, MarkKind.ON_PAPER, 2)
    corrections.reorder(dossier, [3, 2, 1], office.archive, LAN)
    corrections.reorder(dossier, [2, 3, 1], office.archive, LAN)
    office.digitises_all()
    assert component(office.newest(dossier), name).pages == (1,)
    out = corrections.leave_out(PageSeen(dossier, 1), office.archive, LAN)
    office.digitises_all()
    newest = office.newest(dossier)
    assert component(newest, name).pages == (), "the page is gone: the paper is looked for again"
    assert newest.dossier.marks
    corrections.undo(dossier, out.sequence, office.archive, LAN)
    office.digitises_all()
    assert component(office.newest(dossier), name).state is ComponentState.PRESENT


def test_a_scan_that_comes_later_counts_more_than_not_digitised(
    office: Office, dossier: str
) -> None:
    name = open_component(office, dossier).name
    record = mark(office, dossier, name, MarkKind.EXEMPT)
    cover = record.dossier.documents[0].findings["procedure_code"]
    named = replace(cover, value=name, raw=name)
    scanned = Document("", (2,), {"component": named})
    after = with_papers(record.dossier, (*record.dossier.documents, scanned))
    assert component(replace(record, dossier=after), name).state is ComponentState.PRESENT


def test_a_name_read_otherwise_keeps_its_mark_and_a_twin_does_not_get_it() -> None:
    def listed(*names: str) -> list[Component]:
        return [Component(name, MISSING, "receipt") for name in names]

    def told(names: tuple[str, ...], *marked: str) -> list[str | None]:
        now = datetime.now(UTC)
        marks = [ComponentMark(name, MarkKind.SHOWN, "lan", now) for name in marked]
        found = decisions_of(listed(*names), marks)
        return [one.component if one else None for one in found]

    form = "Tờ khai đăng ký khai sinh theo mẫu"
    assert told(("Tò khai đăng ký khai sinh theo mẩu",), form) == [form]
    assert told(("Tở khai đăng kỳ khai sính theo maau",), form) == [form]
    assert told((form, "Giấy chứng sinh"), form) == [form, None]
    child = "Giấy chứng sinh của con thứ {}"
    assert told((child.format(2),), child.format(1)) == [None]
    twins = ("Giấy xác nhận cư trú của người cha", "Giấy xác nhận cư trú của người chaa")
    assert told(twins, "Giấy xác nhận cư trú của người che") == [None, None]


def test_of_a_withheld_dossier_nothing_is_marked(office: Office, dossier: str) -> None:
    name = open_component(office, dossier).name
    office.withholds(dossier)
    with pytest.raises(WithheldError):
        mark(office, dossier, name, MarkKind.SHOWN)


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
        mark(office, dossier, "Bản sao", MarkKind.SHOWN)
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
