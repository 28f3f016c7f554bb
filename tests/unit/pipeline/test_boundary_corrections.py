"""What people decide of boundaries outlasts readings, with the reason of those they left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import corrections, stages
from pipeline.documents.boundaries.cut import BY_PERSON
from pipeline.model import Record
from pipeline.versions import Act
from tests.support.drops import Office
from tests.support.known_pages import is_understood_alike

pytestmark = pytest.mark.slow

LAN, MAI = Act("lan", "đã xem giấy"), Act("mai")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def dropped(office: Office, text: str) -> str:
    dossier = office.drops("chồng.pdf", text).dossier
    assert dossier
    office.digitises_all()
    return dossier


def read_anew(office: Office, dossier: str) -> Record:
    stages.ask_again(dossier, office.archive)
    office.digitises_all()
    return office.newest(dossier)


def test_a_separator_may_be_said_to_be_a_paper_and_is_one_at_later_readings(office: Office) -> None:
    def papers(record: Record) -> list[tuple[int, ...]]:
        return [document.pages for document in record.dossier.documents]

    text = "TỜ KHAI ĐĂNG KÝ KẾT HÔN\nTỜ PHÂN CÁCH\ntrang ba"
    dossier = dropped(office, text)
    before = office.newest(dossier)
    assert papers(before) == [(1,), (3,)]
    assert before.dossier.pages[1].apart
    for decide, cut in (
        (corrections.begin_paper, [(1,), (2,), (3,)]),
        (corrections.continue_paper, [(1, 2), (3,)]),
    ):
        record = decide(dossier, 2, office.archive, LAN)
        assert papers(record) == papers(read_anew(office, dossier)) == cut
        assert not office.newest(dossier).dossier.pages[1].apart
        undone = corrections.undo(dossier, record.sequence, office.archive, MAI)
        assert papers(undone) == papers(read_anew(office, dossier)) == [(1,), (3,)]
        assert office.newest(dossier).dossier.pages[1].apart


def test_who_said_where_a_paper_begins_is_told_and_the_other_reasons_stay(
    office: Office,
) -> None:
    dossier = dropped(office, "TỜ KHAI ĐĂNG KÝ KẾT HÔN\ntrang hai\nTỜ KHAI ĐĂNG KÝ KHAI TỬ")
    before = [one.boundary for one in office.newest(dossier).dossier.documents]
    record = corrections.begin_paper(dossier, 2, office.archive, LAN)
    after = [one.boundary for one in record.dossier.documents]
    assert after == [before[0], BY_PERSON, before[1]]
    assert [one.boundary for one in read_anew(office, dossier).dossier.documents] == after


def test_a_paper_that_began_there_already_tells_that_a_person_said_so(office: Office) -> None:
    dossier = dropped(office, "TỜ KHAI ĐĂNG KÝ KẾT HÔN\ntrang hai\nTỜ KHAI ĐĂNG KÝ KHAI TỬ")
    before = [one.boundary for one in office.newest(dossier).dossier.documents]
    record = corrections.begin_paper(dossier, 3, office.archive, LAN)
    assert [one.boundary for one in record.dossier.documents] == [before[0], BY_PERSON]
    assert is_understood_alike(office, record)
    undone = corrections.undo(dossier, record.sequence, office.archive, MAI)
    assert [one.boundary for one in undone.dossier.documents] == before
    assert is_understood_alike(office, undone)


def test_the_first_page_begins_a_paper_whoever_says_so(office: Office) -> None:
    dossier = dropped(office, "TỜ KHAI ĐĂNG KÝ KẾT HÔN\ntrang hai\nTỜ KHAI ĐĂNG KÝ KHAI TỬ")
    before = [one.boundary for one in office.newest(dossier).dossier.documents]
    record = corrections.begin_paper(dossier, 1, office.archive, LAN)
    assert [one.boundary for one in record.dossier.documents] == before
    assert is_understood_alike(office, record)


def test_two_papers_that_were_one_for_a_while_tell_their_own_reasons_again(office: Office) -> None:
    dossier = dropped(office, "TỜ KHAI ĐĂNG KÝ KẾT HÔN\ntrang hai\nTỜ KHAI ĐĂNG KÝ KHAI TỬ")
    before = [one.boundary for one in office.newest(dossier).dossier.documents]
    record = corrections.continue_paper(dossier, 3, office.archive, LAN)
    assert is_understood_alike(office, record)
    undone = corrections.undo(dossier, record.sequence, office.archive, MAI)
    assert [one.boundary for one in undone.dossier.documents] == before
    assert is_understood_alike(office, undone)
