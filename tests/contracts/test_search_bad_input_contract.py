"""The search contract for bad input: all of it is answered, and none of it is syntax."""

from __future__ import annotations

import unicodedata

import pytest

from pipeline.errors import QueryError
from pipeline.model import Query
from pipeline.ports import SearchIndex
from tests.contracts.conftest import Holding
from tests.support.indexed import found, publication
from tests.unit.search.test_anything_typed import HARD, LUCENE, TANTIVY

WORDS = [f"chữ{number}" for number in range(200)]
OPERATORS = sorted({*LUCENE.split(), *TANTIVY.split()})
EMPTY = ["*", "**", "* * *", "?*", "-*", '"*"', "*" * 3_600, "😀", "👨‍👩‍👧 😀", "\u0301" * 9]


@pytest.fixture
def papers(holding: Holding) -> SearchIndex:
    """Three dossiers: a word on every page, 200 words, and another one."""
    return holding(
        [
            publication("d1", f"đơn {' '.join(WORDS)}", "đơn hai"),
            publication("d2", "đơn giao đất", "đơn"),
            publication("d3", "đơn"),
        ]
    )


@pytest.mark.parametrize("text", HARD, ids=range(len(HARD)))
def test_whatever_is_typed_is_answered(papers: SearchIndex, text: str) -> None:
    results = papers.find(Query(text))
    assert results.total == len(results.hits) <= 3
    assert len(papers.suggest(text)) <= 8


@pytest.mark.parametrize("operator", OPERATORS)
def test_operators_of_the_engines_are_no_syntax(papers: SearchIndex, operator: str) -> None:
    """Beside a word none of them finds more than the word, or anything by another field."""
    for text in (operator, f"giao {operator}", f"{operator} giao", f"giao {operator} đất"):
        results = papers.find(Query(text))
        assert results.total <= 3
        papers.suggest(text)
    assert found(papers, "giao") == ["d2"]


@pytest.mark.parametrize("text", EMPTY, ids=range(len(EMPTY)))
def test_wildcards_and_signs_alone_find_and_suggest_nothing(papers: SearchIndex, text: str) -> None:
    assert found(papers, text) == []
    assert papers.suggest(text) == ()


def test_long_queries_and_words_on_every_page(papers: SearchIndex) -> None:
    assert found(papers, "đơn") == ["d3", "d2", "d1"]
    assert found(papers, " ".join(WORDS)) == ["d1"]
    assert found(papers, f'"{" ".join(WORDS[:60])}"') == ["d1"]
    assert found(papers, f'"{" ".join(reversed(WORDS[:60]))}"') == []
    assert found(papers, "đơn " * 900) == ["d3", "d2", "d1"]


def test_decomposed_letters_are_the_same(papers: SearchIndex) -> None:
    for text in ("giao đất", f"đơn {' '.join(WORDS[:30])}"):
        decomposed = unicodedata.normalize("NFD", text)
        assert found(papers, decomposed) == found(papers, text) != []
    assert found(papers, unicodedata.normalize("NFD", "giao đất ") * 400) == ["d2"]


@pytest.mark.parametrize("value", [*HARD[:8], *OPERATORS[:8], "", "\x00", "\ud800"], ids=range(19))
def test_whatever_a_filter_is_set_to(papers: SearchIndex, value: str) -> None:
    for name in ("unit", "issuer", "procedure", "document_type", "year", "state"):
        assert papers.find(Query("đơn", {name: value})).total in {0, 3}
    with pytest.raises(QueryError):
        papers.find(Query("đơn", {"received_from": f"{value}x"}))
