"""An index that Elasticsearch lets nobody write to, as it does on a full disk: told as such."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import SearchUnavailableError
from pipeline.model import Query
from pipeline.settings import SearchSettings
from search import open_index
from tests.support.indexed import publication
from tests.support.servers import client_of, fresh_alias, has_elasticsearch

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not has_elasticsearch(), reason="no SOHOA_TEST_ELASTICSEARCH_URL"),
]


@pytest.fixture
def settings() -> Iterator[SearchSettings]:
    with fresh_alias() as settings:
        yield settings


@pytest.mark.parametrize("block", ["read_only_allow_delete", "read_only", "write"])
def test_a_blocked_index_is_searched_and_told(settings: SearchSettings, block: str) -> None:
    index = open_index(settings, Path("nowhere"))
    index.publish([publication("d1", "giao đất")])
    with client_of(settings) as client:
        client.indices.put_settings(index=settings.index, settings={f"index.blocks.{block}": True})
        try:
            with pytest.raises(SearchUnavailableError, match="khóa ghi") as said:
                index.publish([publication("d2", "giao đất")])
            assert said.value.retryable
            assert index.find(Query("giao dat")).total == 1
            assert [one.text for one in index.suggest("d1")] == ["d1.pdf"]
        finally:
            client.indices.put_settings(
                index=settings.index, settings={f"index.blocks.{block}": False}
            )
    index.publish([publication("d2", "giao đất")])
    assert index.find(Query("giao dat")).total == 2
