"""Problems and receipts pages: refusals with reasons, files counted, a retry in one click."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import clock
from pipeline.model import DropReceipts, Lease, Receipt, ReceiptStatus
from tests.support.web_backend import (
    FAILED,
    PARTIAL,
    Backend,
    TestClient,
    open_client,
    sample_backend,
)

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    return sample_backend(tmp_path)


@pytest.fixture
def client(backend: Backend) -> TestClient:
    return open_client(backend)


@pytest.fixture
def inbox(backend: Backend) -> Path:
    folder = backend.settings.watched_folders[0]
    folder.mkdir(parents=True)
    now = datetime.now(UTC)
    refused = Receipt(
        "<b>khóa</b>.pdf", ReceiptStatus.REFUSED, now, None, "Tệp bị khóa.", "Mở khóa rồi thả lại."
    )
    archived = Receipt("đơn.pdf", ReceiptStatus.ARCHIVED, now, PARTIAL, size=1500)
    again = Receipt("đơn 2.pdf", ReceiptStatus.DUPLICATE, now, PARTIAL, "Đã được lưu trước đó.")
    lines = (refused, archived, again)
    of_record = DropReceipts("0d", str(folder), clock.local(now).date(), lines)
    backend.archive.keep_receipts(of_record)
    return folder


def attempts_before(backend: Backend, dossier: str) -> list[int]:
    """Return the attempts counted before each queue entry of a dossier."""
    entries = [entry for entry in backend.archive.queued() if entry.dossier == dossier]
    return [backend.archive.open_entry(entry).attempts_before for entry in entries]


def test_dossiers_that_are_not_whole_are_listed_with_their_pages_reasons(
    client: TestClient,
) -> None:
    html = client.get("/van-de").text
    assert "1 trong 5 trang chưa đọc được." in html
    assert "Ảnh trang bị hỏng." in html
    assert "Chữ quá mờ." in html
    assert "Đã thử 3 lần đều không xong." in html
    assert html.index(f"/ho-so/{FAILED}") < html.index(f"/ho-so/{PARTIAL}")  # the worst first


def test_refused_files_are_listed_with_reason_remedy_and_place(
    client: TestClient, inbox: Path
) -> None:
    html = client.get("/van-de").text
    assert "&lt;b&gt;khóa&lt;/b&gt;.pdf" in html
    assert "Tệp bị khóa." in html
    assert "Mở khóa rồi thả lại." in html
    assert str(inbox / "_loi") in html


def test_one_click_puts_the_work_back_and_says_so(client: TestClient, backend: Backend) -> None:
    backend.archive.take_lease(Lease(FAILED, 3, "may:1:1", datetime.now(UTC), 2, released=True))
    answer = client.post(f"/ho-so/{FAILED}/thu-lai", data={"ve": "van-de"}, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/van-de?bao=thu-lai"
    assert attempts_before(backend, FAILED) == [3]  # attempts are counted anew
    html = client.get(answer.headers["location"]).text
    assert "Đã xếp hồ sơ vào hàng đợi" in html
    assert "Đang chờ đọc lại" in html
    assert f'action="/ho-so/{FAILED}/thu-lai"' not in html


def test_clicking_twice_queues_the_dossier_once(client: TestClient, backend: Backend) -> None:
    for _ in range(2):
        answer = client.post(f"/ho-so/{PARTIAL}/thu-lai", headers=SAME_ORIGIN)
        assert answer.headers["location"] == f"/ho-so/{PARTIAL}?bao=thu-lai"
    assert attempts_before(backend, PARTIAL) == [0]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1.evil.example"},
    ],
)
def test_a_post_from_elsewhere_does_nothing(
    client: TestClient, backend: Backend, headers: dict[str, str]
) -> None:
    answer = client.post(f"/ho-so/{FAILED}/thu-lai", headers=headers)
    assert answer.status_code == 403
    assert "không đến từ phòng đọc" in answer.text
    assert attempts_before(backend, FAILED) == []


def test_an_older_browser_is_known_by_its_origin(client: TestClient, backend: Backend) -> None:
    origin = {"Origin": "http://127.0.0.1"}
    assert client.post(f"/ho-so/{FAILED}/thu-lai", headers=origin).status_code == 303
    assert attempts_before(backend, FAILED) == [0]


def test_a_dossier_that_is_not_there_cannot_be_tried_again(client: TestClient) -> None:
    assert client.post("/ho-so/0bad/thu-lai", headers=SAME_ORIGIN).status_code == 404


def test_the_sum_of_a_days_receipts_is_what_was_dropped(client: TestClient, inbox: Path) -> None:
    (inbox / "đang quét.pdf").write_bytes(b"%PDF")
    (inbox / "hồ sơ").mkdir()
    (inbox / "hồ sơ" / "trang 1.jpg").write_bytes(b"...")
    (inbox / ".ẩn").write_bytes(b"")
    html = client.get("/bien-nhan").text
    counts = dict(re.findall(r"<dt>(.*?)</dt><dd>(\d+)</dd>", html))
    assert counts == {
        "Đã lưu": "1",
        "Trùng": "1",
        "Bị từ chối": "1",
        "Đang chờ": "2",
        "Đã thả": "5",
    }
    assert len(re.findall(r"<tr>", html)) - 1 == 5
    assert f'href="/ho-so/{PARTIAL}"' in html
    assert "hồ sơ/trang 1.jpg" in html


def test_another_day_has_its_own_receipts(client: TestClient, inbox: Path) -> None:
    (inbox / "đang quét.pdf").write_bytes(b"%PDF")
    yesterday = clock.today() - timedelta(days=1)
    html = client.get(f"/bien-nhan?ngay={yesterday}").text
    assert "Không có tệp nào được thả" in html
    assert f"/bien-nhan?ngay={yesterday + timedelta(days=1)}" in html


@pytest.mark.parametrize("day", ["0001-01-01", "31/12/2025", "", "9999-12-31"])
def test_a_day_that_is_none_is_a_bad_request(client: TestClient, day: str) -> None:
    assert client.get("/bien-nhan", params={"ngay": day}).status_code == 400


def test_a_page_without_problems_says_so(
    tmp_path: Path, client: TestClient, backend: Backend
) -> None:
    for dossier in (FAILED, PARTIAL):
        backend.index.withdraw(dossier)
    assert "Không có gì phải xử lý" in client.get("/van-de").text
