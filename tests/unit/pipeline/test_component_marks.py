"""A person marks a component: it counts at once, lasts over readings, conflicts are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from pipeline import corrections
from pipeline.corrections import FieldAct, FieldChange, Marking, PageSeen
from pipeline.errors import CorrectionRefusedError, EditConflictError, WithheldError
from pipeline.model import (
    Component,
    ComponentState,
    Document,
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


def test_of_a_withheld_dossier_nothing_is_marked(office: Office, dossier: str) -> None:
    name = open_component(office, dossier).name
    office.withholds(dossier)
    with pytest.raises(WithheldError):
        mark(office, dossier, name, MarkKind.SHOWN)
