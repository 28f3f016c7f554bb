"""Saved searches on the search page: kept for one account, opened in any later session."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from pipeline.audit import AuditEntry
from pipeline.errors import AuditUnavailableError
from pipeline.model import PersonRole
from tests.support.visitors import Browser, Room, open_room
from tests.support.web_backend import PARTIAL, open_client, sample_backend


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    room = open_room(tmp_path_factory.mktemp("room"))
    for name in ("mot", "hai"):
        room.person(name, PersonRole.READER)
    return room


def save(browser: Browser, address: str, name: str) -> str:
    sealed = re.search(r'name="tim" value="([^"]*)"', browser.get(address).text)
    assert sealed
    answer = browser.post("/tim/luu", address, tim=sealed[1], ten=name)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def saved(html: str) -> dict[str, tuple[str, str]]:
    """Return address and id of each saved search, by its name."""
    shown = r'<li><a href="([^"]*)">([^<]*)</a>\s*<form.*?name="muc" value="([0-9a-f]+)"'
    found = re.findall(shown, html, re.DOTALL)
    return {unescape(name): (unescape(url), id_) for url, name, id_ in found}


def test_a_search_is_saved_opened_in_a_later_session_and_removed(room: Room) -> None:
    one = room.signed_in("mot")
    back = save(one, "/?q=thửa đất&trang-thai=PARTIAL&trang=1", "Đất <i>của</i> tôi")
    assert back.endswith("#da-luu")
    assert "thửa" not in back
    assert PARTIAL in one.get(back).text
    later = room.signed_in("mot")
    html = later.get("/").text
    assert "<i>của" not in html
    url, id_ = saved(html)["Đất <i>của</i> tôi"]
    found = later.get(url).text
    assert f"/ho-so/{PARTIAL}" in found
    assert "Tình trạng:" in found
    assert later.post("/tim/bo", "/", muc=id_).status_code == 303
    assert later.post("/tim/bo", "/", muc=id_).status_code == 303, "twice is fine"
    assert saved(later.get("/").text) == {}


def test_nobody_sees_or_removes_those_of_others(room: Room) -> None:
    one, two = room.signed_in("mot"), room.signed_in("hai")
    save(one, "/?q=đất", "của một")
    assert "của một" not in two.get("/").text
    _, id_ = saved(one.get("/").text)["của một"]
    two.post("/tim/bo", "/", muc=id_)
    assert "của một" in saved(one.get("/").text)


def test_what_cannot_be_saved_is_a_sentence(room: Room) -> None:
    one = room.signed_in("mot")
    sealed = re.search(r'name="tim" value="([^"]*)"', one.get("/?q=đất").text)
    assert sealed
    nameless = one.post("/tim/luu", "/", tim=sealed[1], ten="  ")
    assert nameless.status_code < 500
    assert "cần một tên" in nameless.text
    foreign = one.post("/tim/luu", "/", tim="AAAA", ten="x")
    assert "hết hạn" in foreign.text
    assert one.post_bare("/tim/luu", tim=sealed[1], ten="x").status_code == 403
    assert one.post("/tim/bo", "/", muc="../x").status_code == 400


def test_nothing_is_kept_that_cannot_be_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = open_room(tmp_path)
    room.person("ba", PersonRole.READER)
    browser = room.signed_in("ba")
    sealed = re.search(r'name="tim" value="([^"]*)"', browser.get("/?q=đất").text)
    assert sealed

    def record(_: AuditEntry) -> None:
        raise AuditUnavailableError("Nhật ký không ghi được.")

    token = browser.token("/")
    with monkeypatch.context() as away:
        away.setattr(room.app.state.context.audit, "record", record)
        answer = browser.post_bare("/tim/luu", khoa=token, tim=sealed[1], ten="x")
    assert answer.status_code == 503
    assert saved(browser.get("/").text) == {}


def test_the_log_has_no_words_of_them(room: Room) -> None:
    save(room.signed_in("hai"), "/?q=thửa đất", "bí mật của hai")
    entries = [one for one in room.entries() if one.detail("what") == "saved search"]
    assert entries
    assert not [one for one in entries if re.search("thửa|bí mật", str(one.body))]


def test_the_demonstration_says_that_it_saves_none(tmp_path: Path) -> None:
    client = open_client(sample_backend(tmp_path))
    assert "Chế độ trình diễn không lưu tìm kiếm" in client.get("/").text
    ours = {"Sec-Fetch-Site": "same-origin"}
    answer = client.post("/tim/luu", data={"tim": "x", "ten": "y"}, headers=ours)
    assert "không lưu tìm kiếm" in answer.text
    assert answer.status_code < 500
