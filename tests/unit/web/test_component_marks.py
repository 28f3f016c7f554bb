"""The checklist of the dossier page: marks of people, taken off, conflicts told, who may."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from httpx import Response

from pipeline.audit import Verb
from pipeline.model import ComponentState, PersonRole, Record, Scope
from pipeline.versions import newest_record
from tests.support.callers import Caller, assert_error, caller
from tests.support.owned_papers import MARITAL, MARRIAGE, OWN_UNIT, add_owned_papers
from tests.support.visitors import Browser, Room, open_room

PAGE = f"/ho-so/{MARRIAGE}"
MINE = Scope(units=frozenset({OWN_UNIT}))


@pytest.fixture
def room(tmp_path: Path) -> Room:
    room = open_room(tmp_path)
    add_owned_papers(room)
    room.person("lan", PersonRole.READER, scope=MINE)
    room.person("minh", PersonRole.RECORDS, scope=MINE)
    room.person("mai", PersonRole.RECORDS, scope=MINE)
    room.person("xa", PersonRole.RECORDS, scope=Scope(units=frozenset({"UBND xã Xa"})))
    return room


@pytest.fixture
def machine(room: Room) -> Caller:
    return caller(room, "minh", PersonRole.RECORDS, scope=MINE)


def newest(room: Room) -> Record:
    return newest_record(MARRIAGE, room.backend.archive)


def mark(browser: Browser, version: int, **sent: str) -> Response:
    fields = {"ban": str(version), "thanh_phan": "2"} | sent
    return browser.post(f"{PAGE}/thanh-phan", page=PAGE, **fields)


def words(answer: Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_a_component_is_marked_shown_in_the_history_and_unmarked(room: Room) -> None:
    minh = room.signed_in("minh")
    before = words(minh.get(PAGE))
    assert "Thiếu thành phần" in before
    answer = mark(minh, 1, la="on_paper", trang="3; 2", vi_sao="tờ thứ hai")
    assert answer.headers["location"] == f"{PAGE}?ban=2#thanh-phan-2"
    record = newest(room)
    assert (record.action, record.actor, record.reason) == ("marked", "minh", "tờ thứ hai")
    shown = words(minh.get(PAGE))
    assert "Thiếu thành phần" not in shown
    assert re.search(r"Có ?: trang 2 ?, trang 3 minh đánh dấu [^·]*: tờ thứ hai", shown)
    assert f"{MARITAL}: Thiếu → Có" in shown, "the history tells what changed"
    assert mark(minh, 2).status_code == 303
    assert newest(room).action == "unmarked"
    assert "Thiếu thành phần" in words(minh.get(PAGE))
    told = [one.detail("marked") for one in room.entries() if one.text("verb") == Verb.CORRECT]
    assert told == ["on_paper", "no"]


def test_what_cannot_be_said_so_keeps_what_was_typed(room: Room) -> None:
    minh = room.signed_in("minh")
    for sent, said in [
        ({"la": "exempt", "vi_sao": ""}, "vì sao"),
        ({"la": "on_paper", "trang": "9"}, "không có trang 9"),
        ({"la": "on_paper", "trang": "hai", "vi_sao": "ở dưới"}, "Trang là các số"),
    ]:
        answer = mark(minh, 1, **sent)
        assert answer.status_code == 409
        assert said in words(answer)
        assert '<details class="mark" open>' in answer.text
        assert f'value="{sent.get("trang", "")}"' in answer.text
        assert f'value="{sent.get("vi_sao", "")}"' in answer.text
    assert newest(room).sequence == 1
    gone = mark(minh, 1, thanh_phan="3", la="shown")
    assert (gone.status_code, "Tải lại trang" in words(gone)) == (409, True)
    assert mark(minh, 1, la="other").status_code == 400


def test_two_people_are_told_of_each_other(room: Room) -> None:
    mark(room.signed_in("minh"), 1, la="shown")
    mai = room.signed_in("mai")
    late = mark(mai, 1, la="exempt", vi_sao="đã có ở kho")
    assert late.status_code == 409
    assert "đã được minh quyết định ở bản 2" in words(late)
    assert newest(room).sequence == 2
    assert mark(mai, 2, la="exempt", vi_sao="đã có ở kho").status_code == 303, "knowing of it"


def test_who_may_not_correct_sees_no_form_and_is_refused(room: Room) -> None:
    lan = room.signed_in("lan")
    assert "Đánh dấu…" not in lan.get(PAGE).text
    assert mark_bare(lan).status_code == 403
    assert mark_bare(room.signed_in("xa")).status_code == 404
    assert newest(room).sequence == 1


def mark_bare(browser: Browser) -> Response:
    found = re.search(r'name="khoa" value="([0-9a-f]{64})"', browser.get("/phien").text)
    assert found
    sent = {"ban": "1", "thanh_phan": "2", "la": "shown"}
    return browser.post_bare(f"{PAGE}/thanh-phan", khoa=found[1], **sent)


def test_programs_do_the_same(machine: Caller, room: Room) -> None:
    path = f"/dossiers/{MARRIAGE}/components"
    sent = {"component": MARITAL, "mark": "exempt", "reason": "có ở hồ sơ giấy", "seen": 1}
    (changed,) = machine.post(path, json=sent).json()["changed"]
    assert (changed["action"], changed["sequence"]) == ("marked", 2)
    _, told = machine.told(f"/dossiers/{MARRIAGE}")["components"]
    assert (told["state"], told["marked"], told["marked_by"]) == ("exempt", "exempt", "minh")
    assert told["why"] == told["reason"] == "có ở hồ sơ giấy"
    late = machine.post(path, json=sent | {"mark": "shown"})
    assert_error(late, 409, "conflict")
    nowhere = machine.post(path, json=sent | {"mark": "on_paper", "pages": [2], "component": "x"})
    assert_error(nowhere, 409, "correction_refused")
    off = machine.post(path, json={"component": MARITAL, "mark": "none", "seen": 2})
    assert off.json()["changed"][0]["action"] == "unmarked"
    assert newest(room).dossier.components[1].state is ComponentState.MISSING


def test_refusals_name_components_without_the_numbers_of_people(
    room: Room, machine: Caller
) -> None:
    """Receipts print numbers into names; nobody here chose a purpose."""
    number, record = "031090001562", newest(room)
    there, lacking = record.dossier.components
    named = (
        replace(there, name=f"{there.name} của {number}"),
        replace(lacking, name=f"{lacking.name} của {number}"),
    )
    state = replace(record.dossier, components=named)
    room.backend.archive.keep_record(replace(record, sequence=2, dossier=state))
    minh = room.signed_in("minh")
    shown = [one["name"] for one in machine.told(f"/dossiers/{MARRIAGE}")["components"]]
    path, sent = f"/dossiers/{MARRIAGE}/components", {"mark": "shown", "seen": 2}
    answers = [
        minh.get(PAGE),
        mark(minh, 2, thanh_phan="1", la="shown"),
        machine.post(path, json=sent | {"component": "x"}),
        machine.post(path, json=sent | {"component": shown[0]}),
        mark(minh, 2, la="shown"),
        mark(room.signed_in("mai"), 2, la="exempt", vi_sao="có ở kho"),
        machine.post(path, json=sent | {"component": shown[1], "mark": "none"}),
    ]
    assert [one.status_code for one in answers] == [200, 409, 409, 409, 303, 409, 409]
    assert all(number not in one.text for one in answers)
    assert sum("031•••••1562" in one.text for one in answers) == 6
