"""The served index on a real Elasticsearch: outages, rights, races, what it does not take."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from pipeline.errors import QueryError, SearchUnavailableError
from pipeline.model import Check, Dossier, IndexEntry, PageState, Publication, Query
from pipeline.ports import SearchIndex
from pipeline.settings import SearchSettings
from search import check_index, open_index
from search.elastic import client, documents
from search.elastic.client import Cluster
from search.elastic.index import OutdatedIndexError
from search.elastic.refusals import EntryRefusedError
from tests.support.proxy import Proxy, before
from tests.support.servers import client_of, fresh_alias, has_elasticsearch
from tests.support.web_backend import open_client, sample_backend

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not has_elasticsearch(), reason="no SOHOA_TEST_ELASTICSEARCH_URL"),
]
RECEIVED = datetime(2024, 5, 1, tzinfo=UTC)
PATIENCE, CALLS = 60.0, 4  # seconds that a busy machine may take; calls of an outage, below


def paper(dossier: str, *texts: str, sequence: int = 2) -> Publication:
    entries = tuple(IndexEntry(page, text, PageState.READ) for page, text in enumerate(texts, 1))
    return Publication(Dossier(dossier, f"{dossier}.pdf", RECEIVED), sequence, entries)


def total(index: SearchIndex, text: str) -> int:
    return index.find(Query(text)).total


@pytest.fixture
def settings() -> Iterator[SearchSettings]:
    with fresh_alias() as made:
        yield made


def opened(settings: SearchSettings, **changed: object) -> SearchIndex:
    return open_index(settings.model_copy(update=changed), Path("nowhere"))


@pytest.fixture
def proxied(settings: SearchSettings) -> Iterator[tuple[Proxy, SearchIndex]]:
    with before(settings.url.removeprefix("http://")) as proxy:
        yield proxy, opened(settings, url=f"http://{proxy.address}", timeout_seconds=PATIENCE)


@pytest.mark.parametrize("mode", ["away", "failing"])
def test_an_outage_is_said_within_seconds_and_ends_by_itself(
    proxied: tuple[Proxy, SearchIndex], mode: str
) -> None:
    proxy, index = proxied
    proxy.mode = mode  # away when the index is opened
    for _ in range(2):
        with pytest.raises(SearchUnavailableError) as raised:
            index.find(Query("đơn"))
        assert raised.value.retryable
        with pytest.raises(SearchUnavailableError):
            index.publish([paper("d1", "đơn")])
        with pytest.raises(SearchUnavailableError):
            index.withdraw("d1")
        with pytest.raises(SearchUnavailableError):
            list(index.sequences())
        assert proxy.refused <= CALLS, "hidden retries"
        proxy.mode = "pass"
        index.publish([paper("d1", "đơn")])
        assert total(index, "đơn") == 1
        proxy.take_away()  # away while connections are open
        proxy.mode, proxy.refused = mode, 0


def test_a_server_that_stalls_is_given_up(
    proxied: tuple[Proxy, SearchIndex], settings: SearchSettings
) -> None:
    proxied[0].mode, proxied[0].delay = "slow", 10 * PATIENCE
    began = time.monotonic()
    with pytest.raises(SearchUnavailableError):
        total(opened(settings, url=f"http://{proxied[0].address}", timeout_seconds=2.0), "đơn")
    assert time.monotonic() - began < PATIENCE


def test_a_stranger_is_told_to_check_the_account(settings: SearchSettings) -> None:
    index = opened(settings, password=SecretStr("wrong"))
    with pytest.raises(SearchUnavailableError) as raised:
        total(index, "đơn")
    assert "SOHOA_SEARCH__PASSWORD" in raised.value.remedy
    assert "wrong" not in str(raised.value)


def test_an_index_deleted_meanwhile_is_made_anew(settings: SearchSettings) -> None:
    index = opened(settings)
    index.publish([paper("d1", "đơn")])
    cluster = Cluster(settings)
    for name in cluster.mappings(settings.index):
        cluster.delete_index(name)
    assert total(index, "đơn") == 0
    for name in cluster.mappings(settings.index):
        cluster.delete_index(name)
    index.publish([paper("d2", "đơn")])
    assert total(index, "đơn") == 1
    (about,) = cluster.mappings(settings.index).values()
    assert about["dynamic"] == about["properties"]["pages"]["dynamic"] == "strict"


def test_an_index_of_another_version_is_not_searched(
    settings: SearchSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(settings).publish([paper("d1", "đơn")])
    monkeypatch.setattr("search.elastic.mapping.version", lambda: 1)
    with pytest.raises(OutdatedIndexError) as raised:
        total(opened(settings), "đơn")
    assert "sohoa reindex" in raised.value.remedy
    assert not raised.value.retryable


def test_of_racing_publishers_the_newest_record_wins(settings: SearchSettings) -> None:
    """Pages that a newer record no longer has are gone, whoever comes last."""
    versions = [paper("d1", *[f"bản v{n}"] * (20 - n), sequence=n) for n in range(1, 17)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda version: opened(settings).publish([version]), reversed(versions)))
    (hit,) = opened(settings).find(Query("bản")).hits
    assert hit.pages == (1, 2, 3, 4)
    assert total(opened(settings), "v16") == 1
    assert total(opened(settings), "v15") == 0


def test_many_pages_go_in_requests_of_some_megabytes(
    settings: SearchSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "BULK_BYTES", 20_000)
    index = opened(settings)
    index.publish([paper(f"d{n:02}", "giao đất " * 400) for n in range(30)])
    assert total(index, "giao đất") == 30


def test_an_entry_that_is_refused_is_told_and_stops_no_other(
    settings: SearchSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = opened(settings)
    assert total(index, "đơn") == 0
    document = documents.document
    monkeypatch.setattr(
        documents,
        "document",
        lambda wanted, hashing: (
            document(wanted, hashing) | ({"new": 1} if wanted.dossier.id == "d1" else {})
        ),
    )
    with pytest.raises(EntryRefusedError, match="d1"):
        index.publish([paper("d0", "đơn"), paper("d1", "đơn"), paper("d2", "đơn")])
    assert total(index, "đơn") == 2


def test_a_search_that_is_not_understood_is_a_bad_query(settings: SearchSettings) -> None:
    assert total(opened(settings), "") == 0
    with pytest.raises(QueryError):
        Cluster(settings).search(settings.index, {"query": {"no such": {}}})


def checked(settings: SearchSettings) -> dict[str, Check]:
    return {check.part: check for check in check_index(settings, Path("nowhere"))}


def test_doctor_says_whether_the_served_index_can_do_its_work(
    settings: SearchSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(check.is_well for check in checked(settings).values())
    assert "chưa có" in checked(settings)["Elasticsearch: chỉ mục"].detail
    assert total(opened(settings), "") == 0
    assert all(check.is_well for check in checked(settings).values())
    assert settings.index in checked(settings)["Elasticsearch: chỉ mục"].detail
    monkeypatch.setattr("search.elastic.mapping.version", lambda: 1)
    assert "sohoa reindex" in checked(settings)["Elasticsearch: chỉ mục"].remedy
    away = settings.model_copy(update={"url": "http://127.0.0.1:1"})
    (check,) = check_index(away, Path("nowhere"))
    assert not check.is_well
    assert "máy chủ" in check.remedy
    stranger = settings.model_copy(update={"password": SecretStr("wrong")})
    (check,) = check_index(stranger, Path("nowhere"))
    assert "SOHOA_SEARCH__PASSWORD" in check.remedy


def test_doctor_names_the_rights_an_account_lacks(settings: SearchSettings) -> None:
    name = settings.index
    with client_of(settings) as client:
        role = [{"names": [f"{name}-*"], "privileges": ["read"]}]
        client.security.put_role(name=name, cluster=["monitor"], indices=role)
        client.security.put_user(username=name, password="only-reads", roles=[name])
        try:
            reader = {"user": name, "password": SecretStr("only-reads")}
            rights = checked(settings.model_copy(update=reader))["Elasticsearch: quyền"]
        finally:
            client.security.delete_user(username=name)
            client.security.delete_role(name=name)
    assert "write, manage" in rights.remedy


def test_the_reading_room_says_the_index_is_away_and_shows_dossiers_all_the_same(
    settings: SearchSettings, tmp_path: Path
) -> None:
    with before(settings.url.removeprefix("http://")) as proxy:
        there = settings.model_copy(update={"url": f"http://{proxy.address}"})
        room = sample_backend(tmp_path, there)
        visitor = open_client(room)
        assert visitor.get("/?q=đơn").status_code == 200
        proxy.take_away()
        answer = visitor.get("/?q=đơn")
        assert answer.status_code == 503
        assert "Máy tìm kiếm không dùng được" in answer.text
        for dossier, _ in room.archive.sequences():
            assert visitor.get(f"/ho-so/{dossier}").status_code == 200
        assert visitor.get("/khoe").status_code == 503
        proxy.mode = "pass"
        assert visitor.get("/?q=đơn").status_code == 200


@pytest.mark.parametrize("text", ["thửa đất", "dat", "thửa 1811", "thông bbáo", "0007", ""])
def test_both_engines_give_the_same_cards(
    settings: SearchSettings, tmp_path: Path, text: str
) -> None:
    answers = []
    for name, search in (("served", settings), ("embedded", None)):
        (tmp_path / name).mkdir()
        room = sample_backend(tmp_path / name, search)
        html = open_client(room).get("/", params={"q": text}).text
        cards = re.findall(r"<article.*?</article>|<p class=\"notice.*?</p>", html, re.DOTALL)
        assert cards
        answers.append([re.sub(r"tim=[\w-]+|\?v=[\w-]+", "", card) for card in cards])
    assert answers[0] == answers[1]


def test_a_page_of_many_thousand_words_is_shown_within_bounds(settings: SearchSettings) -> None:
    index = opened(settings)
    index.publish([replace(paper("d1", "x" * 40_000 + " giao đất " + "y " * 60_000))])
    (hit,) = index.find(Query("giao đất")).hits
    assert len(hit.snippet) < 2_000
