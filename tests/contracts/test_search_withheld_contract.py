"""The search contract for dossiers that may not be handed out, on both forms of the index."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.model import Outcome, Publication, Query, Withheld
from pipeline.ports import SearchIndex
from tests.support.indexed import CODE, DECISION, found, publication, with_findings

SECRET = Withheld(datetime(2026, 3, 1, tzinfo=UTC), "sohoa", "dấu «MẬT»")
OF_ITS_OWN = ("giao đất", "trang hai", "1811/QĐ-TTPVHCC", CODE, "quy chế", "05/03/2024", "d2")


def paper(**values: object) -> Publication:
    """Return a dossier full of words, published with them by mistake."""
    whole = with_findings(
        publication("d2", "giao đất", "trang hai", unit="Bạch Mai", code=CODE), **DECISION
    )
    dossier = replace(whole.dossier, outcome=Outcome.FAILED, **values)  # type: ignore[arg-type]
    return replace(whole, dossier=dossier, sequence=9)


@pytest.fixture
def others(index: SearchIndex) -> SearchIndex:
    index.publish([publication("d1", "đơn một"), publication("d3", "đơn ba"), paper()])
    return index


def test_of_a_withheld_dossier_nothing_is_found_but_that_there_is_one(others: SearchIndex) -> None:
    others.publish([paper(withheld=SECRET)])
    for words in OF_ITS_OWN:
        assert found(others, words) == [], words
    listed = others.find(Query("", {"state": "FAILED"}))
    assert [(hit.dossier, hit.code, hit.snippet) for hit in listed.hits] == [("d2", None, "")]
    assert listed.hits[0].title == "Hồ sơ được giữ lại: tài liệu mật"
    facets = others.find(Query("")).facets
    assert "Bạch Mai" not in facets["unit"]
    assert facets["issuer"] == facets["procedure"] == {}
    assert facets["state"]["FAILED"] == 1


def test_a_dossier_that_joined_another_is_neither_found_nor_listed(others: SearchIndex) -> None:
    assert others.find(Query("")).total == 3
    others.publish([paper(joined_into="d1")])
    for words in OF_ITS_OWN:
        assert found(others, words) == [], words
    everything = others.find(Query(""))
    assert [hit.dossier for hit in everything.hits] == ["d3", "d1"]
    assert everything.total == 2
    assert "FAILED" not in everything.facets["state"]
    for filters in ({"state": "FAILED"}, {"unit": "Bạch Mai"}, {"year": "2024"}):
        assert "d2" not in [hit.dossier for hit in others.find(Query("", filters)).hits]
    assert dict(others.sequences())["d2"] == 9, "the store and the index agree on what there is"


def test_it_comes_back_when_it_is_parted_or_lifted(others: SearchIndex) -> None:
    others.publish([paper(joined_into="d1")])
    others.publish([replace(paper(), sequence=10)])
    assert found(others, "giao đất") == ["d2"]
    assert others.find(Query("")).total == 3
