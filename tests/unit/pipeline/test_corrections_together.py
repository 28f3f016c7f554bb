"""Decisions of people that meet: with a proposed join, with each other, with a new scan."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import corrections
from pipeline.corrections import FieldAct, FieldChange
from pipeline.versions import Act
from tests.support.drops import CODE, Office

pytestmark = pytest.mark.slow

LAN, MAI = Act("lan", "đã xem giấy"), Act("mai")
PAGES = "TỜ KHAI ĐĂNG KÝ KẾT HÔN\ntrang hai\nTỜ KHAI ĐĂNG KÝ KHAI TỬ\ntrang bốn\ntrang năm"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def dossier(office: Office) -> str:
    """A digitised dossier of five pages; the first and the third begin papers."""
    dropped = office.drops("giấy.pdf", PAGES).dossier
    assert dropped
    office.digitises_all()
    return dropped


def test_a_code_that_is_taken_back_takes_its_proposal_along(office: Office, dossier: str) -> None:
    office.drops(CODE, {"01.pdf": "đơn xin"})
    office.digitises_all()
    typed = corrections.amend(
        dossier, [FieldChange(1, "dossier_code", FieldAct.CORRECT, CODE)], office.archive, LAN
    )
    assert typed.dossier.proposed_join
    undone = corrections.undo(dossier, typed.sequence, office.archive, MAI)
    assert (undone.dossier.code, undone.dossier.proposed_join) == (None, None)


def test_the_same_decision_twice_is_one(office: Office, dossier: str) -> None:
    corrections.begin_paper(dossier, 2, office.archive, LAN)
    third = corrections.begin_paper(dossier, 5, office.archive, LAN)
    assert corrections.begin_paper(dossier, 2, office.archive, LAN) == third


def test_what_a_paper_has_not_stays_when_its_scan_is_replaced(office: Office, dossier: str) -> None:
    corrections.amend(
        dossier, [FieldChange(1, "document_type", FieldAct.REJECT)], office.archive, LAN
    )
    newer = office.drops("quét lại.pdf", "trang mới").dossier
    assert newer
    office.digitises_all()
    corrections.join(newer, dossier, office.archive, LAN, replaces="giấy.pdf")
    kept = [each.absent for each in office.newest(dossier).dossier.documents]
    assert {"document_type": "lan"} in kept
