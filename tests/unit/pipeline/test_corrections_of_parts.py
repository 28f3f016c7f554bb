"""What people decide of papers that share a sheet holds for the one they mean, and is undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from accounts import open_review
from accounts.review.queue import ReviewStore
from pipeline import corrections, stages
from pipeline.corrections import FieldAct, FieldChange, PageSeen, PaperSeen
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.model import Query, Record
from pipeline.ports import PageReading
from pipeline.report import whole_dossier
from pipeline.review.reviewing import Reviewing
from pipeline.settings import AccountSettings, ReviewSettings
from pipeline.versions import Act
from tests.support.drops import Office, RefusingReader
from tests.support.known_pages import is_understood_alike
from tests.support.stored import TextReader
from tests.support.typeset import on_one_sheet, page
from tests.unit.pipeline.test_documents_assemble import BIRTH, BODY
from tests.unit.pipeline.test_documents_heads import DECISION, LETTER

pytestmark = pytest.mark.slow

LAN, MAI = Act("lan", "đã xem giấy"), Act("mai")
PAPERS = {"decision": DECISION, "birth": BIRTH, "letter": LETTER, "body": BODY}
BOTH = "decision+birth"
OWNER = "001095001235"  # made up


class SheetReader(TextReader):
    """Reads lines that name the papers on a page, such as ``decision+birth``."""

    def read_page(self, path: Path, number: int, orientation: int | None = None) -> PageReading:
        line = path.read_text().splitlines()[number - 1]
        papers = [page(PAPERS[name]) for name in line.split("+")]
        found = papers[0] if len(papers) == 1 else on_one_sheet(*papers)
        return PageReading(replace(found.page, number=number), f"{number} {line}".encode() * 20)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, RefusingReader(SheetReader()))


@pytest.fixture
def store(office: Office) -> Iterator[ReviewStore]:
    opened = open_review(AccountSettings(), office.home)
    yield opened
    opened.close()


def dropped(office: Office, *lines: str, name: str = "chồng.pdf") -> str:
    dossier = office.drops(name, "\n".join(lines)).dossier
    assert dossier
    office.digitises_all()
    return dossier


def spans(record: Record) -> list[tuple[tuple[int, int], ...]]:
    return [document.span for document in record.dossier.documents]


def read_anew(office: Office, dossier: str) -> Record:
    stages.ask_again(dossier, office.archive)
    office.digitises_all()
    return office.newest(dossier)


def corrected(office: Office, dossier: str, paper: int, field: str, value: str) -> Record:
    change = FieldChange(paper, field, FieldAct.CORRECT, value)
    return corrections.amend(dossier, [change], office.archive, LAN)


def test_a_corrected_field_stays_with_its_part(office: Office) -> None:
    dossier = dropped(office, BOTH, "body")
    assert spans(office.newest(dossier)) == [((1, 1),), ((1, 2), (2, 0))]
    for paper, place in ((1, "Hà Nội mẫu"), (2, "Xã Mẫu")):
        record = corrected(office, dossier, paper, "place", place)
        assert record.dossier.documents[paper - 1].findings["place"].value == place
    for record in (read_anew(office, dossier), office.newest(dossier)):
        told = [one.findings["place"].value for one in record.dossier.documents]
        assert told == ["Hà Nội mẫu", "Xã Mẫu"]
        assert spans(record) == [((1, 1),), ((1, 2), (2, 0))]
    last = [one for one in office.archive.history(dossier) if one.action == "corrected"][-1]
    undone = corrections.undo(dossier, last.sequence, office.archive, MAI)
    left = [one.findings.get("place") for one in undone.dossier.documents]
    assert left[0] and left[0].confirmed_by == "lan"
    assert not (left[1] and left[1].confirmed_by)


def test_a_person_may_say_that_a_sheet_is_one_paper_and_take_it_back(office: Office) -> None:
    dossier = dropped(office, "letter", BOTH, "body")
    parted = [((1, 0),), ((2, 1),), ((2, 2), (3, 0))]
    assert spans(office.newest(dossier)) == parted
    for decide, whole in (
        (corrections.begin_paper, [((1, 0),), ((2, 0), (3, 0))]),
        (corrections.continue_paper, [((1, 0), (2, 0), (3, 0))]),
    ):
        record = decide(dossier, 2, office.archive, LAN)
        assert spans(record) == whole
        assert spans(read_anew(office, dossier)) == whole
        undone = corrections.undo(dossier, record.sequence, office.archive, MAI)
        assert spans(undone) == parted
        assert spans(read_anew(office, dossier)) == parted


def test_another_boundary_leaves_the_parts_of_a_sheet(office: Office) -> None:
    dossier = dropped(office, "decision", "body", "decision+birth", "body", "body")
    assert spans(office.newest(dossier))[1:] == [((3, 1),), ((3, 2), (4, 0), (5, 0))]
    record = corrections.begin_paper(dossier, 4, office.archive, LAN)
    assert spans(record)[1:] == [((3, 1),), ((3, 2),), ((4, 0), (5, 0))]
    assert is_understood_alike(office, record)
    record = corrections.begin_paper(dossier, 2, office.archive, LAN)
    assert spans(record)[2:] == [((3, 1),), ((3, 2),), ((4, 0), (5, 0))]
    assert is_understood_alike(office, record)


def test_a_boundary_behind_a_shared_sheet_doubles_no_paper(office: Office) -> None:
    dossier = dropped(office, "decision", "body", BOTH, "body", "body")
    record = corrections.begin_paper(dossier, 5, office.archive, LAN)
    places = [place for span in spans(record) for place in span]
    assert sorted(places) == sorted(set(places))
    assert {page for page, _ in places} == {1, 2, 3, 4, 5}


def test_parts_move_along_with_their_sheet(office: Office) -> None:
    dossier = dropped(office, "letter", BOTH, "birth")
    corrected(office, dossier, 3, "place", "Xã Mẫu")
    record = corrections.reorder(dossier, [2, 1, 3], office.archive, LAN)
    assert spans(record) == [((1, 1),), ((1, 2),), ((2, 0),), ((3, 0),)]
    assert record.dossier.documents[1].findings["place"].value == "Xã Mẫu"
    record = corrections.leave_out(PageSeen(dossier, 1), office.archive, LAN)
    assert spans(record) == [(), ((1, 0),), ((2, 0),)]  # what was said of the second stays


def test_fields_of_both_parts_wait_apart(office: Office, store: ReviewStore) -> None:
    dossier = dropped(office, "birth+birth")
    reviewing = Reviewing(office.archive, store, ReviewSettings(sample=1.0))
    reviewing.refresh()
    waiting = [one for one in store.waiting(99)[1] if one.field == "full_name"]
    assert sorted(one.part for one in waiting) == [0, 2]
    assert sorted(one.name for one in waiting) == [
        f"{dossier}-2.1-full_name",
        f"{dossier}-2.1.2-full_name",
    ]
    second = reviewing.item(f"{dossier}-2.1.2-full_name")
    record = reviewing.answer(second, FieldAct.CORRECT, "Người Mẫu", LAN)
    names = [one.findings["full_name"] for one in record.dossier.documents]
    assert [one.confirmed_by for one in names] == [None, "lan"]
    reviewing.refresh()
    assert [one.part for one in store.waiting(99)[1] if one.field == "full_name"] == [0]


def test_a_sheet_is_found_once_by_the_fields_of_each_paper(office: Office) -> None:
    dossier = dropped(office, BOTH)
    for text in ("1811/QĐ-TTPVHCC", "Giấy khai sinh", "Nguyễn Thị Kiểm Thử"):
        (hit,) = office.index.find(Query(text)).hits
        assert (hit.dossier, hit.page, hit.pages) == (dossier, 1, (1,))
    for kind in ("Quyết định", "Giấy khai sinh"):
        assert office.index.find(Query("", {"document_type": kind})).total == 1
    assert whole_dossier(office.newest(dossier).dossier)["documents"][1]["parts"] == [
        {"page": 1, "part": 2, "of": 2}
    ]


def belongs(office: Office, paper: PaperSeen) -> list[bool]:
    """Decide that a paper is the made-up owner's, and tell which papers are then."""
    record = corrections.decide_owner(paper, OWNER, office.archive, LAN, is_theirs=True)
    return ["owner_id" in one.findings for one in record.dossier.documents]


