"""Decisions about pages by the API: what they change, whom they are shown to, who may not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.model import PersonRole, Scope
from pipeline.settings import Settings
from storage import open_audit_log
from tests.support.callers import PAGE_BODIES, assert_error, caller
from tests.support.drops import Office
from tests.support.people import Place
from tests.support.visitors import Room
from tests.support.web_backend import Backend
from web.app import build_app

PAGES = "đơn xin\nsố căn cước mờ\nphụ lục"
NUMBER = "001085012345"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def room(office: Office) -> Room:
    settings = Settings(home=office.home)
    place = Place(office.home)
    audit = open_audit_log(settings.storage, settings.audit, office.home)
    app = build_app(office.archive, office.index, settings, accounts := place.open(), audit)
    return Room(Backend(office.archive, office.index, settings), accounts, place.clock, app)


@pytest.fixture
def dossier(office: Office) -> str:
    dropped = office.drops("giấy.pdf", PAGES).dossier
    assert dropped
    office.digitises_all()
    return dropped


def test_pages_are_mended_and_taken_back(office: Office, room: Room, dossier: str) -> None:
    machine = caller(room, "lan")
    before = machine.told(f"/dossiers/{dossier}")
    seen = before["history"][0]["sequence"]
    scan = before["files"][0]["sha256"]
    pages = f"/dossiers/{dossier}/pages"
    sent = {"lines": [{"line": 1, "text": "sổ đỏ"}], "seen": seen}
    assert machine.post(f"{pages}/2/words", json=sent).status_code == 200
    assert machine.told(f"{pages}/2")["text"] == "sổ đỏ"
    assert [hit["page"] for hit in machine.told("/dossiers?q=sổ+đỏ")["hits"]] == [2]
    other = caller(room, "minh")
    late = {"degrees": 90, "seen": seen}
    answer = other.post(f"{pages}/2/turn", json=late)
    assert_error(answer, 409, "conflict")
    assert "lan sửa chữ" in answer.text
    assert other.post(f"{pages}/2/turn", json={"degrees": 90}).status_code == 200
    office.digitises_all()
    out = {"reason": "của người khác"}
    assert machine.post(f"{pages}/1/leave-out", json=out).status_code == 200
    told = machine.told(f"/dossiers/{dossier}")
    assert len(told["pages"]) == 2
    edits = {one["number"]: one for one in told["edits"]}
    assert (edits[1]["left_out"], edits[2]["orientation"], edits[2]["words"]) == (
        "của người khác",
        90,
        1,
    )
    place = {"scan": scan, "number": 1}
    assert machine.post(f"{pages}/restore", json=place).status_code == 200
    assert machine.post(f"{pages}/order", json={"order": [3, 1, 2]}).status_code == 200
    assert machine.told(f"{pages}/1")["text"] == "phụ lục"
    assert machine.post(f"{pages}/1/replace", json={"by": 3, **out}).status_code == 200
    version = machine.told(f"/dossiers/{dossier}")["history"][0]["sequence"]
    undone = machine.post(f"/dossiers/{dossier}/undo", json={"version": version})
    assert undone.status_code == 200
    assert machine.told(f"{pages}/1")["text"] == "phụ lục"
    entries = [one for one in room.entries() if one.text("verb") == "correct"]
    assert len(entries) >= 8
    assert not any("sổ đỏ" in str(one) for one in entries)


def test_what_is_no_decision_is_refused(room: Room, dossier: str) -> None:
    machine = caller(room, "lan")
    pages = f"/dossiers/{dossier}/pages"
    assert_error(machine.post(f"{pages}/1/leave-out", json={}), 409, "correction_refused")
    assert machine.post(f"{pages}/1/turn", json={"degrees": 45}).status_code == 422
    for sent in ({"line": 9, "text": "x"}, {"line": 1, "text": "đơn xin"}):
        answer = machine.post(f"{pages}/1/words", json={"lines": [sent]})
        assert_error(answer, 409, "correction_refused")
    assert_error(
        machine.post(f"{pages}/restore", json={"scan": "0" * 64, "number": 1}),
        409,
        "correction_refused",
    )
    assert_error(machine.post(f"{pages}/9/turn", json={"degrees": 90}), 409, "correction_refused")
    assert_error(
        machine.post(f"{pages}/1/replace", json={"by": 1, "reason": "x"}),
        409,
        "correction_refused",
    )


def acts_on(dossier: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the path and the body of each call that decides about a page."""
    for act, sent in PAGE_BODIES.items():
        page = "" if act in {"restore", "order"} else "1/"
        yield f"/dossiers/{dossier}/pages/{page}{act}", sent


def test_who_may_not_changes_nothing(office: Office, room: Room, dossier: str) -> None:
    before = office.newest(dossier)
    reader = caller(room, "đọc", PersonRole.READER)
    outside = Scope(units=frozenset({"H99.01.01"}))
    narrow = caller(room, "hẹp", PersonRole.RECORDS, scope=outside)
    for path, sent in acts_on(dossier):
        assert_error(reader.post(path, json=sent), 403, "right_missing")
        assert_error(narrow.post(path, json=sent), 404, "not_found")
    assert office.newest(dossier) == before
    office.withholds(dossier)
    machine = caller(room, "lan")
    for path, sent in acts_on(dossier):
        answer = machine.post(path, json=sent)
        assert_error(answer, 403, "withheld")


def test_a_number_that_a_person_writes_is_masked_everywhere(
    office: Office, room: Room, dossier: str
) -> None:
    text = {"line": 1, "text": f"số căn cước {NUMBER}"}
    sent = {"lines": [text], "reason": f"đọc được {NUMBER}"}
    answer = caller(room, "lan").post(f"/dossiers/{dossier}/pages/2/words", json=sent)
    assert answer.status_code == 200
    reader = caller(room, "đọc", PersonRole.READER)
    for path in (
        f"/dossiers/{dossier}",
        f"/dossiers/{dossier}/pages/2",
        f"/dossiers/{dossier}/pages/2?q={NUMBER}",
        "/dossiers?q=căn+cước",
    ):
        told = reader.get(path)
        assert told.status_code == 200
        assert NUMBER not in told.text, path
    browser = room.signed_in(room.person("xem", PersonRole.READER))
    for path in (f"/ho-so/{dossier}", f"/ho-so/{dossier}/trang/2", "/?q=căn+cước"):
        assert NUMBER not in browser.get(path).text
    masked = reader.told(f"/dossiers/{dossier}/pages/2")["text"]
    back = {"lines": [{"line": 1, "text": masked.replace("số", "Số")}]}
    office.digitises_all()
    assert_error(
        caller(room, "minh").post(f"/dossiers/{dossier}/pages/2/words", json=back),
        409,
        "correction_refused",
    )


def test_a_dossier_that_a_person_changed_is_not_joined_unseen(
    office: Office, room: Room, dossier: str
) -> None:
    newer = office.drops("mới.pdf", "trang mới").dossier
    office.digitises_all()
    seen = office.newest(dossier).sequence
    caller(room, "minh").post(f"/dossiers/{dossier}/pages/1/turn", json={"degrees": 90})
    machine = caller(room, "lan")
    wanted = {"into": dossier, "seen": seen}
    answer = machine.post(f"/dossiers/{newer}/join", json=wanted)
    assert_error(answer, 409, "conflict")
    assert "minh xoay" in answer.text
    again = wanted | {"seen": office.newest(dossier).sequence}
    assert machine.post(f"/dossiers/{newer}/join", json=again).status_code == 200
