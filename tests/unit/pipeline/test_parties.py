"""People and organisations on receipts, forms and certificates: whose name, whose number."""

from __future__ import annotations

import pytest

from pipeline.documents import assemble
from pipeline.model import Finding
from tests.paper import draw_page
from tests.support.drawn import page_of
from tests.support.typeset import page
from tests.unit.pipeline.test_documents_assemble import HEADING

RECEIPT = [*HEADING, "^GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"]
FORM = [*HEADING, "^TỜ KHAI ĐĂNG KÝ KHAI SINH"]
BIRTH = [*HEADING, "^GIẤY KHAI SINH"]
PEOPLE = {"full_name", "personal_id", "born_on", "address", "phone", "applicant", "subject"}


def found(rows: list[str], **how: float) -> dict[str, Finding]:
    (document,) = assemble([page(rows, **how)])  # type: ignore[arg-type]
    return document.findings


def values(rows: list[str]) -> dict[str, str]:
    return {name: finding.value for name, finding in found(rows).items()}


def test_a_receipt_names_its_applicant_and_its_days() -> None:
    read = values([*RECEIPT, "Mã hồ sơ: H26.19.25-260105-0007",
                   "Tiếp nhận hồ sơ của: NGUYỄN THỊ KIỂM THỬ",
                   "Địa chỉ: số 5 phố Giả Định, phường Cầu Giấy, thành phố Hà",
                   "Nội",
                   "CCCD/MST: 001999012345  Số điện thoại: +84 900 000 123",
                   "Nội dung yêu cầu giải quyết: Đăng ký khai sinh",
                   "Thời gian nhận hồ sơ: 08 giờ 30 phút, ngày 05/01/2026",
                   "Ngày hẹn trả: 06/01/2026", "", " NGƯỜI NỘP HỒ SƠ || NGƯỜI TIẾP NHẬN HỒ SƠ",
                   "Nguyễn Thị Kiểm Thử || Trần Văn Giả"])  # fmt: skip
    assert read["full_name"] == read["applicant"] == "Nguyễn Thị Kiểm Thử"
    assert "subject" not in read
    assert read["address"] == "số 5 phố Giả Định, phường Cầu Giấy, thành phố Hà Nội"
    assert read["personal_id"] == "001999012345"
    assert read["phone"] == "0900000123"
    assert read["procedure_name"] == "Đăng ký khai sinh"
    assert (read["received_on"], read["due_on"]) == ("2026-01-05", "2026-01-06")


def test_a_form_tells_the_applicant_from_the_subject() -> None:
    read = found([*FORM, "Họ, chữ đệm, tên người yêu cầu: TRẦN VĂN GIẢ",
                  "Ngày, tháng, năm sinh: 02/9/1999    Giới tính: Nam",
                  "Đề nghị cơ quan đăng ký khai sinh cho người dưới đây:",
                  "Họ, chữ đệm, tên: TRẦN THỊ MẪU", "Ngày, tháng, năm sinh: 05/01/2026",
                  "ghi bằng chữ: Ngày năm tháng một năm hai nghìn hai mươi sáu"])  # fmt: skip
    assert read["applicant"].value == read["full_name"].value == "Trần Văn Giả"
    assert read["subject"].value == "Trần Thị Mẫu"
    assert read["born_on"].value == "1999-09-02"
    assert not any(read[name].is_certain for name in PEOPLE & read.keys())  # may be handwritten


def test_parents_and_declarant_are_not_the_child() -> None:
    read = values([*BIRTH, "Họ, chữ đệm, tên: LÊ AN BÌNH", "Ngày, tháng, năm sinh: 05/01/2026",
                   "Số định danh cá nhân: 001926012345",
                   "Họ, chữ đệm, tên người mẹ: PHẠM THỊ THÍ DỤ", "Năm sinh: 1999",
                   "Nơi cư trú: xã Gia Lâm, thành phố Hà Nội",
                   "Họ, chữ đệm, tên người đi khai sinh: Phạm Thị Thí Dụ",
                   "Giấy tờ tùy thân: Căn cước số 001999054321, Bộ Công an cấp"])  # fmt: skip
    assert read["full_name"] == read["subject"] == "Lê An Bình"
    assert read["personal_id"] == "001926012345"
    assert read["applicant"] == "Phạm Thị Thí Dụ"
    assert "address" not in read