def test_whose_paper_it_is_must_be_clear(office: Office) -> None:
    dossier = dropped(office, "birth+birth")
    for _ in range(2):
        with pytest.raises(CorrectionRefusedError, match="2 giấy tờ, không biết"):
            belongs(office, PaperSeen(dossier, 1))
        corrected(office, dossier, 1, "personal_id", "001095001234")
    with pytest.raises(CorrectionRefusedError, match="Phần 3 của trang 1"):
        belongs(office, PaperSeen(dossier, 1, 3))
    assert belongs(office, PaperSeen(dossier, 1, 2)) == [False, True]


def test_a_suggestion_means_the_paper_it_was_shown_for(office: Office) -> None:
    dossier = dropped(office, "letter", "birth+birth")
    for number in (2, 3):
        corrected(office, dossier, number, "born_on", "02/03/1990")
    seen = office.newest(dossier).sequence
    corrected(office, dossier, 3, "personal_id", OWNER)
    with pytest.raises(EditConflictError, match="mang số của một người, sau khi"):
        belongs(office, PaperSeen(dossier, 2, 2, seen))
    record = corrections.reorder(dossier, [2, 1], office.archive, LAN)
    assert spans(record) == [((1, 1),), ((1, 2),), ((2, 0),)]
    changed = corrected(office, dossier, 1, "full_name", "Trần Văn Giả")
    with pytest.raises(EditConflictError, match="đã đổi họ tên"):
        belongs(office, PaperSeen(dossier, 2, 1, seen))
    corrections.undo(dossier, changed.sequence, office.archive, MAI)
    assert belongs(office, PaperSeen(dossier, 2, 1, seen)) == [True, False, False]
    with pytest.raises(EditConflictError, match="Đã có người quyết định"):
        belongs(office, PaperSeen(dossier, 2, 1, seen))
