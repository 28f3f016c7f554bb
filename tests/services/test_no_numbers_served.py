"""Whoever reads the index in Elasticsearch finds no number of a person, nor half of one."""

from __future__ import annotations

import base64
import zlib
from pathlib import Path

import pytest

from pipeline.errors import SearchUnavailableError
from pipeline.model import Query
from pipeline.settings import SearchSettings
from search import open_index
from tests.support.numbered_papers import numbered_papers
from tests.support.servers import client_of, fresh_alias, has_elasticsearch

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not has_elasticsearch(), reason="no SOHOA_TEST_ELASTICSEARCH_URL"),
]
COLUMNS = (
    "exact", "folded", "skeleton", "pairs", "keys", "number_hash", "number_part", "beginnings",
    "unit", "issuer", "issuer_folded", "of_unit", "document_type", "code",
)  # fmt: skip
SHOWN = ("kept", "title", "code", "unit", "issuer", "document_type")


def values_of(settings: SearchSettings) -> bytes:
    """Return all that is kept, shown or counted of the dossiers."""
    with client_of(settings) as client:
        every = client.search(
            index=settings.index,
            query={"match_all": {}},
            size=1_000,
            docvalue_fields=[{"field": name} for name in SHOWN],
        )
    found: list[str] = []
    for hit in every["hits"]["hits"]:
        assert "_source" not in hit
        kept = hit["fields"].pop("kept")
        found += [zlib.decompress(base64.b64decode(one)).decode() for one in kept]
        found += [str(hit["fields"])]
    return "\n".join(found).encode()


def have_a_term(settings: SearchSettings, starts: set[str]) -> int:
    """Count the dossiers with a term of any column that begins so."""
    kinds = ("", "value·", "said·n", "part·", "exact·", "folded·")
    asked = [
        {"prefix": {column: {"value": kind + start}}}
        for column in COLUMNS
        for kind in kinds
        for start in starts
    ]
    with client_of(settings) as client:
        return int(client.count(index=settings.index, query={"bool": {"should": asked}})["count"])


def test_no_term_and_no_value_tells_one() -> None:
    papers = numbered_papers(50)
    with fresh_alias() as settings:
        index = open_index(settings, Path("nowhere"))
        index.publish([paper.publication for paper in papers])
        values = values_of(settings)
        assert "Đơn đề nghị".encode() in values
        assert have_a_term(settings, {"don"}) == len(papers)
        for paper in papers[:10]:
            starts = {one[:6] for one in paper.numbers} | {one[:5] for one in paper.remains}
            assert have_a_term(settings, starts) == 0
        told = {one for paper in papers for one in (*paper.numbers, *paper.remains)}
        assert not [one for one in told if one.encode() in values]
        for paper in papers[:5]:
            whole = index.find(Query(paper.personal_id, parts_of_numbers=False))
            assert [hit.dossier for hit in whole.hits] == [paper.publication.dossier.id]
            part = paper.personal_id[-7:]
            assert not index.find(Query(part, parts_of_numbers=False)).total
            assert index.find(Query(part)).total == 1


def test_a_machine_with_another_key_is_refused() -> None:
    with fresh_alias() as settings:
        open_index(settings, Path("nowhere")).publish([])
        open_index(settings, Path("nowhere")).find(Query(""))
        other = settings.model_copy(update={"key": type(settings.key)("other" * 8)})
        with pytest.raises(SearchUnavailableError, match="SOHOA_SEARCH__KEY"):
            open_index(other, Path("nowhere")).find(Query(""))
