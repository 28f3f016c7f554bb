"""Elasticsearch goes away under publishing: the work stays owed, is published later, by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from flows import wiring
from pipeline.model import Query
from tests.support.clerk import Clerk, slip
from tests.support.proxy import Proxy, before
from tests.support.servers import fresh_alias, has_elasticsearch
from tests.support.watched import all_done, dossiers, until, watching
from tests.support.web_backend import Backend, open_client

pytestmark = [
    pytest.mark.long,
    pytest.mark.services,
    pytest.mark.skipif(not has_elasticsearch(), reason="no SOHOA_TEST_ELASTICSEARCH_URL"),
    pytest.mark.usefixtures("prefect"),
]


@pytest.fixture
def elasticsearch(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    home.mkdir()
    with fresh_alias() as settings, before(settings.url.removeprefix("http://")) as proxy:
        named = {"KIND": "elasticsearch", "URL": f"http://{proxy.address}", "USER": settings.user}
        named |= {"PASSWORD": settings.password.get_secret_value(), "INDEX": settings.index}
        for name, value in named.items():
            monkeypatch.setenv(f"SOHOA_SEARCH__{name}", value)
        wiring.settings.cache_clear()
        yield proxy


def test_what_could_not_be_published_is_published_when_the_index_is_back(
    home: Path, elasticsearch: Proxy
) -> None:
    clerk = Clerk(home)
    with watching():
        clerk.drop("1.png", slip(1))
        until(lambda: all_done(1))
        elasticsearch.take_away()
        clerk.drop("2.png", slip(2))
        until(lambda: len([dossier for dossier in dossiers() if dossier.outcome]) == 2)
        time.sleep(2)
        assert len(wiring.archive().queued()) == 1, "read, not published: still owed"
        assert_room_opens_what_it_can()
        elasticsearch.mode = "pass"
        until(lambda: all_done(2))
        until(lambda: wiring.index().find(Query("")).total == 2)
    for dossier in dossiers():
        lease = wiring.archive().find_lease(dossier.id)
        assert lease is not None
        assert lease.strikes == 0, "an outage is nobody's failure"


def assert_room_opens_what_it_can() -> None:
    """Dossiers open, a search says what is away, and so do monitors."""
    room = open_client(Backend(wiring.archive(), wiring.index(), wiring.settings()))
    assert room.get(f"/ho-so/{dossiers()[0].id}").status_code == HTTPStatus.OK
    assert room.get("/", params={"q": "kinh"}).status_code == HTTPStatus.SERVICE_UNAVAILABLE
    parts = room.get("/khoe").json()["parts"]
    assert parts["storage"] == "ok"
    assert parts["search"] != "ok"
