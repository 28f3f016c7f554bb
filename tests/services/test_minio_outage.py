"""A MinIO of its own is killed under intake and stopped under reading: nothing is lost."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from minio import Minio

from flows import wiring
from pipeline.model import Outcome, Query, ReceiptStatus
from tests.support.clerk import Clerk, lines, places, slip
from tests.support.own_minio import SECRET, USER, OwnMinio
from tests.support.servers import has_minio
from tests.support.watched import all_done, dossiers, until, watching
from tests.support.web_backend import Backend, open_client

BUCKET = "outage"

pytestmark = [
    pytest.mark.long,
    pytest.mark.services,
    pytest.mark.skipif(not has_minio(), reason="no MinIO named by SOHOA_TEST_MINIO_ENDPOINT"),
    pytest.mark.usefixtures("prefect"),
]


@pytest.fixture
def minio(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnMinio]:
    home.mkdir()
    server = OwnMinio(tmp_path / "minio")
    server.start()
    Minio(server.endpoint, USER, SECRET, secure=False).make_bucket(BUCKET)
    named = {"KIND": "minio", "ENDPOINT": server.endpoint, "ACCESS_KEY": USER, "SECRET_KEY": SECRET}
    named |= {"BUCKET": BUCKET, "SECURE": "false", "TIMEOUT_SECONDS": "5"}
    for name, value in named.items():
        monkeypatch.setenv(f"SOHOA_STORAGE__{name}", value)
    wiring.settings.cache_clear()
    yield server
    server.end(signal.SIGKILL)


def test_killed_during_intake_and_stopped_during_reading_it_goes_on_by_itself(
    home: Path, minio: OwnMinio
) -> None:
    clerk = Clerk(home)
    with watching() as receiver:
        clerk.drop("trước.png", slip(0))
        until(lambda: all_done(1))
        minio.end(signal.SIGKILL)
        clerk.drop("1.png", slip(1))
        until(lambda: receiver.is_store_away)
        for number in range(2, 4):
            clerk.drop(f"{number}.png", slip(number))
        time.sleep(3)
        found = places(clerk)
        assert found.sources.total() == 3, "each in the folder or the spool"
        assert found.folder.total() == 2, "what is not claimed stays with the clerk"
        assert_room_serves_what_it_can()
        minio.start()
        until(lambda: bool(wiring.archive().queued()))
        minio.end(signal.SIGTERM)
        time.sleep(3)
        minio.start()
        until(lambda: all_done(4))
    assert [dossier.outcome for dossier in dossiers()] == [Outcome.COMPLETE] * 4
    assert wiring.index().find(Query("")).total == 4
    assert [line.status for line in lines(clerk)] == [ReceiptStatus.ARCHIVED] * 4
    left = places(clerk)
    assert not left.sources


def assert_room_serves_what_it_can() -> None:
    """Search goes on; what needs the store says so; monitors are told which part is away."""
    room = open_client(Backend(wiring.archive(), wiring.index(), wiring.settings()))
    found = room.get("/", params={"q": "Kinh gui"})
    assert found.status_code == HTTPStatus.OK
    assert "Kho lưu trữ không dùng được" in found.text
    (hit,) = wiring.index().find(Query("Kinh gui")).hits
    page = room.get(f"/ho-so/{hit.dossier}")
    assert page.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "Traceback" not in page.text
    health = room.get("/khoe")
    assert health.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    parts = health.json()["parts"]
    assert parts["search"] == "ok"
    assert parts["storage"] != "ok"
