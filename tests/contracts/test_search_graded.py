"""200 graded queries: both indexes give the same answers, with good recall and rank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.model import Query, Results
from pipeline.ports import SearchIndex
from pipeline.settings import SearchSettings
from search import open_index
from tests.support.graded_queries import Graded, Told, fill, make_told, queries
from tests.support.servers import fresh_alias, has_elasticsearch

SEED = 5
LEAST_RECALL, LEAST_MRR = 0.85, 0.85  # docs/measurements.md has the figures


@pytest.fixture(scope="module")
def dossiers() -> list[Told]:
    return make_told(SEED)


@pytest.fixture(scope="module")
def graded(dossiers: list[Told]) -> list[Graded]:
    return queries(dossiers, SEED)


@pytest.fixture(scope="module")
def embedded(dossiers: list[Told], tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    index = open_index(SearchSettings(), tmp_path_factory.mktemp("graded"))
    fill(index, dossiers)
    return index


@pytest.fixture(scope="module")
def served(dossiers: list[Told]) -> Iterator[SearchIndex]:
    with fresh_alias() as settings:
        index = open_index(settings, Path("nowhere"))
        fill(index, dossiers)
        yield index


@pytest.mark.slow
def test_the_set_is_what_it_says(dossiers: list[Told], graded: list[Graded]) -> None:
    assert len(graded) == 200
    assert queries(make_told(SEED), SEED) == graded, "the same seed makes the same queries"
    assert len({query.text for query in graded}) > 150


@pytest.mark.slow
def test_the_embedded_index_finds_what_is_relevant(
    embedded: SearchIndex, graded: list[Graded]
) -> None:
    recalls, ranks = [], []
    for query in graded:
        shown = [hit.dossier for hit in embedded.find(Query(query.text, limit=10)).hits]
        recalls.append(len(query.relevant & set(shown)) / len(query.relevant))
        first = next((at for at, one in enumerate(shown, 1) if one in query.relevant), None)
        ranks.append(1 / first if first else 0.0)
    assert sum(recalls) / len(graded) > LEAST_RECALL
    assert sum(ranks) / len(graded) > LEAST_MRR


@pytest.mark.services
@pytest.mark.skipif(not has_elasticsearch(), reason="no SOHOA_TEST_ELASTICSEARCH_URL")
def test_both_forms_give_the_same_answers_in_the_same_order(
    embedded: SearchIndex, served: SearchIndex, graded: list[Graded]
) -> None:
    def answer(index: SearchIndex, text: str, **filters: str) -> Results:
        return replace(index.find(Query(text, filters, limit=30)), took_ms=0)

    for query in graded:
        assert answer(embedded, query.text) == answer(served, query.text), query
    for query in graded[::10]:
        for filters in ({"document_type": "Quyết định"}, {"year": "2025", "state": "COMPLETE"}):
            assert answer(embedded, query.text, **filters) == answer(served, query.text, **filters)
