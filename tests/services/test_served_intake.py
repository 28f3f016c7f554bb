"""From the folder to the hit with a real MinIO, which goes away and comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import wiring
from pipeline.model import Outcome, Query
from tests.paper import draw_page, save_pdf
from tests.support.proxy import Proxy, before
from tests.support.servers import fresh_bucket, has_minio
from tests.support.watched import all_done, dossiers, until, watching

pytestmark = [
    pytest.mark.long,
    pytest.mark.services,
    pytest.mark.skipif(not has_minio(), reason="no MinIO named by SOHOA_TEST_MINIO_ENDPOINT"),
    pytest.mark.usefixtures("prefect"),
]


@pytest.fixture
def minio(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A bucket behind a proxy, named by the environment as for a real command."""
    with fresh_bucket() as settings, before(settings.endpoint) as proxy:
        named = {
            "KIND": "minio",
            "ENDPOINT": proxy.address,
            "ACCESS_KEY": settings.access_key,
            "SECRET_KEY": settings.secret_key.get_secret_value(),
            "BUCKET": settings.bucket,
            "SECURE": "false",
        }
        for name, value in named.items():
            monkeypatch.setenv(f"SOHOA_STORAGE__{name}", value)
        wiring.settings.cache_clear()
        yield proxy


def test_an_outage_during_intake_and_reading_loses_nothing(home: Path, minio: Proxy) -> None:
    inbox = home / "inbox"
    inbox.mkdir(parents=True)
    with watching():
        minio.take_away()
        for number in range(3):
            save_pdf([draw_page("B", number, 150)], inbox / f"tệp {number}.pdf")
        until(lambda: len(list(inbox.glob("*.pdf"))) < 3)
        time.sleep(2)
        assert len(list(inbox.glob("*.pdf"))) == 2, "what is not claimed stays with the clerk"
        minio.mode = "pass"
        until(lambda: bool(dossiers()))
        minio.take_away()
        time.sleep(2)
        minio.mode = "pass"
        until(lambda: all_done(3))
    assert [dossier.outcome for dossier in dossiers()] == [Outcome.COMPLETE] * 3
    assert wiring.index().find(Query("")).total == 3
    assert not list((home / "spool").iterdir())
    assert not (home / "store").exists()
