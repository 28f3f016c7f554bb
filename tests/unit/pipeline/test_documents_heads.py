"""Heads of papers: type, number, date, issuer and summary, and the marks of secrecy."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.documents import assemble, find_secrecy_mark
from pipeline.model import Box, Document, Source
from tests.support.typeset import HEIGHT, WIDTH, page, turned, with_word

NATIONAL, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
DECISION = [
    f"ỦY BAN NHÂN DÂN || {NATIONAL}",
    f"THÀNH PHỐ HÀ NỘI || {MOTTO}",
    "TRUNG TÂM PHỤC VỤ || ",
    "HÀNH CHÍNH CÔNG || ",
    "Số: 1811/QĐ-TTPVHCC || Hà Nội, ngày 17 tháng 9 năm 2024",
    "",
    "^QUYẾT ĐỊNH",
    "^Về việc phê duyệt kế hoạch số hóa hồ sơ thủ tục hành chính",
    "",
    "^GIÁM ĐỐC TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
    "Căn cứ Nghị định số 118/2025/NĐ-CP ngày 09 tháng 6 năm 2025 của Chính phủ;",
]
LETTER = [
    "ỦY BAN NHÂN DÂN || ",
    "PHƯỜNG CẦU GIẤY || ",
    "Số: 05/UBND-VP || ",
    "V/v cung cấp bản sao hồ sơ || ",
    "",
    "^Kính gửi: Trung tâm Phục vụ hành chính công thành phố Hà Nội",
    "Thực hiện Quyết định số 15/QĐ-BNV ngày 05 tháng 01 năm 2026, đề nghị cung cấp bản sao.",
]


def only(*rows_of_pages: list[str], **style: Any) -> Document:
    pages = [page(rows, number=n, **style) for n, rows in enumerate(rows_of_pages, 1)]
    (document,) = assemble(pages)
    return document


def values(document: Document) -> dict[str, str]:
    return {name: finding.value for name, finding in document.findings.items()}


@pytest.mark.parametrize("joined", [True, False], ids=["columns joined", "columns apart"])
def test_a_decision_of_a_centre_under_a_city(joined: bool) -> None:
    document = only(DECISION, joined=joined)
    assert document.type == "Quyết định"
    assert values(document) == {
        "number": "1811",
        "symbol": "QĐ-TTPVHCC",
        "issued_on": "2024-09-17",
        "place": "Hà Nội",
        "parent_issuer": "ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI",
        "issuer": "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        "document_type": "Quyết định",
        "summary": "Về việc phê duyệt kế hoạch số hóa hồ sơ thủ tục hành chính",
    }
    assert all(finding.is_certain for finding in document.findings.values())


def test_a_letter_has_no_title() -> None:
    document = only(LETTER)
    found = values(document)
    assert document.type == found["document_type"] == "Công văn"
    assert (found["number"], found["symbol"]) == ("05", "UBND-VP")
    assert found["summary"] == "cung cấp bản sao hồ sơ"
    assert found["issuer"] == "ỦY BAN NHÂN DÂN PHƯỜNG CẦU GIẤY"
    assert "issued_on" not in found, "a date in the body is not the letter's date"


@pytest.mark.parametrize("orientation", [90, 180, 270])
def test_a_page_that_lies_says_the_same_and_points_at_the_original(orientation: int) -> None:
    upright, lying = page(DECISION), turned(page(DECISION), orientation)
    (one,), (other,) = assemble([upright]), assemble([lying])
    assert values(one) == values(other)
    words = {word.text: word.box for word in lying.page.text.words}
    assert other.findings["number"].box == words["1811/QĐ-TTPVHCC"]
    assert other.findings["number"].box != one.findings["number"].box


def test_findings_say_where_they_were_seen() -> None:
    (document,) = assemble([page(["^Bìa hồ sơ"], number=7), page(DECISION, number=8)])[1:]
    finding = document.findings["issuer"]
    assert (finding.page, finding.source) == (8, Source.OCR)
    assert finding.box is not None
    assert 0 <= finding.box.left < finding.box.right < WIDTH / 2
    assert finding.box.bottom < HEIGHT / 3
    assert finding.raw == "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"


NUMBER = "1811/QĐ-TTPVHCC"
HAND: dict[
    str, dict[str, object]
] = {  # what a hand-written number or an unsure reading looks like among words and boxes
    "read unsurely": {"confidence": 0.7},
    "read not quite surely": {"confidence": 0.85},
    "taller than print": {"box": Box(500, 520, 300, 56)},
    "a letter for a digit": {"text": "I811/QĐ-TTPVHCC"},
}


@pytest.mark.parametrize("change", HAND.values(), ids=HAND.keys())
def test_digits_that_may_be_handwriting_are_never_certain(change: dict[str, object]) -> None:
    (document,) = assemble([with_word(page(DECISION), NUMBER, **change)])
    assert not document.findings["number"].is_certain
    assert document.findings["symbol"].value == "QĐ-TTPVHCC"


@pytest.mark.parametrize("change", [{"confidence": 0.7}, {"box": Box(1650, 520, 44, 60)}])
def test_so_are_days(change: dict[str, object]) -> None:
    (document,) = assemble([with_word(page(DECISION), "17", **change)])
    assert document.findings["issued_on"].value == "2024-09-17"
    assert not document.findings["issued_on"].is_certain
    assert document.findings["number"].is_certain, "the number is printed all the same"


def test_a_text_layer_has_no_handwriting() -> None:
    typed = with_word(
        page(DECISION, source=Source.TEXT_LAYER, confidence=1.0), NUMBER, box=Box(500, 520, 300, 56)
    )
    (document,) = assemble([typed])
    assert document.findings["number"].is_certain
    assert document.findings["number"].source is Source.TEXT_LAYER


@pytest.mark.parametrize(
    "slot", ["Số:        /QĐ-UBND", "Số: …../QĐ-UBND", "Số: ______/QĐ-UBND", "Số: @#_ /QĐ-UBND"]
)
def test_an_empty_or_unreadable_slot_yields_no_number(slot: str) -> None:
    rows = [f"ỦY BAN NHÂN DÂN || {NATIONAL}", f"PHƯỜNG BA ĐÌNH || {MOTTO}",
            f"{slot} || Ba Đình, ngày      tháng      năm 2026", "", "^QUYẾT ĐỊNH",
            "^Về việc giao nhiệm vụ"]  # fmt: skip
    found = values(only(rows))
    assert "number" not in found
    assert "issued_on" not in found
    assert found["symbol"] == "QĐ-UBND"
    assert found["place"] == "Ba Đình"


def test_a_blank_form_yields_nothing_but_its_name() -> None:
    form = [f"^{NATIONAL}", f"^{MOTTO}", "", "^TỜ KHAI ĐĂNG KÝ KHAI SINH", "",
            "^Kính gửi: (1)......................................",
            "Họ, chữ đệm, tên người yêu cầu: ..............", "Giấy tờ tùy thân: (3)..............",
            "^Làm tại: ............, ngày .... tháng .... năm ......"]  # fmt: skip
    document = only(form)
    assert document.type == "Tờ khai đăng ký khai sinh"
    assert set(document.findings) == {"document_type"}


@pytest.mark.parametrize(
    ("printed", "read"),
    [("ỦY BAN NHÂN DÂN", "UY BẠN NHÂN DAN"), ("THÀNH PHỐ HÀ NỘI", "THANH PHÔ HÀ NỌI")],
)
def test_lost_marks_of_known_names_are_given_back(printed: str, read: str) -> None:
    document = only([row.replace(printed, read) for row in DECISION])
    parent = document.findings["parent_issuer"]
    assert parent.value == "ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI"
    assert read in parent.raw


def test_an_unknown_agency_is_kept_and_marked() -> None:
    rows = [row.replace("TTPVHCC", "XQZW") for row in DECISION]
    symbol = only(rows).findings["symbol"]
    assert symbol.value == "QĐ-XQZW"
    assert not symbol.is_certain


def test_a_symbol_that_contradicts_the_title_is_doubtful() -> None:
    symbol = only([row.replace("QĐ-TT", "TB-TT") for row in DECISION]).findings["symbol"]
    assert symbol.value == "TB-TTPVHCC"
    assert not symbol.is_certain


def test_a_lost_dash_is_given_back_where_the_title_says_so() -> None:
    rows = [row.replace("QĐ-TTPVHCC", "QĐTTPVHCC") for row in DECISION]
    symbol = only(rows).findings["symbol"]
    assert (symbol.value, symbol.raw) == ("QĐ-TTPVHCC", "QĐTTPVHCC")


def test_a_symbol_glued_to_unsure_digits_is_certain_only_if_all_of_it_is_known() -> None:
    for unit, certain in (("VP", True), ("XQZ", False)):
        rows = [
            f"ỦY BAN NHÂN DÂN || {NATIONAL}",
            *(row.replace("-VP", f"-{unit}") for row in LETTER),
        ]
        page_read = with_word(page(rows), f"05/UBND-{unit}", confidence=0.5)
        (document,) = assemble([page_read])
        assert document.findings["symbol"].is_certain is certain
        assert not document.findings["number"].is_certain


@pytest.mark.parametrize("label", ["V/v", "V/V", "v/v", "V#", "W/%"])
def test_the_label_of_a_letters_subject_is_no_part_of_it(label: str) -> None:
    heading = [f"{LETTER[0]}{NATIONAL}", f"{LETTER[1]}{MOTTO}"]
    document = only([*heading, *(row.replace("V/v", label) for row in LETTER[2:])])
    assert values(document)["summary"] == "cung cấp bản sao hồ sơ"


def test_a_summary_may_begin_a_row_like_a_body() -> None:
    rows = [*DECISION[:8], "^thực hiện và căn cứ quy chế của Trung tâm", *DECISION[8:]]
    assert values(only(rows))["summary"].endswith("thực hiện và căn cứ quy chế của Trung tâm")


def test_a_normative_number_keeps_its_year() -> None:
    rows = [f"CHÍNH PHỦ || {NATIONAL}", f" || {MOTTO}",
            "Số: 118/2025/NĐ-CP || Hà Nội, ngày 09 tháng 6 năm 2025", "", "^NGHỊ ĐỊNH",
            "^Về thực hiện thủ tục hành chính"]  # fmt: skip
    found = values(only(rows))
    assert (found["number"], found["symbol"]) == ("118/2025", "NĐ-CP")
    assert found["issuer"] == "CHÍNH PHỦ"


def test_the_number_of_an_arrival_stamp_is_not_the_number() -> None:
    rows = [*DECISION[:5], "CÔNG VĂN ĐẾN Số: 2770 Ngày: 04/4/2018", *DECISION[5:]]
    assert values(only(rows))["number"] == "1811"


def test_a_body_whose_first_page_is_missing_has_no_head() -> None:
    body = ["số 53/2016/QĐ-UBND ngày 28/12/2016 của Ủy ban nhân dân thành phố, các đơn vị",
            "phối hợp thực hiện các nhiệm vụ sau đây trước ngày 05 tháng 01 năm 2026:",
            "1. Số: 12/UBND-VX", "V.Hội chợ"]  # fmt: skip
    document = only(body)
    assert (document.type, values(document)) == ("", {})


def test_a_long_summary_ends_at_the_rule() -> None:
    rows = [*DECISION[:7], "^Về việc phê duyệt kế hoạch số hóa hồ sơ thủ tục hành chính",
            "^của các phường trên địa bàn thành phố năm 2024", "", "",
            "Ngày 03 tháng 01, Trung tâm họp nghe báo cáo về tình hình số hóa hồ sơ."]  # fmt: skip
    assert values(only(rows))["summary"].endswith("của các phường trên địa bàn thành phố năm 2024")


@pytest.mark.parametrize("mark", ["TUYỆT MẬT", "TỐI MẬT", "MẬT", "TUYÊT MÂT"])
def test_a_secrecy_mark_is_seen(mark: str) -> None:
    rows = [f"ỦY BAN NHÂN DÂN || {NATIONAL}", f"{mark} || {MOTTO}", *LETTER[2:]]
    found = find_secrecy_mark(page(rows))
    assert found is not None
    assert found.value in {"TUYỆT MẬT", "TỐI MẬT", "MẬT"}


def test_the_word_secret_in_a_sentence_is_no_mark() -> None:
    rows = [*LETTER, "Việc bảo vệ bí mật nhà nước, tài liệu TUYỆT MẬT theo quy định.", "^BÍ MẬT"]
    assert find_secrecy_mark(page(rows)) is None
