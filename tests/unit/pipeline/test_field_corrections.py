"""What people decide about fields: it counts at once, outlasts readings, and can be taken back."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pipeline import corrections, stages
from pipeline.corrections import FieldAct, FieldChange
from pipeline.documents.fields import FIELDS
from pipeline.errors import CorrectionRefusedError, EditConflictError
from pipeline.model import Query, Record
from pipeline.versions import Act
from tests.support.drops import CODE, Office

pytestmark = pytest.mark.slow

LAN, MAI = Act("lan", "đã xem giấy"), Act("mai")
CONFIRM, CORRECT, REJECT = FieldAct.CONFIRM, FieldAct.CORRECT, FieldAct.REJECT
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


def change(name: str, act: FieldAct, value: str = "", paper: int = 1) -> FieldChange:
    return FieldChange(paper, name, act, value)


def amend(office: Office, dossier: str, *changes: FieldChange, by: Act = LAN) -> Record:
    record = corrections.amend(dossier, changes, office.archive, by)
    stages.publish(record, office.archive, office.index)
    return record


def read_anew(office: Office, dossier: str) -> Record:
    """Read all pages of a dossier once more, as `sohoa retry` has it done."""
    stages.ask_again(dossier, office.archive)
    office.digitises_all()
    return office.newest(dossier)


def test_a_typed_value_is_certain_found_and_named_in_the_history(
    office: Office, dossier: str
) -> None:
    record = amend(office, dossier, change("summary", CORRECT, " Về việc  cấp sổ đỏ "))
    found = record.dossier.documents[0].findings["summary"]
    assert (found.value, found.is_certain, found.confirmed_by) == ("Về việc cấp sổ đỏ", True, "lan")
    assert (record.action, record.actor, record.reason) == ("corrected", "lan", "đã xem giấy")
    hits = office.index.find(Query("sổ đỏ")).hits
    assert [hit.dossier for hit in hits] == [dossier]


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("issued_on", "5/1/2026", "2026-01-05"),
        ("issued_on", "05-01-2026", "2026-01-05"),
        ("issued_on", "5.1.2026", "2026-01-05"),
        ("issued_on", "2026-01-05", "2026-01-05"),
        ("issued_on", "1987", "1987"),
        ("document_type", "to trinh", "Tờ trình"),
        ("document_type", "Giấy lạ", "Giấy lạ"),
        ("issuer", "Uy\u0309 ban\u200b", "Uỷ ban"),
        ("dossier_code", "H26.19.25-260105-0007", CODE),
    ],
)
def test_values_are_kept_as_records_hold_them(
    office: Office, dossier: str, name: str, typed: str, value: str
) -> None:
    record = amend(office, dossier, change(name, CORRECT, typed))
    assert record.dossier.documents[0].findings[name].value == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("issued_on", "31/02/2026"),
        ("issued_on", "hôm qua"),
        ("issued_on", "5/1/2026 và 6/1/2026"),
        ("dossier_code", "H26"),
        ("summary", "  \u200b "),
        ("summary", "a" * 501),
        ("confirmed_by", "mai"),
    ],
)
def test_what_is_no_value_is_refused_and_nothing_is_written(
    office: Office, dossier: str, name: str, typed: str
) -> None:
    before = office.newest(dossier)
    with pytest.raises(CorrectionRefusedError):
        amend(office, dossier, change("summary", CORRECT, "đúng"), change(name, CORRECT, typed))
    assert office.newest(dossier) == before


def test_a_code_that_is_typed_is_the_dossiers_and_goes_with_its_field(
    office: Office, dossier: str
) -> None:
    other = office.drops(CODE, {"01.pdf": "đơn xin"}).dossier
    office.digitises_all()
    record = amend(office, dossier, change("dossier_code", CORRECT, CODE))
    assert (record.dossier.code, record.dossier.proposed_join) == (CODE, other)
    assert record.dossier.unit == "H26.19.25"
    gone = amend(office, dossier, change("dossier_code", REJECT))
    assert gone.dossier.code is None
    assert read_anew(office, dossier).dossier.code is None


def test_the_code_of_the_name_stays_when_a_typed_one_is_taken_back(office: Office) -> None:
    dossier = office.drops(CODE, {"01.pdf": "đơn xin"}).dossier
    assert dossier
    office.digitises_all()
    typed = amend(office, dossier, change("dossier_code", CORRECT, "H26.19.25-260105-0008"))
    assert typed.dossier.code == "H26.19.25-260105-0008"
    back = corrections.undo(dossier, typed.sequence, office.archive, MAI)
    assert back.dossier.code == CODE


def test_two_people_who_decide_about_one_field_are_told(office: Office, dossier: str) -> None:
    seen = office.newest(dossier).sequence
    amend(office, dossier, change("summary", CORRECT, "của lan"))
    theirs = [change("summary", CORRECT, "của mai")]
    with pytest.raises(EditConflictError, match="Trích yếu"):
        corrections.amend(dossier, theirs, office.archive, MAI, seen=seen)
    other = [change("signer", CORRECT, "Người Mẫu")]
    record = corrections.amend(dossier, other, office.archive, MAI, seen=seen)
    findings = record.dossier.documents[0].findings
    assert (findings["summary"].value, findings["signer"].value) == ("của lan", "Người Mẫu")


def test_a_field_the_paper_has_not_is_never_found_again(office: Office, dossier: str) -> None:
    before = office.newest(dossier).dossier.documents[0]
    assert before.type == "Tờ khai đăng ký kết hôn"
    record = amend(office, dossier, change("document_type", REJECT))
    for state in (record, read_anew(office, dossier)):
        document = state.dossier.documents[0]
        assert (document.type, document.absent) == ("", {"document_type": "lan"})
        assert "document_type" not in document.findings
    back = corrections.undo(dossier, record.sequence, office.archive, MAI)
    assert back.dossier.documents[0] == before


def test_an_undo_is_undone_and_one_of_something_older_is_refused(
    office: Office, dossier: str
) -> None:
    first = amend(office, dossier, change("summary", CORRECT, "một"))
    second = amend(office, dossier, change("summary", CORRECT, "hai"))
    with pytest.raises(EditConflictError):
        corrections.undo(dossier, first.sequence, office.archive, MAI)
    undone = corrections.undo(dossier, second.sequence, office.archive, MAI)
    assert undone.dossier.documents[0].findings["summary"].value == "một"
    again = corrections.undo(dossier, undone.sequence, office.archive, MAI)
    assert again.dossier.documents == second.dossier.documents
    for sequence in (1, 2, 99):
        with pytest.raises(CorrectionRefusedError):
            corrections.undo(dossier, sequence, office.archive, MAI)


def test_a_boundary_that_a_person_set_outlasts_readings_and_is_taken_back(
    office: Office, dossier: str
) -> None:
    def cut(record: Record) -> list[tuple[int, ...]]:
        return [document.pages for document in record.dossier.documents]

    before = office.newest(dossier)
    assert cut(before) == [(1, 2), (3, 4, 5)]
    amend(office, dossier, change("summary", CORRECT, "của giấy đầu"))
    begun = corrections.begin_paper(dossier, 5, office.archive, LAN)
    assert cut(begun) == [(1, 2), (3, 4), (5,)]
    merged = corrections.continue_paper(dossier, 3, office.archive, LAN)
    assert cut(merged) == [(1, 2, 3, 4), (5,)]
    again = read_anew(office, dossier)
    assert cut(again) == cut(merged)
    assert again.dossier.documents[0].findings["summary"].value == "của giấy đầu"
    undone = corrections.undo(dossier, begun.sequence, office.archive, MAI)
    assert cut(undone) == [(1, 2, 3, 4, 5)]
    with pytest.raises(CorrectionRefusedError):
        corrections.continue_paper(dossier, 1, office.archive, LAN)
    with pytest.raises(CorrectionRefusedError):
        corrections.begin_paper(dossier, 6, office.archive, LAN)


def test_papers_with_the_same_confirmed_field_are_not_merged(office: Office, dossier: str) -> None:
    typed = [change("number", CORRECT, str(paper), paper) for paper in (1, 2)]
    before = amend(office, dossier, *typed)
    with pytest.raises(CorrectionRefusedError):
        corrections.continue_paper(dossier, 3, office.archive, LAN)
    assert office.newest(dossier) == before


@pytest.mark.parametrize("seed", range(12))
def test_no_reading_changes_what_people_decided(office: Office, dossier: str, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(6):
        documents = office.newest(dossier).dossier.documents
        paper = chance.randrange(len(documents)) + 1
        names = [*documents[paper - 1].findings] or ["summary"]
        acts = [
            change("summary", CORRECT, f"số {chance.random()}", paper),
            change(chance.choice(names), chance.choice([CONFIRM, REJECT]), "", paper),
            change(chance.choice([one.name for one in FIELDS[4:8]]), CORRECT, "X", paper),
        ]
        try:
            if chance.random() < 0.3:
                begin = chance.choice([corrections.begin_paper, corrections.continue_paper])
                begin(dossier, chance.randint(2, 5), office.archive, LAN)
            amend(office, dossier, chance.choice(acts))
        except CorrectionRefusedError:
            continue
    decided = office.newest(dossier).dossier
    again = read_anew(office, dossier).dossier
    assert [one.pages for one in again.documents] == [one.pages for one in decided.documents]
    for now, then in zip(again.documents, decided.documents, strict=True):
        assert now.absent == then.absent
        confirmed = {name: one for name, one in then.findings.items() if one.confirmed_by}
        assert confirmed.items() <= now.findings.items()
        assert not now.absent.keys() & now.findings.keys()


def test_what_was_decided_of_pages_moves_along_when_they_are_joined(
    office: Office, dossier: str
) -> None:
    older = office.drops("trước.pdf", "TỜ KHAI ĐĂNG KÝ KHAI TỬ").dossier
    assert older
    office.digitises_all()
    corrections.begin_paper(dossier, 2, office.archive, LAN)
    corrections.join(dossier, older, office.archive, LAN)
    office.digitises_all()
    joined = office.newest(older).dossier
    assert [one.pages for one in joined.documents] == [(1,), (2,), (3,), (4, 5, 6)]
