"""One unit has one name, whatever a paper calls it; titles name the person and the procedure."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pipeline.documents import assemble
from pipeline.documents.dossier_facts import unit_of
from pipeline.documents.gazetteer import HANOI_UNITS
from pipeline.documents.units import is_unit_code, unit_named
from pipeline.model import Document, Dossier, Finding, Source
from tests.support.typeset import page
from tests.unit.pipeline.test_documents_heads import MOTTO, NATIONAL

CODE = "H26.19.25-260105-0007"


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("ỦY BAN NHÂN DÂN PHƯỜNG CẦU GIẤY", "Phường Cầu Giấy"),
        ("Uỷ ban nhân dân phường Cầu Giấy, thành phố Hà Nội", "Phường Cầu Giấy"),
        ("Trung tâm Phục vụ hành chính công phường Câu Giây", "Phường Cầu Giấy"),
        ("Bộ phận Một cửa phường Láng", "Phường Láng"),
        ("UBND phường Văn Miếu - Quốc Tử Giám", "Phường Văn Miếu - Quốc Tử Giám"),
        ("ỦY BAN NHÂN DÂN XÃ YÊN BÀI", "Xã Yên Bài"),
        ("ỦY BAN NHÂN DÂN TỈNH YÊN BÁI", "Tỉnh Yên Bái"),
        ("UBND QUẬN CẦU GIẤY", "Quận Cầu Giấy"),
        ("Chi nhánh số 02 - Trung tâm Phục vụ hành chính công thành phố Hà Nội", "Chi nhánh số 2"),
        ("SỞ TƯ PHÁP", "Sở Tư pháp"),
        ("BỘ NỘI VỤ", "Bộ Nội vụ"),
        ("Công ty Giả Định", "Công ty Giả Định"),
    ],
)
def test_a_unit_has_one_name(printed: str, name: str) -> None:
    assert unit_named(printed).name == name


def test_every_ward_and_commune_of_the_list_is_known() -> None:
    assert len(HANOI_UNITS) == 126 - 1 + 2  # Láng is beside it, two older districts in it
    assert all(unit_named(f"UBND phường {name}").is_known for name in HANOI_UNITS)


@pytest.mark.parametrize(
    ("printed", "on", "is_known"),
    [
        ("UBND quận Cầu Giấy", date(2025, 6, 30), True),
        ("UBND quận Cầu Giấy", date(2025, 7, 1), False),
        ("UBND phường Dịch Vọng Hậu", date(2026, 1, 5), False),
        ("UBND phường Cầu Giấy", date(2026, 1, 5), True),
    ],
)
def test_units_are_known_by_date(printed: str, on: date, *, is_known: bool) -> None:
    unit = unit_named(printed, on)
    assert unit.is_known is is_known
    assert unit.has_ended is (not is_known and "quận" in printed)


@pytest.mark.parametrize("code", ["H26", "H26.19.25", "000.25.19.H26", "000.A0.01.H26"])
def test_codes_are_no_names(code: str) -> None:
    assert is_unit_code(code)
    assert not is_unit_code(f"Phường {code}")


def receipt(*rows: str) -> tuple[Document, ...]:
    head = [f"ỦY BAN NHÂN DÂN || {NATIONAL}", f"PHƯỜNG CẦU GIẤY || {MOTTO}", "", "",
            "^GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", f"Mã hồ sơ: {CODE}"]  # fmt: skip
    return assemble([page([*head, *rows])])


def test_the_unit_of_a_dossier_is_the_one_its_receipt_names() -> None:
    papers = receipt("Bộ phận tiếp nhận và trả kết quả: Trung tâm Phục vụ hành chính công phường",
                     "Cầu Giấy")  # fmt: skip
    assert unit_of(papers, CODE) == "Phường Cầu Giấy"
    assert unit_of(receipt(), CODE) == "Phường Cầu Giấy"  # by its letterhead
    assert unit_of((), CODE) == "H26.19.25"
    assert unit_of((), None) is None


def dossier(*documents: Document) -> Dossier:
    now = datetime(2026, 1, 5, tzinfo=UTC)
    return Dossier("0a", "scan.pdf", now, CODE, "Phường Cầu Giấy", documents=documents)


def test_a_title_names_person_and_procedure_and_then_code_unit_and_days() -> None:
    papers = receipt("Tiếp nhận hồ sơ của: NGUYỄN THỊ KIỂM THỬ",
                     "Nội dung yêu cầu giải quyết: Đăng ký khai sinh",
                     "Thời gian nhận hồ sơ: 8 giờ, ngày 05/01/2026",
                     "Ngày hẹn trả: 06/01/2026")  # fmt: skip
    made = dossier(*papers)
    assert made.title == "Nguyễn Thị Kiểm Thử · Đăng ký khai sinh"
    assert made.details == (f"{CODE} · Phường Cầu Giấy · tiếp nhận 05/01/2026 · hẹn trả 06/01/2026")


def named(value: str, confidence: float, kind: str, field: str = "applicant") -> Document:
    return Document(kind, (1,), {field: Finding(value, value, confidence, Source.OCR)})


def test_a_title_prefers_the_surest_name_and_marks_a_doubtful_one() -> None:
    form = named("Nguyên Thị Mẫu", 0.7, "Tờ khai đăng ký khai sinh")
    assert dossier(form).title == "Nguyên Thị Mẫu (?) · Tờ khai đăng ký khai sinh"
    certificate = named("Nguyễn Thị Mẫu", 0.9, "Giấy khai sinh")
    assert dossier(form, certificate).title.startswith("Nguyễn Thị Mẫu · ")
    body = named("Công ty Giả Lập", 0.9, "", "organisation")
    assert dossier(body).title == "Công ty Giả Lập · chưa rõ thủ tục"
