"""Search page says what its answer lacks: near misses, marks that stand nowhere, waiting work."""

from __future__ import annotations

import re
import threading
import time
from html import unescape
from pathlib import Path

import pytest

from pipeline.errors import StorageUnavailableError
from pipeline.operation.waiting_work import WaitingWork
from tests.support.web_backend import (
    COMPLETE,
    PARTIAL,
    WAITING,
    TestClient,
    open_client,
    sample_backend,
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return open_client(sample_backend(tmp_path_factory.mktemp("home")))


def notes(html: str) -> list[str]:
    """Return the texts of the notes above the results."""
    found = re.findall(r'<p class="notice (?:warn|quiet)" role="(?:status|alert)">(.*?)</p>', html)
    return [unescape(re.sub("<.*?>", "", note)) for note in found]


def test_a_near_miss_is_told_with_the_words_it_need_not_have(client: TestClient) -> None:
    html = client.get("/", params={"q": "thửa đất 1811"}).text
    assert (
        "Không có hồ sơ nào có đủ thửa đất 1811. Dưới đây là kết quả gần đúng (không cần có: 1811)."
        in notes(html)
    )
    assert f"/ho-so/{PARTIAL}" in html


@pytest.mark.parametrize("text", ["thửa đất", "", "khongcotunay"])
def test_only_a_near_miss_is_called_one(client: TestClient, text: str) -> None:
    assert "gần đúng" not in client.get("/", params={"q": text}).text


def test_a_near_miss_that_filters_left_none_of_promises_nothing(client: TestClient) -> None:
    html = client.get("/", params={"q": "thửa đất 1811", "don-vi": "Chi nhánh số 2"}).text
    assert "Dưới đây" not in html


def test_what_was_typed_is_never_html_in_a_note(client: TestClient) -> None:
    html = client.get("/", params={"q": "thửa đất <i>1811</i>", "nhan-tu": "<i>"}).text
    assert "gần đúng" in html
    assert "<i>" not in html.partition("<main")[2]


def test_marks_that_stand_nowhere_are_told_and_the_switch_asks_for_them(
    client: TestClient,
) -> None:
    html = client.get("/", params={"q": "đắt"}).text
    assert any("đắt đúng dấu như vậy; kết quả dưới đây gồm cả" in note for note in notes(html))
    assert f"/ho-so/{COMPLETE}" in html
    strict = client.get("/", params={"q": "đắt", "dung-dau": "1"}).text
    assert "Không tìm thấy" in strict
    assert any("đắt đúng dấu như vậy. Tìm cả chữ khác dấu" in note for note in notes(strict))
    assert f"/ho-so/{COMPLETE}" in client.get("/", params={"q": "đất", "dung-dau": "1"}).text


def test_waiting_dossiers_are_counted_beside_the_results(tmp_path: Path) -> None:
    backend = sample_backend(tmp_path)
    said = "Còn 1 hồ sơ đang chờ đọc, có thể chưa tìm thấy."
    assert said in notes(open_client(backend).get("/?q=đất").text)
    (entry,) = backend.archive.queued()
    assert entry.dossier == WAITING
    backend.archive.dequeue(entry)
    assert "đang chờ đọc" not in open_client(backend).get("/?q=đất").text


HANGS = 60.0  # seconds, unless it is let go


class _Queue:
    """A queue of three that counts how often it is asked, and may be slow or away."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_away = False
        self.go = threading.Event()
        self.go.set()

    def queued(self) -> tuple[str, ...]:
        self.asked += 1
        assert self.go.wait(HANGS)
        if self.is_away:
            raise StorageUnavailableError("Kho không trả lời.")
        return ("a", "b", "c")


def test_a_count_serves_many_answers() -> None:
    queue = _Queue()
    waiting = WaitingWork(queue)
    assert {waiting.number(5) for _ in range(50)} == {3}
    assert queue.asked == 1


def test_a_store_that_hangs_or_is_away_holds_up_nobody() -> None:
    queue = _Queue()
    queue.go.clear()
    waiting = WaitingWork(queue)
    before = time.monotonic()
    assert [waiting.number(0.05) for _ in range(3)] == [None] * 3
    assert time.monotonic() - before < HANGS / 2
    assert queue.asked == 1, "one count at a time"
    queue.is_away = True
    queue.go.set()
    assert waiting.number(5) is None
