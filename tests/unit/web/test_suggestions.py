"""Suggestions below the search box: whose they are, where they lead, how they are recorded."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pipeline.audit import Verb
from pipeline.model import PersonRole, Query, Scope, Suggestion
from tests.support.visitors import Browser, Room, open_room
from tests.support.web_backend import TestClient, open_client, sample_backend
from web.pages.searching.suggestions import _row
from web.people.recording import SELDOM_ACTS, SELDOM_SECONDS, RecordedSeldom

HERE = "Chi nhánh số 1"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return open_client(sample_backend(tmp_path_factory.mktemp("home")))


@pytest.fixture
def room(tmp_path: Path) -> Room:
    room = open_room(tmp_path)
    room.person("khac", PersonRole.READER, scope=Scope(units=frozenset({"Chi nhánh số 9"})))
    room.person("moi", PersonRole.READER)
    room.person("quan", PersonRole.ADMIN)
    return room


def rows(browser: Browser | TestClient, typed: str) -> list[dict[str, str]]:
    answer = browser.get(f"/goi-y?q={typed}")
    assert answer.headers["cache-control"] == "no-store"
    found: list[dict[str, str]] = answer.json()["suggestions"]
    return found


def test_each_leads_to_its_search(client: TestClient) -> None:
    (unit,) = [row for row in rows(client, "chi nhanh") if row["text"] == HERE]
    assert unit["kind"] == "Đơn vị"
    assert unit["url"] == "/?don-vi=Chi+nh%C3%A1nh+s%E1%BB%91+1"
    assert client.get(unit["url"]).status_code == 200
    (title, *_) = [row for row in rows(client, "thong bao") if row["kind"] == "Hồ sơ"]
    assert title["url"].startswith("/?tim="), "no words in an address"
    assert "<article" in client.get(title["url"]).text


def test_procedures_that_people_type_stand_in_no_address() -> None:
    row = _row(Suggestion("procedure", "Đăng ký kết hôn"), lambda _: "sealed")
    assert row["url"] == "/?tim=sealed"


def test_a_form_asks_without_words_in_the_address(client: TestClient, room: Room) -> None:
    ours = {"Sec-Fetch-Site": "same-origin"}
    answer = client.post("/goi-y", data={"q": "chi nhanh"}, headers=ours)
    assert answer.json() == client.get("/goi-y?q=chi nhanh").json()
    assert client.post("/goi-y", data={"q": "chi nhanh"}).status_code == 403
    browser = room.signed_in("moi")
    assert browser.post_bare("/goi-y", q="chi nhanh").status_code == 403, "without the form's token"
    assert browser.post("/goi-y", "/", q="chi nhanh").json()["suggestions"]


def test_nothing_is_answered_to_nothing(client: TestClient) -> None:
    for typed in ("", "c", "*", "zzzz"):
        assert rows(client, typed) == []
    assert client.get(f"/goi-y?q={'a' * 301}").status_code in {400, 422}


def test_markup_of_a_title_stays_text(client: TestClient) -> None:
    answer = client.get("/goi-y?q=script")
    assert answer.headers["content-type"].startswith("application/json")
    assert "nosniff" in answer.headers["x-content-type-options"]


def test_the_scope_bounds_them(room: Room) -> None:
    assert rows(room.signed_in("moi"), "chi nhanh")
    stranger = room.signed_in("khac")
    for typed in ("chi nhanh", "thong bao", "don", "h26", "00"):
        assert rows(stranger, typed) == [], typed


def test_only_people_who_may_search_are_answered(room: Room) -> None:
    assert room.browser().get("/goi-y?q=chi nhanh").status_code in {303, 401}
    assert room.signed_in("quan").get("/goi-y?q=chi nhanh").status_code == 403


def test_typing_does_not_fill_the_audit_log(room: Room) -> None:
    browser = room.signed_in("moi")
    for typed in ("ch", "chi", "chi n", "chi nh", "th", "thô"):
        rows(browser, typed)
    (entry,) = [one for one in room.entries() if one.text("verb") == Verb.SEARCH]
    assert entry.text("account") == "moi"
    assert entry.body["detail"] == {"suggestions": 1}
    assert not entry.text("words_hash"), "what was typed is recorded with the search alone"


def test_reading_out_a_list_letter_by_letter_shows_in_the_log() -> None:
    log, now = RecordedSeldom(), 1_000.0
    told = [log.due("an", now) for _ in range(2 * SELDOM_ACTS + 1)]
    assert Counter(told) == {0: 2 * SELDOM_ACTS - 2, 1: 1, SELDOM_ACTS: 2}
    assert log.due("binh", now) == 1
    assert log.due("an", now + SELDOM_SECONDS - 1) == 0
    assert log.due("an", now + SELDOM_SECONDS) == 2


def test_no_suggestion_is_a_title_that_no_search_shows(client: TestClient, room: Room) -> None:
    shown = {hit.title for hit in room.backend.index.find(Query("")).hits}
    for typed in ("th", "bi", "sc", "qu", "da"):
        titles = [row["text"] for row in rows(client, typed) if row["kind"] == "Hồ sơ"]
        assert all(any(one.startswith(title) for one in shown) for title in titles)
