"""Names that a scan spoils: surnames that lost their marks, units parted by the end of a row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.documents import assemble
from pipeline.documents.extract.names import restored_surname
from pipeline.documents.units import is_cut_name, is_name_parted
from pipeline.model import Finding, Line, PageText
from tests.support.typeset import page
from tests.unit.pipeline.test_documents_assemble import HEADING

RECEIPT = [*HEADING, "^GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"]
DESK = "Bộ phận tiếp nhận và trả kết quả: Trung tâm Phục vụ hành chính công"
APPLICANT = "Tiếp nhận hồ sơ của: TRẦN THỊ MẪU"


def found(*rows: str) -> dict[str, Finding]:
    (document,) = assemble([page([*RECEIPT, *rows])])
    return document.findings


@pytest.mark.parametrize(
    ("printed", "surname"),
    [
        ("NGUYÊN QUANG MẪU", "NGUYỄN"),
        ("Nguyển Quang Mẫu", "Nguyễn"),
        ("NGUYEN ĐỨC MẪU", "NGUYỄN"),
        ("TRÂN THỊ MẪU", "TRẦN"),
        ("Lế Văn Giả", "Lê"),
        ("NGUYỄN VĂN GIẢ", ""),
        ("NGUYEN VAN GIA", ""),  # so printed, as on a card's lines for machines
        ("HỜ A GIẢ", ""),  # surnames of their own, like Hồ, Phan, Vũ and Lò
        ("PHÀN THỊ MẪU", ""),
        ("VỪ MÍ GIẢ", ""),
        ("LÔ THỊ MẪU", ""),
        ("VÌ VĂN GIẢ", ""),
        ("H'HEN NIÊ", ""),
        ("TRƯỜNG PHỔ THÔNG MẪU", ""),  # a school, not somebody called Trương
    ],
)
def test_a_surname_gets_its_marks_back_where_no_other_has_its_letters(
    printed: str, surname: str
) -> None:
    assert restored_surname(printed.split()) == surname


def test_a_restored_surname_is_never_certain_and_what_was_read_stays() -> None:
    read = found("Tiếp nhận hồ sơ của: NGUYÊN VĂN GIẢ")["applicant"]
    assert (read.value, read.raw) == ("Nguyễn Văn Giả", "NGUYÊN VĂN GIẢ")
    assert not read.is_certain
    assert read.reasons


@pytest.mark.parametrize(
    ("end", "begin", "unit"),
    [
        (" phường Hai", "Bà Trưng", "phường Hai Bà Trưng"),
        (" phường", "Hai Bà Trưng", "phường Hai Bà Trưng"),
        (" phường Văn Miếu", "- Quốc Tử Giám", "phường Văn Miếu - Quốc Tử Giám"),
        (" phường Ô Chợ", "Dừa", "phường Ô Chợ Dừa"),
        (" tỉnh", "Bà Rịa - Vũng Tàu", "tỉnh Bà Rịa - Vũng Tàu"),
    ],
)
def test_a_unit_that_the_row_parts_is_read_whole_and_is_nobodys_name(
    end: str, begin: str, unit: str
) -> None:
    read = found(DESK + end, begin, APPLICANT, "Số định danh cá nhân: 001899054321")
    assert read["receiving_unit"].value.endswith(unit)
    assert read["receiving_unit"].is_certain
    assert read["applicant"].value == read["full_name"].value == "Trần Thị Mẫu"
    assert read["personal_id"].value == "001899054321"


def test_a_unit_whose_end_was_lost_is_not_certain() -> None:
    read = found(f"{DESK} phường Hai", APPLICANT)["receiving_unit"]
    assert not read.is_certain
    assert any("bị cắt" in reason for reason in read.reasons)
    assert found(f"{DESK} phường Láng", APPLICANT)["receiving_unit"].is_certain


@pytest.mark.parametrize(
    ("ward", "is_certain"),
    [
        ("Tây Mỗ", True),
        ("Tây Mã", False),  # Tây Mỗ, misread
        ("Hoàng Hiệt", False),
        ("Bến Nghé", True),  # of another city
        ("An Lạc", True),
    ],
)
def test_a_unit_a_letter_away_from_a_listed_one_is_not_certain(
    ward: str, *, is_certain: bool
) -> None:
    read = found(f"{DESK} phường {ward}", APPLICANT)["receiving_unit"]
    assert read.value.endswith(ward)
    assert read.is_certain is is_certain


@pytest.mark.parametrize(
    ("printed", "address"),
    [
        ('số 5 phố Giả Định, phường Phú "Thượng', "số 5 phố Giả Định, phường Phú Thượng"),
        ("số 5 khu “Mẫu, phường Láng", "số 5 khu Mẫu, phường Láng"),
        ('số 5 khu "Mẫu", phường Láng', 'số 5 khu "Mẫu", phường Láng'),
        ("số 5 khu “Mẫu”, phường Láng", "số 5 khu “Mẫu”, phường Láng"),
    ],
)
def test_specks_read_as_quotation_marks_are_no_part_of_an_address(
    printed: str, address: str
) -> None:
    assert found(APPLICANT, f"Địa chỉ: {printed}")["address"].value == address


def test_who_stands_below_a_whole_unit_is_a_person() -> None:
    for whole in ("phường Hai Bà Trưng", "phường Láng", "thành phố Hà Nội"):
        assert not is_name_parted(f"Trung tâm {whole}", "Bà TRẦN THỊ MẪU")
        assert not is_name_parted(f"Trung tâm {whole}", "Bà Trưng")
        assert not is_cut_name(f"Trung tâm {whole}")


@pytest.mark.parametrize(
    ("below", "name"),
    [
        ("KIỂM THỬ", "Nguyễn Thị Kiểm Thử"),
        ("Địa chỉ: số 5 phố Giả Định", "Nguyễn Thị"),
        ("để làm thủ tục", "Nguyễn Thị"),
        ("CCCD số 001899054321", "Nguyễn Thị"),
        ("^KIỂM THỬ", "Nguyễn Thị"),
        ("KIỂM THỬ || TRẦN VĂN GIẢ", "Nguyễn Thị"),
        ("CÁC GIẤY TỜ ĐÃ NỘP", "Nguyễn Thị"),
    ],
)
def test_a_name_that_the_edge_parts_is_joined_and_not_certain(below: str, name: str) -> None:
    label = "Bộ phận một cửa ủy ban nhân dân phường Mẫu tiếp nhận hồ sơ của:"
    read = found(f"{label} NGUYỄN THỊ", below)["applicant"]
    assert read.value == name
    assert read.is_certain is (name == "Nguyễn Thị")
    short = found("Tiếp nhận hồ sơ của: NGUYỄN THỊ", below)["applicant"]
    assert short.value == "Nguyễn Thị", "its row had room for more"


@pytest.mark.parametrize(
    "roles",
    [
        "NGƯỜI NỘP HỒ SƠ || NGƯỜI TIẾP NHẬN",
        "NGƯỜI NỘP HỒ SƠ || NGƯỜI TIẾP NHẬN HỒ SƠ",
        "Người nộp hồ sơ || Cán bộ tiếp nhận",
        "Người nộp hồ sơ || Đại diện bộ phận một cửa",
        "Người nộp hồ sơ || CÔNG CHỨC TIẾP NHẬN",
    ],
)
def test_those_who_sign_are_called_by_roles_which_are_nobodys_names(roles: str) -> None:
    read = found(APPLICANT, *[""] * 20, roles, "", "Trần Thị Mẫu || Lê Văn Giả")
    assert read["applicant"].value == read["full_name"].value == "Trần Thị Mẫu"
    assert read["applicant"].is_certain, "one person, not two"


def signed_by(printed: str, signed: str, unsure: str, confidence: float) -> Finding:
    """Return the applicant of a receipt on which one word was read with a certain confidence."""
    signing = ["NGƯỜI NỘP HỒ SƠ || NGƯỜI TIẾP NHẬN", f"{signed} || Lê Văn Giả"]
    rows = [*RECEIPT, f"Tiếp nhận hồ sơ của: {printed}", *[""] * 25, *signing]
    number, read = page(rows)
    lines = (
        Line(
            tuple(
                replace(word, confidence=confidence) if word.text == unsure else word
                for word in line.words
            )
        )
        for line in read.text.lines
    )
    (document,) = assemble([page(rows)._replace(page=replace(read, text=PageText(tuple(lines))))])
    assert number == 1
    return document.findings["applicant"]


@pytest.mark.parametrize(
    ("printed", "signed", "unsure", "confidence", "name"),
    [
        ("TRẦN MINH TIỀN", "Trần Minh Tiến", "TIỀN", 0.74, "Trần Minh Tiến"),
        ("TRẦN MINH TIỀN", "Trần Minh Tiến", "TIỀN", 0.93, "Trần Minh Tiền"),  # read as well
        ("TRẦN MINH TIỀN", "Trần Minh Tiến", "Tiến", 0.74, "Trần Minh Tiền"),
        ("TRẦN MINH TIỀN", "Trần Minh Tiên", "TIỀN", 0.74, "Trần Minh Tiên"),
        ("TRẦN MINH TIỀN", "Trần Minh Tâm", "TIỀN", 0.74, "Trần Minh Tiền"),  # somebody else
    ],
)
def test_of_two_readings_the_clearly_surer_one_is_taken_and_is_not_certain(
    printed: str, signed: str, unsure: str, confidence: float, name: str
) -> None:
    read = signed_by(printed, signed, unsure, confidence)
    assert read.value == name
    assert not read.is_certain or name == printed.title()
