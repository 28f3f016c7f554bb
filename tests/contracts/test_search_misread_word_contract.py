"""The search contract for a single word that Tesseract misread on some pages."""

from __future__ import annotations

import pytest

from pipeline.model import Query, Scope
from pipeline.ports import SearchIndex
from search.query.relaxation import RARE
from tests.support.indexed import found, marked, publication


@pytest.fixture
def names(index: SearchIndex) -> SearchIndex:
    """A rare name, as it is printed, misread in one or several places, and another one."""
    pages = ["bà Trinh", "bà Uinh", "bà Trinli", "bà Uinli", "bà Trinh", "bà Tranh"]
    papers = [publication(f"d{n}", page, unit=f"Đội {n}") for n, page in enumerate(pages)]
    index.publish(papers)
    return index


@pytest.mark.parametrize("typed", ["trinh", "Trinh", "TRINH"])
def test_a_rare_word_is_found_misread_too_after_all_that_have_it(
    names: SearchIndex, typed: str
) -> None:
    results = names.find(Query(typed))
    assert [hit.dossier for hit in results.hits] == ["d4", "d0", "d3", "d2", "d1"]
    assert results.hits[0].score == results.hits[1].score > results.hits[2].score
    assert (results.total, results.approximate, results.given_up) == (5, False, ())
    assert marked(results.hits[2].snippet) == ["Uinli"]


def test_a_word_that_stands_nowhere_but_misread_is_near(names: SearchIndex) -> None:
    for gone in ("d0", "d4"):
        names.withdraw(gone)
    results = names.find(Query("trinh"))
    assert [hit.dossier for hit in results.hits] == ["d3", "d2", "d1"]
    assert (results.approximate, results.given_up) == (True, ("trinh",))


def test_a_word_that_many_dossiers_have_is_taken_as_it_is(names: SearchIndex) -> None:
    names.publish([publication(f"e{n:02}", "ông Trinh") for n in range(RARE)])
    assert len(found(names, "trinh")) == RARE + 2
    for n in range(3):
        names.withdraw(f"e{n:02}")
    assert len(found(names, "trinh")) == RARE - 1 + 3, "and the misread ones"


def test_filters_and_pages_do_not_change_which_dossiers_match(names: SearchIndex) -> None:
    names.publish([publication(f"e{n}", "ông Trinh") for n in range(RARE)])
    assert found(names, "trinh", unit="Đội 0") == ["d0"], "few under the filter, many without"
    assert found(names, "trinh", unit="Đội 1") == []


def test_pages_of_results_join(names: SearchIndex) -> None:
    whole = [hit.dossier for hit in names.find(Query("trinh")).hits]
    parts = [hit.dossier for n in range(5) for hit in names.find(Query("trinh", {}, 1, n)).hits]
    assert parts == whole
    facets = names.find(Query("trinh")).facets["unit"]
    assert sum(facets.values()) == 5
    assert all(found(names, "trinh", unit=unit) for unit in facets)


def test_a_scope_bounds_what_is_rare_and_what_is_guessed(names: SearchIndex) -> None:
    names.publish([publication(f"e{n}", "ông Trinh", unit="Khác") for n in range(RARE)])
    own = Scope(units=frozenset({"Đội 0", "Đội 1"}))
    assert [hit.dossier for hit in names.find(Query("trinh", scope=own)).hits] == ["d0", "d1"]
    foreign = Scope(units=frozenset({"Đội 0"}))
    assert [hit.dossier for hit in names.find(Query("trinh", scope=foreign)).hits] == ["d0"]


@pytest.mark.parametrize("typed", ["địa", "0007", "1999", '"hà"', "hà*", "-hà địa"])
def test_short_words_and_numbers_are_not_guessed_at(index: SearchIndex, typed: str) -> None:
    index.publish([publication("d1", "Hà lia 0001 2021"), publication("d2", "liạ clia")])
    results = index.find(Query(typed))
    assert results.total <= 1
    assert not results.given_up


def test_misread_words_with_the_marks_as_typed_come_first(index: SearchIndex) -> None:
    index.publish([publication(f"d{n}", word) for n, word in enumerate(["hằng", "hàng", "hạng"])])
    assert found(index, "liằng") == ["d0", "d2", "d1"]
    assert found(index, "liang") == ["d2", "d1", "d0"]


def test_typed_marks_only_means_no_guess(names: SearchIndex) -> None:
    hits = names.find(Query("trinh", only_marked=True)).hits
    assert [hit.dossier for hit in hits] == ["d4", "d0"]
