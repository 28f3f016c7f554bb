"""What people decide about a field concerns the paper they saw, wherever its pages went since."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import corrections
from pipeline.corrections import FieldAct, FieldChange, PageSeen
from pipeline.errors import EditConflictError
from pipeline.model import Document, Record
from tests.support.drops import Office
from tests.support.mended import LAN, MAI, five_pages, read_anew

pytestmark = pytest.mark.slow

WEDDING, DEATH = "Tờ khai đăng ký kết hôn", "Tờ khai đăng ký khai tử"
TYPED = FieldChange(2, "summary", FieldAct.CORRECT, "đã xem")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def dossier(office: Office) -> str:
    return five_pages(office)


def paper_of(record: Record, name: str) -> Document:
    return next(one for one in record.dossier.documents if one.type == name)


def test_a_field_is_written_on_the_paper_that_was_seen_though_pages_were_moved(
    office: Office, dossier: str
) -> None:
    seen = corrections.leave_out(PageSeen(dossier, 5), office.archive, MAI).sequence
    corrections.reorder(dossier, [3, 4, 1, 2], office.archive, MAI)  # papers of as many pages
    record = corrections.amend(dossier, [TYPED], office.archive, LAN, seen=seen)
    for state in (record, read_anew(office, dossier)):
        assert paper_of(state, DEATH).findings["summary"].value == "đã xem"
        assert "summary" not in paper_of(state, WEDDING).findings


def test_a_field_that_was_read_on_a_moved_page_is_confirmed_and_keeps_its_page(
    office: Office, dossier: str
) -> None:
    seen = office.newest(dossier)
    was = paper_of(seen, DEATH).findings["document_type"]
    assert was.page == 3
    corrections.leave_out(PageSeen(dossier, 1), office.archive, MAI)
    agreed = FieldChange(2, "document_type", FieldAct.CONFIRM)
    record = corrections.amend(dossier, [agreed], office.archive, LAN, seen=seen.sequence)
    found = paper_of(record, DEATH).findings["document_type"]
    assert (found.page, found.confirmed_by) == (2, "lan")


def test_a_paper_that_lost_a_page_since_is_no_more_the_one_that_was_seen(
    office: Office, dossier: str
) -> None:
    seen = office.newest(dossier).sequence
    corrections.leave_out(PageSeen(dossier, 5), office.archive, MAI)
    with pytest.raises(EditConflictError):
        corrections.amend(dossier, [TYPED], office.archive, LAN, seen=seen)


@pytest.mark.parametrize(
    "change",
    [
        TYPED,
        FieldChange(2, "document_type", FieldAct.CONFIRM),
        FieldChange(2, "document_type", FieldAct.REJECT),
    ],
)
def test_a_field_is_undone_after_the_page_of_another_paper_was_left_out(
    office: Office, dossier: str, change: FieldChange
) -> None:
    before = office.newest(dossier).dossier.documents[1].findings
    decided = corrections.amend(dossier, [change], office.archive, LAN)
    corrections.leave_out(PageSeen(dossier, 1), office.archive, MAI)
    undone = corrections.undo(dossier, decided.sequence, office.archive, MAI)
    after = paper_of(undone, DEATH)
    assert (after.absent, {*after.findings}) == ({}, {*before})
    assert after.findings["document_type"].page == 2
    assert after.findings["document_type"].confirmed_by is None


def test_a_field_that_was_decided_again_is_not_undone_though_pages_moved(
    office: Office, dossier: str
) -> None:
    decided = corrections.amend(dossier, [TYPED], office.archive, LAN)
    corrections.reorder(dossier, [3, 4, 5, 1, 2], office.archive, MAI)
    again = FieldChange(1, "summary", FieldAct.CORRECT, "xem lại")
    corrections.amend(dossier, [again], office.archive, MAI)
    with pytest.raises(EditConflictError):
        corrections.undo(dossier, decided.sequence, office.archive, MAI)
