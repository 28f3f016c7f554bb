"""Fixtures of the search contract: indexes of each form; a line in FORMS adds one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from pipeline.model import Publication
from pipeline.ports import SearchIndex
from pipeline.settings import SearchSettings
from search import open_index
from tests.support.indexed import CODE, DECISION, publication, with_findings
from tests.support.servers import fresh_alias, has_elasticsearch

OpenIndex = Callable[[], SearchIndex]
Holding = Callable[[Sequence[Publication]], SearchIndex]

_MARKS = [
    pytest.mark.services,
    pytest.mark.skipif(not has_elasticsearch(), reason="no SOHOA_TEST_ELASTICSEARCH_URL"),
]
FORMS = ["embedded", pytest.param("elasticsearch", marks=_MARKS)]


@pytest.fixture(scope="session")
def alias() -> Iterator[SearchSettings]:
    """Settings of an alias that only this run uses."""
    with fresh_alias() as settings:
        yield settings


@pytest.fixture(params=FORMS)
def open_again(request: pytest.FixtureRequest, tmp_path: Path) -> OpenIndex:
    """A function that opens the same index, as another process would; it is empty at first."""
    if request.param == "embedded":
        return lambda: open_index(SearchSettings(), tmp_path)
    settings = request.getfixturevalue("alias")
    # A new index: for a moment, Elasticsearch refuses older versions of a deleted document.
    open_index(settings, tmp_path).clear()
    return lambda: open_index(settings, tmp_path)


@pytest.fixture
def index(open_again: OpenIndex) -> SearchIndex:
    """An empty index."""
    return open_again()


@dataclass
class Kept:
    """An index that is filled anew only when a test asks for other papers than the last one."""

    open: OpenIndex
    papers: Sequence[Publication] = ()

    def holding(self, papers: Sequence[Publication]) -> SearchIndex:
        """Return an index that holds these papers and nothing else; it can only be read."""
        if self.papers != papers:
            self.papers = ()
            filled = self.open()
            filled.clear()
            filled.publish(papers)
            self.papers = papers
        index = self.open()
        return cast("SearchIndex", SimpleNamespace(find=index.find, suggest=index.suggest))


@pytest.fixture(scope="session")
def kept_embedded(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return Kept(partial(open_index, SearchSettings(), tmp_path_factory.mktemp("kept")))


@pytest.fixture(scope="session")
def kept_elasticsearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with fresh_alias() as settings:
        yield Kept(partial(open_index, settings, tmp_path_factory.mktemp("kept")))


@pytest.fixture(params=FORMS)
def holding(request: pytest.FixtureRequest) -> Holding:
    """Gives an index with some papers to a test that only reads; the next may have the same."""
    kept: Kept = request.getfixturevalue(f"kept_{request.param}")
    return kept.holding


@pytest.fixture
def decision(holding: Holding) -> SearchIndex:
    """An old dossier with all identifiers in its fields, and newer ones that mention them."""
    dossier = publication("d0", "trang không đọc được", "trang hai", code=CODE, name="scan7.pdf")
    mentions = f"Căn cứ 1811/QĐ-TTPVHCC ngày 05/03/2024, hồ sơ {CODE}, năm 2024"
    return holding(
        [
            with_findings(dossier, **DECISION),
            publication("d1", mentions),
            publication("d2", "Căn cứ Quyết định khác, ngày 06/03/2024"),
        ]
    )
