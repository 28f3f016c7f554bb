"""Validators of one dossier's values: they lower confidence with a reason and delete nothing."""

from __future__ import annotations

import pytest

from pipeline.documents.checks import checked
from pipeline.model import Document, Finding, Source

SURE, UNSURE = 0.95, 0.7


def document(confidence: float = SURE, /, **values: str) -> Document:
    made = {n: Finding(value, value, confidence, Source.OCR) for n, value in values.items()}
    return Document("", (1,), made)


@pytest.mark.parametrize(
    ("values", "doubted"),
    [
        ({"personal_id": "001199012345", "born_on": "1999-09-02"}, set()),
        ({"personal_id": "001199012345", "born_on": "1998-09-02"}, {"personal_id", "born_on"}),
        ({"personal_id": "003199012345"}, {"personal_id"}),
        ({"personal_id": "001399012345"}, {"personal_id"}),
        ({"personal_id": "001999012345", "born_on": "1999"}, set()),  # a number for tests
        ({"tax_code": "0100109106"}, set()),
        ({"tax_code": "0100109107"}, {"tax_code"}),
        ({"phone": "0912345678"}, set()),
        ({"phone": "02438253536"}, set()),
        ({"phone": "091234567"}, {"phone"}),
        ({"born_on": "2026-01-05", "issued_on": "2025-01-05"}, {"born_on", "issued_on"}),
        ({"born_on": "1720-01-05"}, {"born_on"}),
        ({"issuer": "UBND QUẬN CẦU GIẤY", "issued_on": "2025-06-30"}, set()),
        ({"issuer": "UBND QUẬN CẦU GIẤY", "issued_on": "2025-07-01"}, {"issuer"}),
        ({"received_on": "2026-01-05", "due_on": "2026-01-04"}, {"received_on", "due_on"}),
        ({"dossier_code": "H26.19-260105-0007", "received_on": "2026-01-05"}, set()),
        ({"dossier_code": "H26.19-260106-0007", "received_on": "2026-01-05"},
         {"dossier_code", "received_on"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)  # fmt: skip
def test_what_cannot_be_waits_for_a_person(values: dict[str, str], doubted: set[str]) -> None:
    (found,) = checked([document(**values)])
    assert found.findings.keys() == values.keys()
    assert {n for n, f in found.findings.items() if not f.is_certain} == doubted
    assert {n for n, f in found.findings.items() if f.reasons} == doubted


@pytest.mark.parametrize(
    ("values", "doubted"),
    [
        ({"issuer": "ỦY BAN NHÂN DÂN XÃ MẪU SƠN", "place": "Mẫu Sơn"}, set()),
        ({"issuer": "ỦY BAN NHÂN DÂN Ã MẪU SƠN"}, {"issuer"}),
        ({"issuer": "ỦY BAN NHÂN DÂN MẪU SƠN"}, {"issuer"}),
        ({"issuer": "ỦY BAN NHÂN DÂN QUÂN CẦU GIẤY"}, {"issuer"}),
        ({"issuer": "Y BAN NHÂN DÂN XÃ MẪU SƠN"}, {"issuer"}),
        ({"issuer": "SỞ NỘI VỤ", "parent_issuer": "ỦY BAN NHÂN DÂN"}, {"parent_issuer"}),
        ({"issuer": "PHÒNG TƯ PHẤỤ"}, {"issuer"}),
        ({"issuer": "UBND TP. HÀ NỘI"}, set()),
        ({"issuer": "HỘI ĐỒNG NHÂN DÂN TỈNH BẮC KẠN"}, set()),
        ({"issuer": "TÒA ÁN NHÂN DÂN KHU VỰC 1", "place": "Đông Ngạc"}, set()),
        ({"issuer": "UBND XÃ KRÔNG BÚK", "place": "Krông Búk"}, set()),  # one confirms the other
        ({"issuer": "UBND XÃ KRỐNG BÚK", "place": "Krông Búk"}, {"issuer", "place"}),
        ({"summary": "Về việc mở lớp dạy online ở thôn"}, set()),
        ({"summary": "Vềề việc mở lớp dạy online"}, {"summary"}),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else "",
)
def test_names_that_lack_their_level_or_are_misread_wait_for_a_person(
    values: dict[str, str], doubted: set[str]
) -> None:
    (found,) = checked([document(**values)])
    assert {n for n, f in found.findings.items() if not f.is_certain} == doubted
    assert all(found.findings[name].value == value for name, value in values.items())


def test_the_letters_of_a_text_layer_are_not_misread() -> None:
    printed = Finding("XÃ KRÔNG BÚK", "XÃ KRÔNG BÚK", SURE, Source.TEXT_LAYER)
    (found,) = checked([Document("", (1,), {"issuer": printed})])
    assert found.findings["issuer"] == printed


def test_two_papers_that_say_the_same_are_believed() -> None:
    form = document(
        UNSURE, applicant="Trần Văn Giả", personal_id="001199012345", phone="0912345678"
    )
    one, other = checked([form, document(full_name="Trần Văn Giả", personal_id="001199012345")])
    assert one.findings["applicant"].is_certain
    assert one.findings["personal_id"].is_certain
    assert not one.findings["phone"].is_certain
    assert other.findings["full_name"].is_certain


def test_one_paper_never_confirms_itself() -> None:
    (form,) = checked([document(UNSURE, applicant="Trần Văn Giả", full_name="Trần Văn Giả")])
    assert not form.findings["applicant"].is_certain


def test_readings_that_nearly_agree_wait_for_a_person() -> None:
    both = checked([document(applicant="Trần Văn Thủy", personal_id="001199012345"),
                    document(full_name="Trần Văn Thùy", personal_id="001199012845")])  # fmt: skip
    certain = [finding.is_certain for each in both for finding in each.findings.values()]
    assert certain == [False] * 4


def test_a_reading_that_is_hardly_legible_speaks_against_nothing() -> None:
    papers = [document(UNSURE, applicant="Lê Ngọc Yến"), document(UNSURE, full_name="Lê Ngọc Yến"),
              document(0.3, full_name="Lê Ngọc Yên")]  # fmt: skip
    one, other, poor = checked(papers)
    assert one.findings["applicant"].is_certain
    assert other.findings["full_name"].is_certain
    assert not poor.findings["full_name"].is_certain


def test_what_a_person_confirmed_stays_certain() -> None:
    said = Finding("001399012345", "", 0.9, Source.TYPED, confirmed_by="an")
    (found,) = checked([Document("", (1,), {"personal_id": said})])
    assert found.findings["personal_id"].is_certain
