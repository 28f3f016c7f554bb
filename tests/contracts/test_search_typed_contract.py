"""The search contract for numbers, dates and codes as people type them, beside near misses."""

from __future__ import annotations

import pytest

from pipeline.model import Query
from pipeline.ports import SearchIndex
from tests.contracts.conftest import Holding
from tests.support.indexed import CODE, found, marked, only_hit, publication, with_findings

LETTER = """PHIẾU LIÊN HỆ
Số điện thoại: 0911.222.333
Số căn cước công dân: 001 190 004 321
Mã số thuế: 0100 004 321
Số tiền: 1.350.000 đồng
Ngày hẹn: 09-08-2025
Căn cứ Công văn số 88/TTr-NN"""
NEAR_MISS = """PHIẾU LIÊN HỆ
Số điện thoại: 0911.222.334 và 911.222.333
Số căn cước công dân: 001 190 004 3211
Mã số thuế: 0100 004 322
Số tiền: 11.350.000 đồng
Ngày hẹn: 09-09-2024
Căn cứ Công văn số 188/TTr-NN"""


@pytest.mark.parametrize(
    "typed",
    [
        "0911222333", "+84911222333", "0911 222 333", "84 911 222 333", "001190004321",
        "0011 9000 4321", "0100004321", "0100.004.321", "1350000", "1,350,000 đồng",
        "09-08-2025", "09.08.2025", "9/8/2025", "2025-08-09", "8/2025", "tháng 8 năm 2025",
        "quý 3/2025", "quý III năm 2025", "ngày 9 tháng 8", "88ttrnn", "phiếu liên hệ 0911222333",
    ],
)  # fmt: skip
def test_each_finds_the_paper_and_no_other(holding: Holding, typed: str) -> None:
    index = holding([publication("d1", LETTER), publication("d2", NEAR_MISS)])
    assert found(index, typed) == ["d1"]


@pytest.mark.parametrize(
    "typed",
    ["190004321", "190 004 321", "91122233", "350000", "350.000"],
)
def test_a_part_of_a_number_finds_nothing(holding: Holding, typed: str) -> None:
    index = holding([publication("d1", LETTER)])
    assert index.find(Query(typed, parts_of_numbers=False)).total == 0


def test_what_bears_a_number_comes_before_what_mentions_it(index: SearchIndex) -> None:
    bears = with_findings(publication("d1", "thẻ mờ"), "Căn cước", personal_id="001190004321")
    issued = with_findings(publication("d2", "tờ mờ"), "Giấy mời", issued_on="2025-08-09")
    index.publish([bears, issued, publication("d3", LETTER)])
    assert found(index, "001 190 004 321") == ["d1", "d3"]
    assert found(index, "9/8/2025") == ["d2", "d3"]


PARTS = ["190", "001 190", "190 004", '"190 004"', "190*", "0911.222", "222", "0911", "0100 004"]


@pytest.mark.parametrize("typed", PARTS)
def test_a_group_of_a_persons_number_finds_nothing_for_whoever_may_not_unmask(
    holding: Holding, typed: str
) -> None:
    index = holding([publication("d1", LETTER)])
    assert index.find(Query(typed, parts_of_numbers=False)).total == 0
    assert index.find(Query(f"phiếu {typed}", parts_of_numbers=False, only_marked=True)).total == 0


@pytest.mark.parametrize(
    "typed",
    ["190", "222", "0911", "phiếu 004 321", "190004321", "190 004 321", "91122233", "4321",
     "0011 9000", "222333", '"căn cước" 1900'],
)  # fmt: skip
def test_a_part_finds_it_for_whoever_may(holding: Holding, typed: str) -> None:
    index = holding([publication("d1", LETTER)])
    assert found(index, typed) == ["d1"]


def test_a_persons_number_is_marked_without_being_told_and_a_sum_with_its_dots(
    index: SearchIndex,
) -> None:
    index.publish([publication("d1", LETTER)])
    assert marked(only_hit(index, "+84911222333").snippet) == ["••••.•••.•••"]
    assert marked(only_hit(index, "1350000").snippet) == ["1.350.000"]


def test_a_code_is_found_by_its_end_and_without_its_signs(index: SearchIndex) -> None:
    other = publication("d2", "đơn", code="H26.19.25-260106-0008")
    index.publish([publication("d1", "đơn", code=CODE), other])
    for typed in ("0007", "260105-0007", "h26192526010500" + "07", "2601050007", "50007"):
        assert found(index, typed) == ["d1"], typed


def test_a_document_number_is_found_without_its_signs(index: SearchIndex) -> None:
    page = with_findings(publication("d1", "mờ"), "Công văn", number="29", symbol="SNV-CCHC")
    index.publish([page, with_findings(publication("d2", "mờ"), number="129", symbol="SNV-CCHC")])
    for typed in ("29snvcchc", "29snv-cchc", "29 snv cchc", "29snv", "29/snv-cchc"):
        assert found(index, typed) == ["d1"], typed


def test_a_month_lifts_no_paper_above_one_that_names_it(index: SearchIndex) -> None:
    of_month = with_findings(publication("d2", "báo cáo khác"), "Báo cáo", issued_on="2024-03-09")
    index.publish([publication("d1", "Báo cáo tháng 3/2024 của xã"), of_month])
    assert found(index, "báo cáo tháng 3/2024") == ["d1", "d2"]
    assert index.find(Query("tháng 3/2024")).total == 2


@pytest.mark.parametrize("typed", ["0911222333", "1350000", "quý 3/2025", "9/8/2025", "8/2025"])
def test_the_page_that_mentions_it_is_shown(holding: Holding, typed: str) -> None:
    index = holding([publication("d1", "trang bìa", LETTER, "trang cuối")])
    hit = only_hit(index, typed)
    assert hit.page == 2
    assert marked(hit.snippet)
