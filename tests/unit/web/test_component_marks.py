"""The checklist of the dossier page: marks of people, taken off, conflicts told, who may."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from httpx import Response

from pipeline.audit import Verb
from pipeline.errors import CorrectionRefusedError
from pipeline.model import (
    Component,
    ComponentMark,
    ComponentState,
    Dossier,
    MarkKind,
    PersonRole,
    Record,
    Scope,
)
from pipeline.versions import newest_record
from tests.support.callers import Caller, assert_error, caller
from tests.support.owned_papers import HOLDS, MARITAL, MARRIAGE, NUMBER, OWN_UNIT, add_owned_papers
from tests.support.processor_time import least_time
from tests.support.visitors import Browser, Room, open_room
from web.pages.dossiers.checklist_view import checklist_rows
from web.pages.mending.checklist import page_numbers

SHOWN = ComponentState.SHOWN
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


def test_pages_are_read_as_numbers_whatever_stands_between() -> None:
    assert page_numbers(" 3; 2,,12 ") == (3, 2, 12)
    assert page_numbers(" ,; ") == ()


@pytest.mark.parametrize(
    "typed", ["1" * 24 + "x", "1" * 400 + "x", "1 " * 200 + "x", "1," * 51, "12345678", "²", "-1"]
)
def test_what_is_no_list_of_pages_is_refused_at_once(typed: str) -> None:
    def refused() -> None:
        with pytest.raises(CorrectionRefusedError, match="Trang là các số"):
            page_numbers(typed)

    assert least_time(refused, 0.1) < 0.1


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


def test_page_and_programs_mark_the_second_of_two_with_one_name(
    room: Room, machine: Caller
) -> None:
    record = newest(room)
    listed = tuple(replace(each, name="Bản sao") for each in record.dossier.components)
    state = replace(record.dossier, components=listed)
    room.backend.archive.keep_record(replace(record, sequence=2, dossier=state))
    sent = {"component": "bản sao", "mark": "shown", "reason": "đã xem"}
    path = f"/dossiers/{MARRIAGE}/components"
    unclear = machine.post(path, json=sent)
    assert_error(unclear, 409, "correction_refused")
    assert "thứ 1, 2" in unclear.text
    assert machine.post(path, json=sent | {"position": 2}).status_code == 200
    first, second = machine.told(f"/dossiers/{MARRIAGE}")["components"]
    assert (first["marked"], second["marked"]) == (None, "shown")
    minh = room.signed_in("minh")
    assert mark(minh, 3).status_code == 303, "taken off on the page"
    assert mark(minh, 4, la="exempt", vi_sao="có rồi").status_code == 303
    assert [each.nth for each in newest(room).dossier.marks] == [2]
    assert len(re.findall("minh đánh dấu", words(minh.get(PAGE)))) == 1


@pytest.mark.parametrize(
    ("state", "reason", "why", "said"),
    [
        (SHOWN, "Chỉ xuất trình: không số hóa.", None, ("Không số hóa.", "")),
        (SHOWN, "Chỉ xuất trình.", "Chỉ xuất trình.", ("", "")),
        (SHOWN, "chỉ xuất trình", " chỉ xuất trình", ("", "")),
        (SHOWN, "Chỉ xuất trình.", "đã xem bản chính", ("", "đã xem bản chính")),
        (ComponentState.PRESENT, "Có thể là bản chụp.", None, ("Có thể là bản chụp.", "")),
        (ComponentState.MISSING, "", None, ("", "")),
    ],
)
def test_the_state_of_a_component_is_said_once(
    state: ComponentState, reason: str, why: str | None, said: tuple[str, str]
) -> None:
    one = Component("Đơn", state, "receipt", reason=reason)
    now = datetime.now(UTC)
    marks = () if why is None else (ComponentMark("Đơn", MarkKind.SHOWN, "lan", now, why),)
    (row,) = checklist_rows(Dossier("0a", "đơn.pdf", now, components=(one,), marks=marks))
    assert (row.reason, row.why) == said


def test_a_word_that_repeats_the_state_stands_once_on_the_page(room: Room) -> None:
    minh = room.signed_in("minh")
    assert mark(minh, 1, la="shown", vi_sao="Chỉ xuất trình.").status_code == 303
    row = minh.get(PAGE).text.split('id="thanh-phan-2"')[1].split("</li>")[0]
    assert row.count("Chỉ xuất trình") == 1


def test_no_refusal_tells_a_number_that_the_page_hides(room: Room, machine: Caller) -> None:
    record = newest(room)
    named = [f"{each.name} của bà A, CCCD {NUMBER}" for each in record.dossier.components]
    listed = tuple(
        replace(each, name=name)
        for each, name in zip(record.dossier.components, named, strict=True)
    )
    state = replace(record.dossier, components=listed)
    room.backend.archive.keep_record(replace(record, sequence=2, dossier=state))
    path, sent = f"/dossiers/{MARRIAGE}/components", {"mark": "exempt", "reason": "có rồi"}
    told = [machine.post(path, json=sent | {"component": name}) for name in ("x", named[0])]
    held = {"component": named[0], "held": {"dossier": HOLDS, "page": 1}}
    told += [
        machine.post(f"/dossiers/{MARRIAGE}/reuse", json=held | {"component": name})
        for name in ("x", named[0])
    ]
    assert machine.post(path, json=sent | {"component": named[1]}).status_code == 200
    told.append(machine.post(path, json={"component": named[1], "mark": "shown", "seen": 2}))
    for answer in told:
        assert (answer.status_code, NUMBER in answer.text) == (409, False)
        assert "của bà A" in answer.text
