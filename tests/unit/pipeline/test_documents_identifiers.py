"""Codes of dossiers and people, and numbers of documents, as readers return them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.documents import (
    find_document_number,
    find_document_numbers,
    find_dossier_code,
    find_dossier_codes,
    find_procedure_codes,
    squeeze_code,
)
from pipeline.documents.extract.dates import find_dates, find_place
from pipeline.documents.extract.land import find_parcel, find_title_serials
from pipeline.documents.extract.people import (
    Validity,
    check_tax_code,
    decode_personal_id,
    find_personal_ids,
    find_phones,
    find_tax_codes,
)
from pipeline.vietnamese import fold

PHRASES = json.loads(
    Path(__file__).with_name("extraction_phrases.json").read_text(encoding="utf-8")
)


def _number(text: str) -> dict[str, str | None] | None:
    found = find_document_numbers(text)
    if not found:
        return None
    return {"so": found[0].number, "ky_hieu": found[0].symbol, "nam": found[0].year}


def _dossier(text: str) -> dict[str, str | None] | None:
    found = find_dossier_codes(text)
    if not found:
        return None
    day = found[0].received
    return {
        "unit": found[0].unit,
        "date": day.isoformat() if day else None,
        "seq": found[0].serial if day else None,
    }


def _person(text: str) -> dict[str, object]:
    read = decode_personal_id(text)
    return {"prov": read.province, "sex": read.sex, "year": read.born, "err": list(read.doubts)}


READ: dict[str, Callable[[str], Any]] = {
    "so": _number,
    "hs": _dossier,
    "tthc": find_procedure_codes,
    "date": lambda text: [each.day and each.day.isoformat() for each in find_dates(text)],
    "place": lambda text: [place[0]] if (place := find_place(text)) else [],
    "id": lambda text: next(iter(find_personal_ids(text)), None),
    "idv": _person,
    "mst": check_tax_code,
    "tel": find_phones,
    "gcn": find_title_serials,
    "thua": lambda text: [list(part) for part in find_parcel(text)],
    "fold": fold,
}


@pytest.mark.parametrize("case", PHRASES, ids=lambda case: f"{case['kind']}: {case['text'][:40]}")
def test_phrases_as_readers_return_them(case: dict[str, Any]) -> None:
    assert READ[case["kind"]](case["text"]) == case["expect"]


def test_all_72_phrases_are_here() -> None:
    assert len(PHRASES) == 72
    assert {case["kind"] for case in PHRASES} == set(READ)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1811/qd-ttpvhcc", ("1811", "QĐ-TTPVHCC")),
        ("1811/QĐ-TTPVHCC", ("1811", "QĐ-TTPVHCC")),
        ("quyết định 1811/qđ-ttpvhcc năm 2024", ("1811", "QĐ-TTPVHCC")),
        ("118/2025/nd-cp", ("118/2025", "NĐ-CP")),
        ("33/2024/qh15", ("33/2024", "QH15")),
        ("12/ubnd-vx", ("12", "UBND-VX")),
        ("05/ttpvhcc-vp", ("05", "TTPVHCC-VP")),
        ("686/sttt-cntt&bcvt", ("686", "STTT-CNTT&BCVT")),
    ],
)
def test_numbers_as_people_type_them(typed: str, found: tuple[str, str]) -> None:
    assert find_document_number(typed) == found


@pytest.mark.parametrize(
    "text",
    ["12/5", "17/9/2024", "17/09/2024", "số nhà 12/5 ngõ 34", "5/phường", "nguyễn văn a",
     "3/4 suất", "1811", "62,5 m2/người", "https://vi.du/2024/qd-x", ""],
)  # fmt: skip
def test_no_number_where_there_is_none(text: str) -> None:
    assert find_document_number(text) is None


def test_a_symbol_keeps_its_dashes_whatever_their_kind() -> None:
    for dash in "-‐‑–—":
        assert find_document_number(f"Số: 15/QĐ{dash}BNV") == ("15", "QĐ-BNV")


def test_each_number_of_a_sentence_is_found_once_and_in_order() -> None:
    text = "Căn cứ Luật số 33/2024/QH15; Nghị định số I 18/2025/NĐ-CP; công văn 12/UBND-VX"
    assert [number.symbol for number in find_document_numbers(text)] == ["QH15", "NĐ-CP", "UBND-VX"]


def test_spans_point_into_the_text() -> None:
    text = "Theo Quyết định số 15/QĐ-BNV của Bộ"
    number = find_document_numbers(text)[0]
    assert text[number.start : number.end] == "số 15/QĐ-BNV"


@pytest.mark.parametrize(
    "typed",
    ["H26.19.25-260105-0007", "h26.19.25-260105-0007", "mã H26. 19.25-260105-0007",
     "H26.19.25 - 2601 05 - 0007"],
)  # fmt: skip
def test_dossier_codes_come_back_normalised(typed: str) -> None:
    assert find_dossier_code(typed) == "H26.19.25-260105-0007"


@pytest.mark.parametrize(
    "text", ["H26.19-261301-0001", "Tài khoản 0011-260105-0007", "0912 345 678", "H26", ""]
)
def test_no_dossier_code_where_there_is_none(text: str) -> None:
    assert find_dossier_code(text) is None


def test_codes_are_compared_without_dress() -> None:
    printed = squeeze_code("1811/QĐ-TTPVHCC")
    assert printed == squeeze_code("1811 / qd – ttpvhcc") == squeeze_code("1811/QÐ-TTPVHCC")
    assert printed != squeeze_code("1812/QĐ-TTPVHCC")


def test_a_tax_code_with_remainder_zero_is_a_warning_not_a_mistake() -> None:
    codes = [f"{stem:09d}0" for stem in range(100_000_000, 100_000_200)]
    warned = [code for code in codes if check_tax_code(code) is Validity.WARN]
    assert warned  # 9 % of all bodies: the formula gives 10 and implementations disagree
    assert check_tax_code("12345") is Validity.BAD
    assert find_tax_codes("MST: 0100109106 - 001, TK 123456789012") == ["0100109106-001"]


@pytest.mark.parametrize("wrong", ["00119901234", "0011990123456", "00119901234a", "٠٠١١٩٩٠١٢٣٤٥"])
def test_what_is_not_12_digits_is_no_personal_id(wrong: str) -> None:
    with pytest.raises(ValueError, match="12 digits"):
        decode_personal_id(wrong)


def test_someone_born_abroad_has_no_province_to_doubt() -> None:
    assert decode_personal_id("123099012345").doubts == ()


def test_dates_with_labels_stay_two_dates() -> None:
    text = "Đăng ký lần đầu: ngày 05 tháng 01 năm 2020, thay đổi lần 3, ngày 17 tháng 9 năm 2024"
    assert [str(found.day) for found in find_dates(text)] == ["2020-01-05", "2024-09-17"]


@pytest.mark.parametrize(
    "text",
    ["ngày     tháng     năm 20", "ngày …. tháng …. năm 20…", "Ngày/tháng/năm", "12/2020",
     "1.500.000 đồng", "tờ bản đồ 1/500"],
)  # fmt: skip
def test_blank_slots_and_other_figures_are_no_dates(text: str) -> None:
    assert find_dates(text) == []


def test_a_place_is_not_the_end_of_a_symbol() -> None:
    assert find_place("Số: 12/UBND-NC TP. Hồ Chí Minh, ngày 3 tháng 4 năm 2026") == (
        "TP. Hồ Chí Minh",
        15,
        30,
    )
    assert find_place("căn cứ Quyết định ngày 3 tháng 4 năm 2026") is None