@pytest.mark.parametrize(
    ("rows", "born"),
    [
        (["Họ và tên / Full name:", "NGUYỄN THỊ KIỂM THỬ",
          "Ngày sinh / Date of birth: 02/09/1999 Giới tính / Sex: Nữ Quốc tịch: Việt Nam"],
         "1999-09-02"),
        (["Họ và tên: NGUYỄN THỊ KIỂM THỬ", "Năm sinh: 1950"], "1950"),
        (["Họ và tên: NGUYỄN THỊ KIỂM THỬ", "Ngày sinh: … / … / …"], None),
    ],
)  # fmt: skip
def test_values_below_their_label_and_beside_another(rows: list[str], born: str | None) -> None:
    read = values([*HEADING, "^CĂN CƯỚC CÔNG DÂN", *rows])
    assert read["full_name"] == "Nguyễn Thị Kiểm Thử"
    assert read.get("born_on") == born


def test_an_organisation_applies_under_its_tax_code() -> None:
    read = values([*RECEIPT, "Tiếp nhận hồ sơ của: CÔNG TY TNHH GIẢ LẬP", "Mã số thuế: 0100109106",
                   "Địa chỉ: số 5 phố Ví Dụ, Hà Nội"])  # fmt: skip
    assert read["organisation"] == "CÔNG TY TNHH GIẢ LẬP"
    assert read["tax_code"] == "0100109106"
    assert "full_name" not in read


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        ("NGUYEN THI KIEM THU", "không dấu"),
        ("Ông NGUYỄN VĂN GIẢ và bà TRẦN THỊ MẪU", "hơn một người"),
        ("NGUYÊN VĂN GIẢ", "họ thường gặp"),  # its tone was lost
        ("PHÀN VĂN GIẢ", "danh sách họ"),
        ("NGUYỄN VĂN GIẢ 12 A", "lẫn chữ khác"),
    ],
)
def test_a_doubtful_name_is_kept_with_its_reason(printed: str, reason: str) -> None:
    read = found([*RECEIPT, f"Tiếp nhận hồ sơ của: {printed}"])
    assert not read["full_name"].is_certain
    assert any(reason in each for each in read["full_name"].reasons)


@pytest.mark.parametrize("label", ["CCCD số", "ŒCCD số", "Số đinh danh ca nhân", "So CCCD"])
def test_a_label_is_known_though_it_was_misread(label: str) -> None:
    read = values([*RECEIPT, "Tiếp nhận hồ sơ của: TRẦN VĂN GIẢ", f"{label}: 001899054321"])
    assert read["personal_id"] == "001899054321"


@pytest.mark.parametrize("printed", ["1.001193", "I.001193", "1.001.193", "l. 001193"])
def test_a_procedure_code_is_known_behind_its_label(printed: str) -> None:
    assert values([*RECEIPT, f"Mã thủ tục: {printed}"])["procedure_code"] == "1.001193"


def test_two_columns_are_two_people_and_what_stands_below_is_nobodys() -> None:
    rows = [*HEADING, "^TỜ KHAI ĐĂNG KÝ KẾT HÔN", "",
            "Họ, chữ đệm, tên LÊ THỊ MẪU || TRẦN VĂN GIẢ",
            "Ngày, tháng, năm sinh 02/09/1999 || 03/10/1998"]  # fmt: skip
    read = found(rows)
    assert read["full_name"].value == "Lê Thị Mẫu"
    assert any("hơn một người" in reason for reason in read["full_name"].reasons)
    assert "born_on" not in read


