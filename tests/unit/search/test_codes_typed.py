"""Document numbers and dossier codes are found without their signs, codes also by their end."""

from __future__ import annotations

import pytest

from search.query.parser import parse
from tests.support.indexed import CODE, publication, with_findings
from tests.unit.search.understood import finds, page

CODES = [CODE, CODE.lower(), "h26192526010500" + "07", "H26 19 25 260105 0007",
         "H26.19.25 -260105 -0007", "h261925-260105-0007"]  # fmt: skip
ENDS = ["0007", "260105-0007", "2601050007", "260105 0007", "25-260105-0007", "19.25-260105-0007",
        "50007"]  # fmt: skip
NUMBERS = [
    "29/SNV-CCHC",
    "29/snv-cchc",
    "29snvcchc",
    "29snv-cchc",
    "29 snv cchc",
    "29 SNV-CCHC",
    "029snvcchc",
]


def test_a_code_is_found_without_its_signs_and_by_its_end() -> None:
    dossier = publication("d1", "đơn", code=CODE)
    for typed in (*CODES, *ENDS):
        assert finds(typed, dossier), typed


def test_an_old_code_is_found_so_too() -> None:
    dossier = publication("d1", "đơn", code="000.25.19.H26-240917-0042")
    for typed in ("0002519h262409170042", "0042", "240917-0042", "19.H26-240917-0042", "000.25.19"):
        assert finds(typed, dossier), typed


@pytest.mark.parametrize("typed", ["007", "0008", "0107", "260106-0007", "26010", "2601", "7"])
def test_other_codes_are_not_found(typed: str) -> None:
    assert not finds(typed, publication("d1", "đơn", code=CODE))


def test_a_document_number_is_found_without_its_signs() -> None:
    own = with_findings(publication("d1", "mờ"), "Công văn", number="29", symbol="SNV-CCHC")
    for typed in NUMBERS:
        assert finds(typed, own), typed
    for other in ("28snvcchc", "29snvvp", "129snvcchc", "9snvcchc"):
        assert not finds(other, own), other


def test_a_number_that_a_page_mentions_is_found_without_its_signs() -> None:
    mention = page("Theo Công văn số 3722/VPCP-CN ngày 5/6/2024 và Quyết định số 05 /QĐ-UBND")
    for typed in ("3722vpcpcn", "3722/vpcp-cn", "05qdubnd", "5qđubnd", "công văn 3722vpcpcn"):
        assert finds(typed, mention), typed
    assert not finds("722vpcpcn", mention)


def test_a_code_that_a_page_mentions_is_found_without_its_signs() -> None:
    assert finds("h26192526010500" + "07", page(f"Biên nhận hồ sơ {CODE} của"))


def test_the_beginning_of_a_number_is_found() -> None:
    own = with_findings(publication("d1", "mờ"), "Quyết định", number="1811", symbol="QĐ-TTPVHCC")
    for typed in ("qd 1811", "qđ1811", "1811qd", "1811 qđ", "1811/qd", "1811"):
        assert finds(typed, own), typed
    assert not finds("qd 181", own)


def test_years_are_no_end_of_a_code() -> None:
    assert parse("2024").prefixes == ()
