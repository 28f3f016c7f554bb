"""Security headers, error pages and health: every response is safe and says what to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from pipeline.errors import SearchUnavailableError
from pipeline.intake import write_heartbeat
from pipeline.model import Publication, Query, Results, Scope
from pipeline.ports import Rebuild
from pipeline.settings import Settings
from pipeline.stages import WITHHELD, newest_record
from tests.support.web_backend import (
    BASE_URL,
    PARTIAL,
    Backend,
    TestClient,
    open_client,
    sample_backend,
)
from web.app import build_app, create_app


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    return sample_backend(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def client(backend: Backend) -> TestClient:
    return open_client(backend)


class UnavailableIndex:
    """An index whose service does not answer."""

    def find(self, query: Query) -> Results:
        raise SearchUnavailableError("Chỉ mục không trả lời.", "Thử lại sau ít phút.")

    def suggest(self, text: str, scope: Scope | None = None, limit: int = 8) -> NoReturn:
        raise NotImplementedError

    def publish(self, publications: Sequence[Publication]) -> None:
        raise NotImplementedError

    def withdraw(self, dossier: str) -> None:
        raise NotImplementedError

    def sequences(self) -> Iterator[tuple[str, int]]:
        raise NotImplementedError

    def clear(self) -> None:
        raise NotImplementedError

    def rebuild(self) -> Rebuild:
        raise NotImplementedError

    def remove_old(self) -> int:
        raise NotImplementedError


URLS = [
    "/",
    f"/ho-so/{PARTIAL}",
    f"/ho-so/{PARTIAL}/trang/1",
    f"/ho-so/{PARTIAL}/trang/1/anh.webp",
    "/hang-doi",
    "/van-de",
    "/bien-nhan",
    "/khoe",
    "/khong-co",
    "/static/reading-backend.css",
]


@pytest.mark.parametrize("address", URLS)
def test_every_response_carries_the_security_headers(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "cache-control" in headers


@pytest.mark.parametrize("address", URLS[:3] + URLS[4:7])
def test_nothing_inline_and_nothing_from_elsewhere(client: TestClient, address: str) -> None:
    html = client.get(address, params={"q": "đất"}).text
    assert '<html lang="vi">' in html
    assert " style=" not in html
    assert "<style" not in html
    assert " onclick=" not in html
    assert "<script>" not in html
    for outside in ('src="http', 'href="http', "url(http", 'src="//', 'href="//'):
        assert outside not in html


@pytest.mark.parametrize(
    "address",
    [
        "/khong-co",
        "/ho-so/khong-phai-ma",
        "/ho-so/0bad",
        "/ho-so/..%2f..%2fetc%2fpasswd",
        "/ho-so/%2e%2e",
        f"/ho-so/{PARTIAL}/trang/0",
        f"/ho-so/{PARTIAL}/trang/99",
        f"/ho-so/{PARTIAL}/trang/-1",
        f"/ho-so/{PARTIAL}/trang/một",
        f"/ho-so/{PARTIAL}/tep/{'0' * 64}",
        f"/ho-so/{PARTIAL}/tep/..%2f..%2findex%2fserving",
        "/static/..%2fapp.py",
        "/static/../app.py",
        "/docs",
        "/openapi.json",
    ],
)
def test_what_is_not_there_is_not_found_in_vietnamese(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "Không tìm thấy" in answer.text
    assert "Về trang tra cứu" in answer.text


@pytest.mark.parametrize("address", ["/?trang=abc", "/?trang=0", f"/?q={'a' * 301}"])
def test_an_address_that_makes_no_sense_is_a_bad_request(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert "Chưa hiểu yêu cầu" in answer.text


def test_asking_for_a_retry_by_a_link_is_refused(client: TestClient) -> None:
    answer = client.get(f"/ho-so/{PARTIAL}/thu-lai")
    assert answer.status_code in {404, 405}
    assert 'lang="vi"' in answer.text


def test_a_service_that_is_away_is_named_with_its_remedy(backend: Backend) -> None:
    client = TestClient(
        build_app(backend.archive, UnavailableIndex(), backend.settings),
        base_url=BASE_URL,
        client=("127.0.0.1", 50000),
    )
    answer = client.get("/?q=đất")
    assert answer.status_code == 503
    assert "Chỉ mục không trả lời." in answer.text
    assert "Thử lại sau ít phút." in answer.text
    assert client.get(f"/ho-so/{PARTIAL}").status_code == 200  # reading goes on
    health = client.get("/khoe")
    assert health.status_code == 503
    assert health.json()["parts"] == {
        "storage": "ok",
        "search": "Chỉ mục không trả lời. Thử lại sau ít phút.",
        "watch": "ok",
    }


def test_health_is_machine_readable(client: TestClient) -> None:
    answer = client.get("/khoe")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "watching": False,
        "parts": dict.fromkeys(["storage", "search", "watch"], "ok"),
    }


@pytest.mark.parametrize(
    "forwarded", [{"X-Forwarded-For": "10.1.2.3"}, {"Forwarded": "for=_x"}, {"Via": "1.1 proxy"}]
)
def test_strangers_learn_only_whether_all_is_well(
    backend: Backend, client: TestClient, forwarded: dict[str, str]
) -> None:
    from_elsewhere = TestClient(client.app, base_url=BASE_URL, client=("192.0.2.7", 40000)).get(
        "/khoe"
    )
    for answer in (from_elsewhere, client.get("/khoe", headers=forwarded)):
        assert answer.json() == {"status": "ok", "watching": False}


def test_every_page_says_that_nobody_watches_until_somebody_does(
    backend: Backend, client: TestClient
) -> None:
    pages = ("/", "/hang-doi", "/van-de", "/bien-nhan", f"/ho-so/{PARTIAL}")
    for page in pages:
        assert "Không có chương trình nào theo dõi thư mục" in client.get(page).text
    write_heartbeat(backend.settings.home, ())
    for page in pages:
        assert "theo dõi thư mục" not in client.get(page).text
    assert client.get("/khoe").json()["watching"] is True


def test_an_unexpected_error_is_a_safe_page_without_its_details(tmp_path: Path) -> None:
    backend = sample_backend(tmp_path)
    client = TestClient(
        build_app(None, backend.index, backend.settings),  # type: ignore[arg-type]
        base_url=BASE_URL,
        raise_server_exceptions=False,
    )
    answer = client.get("/hang-doi")
    assert answer.status_code == 500
    assert "Phòng đọc gặp lỗi ngoài dự kiến." in answer.text
    assert "NoneType" not in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_the_index_may_know_more_than_the_store(tmp_path: Path) -> None:
    backend = sample_backend(tmp_path)
    shutil.rmtree(tmp_path / "store" / "dossiers" / PARTIAL)
    answer = open_client(backend).get("/?q=thửa")
    assert answer.status_code == 200
    assert f"/ho-so/{PARTIAL}" in answer.text


def test_the_application_is_built_from_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    app = create_app()
    assert app.state.context.settings == Settings(home=tmp_path)
    html = TestClient(app, base_url=BASE_URL).get("/").text
    assert "Kho chưa có hồ sơ nào" in html


def test_a_foreign_host_name_is_refused(backend: Backend) -> None:
    """DNS rebinding: another site's name that leads to this machine."""
    client = open_client(backend)
    answer = client.get("/khoe", headers={"Host": "phong-doc.example"})
    assert answer.status_code == 400
    assert "Tên máy trong địa chỉ này không phải của phòng đọc." in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_the_original_of_a_withheld_dossier_is_not_downloaded(tmp_path: Path) -> None:
    backend = sample_backend(tmp_path)
    record = newest_record(PARTIAL, backend.archive)
    backend.archive.keep_record(replace(record, sequence=record.sequence + 1, action=WITHHELD))
    scan = record.dossier.scans[0].sha256
    answer = open_client(backend).get(f"/ho-so/{PARTIAL}/tep/{scan}")
    assert answer.status_code == 403
    assert "Tài liệu mật" in answer.text
