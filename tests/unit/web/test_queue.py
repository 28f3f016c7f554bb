"""Queue page: which worker reads what, how far it is, and which worker fell silent."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.model import Lease, Page, PageMeasures, PageRef, PageState
from pipeline.ports import PageReading
from pipeline.stages import newest_record
from tests.support.web_backend import (
    RECIPE,
    WAITING,
    Backend,
    TestClient,
    open_client,
    part_of,
    sample_backend,
)


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    return sample_backend(tmp_path)


@pytest.fixture
def client(backend: Backend) -> TestClient:
    return open_client(backend)


def take_lease(backend: Backend, attempt: int = 1, **values: Any) -> Lease:
    beat = values.pop("beat", datetime.now(UTC))
    lease = Lease(WAITING, attempt, "may-quet-2:4127:99", beat, **values)
    assert backend.archive.take_lease(lease)
    return lease


def store_page(backend: Backend, number: int) -> None:
    scan = newest_record(WAITING, backend.archive).dossier.scans[0]
    page = Page(number, PageState.BLANK, PageMeasures(9, 9, 100.0))
    backend.archive.keep_page(
        PageRef(WAITING, scan.sha256, number), RECIPE, PageReading(page, b"webp")
    )


def row(client: TestClient) -> str:
    html = client.get("/hang-doi").text
    return re.sub(r"\s+", " ", part_of(html, r"<tbody>(.*?)</tbody>"))


def test_work_nobody_took_waits(client: TestClient) -> None:
    assert "Đang chờ" in row(client)
    assert "3 trang" in row(client)
    assert f'href="/ho-so/{WAITING}"' in row(client)


def test_work_under_way_shows_its_worker_and_how_many_pages_are_done(
    client: TestClient, backend: Backend
) -> None:
    take_lease(backend)
    store_page(backend, 2)
    assert "Đang đọc" in row(client)
    assert "máy may-quet-2" in row(client)
    assert '<progress value="1" max="3">' in row(client)
    store_page(backend, 3)
    assert '<progress value="2" max="3">' in row(client)


def test_a_silent_worker_is_told_apart(client: TestClient, backend: Backend) -> None:
    quiet = timedelta(seconds=backend.settings.runs.lease_seconds + 1)
    take_lease(backend, beat=datetime.now(UTC) - quiet)
    assert "Mất tín hiệu" in row(client)


def test_a_lease_given_back_waits_and_tells_what_stopped_it(
    client: TestClient, backend: Backend
) -> None:
    take_lease(backend, attempt=1, released=True)
    take_lease(backend, attempt=2, strikes=1, released=True, trouble="hết bộ nhớ")
    assert "Đang chờ" in row(client)
    assert "Lần trước: hết bộ nhớ" in row(client)
    assert re.search(r'data-name="Lần thử">2<', row(client))


def test_attempts_before_somebody_asked_again_do_not_count(
    client: TestClient, backend: Backend
) -> None:
    take_lease(backend, attempt=3, strikes=2, trouble="hết bộ nhớ")
    backend.archive.dequeue(backend.archive.queued()[0])
    backend.archive.enqueue(WAITING, attempts_before=3)
    assert "Đang chờ" in row(client)
    assert "hết bộ nhớ" not in row(client)


def test_a_dossier_that_waits_and_is_asked_for_is_one_dossier(
    client: TestClient, backend: Backend
) -> None:
    backend.archive.enqueue(WAITING, asked_by="lan", read_again=True)
    assert len(backend.archive.queued()) == 2
    assert client.get("/hang-doi").text.count(f"/ho-so/{WAITING}") == 1


def test_the_queue_refreshes_itself_with_and_without_script(client: TestClient) -> None:
    html = client.get("/hang-doi").text
    assert '<noscript><meta http-equiv="refresh"' in html
    assert "data-live" in html


def test_an_empty_queue_says_so(client: TestClient, backend: Backend) -> None:
    backend.archive.dequeue(backend.archive.queued()[0])
    assert "Không còn hồ sơ nào phải đọc" in client.get("/hang-doi").text
