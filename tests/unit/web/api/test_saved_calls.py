"""Programs keep searches as people do on the search page, each account its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.model import PersonRole, Right
from pipeline.ports.saved_searches import MOST_SAVED
from tests.support.callers import Caller, assert_error, caller
from tests.support.visitors import Room, open_room
from tests.support.web_backend import open_client, sample_backend
from tests.unit.web.test_saved_searches import save, saved

WANTED = {"q": "giao đất", "reception_from": "2025-11-01", "sort": "reception", "only_marked": True}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return open_room(tmp_path_factory.mktemp("room"))


def told(machine: Caller) -> dict[str, dict[str, object]]:
    found = machine.told("/searches")["searches"]
    return {
        one["name"]: {key: value for key, value in one["search"].items() if value} for one in found
    }


def test_a_search_is_kept_replaced_listed_and_removed(room: Room) -> None:
    machine = caller(room, "máy-lưu")
    made = machine.post("/searches", json={"name": " Đất tháng 11 ", "search": WANTED})
    assert made.status_code == 201
    assert made.json()["name"] == "Đất tháng 11"
    assert told(machine) == {"Đất tháng 11": WANTED}
    found = machine.told("/dossiers?q=giao đất&only_marked=true")
    assert found["total"] >= 1
    again = {"q": "thửa", "state": "PARTIAL"}
    machine.post("/searches", json={"name": "đất THÁNG 11", "search": again})
    assert told(machine) == {"đất THÁNG 11": {**again, "sort": "relevance"}}
    (one,) = machine.told("/searches")["searches"]
    left = machine.ask("DELETE", f"/searches/{one['id']}")
    assert (left.status_code, left.json()) == (200, {"searches": []})
    assert_error(machine.ask("DELETE", f"/searches/{one['id']}"), 404, "not_found")


def test_what_a_person_saves_on_the_page_programs_of_the_account_read(room: Room) -> None:
    machine = caller(room, "hai-phia")
    browser = room.signed_in("hai-phia")
    save(browser, "/?q=đất&tiep-nhan-tu=1/11/2025&sap-xep=ngay-tiep-nhan", "của người")
    expected = {"q": "đất", "reception_from": "2025-11-01", "sort": "reception"}
    assert told(machine) == {"của người": expected}
    machine.post("/searches", json={"name": "của máy", "search": {"q": "thửa"}})
    assert set(saved(browser.get("/").text)) == {"của người", "của máy"}
    other = caller(room, "người-khác")
    assert told(other) == {}
    (first, _) = machine.told("/searches")["searches"]
    assert_error(other.ask("DELETE", f"/searches/{first['id']}"), 404, "not_found")


def test_what_cannot_be_kept_is_refused(room: Room) -> None:
    machine = caller(room, "sai")
    wrong_ones: tuple[dict[str, object], ...] = (
        {"name": "", "search": {}},
        {"name": "x" * 81, "search": {}},
        {"name": "x", "search": {"q": "y" * 301}},
        {"name": "x", "search": {"limit": 5}},
        {"name": "x", "search": {"sort": "đẹp"}},
        {"search": {}},
    )
    for wrong in wrong_ones:
        assert_error(machine.post("/searches", json=wrong), 422, "values_wrong")
    day = {"name": "x", "search": {"reception_to": "2025-13-01"}}
    assert_error(machine.post("/searches", json=day), 400, "query_wrong")
    assert_error(
        machine.post("/searches", json={"name": " ", "search": {}}), 409, "account_refused"
    )
    for number in range(MOST_SAVED):
        machine.post("/searches", json={"name": f"{number}", "search": {"q": "đất"}})
    assert_error(
        machine.post("/searches", json={"name": "x", "search": {}}), 409, "account_refused"
    )
    assert len(told(machine)) == MOST_SAVED


def test_rights_and_the_demonstration(room: Room, tmp_path: Path) -> None:
    uploads = caller(room, "chỉ-gửi", PersonRole.CLERK, rights=frozenset({Right.UPLOAD}))
    assert_error(uploads.get("/searches"), 403, "right_missing")
    nobody = open_client(sample_backend(tmp_path))
    answer = nobody.get("/api/v1/searches")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "account_refused")


def test_the_log_has_no_words_of_them(room: Room) -> None:
    machine = caller(room, "kín-đáo")
    machine.post("/searches", json={"name": "bí mật", "search": {"q": "thửa ruộng"}})
    told(machine)
    entries = [str(one.body) for one in room.entries() if "saved search" in str(one.body)]
    assert entries
    assert not [one for one in entries if "thửa" in one or "bí mật" in one]
