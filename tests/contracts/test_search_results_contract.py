"""The search contract for results: hits, snippets, facets, pages of results."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.errors import QueryError
from pipeline.model import MARK_CLOSE, MARK_OPEN, Document, Finding, Outcome, Query, Source
from pipeline.ports import SearchIndex
from tests.support.indexed import (
    CODE,
    DECISION,
    UnicodeForm,
    found,
    marked,
    only_hit,
    publication,
    with_findings,
)


def test_a_hit_is_a_dossier_with_its_pages_best_first(index: SearchIndex) -> None:
    texts = ["trang bìa", "giao dat", "giao thông", "giao đất", "giao đất lần hai"]
    index.publish([publication("d1", *texts, code=CODE)])
    hit = only_hit(index, "giao đất")
    assert (hit.page, hit.pages, hit.code) == (4, (4, 5, 2), CODE)


def test_a_hit_has_the_title_people_recognise(index: SearchIndex) -> None:
    findings = {name: Finding(value, value, 1.0, Source.OCR) for name, value in DECISION.items()}
    document = Document("Quyết định", (1,), findings)
    index.publish([publication("d1", "mờ"), publication("d2", "mờ", documents=(document,))])
    titles = [hit.title for hit in index.find(Query("mờ")).hits]
    assert titles == [f"Quyết định 1811/QĐ-TTPVHCC {DECISION['summary']}", "d1.pdf"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["quyền sử dụng", "quyen su dung", "QUYỀN SỬ DỤNG"])
def test_snippets_mark_the_words_as_printed(
    index: SearchIndex, typed: str, form: UnicodeForm
) -> None:
    filler = " ".join(f"chữ{number}" for number in range(500))
    index.publish([publication("d1", f"{filler}\nGiấy chứng nhận QUYỀN\nSỬ DỤNG đất {filler}")])
    snippet = only_hit(index, unicodedata.normalize(form, typed)).snippet
    assert marked(snippet) == ["QUYỀN SỬ DỤNG"]
    assert snippet.startswith("… ")
    assert snippet.endswith(" …")
    assert 25 <= len(snippet.split()) <= 35


def test_snippets_prefer_the_words_as_typed(index: SearchIndex) -> None:
    index.publish([publication("d1", "dạt vào bờ, giao đất")])
    assert marked(only_hit(index, "đất").snippet) == ["đất"]
    index.publish([publication("d1", "dạt vào bờ")])
    assert marked(only_hit(index, "đất").snippet) == ["dạt"]


def test_snippets_show_the_fields_when_only_they_are_hit(decision: SearchIndex) -> None:
    hit = decision.find(Query("quy chế tiếp công dân")).hits[0]
    assert "quy chế tiếp công dân" in marked(hit.snippet)


def test_marks_in_the_text_cannot_be_taken_for_hits(index: SearchIndex) -> None:
    index.publish([publication("d1", f"{MARK_OPEN}giả{MARK_CLOSE} giao đất {MARK_OPEN}")])
    assert marked(only_hit(index, "đất").snippet) == ["đất"]


@pytest.fixture
def mixed(index: SearchIndex) -> SearchIndex:
    """Four dossiers of two units; d1 has papers of two types and years."""
    first = publication("d1", "đơn một", "đơn hai", "đơn ba", unit="Bạch Mai")
    letter = replace(
        first.entries[0], document_type="Công văn", findings={"issued_on": "2023-01-02"}
    )
    report = replace(
        first.entries[1], document_type="Báo cáo", findings={"issued_on": "2022-01-02"}
    )
    again = replace(first.entries[2], document_type="Báo cáo", findings={"issued_on": "2023-05-06"})
    waiting = publication("d4", name="đơn chờ", outcome=None, unit="Hà Đông")
    partial = publication("d3", "đơn", unit="Hà Đông", outcome=Outcome.PARTIAL)
    index.publish(
        [
            replace(first, entries=(letter, report, again)),
            with_findings(publication("d2", "đơn", unit="Bạch Mai"), "Công văn"),
            with_findings(partial, "Báo cáo"),
            waiting,
        ]
    )
    return index


@pytest.mark.parametrize("text", ["đơn", ""])
def test_facets_count_dossiers_not_pages(mixed: SearchIndex, text: str) -> None:
    results = mixed.find(Query(text))
    assert results.total == 4
    assert results.facets == {
        "unit": {"Bạch Mai": 2, "Hà Đông": 2},
        "document_type": {"Báo cáo": 2, "Công văn": 2},
        "year": {"2024": 3, "2022": 1, "2023": 1},
        "state": {"COMPLETE": 2, "PARTIAL": 1, "WAITING": 1},
        "procedure": {},
        "issuer": {},
    }


@pytest.mark.parametrize("text", ["đơn", ""])
def test_facets_count_under_the_other_filters(mixed: SearchIndex, text: str) -> None:
    results = mixed.find(Query(text, {"unit": "Bạch Mai", "document_type": "Công văn"}))
    assert {hit.dossier for hit in results.hits} == {"d1", "d2"}
    assert results.facets["unit"] == {"Bạch Mai": 2}
    assert results.facets["document_type"] == {"Công văn": 2, "Báo cáo": 1}
    assert results.facets["year"] == {"2022": 1, "2023": 1, "2024": 1}, "of all papers of d1"


def test_facets_add_up_to_what_the_filter_then_finds(mixed: SearchIndex) -> None:
    facets = mixed.find(Query("đơn")).facets
    for name, values in facets.items():
        for value, dossiers in values.items():
            assert len(found(mixed, "đơn", **{name: value})) == dossiers


def test_filters_choose_dossiers_with_such_a_paper(mixed: SearchIndex) -> None:
    """Both need not be true of the same paper: filters, counts and words speak of the dossier."""
    assert found(mixed, "đơn", year="2023", document_type="Báo cáo") == ["d1"]
    assert found(mixed, "đơn", year="2022", document_type="Công văn") == ["d1"]
    assert only_hit(mixed, "đơn hai").pages == (2,)


def test_an_empty_filter_is_none_and_an_unknown_value_finds_nothing(mixed: SearchIndex) -> None:
    assert found(mixed, "đơn", unit="") == found(mixed, "đơn")
    assert found(mixed, "đơn", unit="Sao Hỏa") == []


def test_an_unknown_filter_names_the_known_ones(mixed: SearchIndex) -> None:
    with pytest.raises(QueryError) as raised:
        mixed.find(Query("đơn", {"colour": "red"}))
    assert "colour" in raised.value.message
    for name in ("unit", "document_type", "year", "state", "received_from", "issued_to", "missing"):
        assert name in raised.value.remedy


def test_the_year_of_receipt_is_that_of_hanoi(index: SearchIndex) -> None:
    eve = datetime(2023, 12, 31, 18, 0, tzinfo=UTC)
    index.publish([publication("d1", "đơn", received=eve)])
    assert index.find(Query("")).facets["year"] == {"2024": 1}


@pytest.mark.parametrize("text", ["giao đất", ""])
def test_pages_of_results_join_without_gap_or_overlap(index: SearchIndex, text: str) -> None:
    kinds = ["giao đất", "giao dat", "đất được giao", "dat giao"]
    index.publish([publication(f"d{n:03}", kinds[n % 4], "giao đất") for n in range(50)])
    whole = [hit.dossier for hit in index.find(Query(text, limit=100)).hits]
    parts = [index.find(Query(text, limit=7, offset=start)) for start in range(0, 56, 7)]
    assert [hit.dossier for part in parts for hit in part.hits] == whole
    assert len(set(whole)) == 50
    assert {part.total for part in parts} == {50}


def test_limits_beyond_reason(index: SearchIndex) -> None:
    index.publish([publication("d1", "đơn")])
    assert index.find(Query("đơn", limit=0)).total == 1
    assert index.find(Query("đơn", limit=0)).hits == ()
    assert len(index.find(Query("đơn", limit=10**30)).hits) == 1
    assert index.find(Query("đơn", offset=10**30)).hits == ()
    for wrong in (Query("đơn", limit=-1), Query("đơn", offset=-1)):
        with pytest.raises(QueryError):
            index.find(wrong)


def test_an_empty_text_lists_everything_newest_first(index: SearchIndex) -> None:
    index.publish([publication("d2", "hai", "ba"), publication("d1", "một")])
    results = index.find(Query("  \n "))
    assert [(hit.dossier, hit.pages) for hit in results.hits] == [("d2", (1, 2)), ("d1", (1,))]
    assert results.hits[0].snippet == "hai"
