"""Pages are cut into documents, each page into one, in their order."""

from __future__ import annotations

import pytest

from pipeline.documents import PageOfDossier, assemble
from pipeline.documents.document_types import DOCUMENT_TYPES, DocumentType
from pipeline.documents.symbols import TYPE_OF_ABBREVIATION
from tests.support.typeset import page
from tests.unit.pipeline.test_documents_heads import DECISION, MOTTO, NATIONAL

HEADING = [f"^{NATIONAL}", f"^{MOTTO}", ""]
BIRTH = [*HEADING, "^GIẤY KHAI SINH", "^Số: 69/2026", "Họ, chữ đệm, tên: NGUYỄN THỊ KIỂM THỬ",
         "Nơi sinh: Bệnh viện Phụ sản Giả Định"]  # fmt: skip
BODY = ["Điều 2. Các phòng, ban có liên quan chịu trách nhiệm thi hành Quyết định này.",
        "Kèm theo Giấy khai sinh số 12/2020 và Quyết định số 15/QĐ-BNV."]  # fmt: skip


def papers(*pages_of_rows: list[str]) -> list[tuple[str, tuple[int, ...]]]:
    pages = [page(rows, number=number) for number, rows in enumerate(pages_of_rows, 1)]
    return [(document.type, document.pages) for document in assemble(pages)]


def test_no_pages_no_papers() -> None:
    assert assemble([]) == ()


def test_a_page_without_a_title_continues_the_paper() -> None:
    assert papers(BIRTH, BODY, BODY, DECISION, BODY) == [
        ("Giấy khai sinh", (1, 2, 3)),
        ("Quyết định", (4, 5)),
    ]


def test_blank_backs_belong_to_the_page_before() -> None:
    assert papers(BIRTH, [], DECISION, []) == [("Giấy khai sinh", (1, 2)), ("Quyết định", (3, 4))]


def test_every_page_belongs_to_one_paper_in_order() -> None:
    numbers = [11, 12, 13, 14, 15]
    rows = [[], BODY, DECISION, BODY, BIRTH]
    pages = [page(row, number=number) for number, row in zip(numbers, rows, strict=True)]
    found = assemble(pages)
    assert [number for document in found for number in document.pages] == numbers
    assert found[0].type == ""


def test_a_paper_that_is_mentioned_is_not_that_paper() -> None:
    form = [*HEADING, "^TỜ KHAI CẤP BẢN SAO TRÍCH LỤC HỘ TỊCH", "",
            "Đề nghị cấp bản sao GIẤY KHAI SINH số 12/2020", "GIẤY KHAI SINH"]  # fmt: skip
    assert papers(form) == [("Tờ khai cấp bản sao trích lục hộ tịch", (1,))]


def test_the_articles_of_a_decision_begin_no_new_one() -> None:
    second = ["Theo đề nghị của Trưởng phòng Tổ chức.", "", "^QUYẾT ĐỊNH:", "", "", *BODY[:1]]
    assert papers(DECISION, second) == [("Quyết định", (1, 2))]


@pytest.mark.parametrize(
    "first", [["^PHỤ LỤC I", "^DANH SÁCH HỒ SƠ"], ["^DANH MỤC HỒ SƠ", "^QUY CHẾ"],
              ["^KẾ HOẠCH", "^Số hóa hồ sơ", "^(Kèm theo Quyết định số 1811/QĐ-TTPVHCC)"]]
)  # fmt: skip
def test_annexes_stay_with_their_paper(first: list[str]) -> None:
    assert papers(DECISION, [*first, *BODY]) == [("Quyết định", (1, 2))]


