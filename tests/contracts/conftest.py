"""Fixtures of the search contract: an empty index of each form; a line in FORMS adds one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.ports import SearchIndex
from pipeline.settings import SearchSettings
from search import open_index
from tests.support.indexed import CODE, DECISION, publication, with_findings
from tests.support.servers import fresh_alias, has_elasticsearch

OpenIndex = Callable[[], SearchIndex]

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


@pytest.fixture
def decision(index: SearchIndex) -> SearchIndex:
    """An old dossier with all identifiers in its fields, and newer ones that mention them."""
    dossier = publication("d0", "trang không đọc được", "trang hai", code=CODE, name="scan7.pdf")
    mentions = f"Căn cứ 1811/QĐ-TTPVHCC ngày 05/03/2024, hồ sơ {CODE}, năm 2024"
    index.publish(
        [
            with_findings(dossier, **DECISION),
            publication("d1", mentions),
            publication("d2", "Căn cứ Quyết định khác, ngày 06/03/2024"),
        ]
    )
    return index
