"""The search contract for filters, scope, sorting and pages of results by the last dossier."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.errors import QueryError
from pipeline.model import (
    Document,
    Finding,
    MissingFile,
    Query,
    Scope,
    Sort,
    Source,
    Withheld,
)
from pipeline.ports import SearchIndex
from search.query.receptions_typed import without_a_day
from tests.contracts.conftest import Holding
from tests.support.indexed import CODE, found, publication, with_findings


@pytest.fixture
def papers(holding: Holding) -> SearchIndex:
    """Six dossiers of two units, types and offices, received and issued on different days."""
    made = []
    for number in range(6):
        received = datetime(2024, 3, 1 + number, 18, tzinfo=UTC)  # in Hà Nội the day after
        about = {
            "unit": ("Bạch Mai", "Hà Đông")[number % 2],
            "received": received,
            "code": f"{CODE[:-1]}{9 - number}" if number < 4 else None,
            "procedure": "1.004873" if number < 2 else None,
            "missing": (MissingFile("a.pdf", "hỏng"),) if number == 3 else (),
        }
        issued = {"issued_on": f"2023-0{number + 1}-10"} if number != 5 else {}
        paper = publication(f"d{number}", "đơn giao đất", **about)
        kind = ("Quyết định", "Báo cáo")[number // 3]
        made.append(with_findings(paper, kind, issuer=("UBND", "Sở")[number % 2], **issued))
    return holding(made)


@pytest.mark.parametrize("text", ["đơn", "giao đất", ""])
def test_filters_by_days_office_procedure_and_missing_files(papers: SearchIndex, text: str) -> None:
    assert found(papers, text, received_from="2024-03-05") == ["d5", "d4", "d3"]
    assert found(papers, text, received_to="2024-03-03") == ["d1", "d0"]
    assert found(papers, text, received_from="2024-03-03", received_to="2024-03-04") == ["d2", "d1"]
    assert found(papers, text, issued_from="2023-02-10", issued_to="2023-03-10") == ["d2", "d1"]
    assert found(papers, text, issued_from="2023-05-01") == ["d4"], "d5 has no day"
    assert found(papers, text, procedure="1.004873") == ["d1", "d0"]
    assert found(papers, text, issuer="Sở", unit="Hà Đông") == ["d5", "d3", "d1"]
    assert found(papers, text, missing="1") == ["d3"]


def test_a_duplicate_is_found_by_who_may_know_of_its_partner(index: SearchIndex) -> None:
    told = publication("d0", "đơn", unit="Bạch Mai")
    index.publish([replace(told, partners=("\t", "ha dong\t")), publication("d1", "đơn")])
    assert found(index, "", duplicate="1") == found(index, "đơn", duplicate="1") == ["d0"]
    for units, hits in ({"Bạch Mai", "HÀ ĐÔNG"}, 1), ({"Bạch Mai"}, 0):
        scope = Scope(units=frozenset(units))
        assert index.find(Query("", {"duplicate": "1"}, scope=scope)).total == hits
    with pytest.raises(QueryError):
        index.find(Query("", {"duplicate": "ha dong\t"}))


def test_filters_count_before_facets(papers: SearchIndex) -> None:
    facets = papers.find(Query("đơn", {"received_to": "2024-03-04", "unit": "Bạch Mai"})).facets
    assert facets["unit"] == {"Bạch Mai": 2, "Hà Đông": 1}, "under all filters but its own"
    assert facets["document_type"] == {"Quyết định": 2}


@pytest.mark.parametrize("day", ["2024", "05/03/2024", "2024-02-30", "tomorrow"])
def test_a_day_that_does_not_exist_is_told(papers: SearchIndex, day: str) -> None:
    with pytest.raises(QueryError) as raised:
        papers.find(Query("đơn", {"issued_from": day}))
    assert "issued_from" in raised.value.message


@pytest.mark.parametrize("text", ["đơn", "giao đất", ""])
def test_the_scope_bounds_what_is_found_and_counted(papers: SearchIndex, text: str) -> None:
    def asked(scope: Scope) -> tuple[list[str], dict[str, int]]:
        results = papers.find(Query(text, scope=scope))
        return [hit.dossier for hit in results.hits], results.facets["unit"]

    assert asked(Scope(units=frozenset({"Bạch Mai"}))) == (["d4", "d2", "d0"], {"Bạch Mai": 3})
    both = Scope(frozenset({"Bạch Mai", "Hà Đông"}), frozenset({"Báo cáo"}))
    assert asked(both) == (["d5", "d4", "d3"], {"Hà Đông": 2, "Bạch Mai": 1})
    assert asked(Scope(units=frozenset())) == ([], {})
    assert asked(Scope(levels=frozenset({"open"})))[0] == ["d5", "d4", "d3", "d2", "d1", "d0"]
    assert asked(Scope(levels=frozenset({"withheld"}))) == ([], {})


def test_guesses_and_words_of_others_do_not_leak_through_the_scope(index: SearchIndex) -> None:
    index.publish(
        [
            publication("d1", "giao đất cho hộ", unit="A"),
            publication("d2", "Nguyễn Văn Mẫu giao đắt", unit="B"),
        ]
    )
    only_a = Scope(units=frozenset({"A"}))
    for typed in ("nguyễn văn mẫu", "nguyen vam mau"):
        assert index.find(Query(typed, scope=only_a)).total == 0
        assert index.find(Query(typed)).hits[0].dossier == "d2"
    assert index.find(Query("giao đắt", scope=only_a)).never_so_marked == ("đắt",)


@pytest.fixture
def receptions(holding: Holding) -> SearchIndex:
    """Six dossiers scanned in one order and received at a counter in another; two say no day."""
    days = ["2025-11-03", "2025-10-31", None, "2025-12-01", "2025-11-30", "doubtful"]
    made = []
    for number, day in enumerate(days):
        surely = Finding(day or "", "", 0.3 if day == "doubtful" else 0.99, Source.OCR)
        if day == "doubtful":
            surely = replace(surely, value="2025-11-04")
        found = {"received_on": surely} if day else {}
        receipt = Document("Giấy tiếp nhận hồ sơ", (1,), found)
        unit = ("Bạch Mai", "Hà Đông")[number % 2]
        made.append(publication(f"d{number}", "đơn giao đất", unit=unit, documents=(receipt,)))
    return holding(made)


@pytest.mark.parametrize("text", ["đơn", "giao đất", ""])
def test_filters_by_the_day_of_reception(receptions: SearchIndex, text: str) -> None:
    november = {"reception_from": "2025-11-01", "reception_to": "2025-11-30"}
    assert found(receptions, text, **november) == ["d4", "d0"]
    assert found(receptions, text, reception_from="2025-11-03") == ["d4", "d3", "d0"]
    assert found(receptions, text, reception_to="2025-11-03") == ["d1", "d0"]
    assert found(receptions, text, **november, unit="Hà Đông") == []
    assert found(receptions, text, no_reception="1") == ["d5", "d2"], "no day, or a doubtful one"
    facets = receptions.find(Query(text, november)).facets
    assert facets["unit"] == {"Bạch Mai": 2}


TYPED = {
    "{} tiếp nhận tháng 11/2025": ["d4", "d0"],
    "tiep nhan 11/2025 {}": ["d4", "d0"],
    "{} tiếp nhận quý IV/2025": ["d4", "d3", "d1", "d0"],
    "{} tiếp nhận từ 31/10/2025 đến 3/11/2025": ["d1", "d0"],
    "{} tiếp nhận từ 30/11/2025": ["d4", "d3"],
    "tiếp nhận đến 31/10/2025 {}": ["d1"],
    "{} tiếp nhận ngày 1/12/2025": ["d3"],
    "{} tiếp nhận năm 2024": [],
}


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("text", ["đơn", "giao đất", ""])
def test_days_of_reception_are_typed_beside_words(
    receptions: SearchIndex, typed: str, text: str
) -> None:
    assert found(receptions, typed.format(text)) == TYPED[typed]
    left_out = without_a_day(Query(typed.format(text), limit=5, offset=3))
    assert left_out
    assert receptions.find(left_out).total == 2


def test_typed_days_of_reception_narrow_a_filter(receptions: SearchIndex) -> None:
    typed = "tiếp nhận quý 4/2025"
    assert found(receptions, typed, reception_to="2025-11-03") == ["d1", "d0"]
    assert found(receptions, typed, reception_from="2025-11-30", unit="Hà Đông") == ["d3"]
    scope = Scope(units=frozenset({"Bạch Mai"}))
    assert [one.dossier for one in receptions.find(Query(typed, scope=scope)).hits] == ["d4", "d0"]


def test_the_newest_receptions_come_first_and_those_without_last(receptions: SearchIndex) -> None:
    wanted = ["d3", "d4", "d0", "d1", "d5", "d2"]
    for text in ("đơn", ""):
        hits = receptions.find(Query(text, sort="reception")).hits
        assert [hit.dossier for hit in hits] == wanted
        listed: list[str] = []
        after = ""
        for _ in range(6):
            (one,) = (
                page := receptions.find(Query(text, sort="reception", limit=1, after=after))
            ).hits
            listed, after = [*listed, one.dossier], page.next
        assert (listed, after) == (wanted, "")


def test_nothing_is_told_of_the_reception_of_what_is_withheld(index: SearchIndex) -> None:
    receipt = Document("Giấy", (1,), {"received_on": Finding("2025-11-03", "", 1.0, Source.OCR)})
    sealed = Withheld(datetime(2026, 1, 1, tzinfo=UTC), "sohoa", "dấu mật")
    index.publish([publication("d1", "đơn", documents=(receipt,), withheld=sealed)])
    assert index.find(Query("")).total == 1
    assert index.find(Query("tiếp nhận 11/2025")).total == 0
    assert index.find(Query("", {"no_reception": "1"})).total == 0


SORTED: dict[Sort, list[str]] = {
    "received": ["d5", "d4", "d3", "d2", "d1", "d0"],
    "issued": ["d4", "d3", "d2", "d1", "d0", "d5"],
    "code": ["d3", "d2", "d1", "d0", "d5", "d4"],
}


@pytest.mark.parametrize("sort", SORTED)
@pytest.mark.parametrize("text", ["đơn", ""])
def test_sorting_by_day_or_code_puts_those_without_last(
    papers: SearchIndex, sort: Sort, text: str
) -> None:
    hits = papers.find(Query(text, sort=sort)).hits
    assert [hit.dossier for hit in hits] == SORTED[sort]


@pytest.mark.parametrize("sort", ["relevance", *SORTED])
@pytest.mark.parametrize("text", ["giao đất", ""])
def test_pages_after_the_last_dossier_join_without_gap_or_overlap(
    holding: Holding, sort: Sort, text: str
) -> None:
    kinds = ["giao đất", "giao dat", "đất được giao", "dat giao"]
    papers = [
        replace(publication(f"d{n:03}", kinds[n % 4]), sequence=2)
        if n % 5
        else with_findings(
            publication(f"d{n:03}", "giao đất"), issued_on=f"2023-01-{n // 5 + 1:02}"
        )
        for n in range(50)
    ]
    index = holding(papers)
    whole = [hit.dossier for hit in index.find(Query(text, limit=100, sort=sort)).hits]
    joined: list[str] = []
    after = ""
    for _ in range(10):
        results = index.find(Query(text, limit=7, sort=sort, after=after))
        joined += [hit.dossier for hit in results.hits]
        assert results.total == 50
        after = results.next
        if not after:
            break
    assert joined == whole
    assert len(set(whole)) == 50


def test_a_page_goes_on_after_its_dossier_though_newer_ones_came(index: SearchIndex) -> None:
    index.publish([publication(f"d{n}", "đơn") for n in range(6)])
    first = index.find(Query("đơn", limit=2))
    index.publish([publication("d9", "đơn")])
    second = index.find(Query("đơn", limit=2, after=first.next))
    assert [hit.dossier for hit in first.hits + second.hits] == ["d5", "d4", "d3", "d2"]


def test_an_anchor_that_nobody_gave_is_told(index: SearchIndex) -> None:
    with pytest.raises(QueryError):
        index.find(Query("đơn", after="không phải"))
