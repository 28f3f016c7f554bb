"""The search contract for scopes, filters by day and value, sorting and pages by their last hit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.errors import QueryError
from pipeline.model import Hit, Outcome, Publication, Query, Record, Scope, Sort
from pipeline.people.scopes import is_of_own_unit, is_within
from pipeline.ports import SearchIndex
from tests.contracts.conftest import Holding
from tests.support.indexed import found, publication, with_findings


def received(day: int) -> datetime:
    return datetime(2024, 5, day, 3, tzinfo=UTC)


def four_papers() -> list[Publication]:
    """Return dossiers of two units, received on four days, some with papers of a day and a code."""
    paper = publication("d1", "đơn đề nghị", unit="Bạch Mai", received=received(1), code="H1")
    decision = publication("d2", "đơn khác", unit="Bạch Mai", received=received(2))
    notice = publication("d3", "đơn chung", unit="Hà Đông", received=received(3), code="H3")
    other = publication("d4", "đơn đề nghị", unit="Hà Đông", received=received(4), code="H2")
    return [
        with_findings(paper, "Công văn", issued_on="2024-03-05", issuer="Sở Một"),
        with_findings(decision, "Quyết định", issued_on="2024-01-20", issuer="Sở Hai"),
        with_findings(notice, "Thông báo"),
        with_findings(other, "Quyết định", issued_on="2023-12-31"),
    ]


@pytest.fixture
def offices(holding: Holding) -> SearchIndex:
    return holding(four_papers())


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (None, ["d4", "d3", "d2", "d1"]),
        (Scope(), ["d4", "d3", "d2", "d1"]),
        (Scope(units=frozenset({"Bạch Mai"})), ["d2", "d1"]),
        (Scope(units=frozenset({"Bạch Mai", "Hà Đông"})), ["d4", "d3", "d2", "d1"]),
        (Scope(document_types=frozenset({"Quyết định"})), ["d4", "d2"]),
        (Scope(frozenset({"Hà Đông"}), frozenset({"Quyết định"})), ["d4"]),
        (Scope(levels=frozenset({"open"})), ["d4", "d3", "d2", "d1"]),
        (Scope(levels=frozenset()), []),
        (Scope(units=frozenset()), []),
    ],
)
@pytest.mark.parametrize("text", ["đơn", ""])
def test_a_scope_bounds_what_is_found_and_counted(
    offices: SearchIndex, text: str, scope: Scope | None, expected: list[str]
) -> None:
    results = offices.find(Query(text, scope=scope))
    assert [hit.dossier for hit in results.hits] == expected
    assert results.total == len(expected)
    for counts in (results.facets["unit"], results.facets["state"]):
        assert sum(counts.values()) == len(expected)


def test_a_scope_bounds_what_is_guessed(offices: SearchIndex) -> None:
    """A misread word that only others may see says nothing: not even that it is there."""
    scope = Scope(units=frozenset({"Bạch Mai"}))
    assert [hit.dossier for hit in offices.find(Query("chungg")).hits] == ["d3"]
    hidden = offices.find(Query("chungg", scope=scope))
    assert (hidden.total, hidden.hits, hidden.given_up) == (0, (), ())
    assert offices.find(Query("đơn chunh", scope=scope)).given_up == ("chunh",)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"received_from": "2024-05-03"}, ["d4", "d3"]),
        ({"received_to": "2024-05-02"}, ["d2", "d1"]),
        ({"received_from": "2024-05-02", "received_to": "2024-05-03"}, ["d3", "d2"]),
        ({"issued_from": "2024-01-01"}, ["d2", "d1"]),
        ({"issued_from": "2023-12-31", "issued_to": "2024-01-20"}, ["d4", "d2"]),
        ({"issuer": "Sở Một"}, ["d1"]),
        ({"issuer": "Sở Một", "unit": "Hà Đông"}, []),
        ({"unit": "Bạch Mai", "issued_to": "2024-02-01"}, ["d2"]),
        ({"missing": "1"}, []),
        ({"procedure": "không có"}, []),
    ],
)
def test_filters_by_day_and_value(
    offices: SearchIndex, filters: dict[str, str], expected: list[str]
) -> None:
    assert found(offices, "đơn", **filters) == found(offices, "", **filters) == expected


def test_facets_are_counted_under_filters_that_are_none(offices: SearchIndex) -> None:
    facets = offices.find(Query("đơn", {"received_to": "2024-05-03", "unit": "Bạch Mai"})).facets
    assert facets["unit"] == {"Bạch Mai": 2, "Hà Đông": 1}
    assert facets["document_type"] == {"Công văn": 1, "Quyết định": 1}


@pytest.fixture
def spelled(holding: Holding) -> SearchIndex:
    """Papers whose issuers and procedures are spelled in several ways."""
    first = publication("d1", "đơn", "đơn hai", procedure="1.004873", unit="Một")
    both = [
        replace(entry, findings={"issuer": issuer})
        for entry, issuer in zip(first.entries, ("SỞ NỘI VỤ", "Sở Nội vụ"), strict=True)
    ]
    again = publication("d2", "đơn", procedure="1.004873", unit="Một")
    other = publication("d3", "đơn", procedure="1 004873", unit="Hai")
    return holding(
        [
            replace(first, entries=tuple(both)),
            with_findings(again, "Công văn", issuer="Sở Nội vụ"),
            with_findings(other, "Công văn", issuer="Sở  Nôi  vụ"),
            with_findings(publication("d4", "đơn", unit="Hai"), "Công văn", issuer="So noi"),
        ]
    )


@pytest.mark.parametrize("text", ["đơn", ""])
def test_issuers_and_procedures_are_counted_marks_and_case_aside(
    spelled: SearchIndex, text: str
) -> None:
    facets = spelled.find(Query(text)).facets
    assert facets["issuer"] == {"SỞ NỘI VỤ": 3, "So noi": 1}
    assert facets["procedure"] == {"1.004873": 3}
    within = spelled.find(Query(text, scope=Scope(units=frozenset({"Hai"})))).facets
    assert within["issuer"] == {"So noi": 1, "Sở  Nôi  vụ": 1}
    assert within["procedure"] == {"1 004873": 1}


@pytest.mark.parametrize("issuer", ["Sở Nội vụ", "SỞ NỘI VỤ", "so noi vu", " sở  nội vụ "])
def test_a_filter_of_an_issuer_is_equal_marks_and_case_aside(
    spelled: SearchIndex, issuer: str
) -> None:
    assert found(spelled, "đơn", issuer=issuer) == ["d3", "d2", "d1"]
    results = spelled.find(Query("", {"issuer": issuer, "procedure": "1.004873"}))
    assert results.total == 3
    assert results.facets["issuer"] == {"SỞ NỘI VỤ": 3}, "under the filter of the procedure"
    assert found(spelled, "đơn", procedure="1-004873") == ["d3", "d2", "d1"]
    for not_all in ("sở", "nội vụ", "sở nội vụ tỉnh", "…", "*"):
        assert found(spelled, "đơn", issuer=not_all) == []


def test_a_filter_that_is_no_day_is_said(index: SearchIndex) -> None:
    with pytest.raises(QueryError, match="received_from"):
        index.find(Query("", {"received_from": "hôm qua"}))


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("received", ["d4", "d3", "d2", "d1"]),
        ("issued", ["d1", "d2", "d4", "d3"]),
        ("code", ["d1", "d4", "d3", "d2"]),
    ],
)
@pytest.mark.parametrize("text", ["đơn", "đơn đề nghị", ""])
def test_sorting(offices: SearchIndex, text: str, sort: Sort, expected: list[str]) -> None:
    if "đề nghị" in text:
        expected = [dossier for dossier in expected if dossier in {"d1", "d4"}]
    results = offices.find(Query(text, sort=sort))
    assert [hit.dossier for hit in results.hits] == expected


def by_pages(index: SearchIndex, query: Query) -> list[Hit]:
    """Follow ``next`` to the end."""
    hits: list[Hit] = []
    for _ in range(50):
        results = index.find(query)
        hits += results.hits
        if not results.next:
            return hits
        query = replace(query, after=results.next)
    raise AssertionError("no end")


@pytest.mark.parametrize("sort", ["relevance", "received", "issued", "code"])
@pytest.mark.parametrize("text", ["giao đất", "giao dat", "giao đất nhanh", ""])
def test_pages_by_their_last_hit_join_without_gap_or_overlap(
    holding: Holding, text: str, sort: Sort
) -> None:
    kinds = ["giao đất", "giao dat", "đất được giao", "dat giao"]
    papers = [
        publication(f"d{n:02}", kinds[n % 4], code=f"H{n % 3}" if n % 5 else None)
        for n in range(26)
    ]
    days = ["2024-03-05", "2023-01-01", "", "2024-03-05"]
    index = holding(
        [with_findings(one, issued_on=days[n // 4 % 4]) for n, one in enumerate(papers)]
    )
    whole = index.find(Query(text, sort=sort, limit=100)).hits
    assert len(whole) == 26
    assert by_pages(index, Query(text, sort=sort, limit=7)) == list(whole)
    assert by_pages(index, Query(text, {"state": "COMPLETE"}, sort=sort, limit=13)) == list(whole)


@pytest.mark.parametrize("after", ["no tilde", "~", "x~", "\x00~d1", "1.5~d1", "9" * 40 + "~d1"])
@pytest.mark.parametrize("sort", ["relevance", "received", "issued", "code"])
def test_what_no_page_of_results_gave_is_no_crash(
    offices: SearchIndex, after: str, sort: Sort
) -> None:
    query = Query("đơn", sort=sort, after=after)
    try:
        assert offices.find(query).total == 4
    except QueryError as error:
        assert error.remedy


def test_what_is_excluded_or_withheld_stays_out(index: SearchIndex) -> None:
    index.publish(four_papers())
    index.publish([publication("d5", "đơn đề nghị", outcome=Outcome.PARTIAL)])
    assert index.find(Query("đơn", only_marked=True)).total == 5
    assert index.find(Query("đờn", only_marked=True)).never_so_marked == ("đờn",)


@pytest.mark.parametrize("named", ["phường cầu giấy", "PHUONG  CAU GIAY", "Phường Cầu Giấy"])
def test_capitals_and_marks_of_a_units_name_do_not_matter(holding: Holding, named: str) -> None:
    there, elsewhere = publication("d1", "đơn"), publication("d2", "đơn")
    index = holding(
        [
            replace(there, dossier=replace(there.dossier, unit="Phường Cầu Giấy")),
            replace(elsewhere, dossier=replace(elsewhere.dossier, unit="Phường Nghĩa Đô")),
        ]
    )
    scope = Scope(units=frozenset({named}))
    assert [hit.dossier for hit in index.find(Query("đơn", scope=scope)).hits] == ["d1"]
    of_it = replace(there.dossier, unit="Phường Cầu Giấy")
    assert is_within(scope, Record(1, of_it.received, "worker", "digitised", of_it))
    assert is_of_own_unit(scope, "PHƯỜNG CẦU GIẤY")
    assert not is_of_own_unit(scope, "Phường Nghĩa Đô")