def test_of_two_readings_of_one_name_the_one_with_its_marks_is_taken() -> None:
    read = found([*RECEIPT, "Tiếp nhận hồ sơ của: NGUYÊN THỊ KIỂM THỬ", *[""] * 25,
                  "NGƯỜI NỘP HỒ SƠ || NGƯỜI TIẾP NHẬN",
                  "Nguyễn Thị Kiểm Thử || Trần Văn Giả"])  # fmt: skip
    assert read["applicant"].value == "Nguyễn Thị Kiểm Thử"
    assert not read["applicant"].is_certain
    alone = found([*RECEIPT, "Tiếp nhận hồ sơ của: TRẤN THỊ KIÊM THỬ"])
    assert alone["applicant"].value == "Trần Thị Kiêm Thử"  # but for the surname kept as read
    assert alone["applicant"].raw == "TRẤN THỊ KIÊM THỬ"
    form = found([*FORM, "Họ, chữ đệm, tên người yêu cầu: NGUYỄN THẾ GIẢ", *[""] * 25,
                  " || Người yêu cầu", "", " || Nguyễn Thể Giả"])  # fmt: skip
    assert form["applicant"].value == "Nguyễn Thế Giả"  # read as well, and first
    assert form["applicant"].reasons


def test_blank_forms_name_nobody() -> None:
    read = found([*FORM, "Họ, chữ đệm, tên người yêu cầu: ..........................",
                  "Ngày, tháng, năm sinh: ..../..../........", "Nơi cư trú: ......................",
                  "Số định danh cá nhân: ………………………", "Số điện thoại: ........"])  # fmt: skip
    assert PEOPLE.isdisjoint(read)


def test_bank_accounts_and_office_papers_name_nobody() -> None:
    assert "personal_id" not in values([*RECEIPT, "Tài khoản: 001999012345 tại ngân hàng"])
    decision = [*HEADING, "^QUYẾT ĐỊNH", "^Về việc cử cán bộ", "", "Điều 1. Cử ông có tên sau:",
                "Họ và tên: TRẦN VĂN GIẢ", "Địa chỉ: phường Cầu Giấy"]  # fmt: skip
    assert PEOPLE.isdisjoint(values(decision))


def test_of_a_couple_the_applicant_of_the_dossier_is_meant() -> None:
    couple = [*HEADING, "^GIẤY CHỨNG NHẬN KẾT HÔN", "Họ, chữ đệm, tên vợ: LÊ THỊ MẪU",
              "Số định danh: 001999012345", "Họ, chữ đệm, tên chồng: TRẦN VĂN GIẢ",
              "Số định danh: 001899054321"]  # fmt: skip
    alone = found(couple)
    assert alone["full_name"].value == "Lê Thị Mẫu"
    assert not alone["full_name"].is_certain
    receipt = [*RECEIPT, "Tiếp nhận hồ sơ của: TRẦN VĂN GIẢ"]
    _, certificate = assemble([page(receipt), page(couple, number=2)])
    assert certificate.findings["full_name"].value == "Trần Văn Giả"
    assert certificate.findings["personal_id"].value == "001899054321"
    assert certificate.findings["full_name"].is_certain


@pytest.mark.parametrize("layout", ["F", "G"])
@pytest.mark.parametrize("seed", range(4))
def test_who_signs_a_receipt_or_a_form_stands_below_the_line_that_says_so(
    layout: str, seed: int
) -> None:
    truth = draw_page(layout, seed, 60).truth
    (document,) = assemble([page_of(truth)])
    assert document.findings["signer"].value == truth.fields["signer"].value
    assert not document.findings["signer"].is_certain


@pytest.mark.parametrize("layout", ["C", "F", "G"])
@pytest.mark.parametrize("seed", range(4, 9))
def test_drawn_papers_give_all_people_they_name(layout: str, seed: int) -> None:
    truth = draw_page(layout, seed, 60).truth
    (document,) = assemble([page_of(truth)])
    names = PEOPLE | {"tax_code", "received_on", "due_on", "procedure_name", "receiving_unit"}
    wanted = {name: known.value for name, known in truth.fields.items() if name in names}
    if document.type == "Giấy chứng nhận kết hôn":  # which of the two, a receipt would say
        wanted = {}
    assert wanted.items() <= {n: f.value for n, f in document.findings.items()}.items()
