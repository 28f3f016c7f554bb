"""The search contract for codes, numbers, dates and years."""

from __future__ import annotations

import unicodedata

import pytest

from pipeline.model import Query
from pipeline.ports import SearchIndex
from tests.support.indexed import CODE, found, only_hit, publication, with_findings


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        "H26. 19.25-260105- 0007",
        "h26.19.25 – 260105 – 0007",
        "1811/QĐ-TTPVHCC",
        "1811/qd-ttpvhcc",
        "số 1811/QĐ-TTPVHCC",
        unicodedata.normalize("NFD", "1811/QĐ–TTPVHCC"),
        "05/03/2024",
        "5/3/2024",
        "ngày 5 tháng 3 năm 2024",
        "ngay 05 thang 3 nam 2024",
        "NGÀY 5 THÁNG 3 NĂM 2024",
    ],
)
def test_identifiers_rank_first_and_their_mentions_follow(
    decision: SearchIndex, typed: str
) -> None:
    assert found(decision, typed)[0] == "d0"
    if "0007" not in typed or typed.lower() == CODE.lower():
        assert "d1" in found(decision, typed)


def test_the_beginning_of_a_code_finds_all_that_begin_so(index: SearchIndex) -> None:
    codes = ["H26.19.25-260105-0007", "H26.19.25-260106-0001", "H26.20.01-260105-0007"]
    index.publish([publication(f"d{n}", "đơn", code=code) for n, code in enumerate(codes)])
    assert found(index, "h26.19.25-2601") == ["d1", "d0"]
    assert found(index, "H26.19.25-260106") == ["d1"]
    assert found(index, "H26.20") == ["d2"]


def test_the_old_form_of_codes_is_found(index: SearchIndex) -> None:
    index.publish([publication("d1", "đơn", code="000.25.19.H26-240917-0042")])
    assert found(index, "000.25. 19.h26-240917-0042") == found(index, "000.25.19") == ["d1"]


def test_numbers_of_normative_documents_keep_their_year(index: SearchIndex) -> None:
    page = publication("d1", "mờ")
    index.publish([with_findings(page, "Nghị định", number="12/2020", symbol="NĐ-CP")])
    assert found(index, "12/2020/nd-cp") == found(index, "12/2020/NĐ-CP") == ["d1"]
    assert only_hit(index, "12/2020/nđ-cp").score > only_hit(index, "nđ").score


def test_zeros_before_a_number_do_not_count(index: SearchIndex) -> None:
    page = publication("d1", "mờ")
    index.publish([with_findings(page, "Công văn", number="05", symbol="BNV-VP")])
    assert found(index, "5/bnv-vp") == found(index, "05/BNV-VP") == ["d1"]


def test_a_personal_number_is_found_with_gaps(index: SearchIndex) -> None:
    page = publication("d1", "thẻ mờ")
    index.publish([with_findings(page, "Căn cước", personal_id="001199012345")])
    assert found(index, "0011 9901 2345") == found(index, "001199012345") == ["d1"]


def test_a_number_typed_with_gaps_is_found_in_the_text_too(index: SearchIndex) -> None:
    index.publish([publication("d1", "CCCD số 001199012345 cấp"), publication("d2", "0011 9901")])
    assert found(index, "0011 9901 2345") == found(index, "001.199.012.345") == ["d1"]


def test_a_date_is_found_however_it_is_written(index: SearchIndex) -> None:
    written = ["ngày 05 tháng 3 năm 2024", "5/3/2024", "05-03-2024", "ngày 5 tháng 03 năm 2025"]
    index.publish([publication(f"d{n}", page) for n, page in enumerate(written)])
    assert found(index, "05/03/2024") == ["d2", "d1", "d0"]


def test_a_year_is_a_word_that_lifts_papers_of_that_year(index: SearchIndex) -> None:
    of_2019 = with_findings(publication("d1", "kế hoạch thu"), "Kế hoạch", issued_on="2019-02-01")
    index.publish([of_2019, publication("d2", "thu theo kế hoạch năm 2019")])
    assert found(index, "thu kế hoạch 2019") == ["d1", "d2"]


def test_found_by_fields_though_nothing_could_be_read(decision: SearchIndex) -> None:
    for typed in ("quy chế tiếp công dân", "đặng thị mẫu", "phục vụ hành chính công", "qd 1811"):
        assert found(decision, typed)[0] == "d0", typed


def test_found_by_name_and_code_before_there_are_pages(index: SearchIndex) -> None:
    waiting = publication("d1", name="ho_so_nguyen_van_mau.pdf", code=CODE, outcome=None)
    index.publish([waiting])
    assert found(index, "nguyễn văn mẫu") == found(index, CODE) == ["d1"]
    assert index.find(Query("")).facets["state"] == {"WAITING": 1}