def test_an_unknown_paper_with_a_national_heading_begins_all_the_same() -> None:
    unknown = [*HEADING, "^PHIẾU XYZ KHÔNG AI BIẾT", "Nội dung"]
    assert papers(BIRTH, unknown) == [("Giấy khai sinh", (1,)), ("", (2,))]


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        (["GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"], None),
        (["GIẤY TIẾP NHẬN HỒ SƠ", "VÀ HẸN TRẢ KẾT QUẢ"], "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
        (["PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ"],
         "Văn bản xin lỗi và đề nghị gia hạn thời gian trả kết quả"),
        (["GIẤY CHỨNG NHẬN", "QUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU NHÀ Ở",
          "VÀ TÀI SẢN KHÁC GẮN LIỀN VỚI ĐẤT"], "Giấy chứng nhận quyền sử dụng đất"),
        (["GIẤY CHỨNG NHẬN", "QUYỀN SỬ DỤNG ĐẤT"], "Giấy chứng nhận quyền sử dụng đất"),
        (["GIẤY CHỨNG NHẬN", "QUYEN 5Ử DỤNG ĐÂI"], "Giấy chứng nhận quyền sử dụng đất"),
        (["GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH"], None),
        (["GIẤY PHÉP XÂY DỰNG"], None),
        (["ĐƠN ĐỀ NGHỊ CẤP GIẤY PHÉP XÂY DỰNG"], None),
        (["ĐƠN ĐỀ NGHỊ"], None),
        (["TỜ KHAI THAY ĐỔI THÔNG TIN CƯ TRÚ"], None),
        (["TỜ KHAI ĐĂNG KÝ KHAI SINH"], None),
        (["TỜ KHAI"], None),
        (["GIẤY KHAI SINH", "(BẢN SAO)"], "Giấy khai sinh"),
        (["CĂN CƯỚC CÔNG DÂN"], "Thẻ căn cước công dân"),
        (["CĂN CƯỚC"], "Thẻ căn cước"),
        (["QUYÉT ĐỊNH"], "Quyết định"),
        (["QUY ĐỊNH"], None),
        (["THÔNG BÁO"], None),
        (["THÔNG CÁO"], None),
        (["TÒ TRINH"], "Tờ trình"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_titles_are_matched_without_marks_and_the_specific_one_wins(
    printed: list[str], label: str | None
) -> None:
    rows = [*HEADING, *(f"^{row}" for row in printed), "", "Nội dung của giấy tờ này."]
    assert papers(rows) == [(label or " ".join(printed).capitalize(), (1,))]


@pytest.mark.parametrize("kind", DOCUMENT_TYPES, ids=lambda kind: kind.label)
def test_every_kind_is_known_by_its_own_title(kind: DocumentType) -> None:
    rows = [*HEADING, f"^{kind.label.upper()}", "", "Nội dung của giấy tờ này."]
    assert papers(rows) == [(kind.label, (1,))]


def test_all_types_of_the_decree_are_there() -> None:
    labels = {kind.label for kind in DOCUMENT_TYPES}
    assert set(TYPE_OF_ABBREVIATION.values()) - {"Công văn"} <= labels
    assert "Thư công" in labels


def test_a_certificate_with_its_number_below_the_title_and_a_labelled_date() -> None:
    rows = [*BIRTH[:4], "^Số: 441/2026", *BIRTH[5:],
            "Ngày, tháng, năm đăng ký: ngày 27 tháng 8 năm 2026"]  # fmt: skip
    (document,) = assemble([page(rows)])
    assert document.findings["number"].value == "441/2026"
    assert document.findings["issued_on"].value == "2026-08-27"
    assert "symbol" not in document.findings


def test_receipt_with_its_codes() -> None:
    receipt = [f"TRUNG TÂM PHỤC VỤ || {NATIONAL}", f"HÀNH CHÍNH CÔNG || {MOTTO}", "",
               "^GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "^Mã số hồ sơ: H26.19.25-260105-0007",
               "Thủ tục: 1.001193 Đăng ký khai sinh",
               "Nội dung yêu cầu giải quyết: Đăng ký khai sinh",
               "Thời gian nhận hồ sơ: 8 giờ, ngày 05/01/2026", "",
               " || Hà Nội, ngày 05 tháng 01 năm 2026"]  # fmt: skip
    (document,) = assemble([page(receipt)])
    found = document.findings
    assert found["dossier_code"].value == "H26.19.25-260105-0007"
    assert found["dossier_code"].is_certain
    assert found["procedure_code"].value == "1.001193"
    assert found["issued_on"].value == "2026-01-05"
    assert found["summary"].value == "Đăng ký khai sinh"
    assert "number" not in found


def test_reading_nothing_sensible_is_no_failure() -> None:
    noise = ["/ _ . ;", "|| ..", "— — —", "^ÂÊÔ ƯƠĂ", "1", "a" * 200, "Số", "ngày tháng năm", "/QĐ"]
    numbered: PageOfDossier = page(noise, confidence=0.1)
    (document,) = assemble([numbered, page(noise[::-1], number=2)])
    assert document.pages == (1, 2)
    assert not any(finding.is_certain for finding in document.findings.values())
