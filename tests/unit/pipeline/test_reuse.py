"""A held paper stands for a component: whose it is, whether it holds, undone, read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline import corrections
from pipeline.errors import CorrectionRefusedError, EditConflictError, WithheldError
from pipeline.masking import mask_text
from pipeline.model import (
    Component,
    ComponentState,
    Document,
    Dossier,
    Finding,
    OwnedPaper,
    PageNote,
    PageState,
    Record,
    Source,
    Withheld,
)
from pipeline.ports import Archive
from pipeline.settings import StorageSettings
from pipeline.understanding import with_papers
from pipeline.versions import Act
from storage import open_archive

NUMBER, OTHER = "031090001562", "031090001570"  # made up
NEED, HOLDS = "0a02", "0a01"
MARITAL = "Giấy xác nhận tình trạng hôn nhân"
DAY, ACT = date(2026, 3, 5), Act("lan", "đã có ở hồ sơ trước")
HELD = OwnedPaper(HOLDS, 1)


def sure(value: str) -> Finding:
    return Finding(value, value, 0.95, Source.OCR, page=1)


def dossier(id_: str, kind: str, **values: str) -> Dossier:
    found = {name: sure(value) for name, value in values.items()}
    note = PageNote(f"{id_:0<64}", 1, "made-1", PageState.READ, 0.9, 1.0)
    received = datetime(2026, 3, 1, tzinfo=UTC)
    document = Document(kind, (1,), found)
    return Dossier(id_, "giấy.pdf", received, pages=(note,), documents=(document,))


def keep(archive: Archive, state: Dossier) -> None:
    first = replace(state, documents=())
    archive.keep_record(Record(1, state.received, "sohoa", "received", first))
    archive.keep_record(Record(2, state.received, "sohoa", "digitised", state))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """A store with a dossier that lacks a paper, and one of the same person that holds it."""
    made = open_archive(StorageSettings(), tmp_path)
    keep(made, dossier(HOLDS, MARITAL, personal_id=NUMBER, issued_on="2025-12-01"))
    lacking = dossier(NEED, "Tờ khai đăng ký kết hôn", personal_id=NUMBER)
    keep(made, with_papers(lacking, lacking.documents, [MARITAL, "Tờ khai đăng ký kết hôn"]))
    return made


def checklist(archive: Archive) -> list[Component]:
    return list(archive.history(NEED)[-1].dossier.components)


def reuse(archive: Archive, name: str = MARITAL, held: OwnedPaper = HELD, on: date = DAY) -> Record:
    return corrections.reuse_paper(NEED, corrections.Reuse(name, held, on), archive, ACT)


def test_the_component_is_there_by_reference_and_says_so(archive: Archive) -> None:
    assert [each.state for each in checklist(archive)] == [
        ComponentState.MISSING,
        ComponentState.PRESENT,
    ]
    record = reuse(archive, "giay xac nhan tinh trang hon nhan")
    assert (record.action, record.actor, record.reason) == ("reused", "lan", ACT.reason)
    first, second = checklist(archive)
    assert (first.state, first.reference, first.pages) == (ComponentState.PRESENT, HOLDS, ())
    assert first.reason
    assert HOLDS not in first.reason, "not everybody may know of that dossier"
    assert (second.state, second.reference) == (ComponentState.PRESENT, "")
    assert record.dossier.lacking == ()


def test_a_new_reading_keeps_the_reference(archive: Archive) -> None:
    state = reuse(archive).dossier
    again = with_papers(state, state.documents, [MARITAL])
    assert again.components[0].reference == HOLDS


@pytest.mark.parametrize("spelt", [MARITAL.upper(), "Giấy xác nhận  tình trạng hôn nhân"])
def test_a_checklist_that_spells_the_component_otherwise_keeps_the_reference(
    archive: Archive, spelt: str
) -> None:
    state = reuse(archive).dossier
    again = with_papers(state, state.documents, [spelt])
    assert [(each.name, each.reference) for each in again.components] == [(spelt, HOLDS)]


def test_a_scan_of_its_own_counts_more_than_a_reference(archive: Archive) -> None:
    state = reuse(archive).dossier
    scanned = (*state.documents, Document(MARITAL, (2,)))
    (first, _) = with_papers(state, scanned).components
    assert (first.pages, first.reference) == ((2,), "")


def test_it_is_taken_back_and_done_again(archive: Archive) -> None:
    record = reuse(archive)
    undone = corrections.undo(NEED, record.sequence, archive, ACT)
    assert checklist(archive)[0].state is ComponentState.MISSING
    corrections.undo(NEED, undone.sequence, archive, ACT)
    assert checklist(archive)[0].reference == HOLDS


def test_what_was_decided_again_since_is_not_taken_back(archive: Archive) -> None:
    first = reuse(archive)
    keep(archive, dossier("0a00", MARITAL, personal_id=NUMBER, issued_on="2026-01-01"))
    reuse(archive, held=OwnedPaper("0a00", 1))
    with pytest.raises(EditConflictError):
        corrections.undo(NEED, first.sequence, archive, ACT)


@pytest.mark.parametrize(
    ("name", "held", "on"),
    [
        (MARITAL, HELD, date(2026, 6, 2)),  # it has ended by then
        (MARITAL, OwnedPaper(HOLDS, 2), DAY),  # no paper begins there
        (MARITAL, OwnedPaper(NEED, 1), DAY),  # its own
        ("Giấy khai sinh", HELD, DAY),  # not on the checklist
        ("Tờ khai đăng ký kết hôn", HELD, DAY),  # scanned
    ],
)
def test_what_makes_no_sense_is_refused(
    archive: Archive, name: str, held: OwnedPaper, on: date
) -> None:
    with pytest.raises(CorrectionRefusedError):
        reuse(archive, name, held, on)
    assert len(archive.history(NEED)) == 2


def test_another_persons_paper_is_refused_whatever_its_name(archive: Archive) -> None:
    keep(archive, dossier("0a00", MARITAL, personal_id=OTHER, full_name="Nguyễn Văn Mẫu"))
    with pytest.raises(CorrectionRefusedError, match="số định danh"):
        reuse(archive, held=OwnedPaper("0a00", 1))


def test_a_withheld_dossiers_paper_is_refused(archive: Archive) -> None:
    record = archive.history(HOLDS)[-1]
    secret = Withheld(record.at, "sohoa", "Tài liệu mật")
    state = replace(record.dossier, withheld=secret)
    archive.keep_record(replace(record, sequence=3, action="withheld", dossier=state))
    with pytest.raises(WithheldError):
        reuse(archive)


def test_names_with_numbers_of_people_are_masked_in_refusals(archive: Archive) -> None:
    lacking = dossier(NEED, "Tờ khai đăng ký kết hôn", personal_id=NUMBER)
    state = with_papers(lacking, lacking.documents, [f"{MARITAL} của {NUMBER}", "Tờ khai"])
    archive.keep_record(Record(3, state.received, "sohoa", "digitised", state))
    with pytest.raises(CorrectionRefusedError) as refused:
        reuse(archive, "giấy khác")
    assert NUMBER not in refused.value.remedy and MARITAL in refused.value.remedy
    reuse(archive, f"{MARITAL} của {mask_text(NUMBER)}")
    assert checklist(archive)[0].reference == HOLDS
