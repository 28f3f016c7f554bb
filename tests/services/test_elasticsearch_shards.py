"""An index that somebody gave several shards answers as one of a single shard does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.model import Query, Results
from pipeline.ports import SearchIndex
from pipeline.settings import SearchSettings
from search import open_index
from search.elastic import mapping
from search.text.number_keys import given_fingerprint
from tests.support.indexed import publication
from tests.support.servers import client_of, fresh_alias, has_elasticsearch

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not has_elasticsearch(), reason="no SOHOA_TEST_ELASTICSEARCH_URL"),
]
SHARDS = 3
TYPED = ["giao đất", "giao dats", "gaio đất", "trinh", "trinhh", "quyền sử dung đất ở", "đất ở xa"]


@pytest.fixture(scope="module")
def sharded() -> Iterator[SearchIndex]:
    """An index of three shards: the template of ours, changed before an index was made of it."""
    with fresh_alias() as settings, client_of(settings) as client:
        body = mapping.template(settings.index, given_fingerprint(settings))["template"]
        changed = {**body["settings"], "number_of_shards": SHARDS}
        name = f"{settings.index}-{mapping.version()}-first"
        client.indices.create(
            index=name,
            settings=changed,
            mappings=body["mappings"],
            aliases={settings.index: {}},
        )
        yield filled(open_index(settings, Path("nowhere")))


def filled(index: SearchIndex) -> SearchIndex:
    texts = ["giao đất ở", "giao khoán", "quyền sử dụng đất ở", "bà Trinh", "bà Uinh", "ông Trinli"]
    index.publish([publication(f"d{n:02}", text) for n, text in enumerate(texts * 3)])
    return index


@pytest.mark.parametrize("typed", TYPED)
def test_an_index_of_several_shards_answers_alike(
    sharded: SearchIndex, tmp_path: Path, typed: str
) -> None:
    one = filled(open_index(SearchSettings(), tmp_path))

    def answer(index: SearchIndex) -> Results:
        return replace(index.find(Query(typed)), took_ms=0)

    assert answer(sharded) == answer(one)
    assert answer(sharded).total
    assert sharded.suggest(typed[:3]) == one.suggest(typed[:3])
