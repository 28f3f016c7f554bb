"""Decisions by the API: drops of one code joined or kept apart, fields and papers mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import SearchUnavailableError
from pipeline.model import PersonRole, Publication, Query, Scope
from pipeline.settings import Settings
from storage import open_audit_log
from tests.support.callers import assert_error, caller
from tests.support.drops import CODE, FIXED, Office
from tests.support.people import Place
from tests.support.visitors import Room
from tests.support.web_backend import Backend
from web.app import build_app


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def room(office: Office) -> Room:
    settings = Settings(home=office.home)
    place = Place(office.home)
    audit = open_audit_log(settings.storage, settings.audit, office.home)
    app = build_app(office.archive, office.index, settings, accounts := place.open(), audit)
    backend = Backend(office.archive, office.index, settings)
    return Room(backend, accounts, place.clock, app)


def proposed(office: Office) -> tuple[str, str]:
    """A PARTIAL dossier, and a later drop of its code with something else."""
    older = office.partial()
    newer = office.drops(CODE, {"04.pdf": "giấy mới"}).dossier
    assert newer
    office.digitises_all()
    return older, newer


def test_a_drop_is_joined_and_taken_out_again(office: Office, room: Room) -> None:
    older, newer = proposed(office)
    machine = caller(room, "lan")
    (waiting,) = machine.told("/problems")["proposed_joins"]
    assert (waiting["newer"], waiting["older"], waiting["may_join"]) == (newer, older, True)
    assert machine.told(f"/dossiers/{older}")["proposals"] == [newer]
    answer = machine.post(f"/dossiers/{newer}/join", json={"reason": "đã xem giấy"})
    changed = {one["dossier"]: one for one in answer.json()["changed"]}
    assert changed[newer]["joined_into"] == older
    office.digitises_all()
    told = machine.told(f"/dossiers/{older}")
    assert told["joined_from"] == [newer]
    version = next(one for one in told["history"] if one["action"] == "joined")
    assert (version["actor"], version["reason"]) == ("lan", "đã xem giấy")
    assert machine.told("/problems")["proposed_joins"] == []
    assert_error(machine.get(f"/dossiers/{newer}/pages/1"), 409, "joined")
    apart = machine.post(f"/dossiers/{newer}/separate", json={"reason": "nhầm"})
    assert {one["action"] for one in apart.json()["changed"]} == {"split"}
    entries = [one for one in room.entries() if one.text("verb") in {"join", "separate"}]
    assert [one.text("dossier") for one in entries] == [newer, older, newer, older]


def test_a_file_takes_the_place_of_a_refused_one(office: Office, room: Room) -> None:
    older = office.partial()
    newer = office.drops(CODE, FIXED, folder="khác").dossier
    assert newer
    office.digitises_all()
    machine = caller(room, "lan")
    wanted = {"replace_file": "02 to khai.pdf", "reason": "bản quét lại"}
    assert machine.post(f"/dossiers/{newer}/join", json=wanted).status_code == 200
    office.digitises_all()
    assert machine.told(f"/dossiers/{older}")["missing"] == []
    assert_error(
        machine.post(f"/dossiers/{older}/join", json={"into": older}), 409, "correction_refused"
    )


def test_a_dossier_is_kept_apart(office: Office, room: Room) -> None:
    _, newer = proposed(office)
    machine = caller(room, "lan")
    assert machine.post(f"/dossiers/{newer}/separate", json={}).json()["changed"][0]["action"]
    assert machine.told(f"/dossiers/{newer}")["proposed_join"] is None
    again = machine.post(f"/dossiers/{newer}/separate", json={})
    assert_error(again, 409, "correction_refused")


def test_nothing_is_joined_to_what_lies_outside_of_the_scope(office: Office, room: Room) -> None:
    older, newer = proposed(office)
    record = office.archive.find_record(newer)
    assert record
    other = office.drops("H99.01.01-260105-0001", {"a.pdf": "giấy khác"}).dossier
    office.digitises_all()
    unit = frozenset({record.dossier.unit or ""})
    narrow = caller(room, "hẹp", PersonRole.RECORDS, scope=Scope(units=unit))
    asked = narrow.post(f"/dossiers/{newer}/join", json={"into": other})
    assert_error(asked, 404, "not_found")
    unknown = narrow.post(f"/dossiers/{newer}/join", json={"into": "0fff"})
    assert_error(unknown, 404, "not_found")
    assert narrow.post(f"/dossiers/{newer}/join", json={"into": older}).status_code == 200
    reader = caller(room, "đọc", PersonRole.READER)
    assert_error(reader.post(f"/dossiers/{newer}/separate", json={}), 403, "right_missing")


def test_a_withheld_dossier_tells_nothing_and_is_not_joined(office: Office, room: Room) -> None:
    older, newer = proposed(office)
    office.withholds(older)
    machine = caller(room, "lan")
    told = machine.told(f"/dossiers/{older}")
    assert (told["withheld"], told["documents"], told["pages"]) == (True, [], [])
    assert (told["name"], told["code"], told["unit"], told["reasons"]) == ("", None, None, [])
    assert_error(machine.get(f"/dossiers/{older}/pages/1"), 403, "withheld")
    scan = told["files"][0]["sha256"]
    assert_error(machine.get(f"/dossiers/{older}/files/{scan}"), 403, "withheld")
    assert_error(machine.post(f"/dossiers/{newer}/join", json={}), 403, "withheld")
    assert_error(machine.post(f"/dossiers/{older}/retry"), 403, "withheld")
    carriers = [one["dossier"] for one in machine.told(f"/codes/{CODE}")["dossiers"]]
    assert older not in carriers
    assert older not in [one["dossier"] for one in machine.told("/dossiers?q=đơn")["hits"]]


def test_fields_are_mended_and_taken_back(office: Office, room: Room) -> None:
    dossier = office.partial()
    machine = caller(room, "lan")
    before = machine.told(f"/dossiers/{dossier}")
    seen = before["history"][0]["sequence"]
    change = {"document": 1, "field": "summary", "act": "correct", "value": "Đơn xin cấp giấy"}
    wanted = {"changes": [change], "seen": seen, "reason": "đọc trên giấy"}
    answer = machine.post(f"/dossiers/{dossier}/fields", json=wanted)
    assert answer.status_code == 200, answer.text
    (written,) = answer.json()["changed"]
    told = machine.told(f"/dossiers/{dossier}")
    (field,) = [one for one in told["documents"][0]["fields"] if one["name"] == "summary"]
    assert (field["value"], field["confirmed_by"]) == ("Đơn xin cấp giấy", "lan")
    other = caller(room, "minh")
    late = {"changes": [change | {"value": "khác"}], "seen": seen}
    assert_error(other.post(f"/dossiers/{dossier}/fields", json=late), 409, "conflict")
    unknown = {"changes": [change | {"field": "không có"}]}
    assert_error(
        machine.post(f"/dossiers/{dossier}/fields", json=unknown), 409, "correction_refused"
    )
    undone = machine.post(f"/dossiers/{dossier}/undo", json={"version": written["sequence"]})
    assert undone.status_code == 200, undone.text
    told = machine.told(f"/dossiers/{dossier}")
    assert not [one for one in told["documents"][0]["fields"] if one["confirmed_by"]]
    verbs = [one.text("verb") for one in room.entries() if one.text("result") == "done"]
    assert verbs.count("correct") >= 2


def test_a_page_begins_a_paper(office: Office, room: Room) -> None:
    dossier = office.drops("hai trang.pdf", "đơn xin\nphụ lục").dossier
    assert dossier
    office.digitises_all()
    machine = caller(room, "lan")
    pages = [one["pages"] for one in machine.told(f"/dossiers/{dossier}")["documents"]]
    begins = pages == [[1, 2]]
    sent = {"page": 2, "begins": begins}
    assert machine.post(f"/dossiers/{dossier}/boundaries", json=sent).status_code == 200
    after = [one["pages"] for one in machine.told(f"/dossiers/{dossier}")["documents"]]
    assert after == ([[1], [2]] if begins else [[1, 2]])
    reasons = [one["boundary"] for one in machine.told(f"/dossiers/{dossier}")["documents"]]
    told = ["Trang đầu của hồ sơ.", "Người dùng đã quyết định chia ở đây."]
    assert reasons == told[: len(after)]
    first = {"page": 1, "begins": False}
    refused = machine.post(f"/dossiers/{dossier}/boundaries", json=first)
    assert_error(refused, 409, "correction_refused")


class ReadOnlyIndex:
    """Refuses to be written, as a server does to an account without the right."""

    def publish(self, publications: Iterable[Publication]) -> None:
        raise SearchUnavailableError("Tài khoản không được ghi chỉ mục.")


def test_a_join_that_may_not_write_to_the_index_is_done_and_left_to_a_worker(
    office: Office, room: Room
) -> None:
    """In the served form; the shell has to leave the index too."""
    older, newer = proposed(office)
    room.app.state.context = replace(room.app.state.context, index=ReadOnlyIndex())
    answer = caller(room, "lan").post(f"/dossiers/{newer}/join", json={"reason": "đã xem giấy"})
    assert answer.status_code == 200
    assert office.archive.is_queued(newer)
    assert not office.archive.is_to_read_again(newer), "only the index was away"
    office.digitises_all()
    assert not office.archive.queued()
    assert newer not in [hit.dossier for hit in office.index.find(Query("")).hits]
    assert office.index.find(Query("giấy mới")).hits[0].dossier == older
