"""The search contract for suggestions: what is begun, whose it may be, and what is never said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.model import Document, Finding, Publication, Scope, Source, Withheld
from pipeline.ports import SearchIndex
from tests.contracts.conftest import Holding
from tests.support.indexed import CODE, publication

BACH_MAI = Scope(units=frozenset({"Bạch Mai"}))
LAND, SCHOOL = "Quyết định giao đất ở", "Quyết định giáo dục phổ thông"
FOREST, NOTICE = "Quyết định giao khoán rừng", "Thông báo thu hồi đất"
SECRET = Withheld(datetime(2026, 3, 1, tzinfo=UTC), "sohoa", "dấu «MẬT»")


def titled(dossier: str, title: str, kind: str = "Quyết định", **about: object) -> Publication:
    """A dossier whose first document has a type and a summary."""
    summary = Finding(title, title, 1.0, Source.OCR)
    documents = (Document(kind, (1,), {"summary": summary}),)
    made = publication(dossier, "trang", **{"documents": documents, **about})
    entries = [replace(entry, document_type=kind) for entry in made.entries]
    return replace(made, entries=tuple(entries))


def four_dossiers() -> list[Publication]:
    """Return dossiers of two units with titles that share beginnings."""
    return [
        titled("d1", "giao đất ở", unit="Bạch Mai", code=CODE, procedure="1.004873"),
        titled("d2", "giáo dục phổ thông", unit="Bạch Mai"),
        titled("d3", "giao khoán rừng", unit="Bách Khoa", code="H26.19.31-260210-0042"),
        titled("d4", "thu hồi đất", "Thông báo", unit="Bách Khoa", procedure="2.000123"),
    ]


@pytest.fixture
def offices(holding: Holding) -> SearchIndex:
    return holding(four_dossiers())


def suggested(index: SearchIndex, text: str, scope: Scope | None = None) -> list[str]:
    return [one.text for one in index.suggest(text, scope)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("quyet d", [FOREST, SCHOOL, LAND]),
        ("giao", [FOREST, SCHOOL, LAND]),
        ("GIÁO", [SCHOOL, FOREST, LAND]),
        ("giao đ", [LAND, SCHOOL]),
        ("đất", [NOTICE, LAND]),
        ("th", [NOTICE, SCHOOL]),
        ("bach", ["Bách Khoa", "Bạch Mai"]),
        ("bạch", ["Bạch Mai", "Bách Khoa"]),
        ("mai", ["Bạch Mai"]),
        ("h26.19.2", [CODE]),
        ("H26 19", ["H26.19.31-260210-0042", CODE]),
        ("260105-0", [CODE]),
        ("0042", ["H26.19.31-260210-0042"]),
        ("1.0048", ["1.004873"]),
        ("2000", ["2.000123"]),
        ("gia đ", []),
        ("g", []),
        (" - ", []),
        ("", []),
    ],
)  # fmt: skip
def test_values_that_a_typed_text_begins(
    offices: SearchIndex, typed: str, expected: list[str]
) -> None:
    assert suggested(offices, typed) == expected


def test_a_suggestion_says_what_it_is(offices: SearchIndex) -> None:
    kinds = {
        one.text: one.kind for text in ("bach", "26", "1.00", "th") for one in offices.suggest(text)
    }
    assert kinds == {
        "Bách Khoa": "unit",
        "Bạch Mai": "unit",
        CODE: "code",
        "H26.19.31-260210-0042": "code",
        "1.004873": "procedure",
        NOTICE: "title",
        SCHOOL: "title",
    }


def test_a_scope_bounds_what_is_suggested(offices: SearchIndex) -> None:
    assert suggested(offices, "giao k", BACH_MAI) == []
    assert suggested(offices, "bach", BACH_MAI) == ["Bạch Mai"]
    assert suggested(offices, "h26", BACH_MAI) == [CODE]
    assert suggested(offices, "2.0", BACH_MAI) == []
    assert suggested(offices, "th", Scope(document_types=frozenset({"Thông báo"}))) == [NOTICE]
    for nobody in (Scope(units=frozenset()), Scope(levels=frozenset({"withheld"}))):
        for typed in ("giao", "bach", "h26", "1.0"):
            assert suggested(offices, typed, nobody) == []


def test_what_is_withheld_joined_or_withdrawn_is_not_suggested(index: SearchIndex) -> None:
    index.publish(four_dossiers())
    sealed = titled("d1", "giao đất ở", unit="Bạch Mai", code=CODE, procedure="1.004873")
    for gone in ({"withheld": SECRET}, {"joined_into": "d2"}):
        index.publish([replace(sealed, dossier=replace(sealed.dossier, **gone), sequence=3)])
        assert suggested(index, "giao đất") == []
        assert suggested(index, "260105") == []
        assert suggested(index, "1.00") == []
        assert suggested(index, "ho so") == suggested(index, "mật") == []
        index.publish([replace(sealed, sequence=4)])
        assert suggested(index, "giao đất") == [LAND]
        index.clear()
        index.publish([replace(sealed, sequence=1)])
    index.withdraw("d1")
    assert suggested(index, "giao") == []


@pytest.mark.parametrize(
    "title",
    ["Đơn của 001085012345", "đơn 0900 000 123", "Đơn +84.900.000.123", "scan_0900000123",
     "CCCD 0010-8501-2345"],
)  # fmt: skip
def test_no_number_of_a_person_or_phone_is_suggested(index: SearchIndex, title: str) -> None:
    unit = "Phòng 0900000123"
    index.publish([publication("d1", "trang", name=title, unit=unit, code="0900000123")])
    for typed in ("don", "scan", "cccd", "09", "0900", "001", "phong", "84"):
        assert suggested(index, typed) == []


def test_one_title_of_many_dossiers_hides_no_other(index: SearchIndex) -> None:
    rare = [titled(f"a{number}", f"đơn số {number}", "") for number in range(3)]
    common = [titled(f"b{number:03}", "đơn chung", "") for number in range(150)]
    index.publish([*rare, *common])
    assert suggested(index, "don") == ["đơn chung", "đơn số 2", "đơn số 1", "đơn số 0"]
    assert [one.text for one in index.suggest("don", None, 2)] == ["đơn chung", "đơn số 2"]
    assert index.suggest("don", None, 0) == ()


@pytest.mark.parametrize(
    "typed",
    ["*", "**", "a" * 4000, "g" * 63 + " *", '"giao', "-giao", "giao\x00đất", "\ud800ab", "🙂🙂🙂",
     ".*", "g.*", "[a-z]", "code^h2", "title·giao", "giao\x1fd1", "../..", "NOT x", "{}",
     "\u0301\u0301"],
)  # fmt: skip
def test_whatever_is_typed_is_no_crash(offices: SearchIndex, typed: str) -> None:
    assert set(suggested(offices, typed)) <= {LAND, FOREST, SCHOOL}


def test_long_titles_are_cut_at_a_word(index: SearchIndex) -> None:
    index.publish([titled("d1", "giao đất " * 40), titled("d2", "x" * 300, "Giao")])
    first, second = sorted(suggested(index, "giao"), key=len)
    assert (len(first), len(second)) == (4, 118)
    assert second.endswith("giao đất")


def test_titles_in_any_form_of_unicode(index: SearchIndex) -> None:
    index.publish([titled("d1", "giao đa\u0302\u0301t", "")])
    for typed in ("giao đất", "giao đa\u0302\u0301t", "giao dat", "ĐẤT"):
        assert suggested(index, typed) == ["giao đất"]
