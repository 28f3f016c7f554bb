"""Duplicates on a dossier's page and by the API: within the scope, recorded, and taken back."""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import Path

import pytest

from flows.upkeep.duplicates import Comparing
from owners import open_duplicates
from pipeline.corrections import SET_APART
from pipeline.model import PersonRole, Scope
from pipeline.versions import newest_record
from tests.support.callers import caller
from tests.support.twice_held import DECISION, ONE, OTHER, filled_in, keep, rescanned
from tests.support.visitors import Browser, Room, open_room

ONE_ID, TWIN, FOREIGN = "0c01", "0c02", "0c03"
PAGE = f"/ho-so/{ONE_ID}"
API = f"/dossiers/{ONE_ID}/duplicates"
SAID = f"/dossiers/{ONE_ID}/not-duplicates"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """A decision that two dossiers hold, one of another unit; a form that was scanned twice."""
    room = open_room(tmp_path)
    keep(room.backend, ONE_ID, filled_in(ONE), **DECISION)
    keep(room.backend, TWIN, rescanned(filled_in(ONE)))
    keep(room.backend, FOREIGN, filled_in(OTHER), unit="Sở Khác", **DECISION)
    compare(room)
    return room


def compare(room: Room) -> None:
    settings = room.backend.settings
    index = open_duplicates(settings.owners, settings.home)
    Comparing(room.backend.archive, index).refresh()
    index.close()


def officer(room: Room, name: str, *units: str) -> Browser:
    scope = Scope(units=frozenset(units)) if units else None
    return room.signed_in(room.person(name, PersonRole.RECORDS, scope=scope))


def apart(browser: Browser, mine: str, other: str) -> int:
    fields = {"trang": mine, "trang_kia": other}
    return browser.post(f"{PAGE}/khong-trung", PAGE, **fields).status_code


def test_the_page_shows_duplicates_with_links_to_those_in_scope_only(room: Room) -> None:
    html = officer(room, "lan").get(PAGE).text
    assert "Có thể là bản trùng" in html
    assert f'href="/ho-so/{TWIN}/trang/1"' in html and f'href="/ho-so/{FOREIGN}/trang/1"' in html
    html = officer(room, "minh", "Sở Mẫu").get(PAGE).text
    assert f'href="/ho-so/{TWIN}/trang/1"' in html
    assert FOREIGN not in html and "trùng số, ký hiệu" not in html
    assert "Có thể là bản trùng" not in officer(room, "an").get("/ho-so/0a04").text


def test_who_says_that_it_is_none_is_recorded_and_may_take_it_back(room: Room) -> None:
    browser = officer(room, "lan")
    html = browser.get(PAGE).text
    sent = re.search(rf'name="trang" value="(1:2)">\s*<input [^>]*value="({TWIN}:1:2)"', html)
    assert sent
    assert apart(browser, *sent.groups()) == HTTPStatus.SEE_OTHER
    record = newest_record(ONE_ID, room.backend.archive)
    assert (record.action, record.actor) == (SET_APART, "lan")
    html = browser.get(PAGE).text
    assert f"/ho-so/{TWIN}/trang/1" not in html
    assert "Xác nhận không phải bản trùng" in html
    correct = [one for one in room.entries() if one.text("verb") == "correct"]
    assert [one.text("dossier") for one in correct] == [ONE_ID]
    assert browser.post(f"{PAGE}/hoan-tac", PAGE, ban="3").status_code == HTTPStatus.SEE_OTHER
    assert f"/ho-so/{TWIN}/trang/1" in browser.get(PAGE).text


def test_a_foreign_dossier_is_like_none_and_nonsense_is_refused(room: Room) -> None:
    browser = officer(room, "minh", "Sở Mẫu")
    refused = [
        ("1:2", f"{FOREIGN}:1:2"),
        ("1:2", "0fff:1:2"),
        ("1:2", f"{ONE_ID}:1:2"),
        ("2:2", f"{TWIN}:1:2"),
        ("1:9", f"{TWIN}:1:2"),
        ("1:2", f"{TWIN}:1"),
        ("0:0", f"{TWIN}:1:2"),
    ]
    statuses = [apart(browser, *each) for each in refused]
    assert statuses[0] == statuses[1] == HTTPStatus.NOT_FOUND
    assert all(
        HTTPStatus.BAD_REQUEST <= each < HTTPStatus.INTERNAL_SERVER_ERROR for each in statuses
    )
    reader = room.signed_in(room.person("docgia", PersonRole.READER))
    assert "khong-trung" not in reader.get(PAGE).text
    assert newest_record(ONE_ID, room.backend.archive).sequence == 2


def test_programs_see_and_say_the_same(room: Room) -> None:
    lan = caller(room, "lan", PersonRole.RECORDS)
    told = lan.told(API)["duplicates"]
    assert {(one["kind"], one["other"]["dossier"]) for one in told} == {
        ("paper", FOREIGN),
        ("page", TWIN),
    }
    seen = {one.text("dossier") for one in room.entries() if one.text("verb") == "view"}
    assert seen == {ONE_ID, TWIN, FOREIGN}, "each dossier that is named"
    assert len(lan.told("/duplicates")["duplicates"]) == 2
    minh = caller(room, "minh", PersonRole.RECORDS, scope=Scope(units=frozenset({"Sở Mẫu"})))
    for path in (API, "/duplicates"):
        assert FOREIGN not in minh.get(path).text and TWIN in minh.get(path).text
    body = {"page": 1, "other": FOREIGN, "other_page": 1, "reason": "đã so"}
    unknown = minh.post(SAID, json=body | {"other": "0fff"})
    assert minh.post(SAID, json=body).status_code == unknown.status_code == HTTPStatus.NOT_FOUND
    assert lan.post(SAID, json=body).json()["changed"][0]["action"] == SET_APART
    assert FOREIGN not in lan.get("/duplicates").text
    assert minh.get(f"/dossiers/{FOREIGN}/duplicates").status_code == HTTPStatus.NOT_FOUND


def test_a_dossier_is_shown_while_the_index_is_away(room: Room) -> None:
    browser = officer(room, "lan")
    (room.backend.settings.home / "duplicates.sqlite3").write_bytes(b"no database" * 1_000)
    for left in room.backend.settings.home.glob("duplicates.sqlite3-*"):
        left.unlink()
    answer = browser.get(PAGE)
    assert answer.status_code == HTTPStatus.OK
    assert "Có thể là bản trùng" not in answer.text
    compare(room)
    assert "Có thể là bản trùng" in browser.get(PAGE).text
