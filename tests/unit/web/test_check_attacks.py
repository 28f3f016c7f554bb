"""Attacks on «Kiểm tra»: other units, withheld and masked items, ended leases, double answers."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from http import HTTPStatus
from pathlib import Path

import pytest

from pipeline.model import PersonRole, Scope
from pipeline.versions import keep_next, newest_record
from tests.support.checking import path_of, room_of_two, say, shown, state
from tests.support.personal_papers import PersonalPaper, add_personal_papers
from tests.support.visitors import Room
from tests.support.web_backend import COMPLETE, PARTIAL

HERE = "Chi nhánh số 1"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return room_of_two(tmp_path)


def test_the_same_answer_twice_is_one_and_another_one_is_told(room: Room) -> None:
    lan = room.signed_in("lan")
    name = shown(lan)
    for _ in range(2):
        assert "Đã lưu: «Ký hiệu»" in say(lan, name, gia_tri="QĐ-UBND")
    assert newest_record(PARTIAL, room.backend.archive).sequence == 3
    assert "đã được bạn ghi «QĐ-UBND»" in say(lan, name, gia_tri="QĐ-KHÁC")


def test_only_ones_own_answer_is_taken_back(room: Room) -> None:
    lan, mai = room.signed_in("lan"), room.signed_in("mai")
    name = shown(lan)
    say(lan, name, gia_tri="QĐ-UBND")
    answer = mai.post(f"{path_of(name)}/hoan-tac", page="/kiem-tra")
    assert "sau cùng là lan, không phải bạn" in unescape(answer.text)
    assert state(room).documents[0].findings["symbol"].confirmed_by == "lan"


def personal(room: Room) -> PersonalPaper:
    """A dossier in which a number of a person is doubtful."""
    paper = add_personal_papers(room.backend, 1)[0]
    record = newest_record(paper.dossier, room.backend.archive)
    document = record.dossier.documents[0]
    doubtful = {name: replace(one, confidence=0.4) for name, one in document.findings.items()}
    papers = (replace(document, findings=doubtful),)
    keep_next(record, replace(record.dossier, documents=papers), "x", room.backend.archive)
    return paper


def test_a_masked_field_is_decided_only_in_a_round_that_is_recorded(room: Room) -> None:
    paper = personal(room)
    lan, number = room.signed_in("lan"), paper.person.personal_id
    name = shown(lan)
    assert name.startswith(paper.dossier)
    page = unescape(lan.get("/kiem-tra").text)
    masked = next(each for each in ("personal_id", "full_name", "tax_code") if name.endswith(each))
    while masked == "full_name":
        say(lan, name, "bo-qua")
        name = shown(lan)
        masked = name.rpartition("-")[2]
    page = unescape(lan.get("/kiem-tra").text)
    assert number not in page and "Trường này đang được che" in page
    assert "đang được che" in say(lan, name, gia_tri=number)
    assert "đang được che" in say(lan, name, "khong-ghi")
    lan.post("/kiem-tra/xem-khong-che", page="/kiem-tra")
    page = unescape(lan.get("/kiem-tra").text)
    assert "Đang xem không che mục kiểm tra" in page
    assert number in page or paper.tax_code in page
    assert number not in unescape(lan.get(f"/ho-so/{paper.dossier}").text), "only the item is clear"
    entries = [one for one in room.entries() if one.text("account") == "lan"]
    assert [one.text("purpose") for one in entries if one.text("verb") == "unmask"] == [
        "data_quality"
    ]
    assert entries[-2].text("purpose") in {"data_quality", ""}
    mai = room.signed_in("mai")
    mai.post("/kiem-tra/xem-khong-che", page="/kiem-tra")
    foreign = mai.get(f"{path_of(name)}/giay.webp").content
    assert foreign != lan.get(f"{path_of(name)}/giay.webp").content, "she does not hold it"
    lan.post("/kiem-tra/che-lai", page="/kiem-tra")
    assert number not in unescape(lan.get("/kiem-tra").text)


def test_a_round_ends_after_half_an_hour(room: Room) -> None:
    personal(room)
    lan = room.signed_in("lan")
    lan.post("/kiem-tra/xem-khong-che", page="/kiem-tra")
    assert "Đang xem không che" in lan.get("/kiem-tra").text
    room.clock.forward(minutes=31)
    assert "Đang xem không che" not in lan.get("/kiem-tra").text


def test_other_units_items_do_not_exist(room: Room) -> None:
    room.person("khac", PersonRole.RECORDS, scope=Scope(units=frozenset({"Chi nhánh số 2"})))
    khac = room.signed_in("khac")
    assert shown(khac) == ""
    assert "Không còn mục nào" in unescape(khac.get("/kiem-tra").text)
    name = f"{PARTIAL}-2.1-symbol"
    for path in (path_of(name), f"{path_of(name)}/giay.webp"):
        assert khac.get(path).status_code == HTTPStatus.NOT_FOUND
    for path in (path_of(name), f"{path_of(name)}/hoan-tac"):
        answer = khac.post(path, page="/phien", viec="tra-loi", gia_tri="x")
        assert answer.status_code == HTTPStatus.NOT_FOUND
    room.person("day", PersonRole.RECORDS, scope=Scope(units=frozenset({HERE.upper()})))
    assert shown(room.signed_in("day")) == name


def test_a_withheld_dossier_leaves_the_queue_and_its_items(room: Room) -> None:
    lan = room.signed_in("lan")
    name = shown(lan)
    archive = room.backend.archive
    record = newest_record(PARTIAL, archive)
    held = replace(record.dossier, joined_into=COMPLETE)
    keep_next(record, held, "joined", archive)
    assert shown(lan) == ""
    for path in (path_of(name), f"{path_of(name)}/giay.webp"):
        assert lan.get(path).status_code == HTTPStatus.CONFLICT
    answer = lan.post(path_of(name), page="/phien", viec="tra-loi", gia_tri="x")
    assert answer.status_code == HTTPStatus.CONFLICT


def test_a_lease_that_ended_is_another_persons_and_that_is_told(room: Room) -> None:
    lan, mai = room.signed_in("lan"), room.signed_in("mai")
    name = shown(lan)
    queue = room.app.state.context.review.queue
    queue._now, kept = (lambda: room.clock()), queue._now
    room.clock.forward(minutes=11)
    assert shown(mai) == name
    assert "mai đang xem mục này" in say(lan, name, gia_tri="QĐ-UBND")
    room.clock.forward(minutes=11)
    assert "Đã lưu" in say(lan, name, gia_tri="QĐ-UBND"), "nobody has it or has answered"
    queue._now = kept


@pytest.mark.parametrize(
    "item",
    ["9.1-symbol", "2.9-page", "2.1-xyz"],
)
def test_names_of_no_item_are_refused(room: Room, item: str) -> None:
    path = f"/kiem-tra/{PARTIAL}/{item}"
    lan = room.signed_in("lan")
    assert "Không có mục kiểm tra này" in unescape(lan.get(path).text)
    answer = lan.post(path, page="/phien", viec="tra-loi", gia_tri="x")
    assert answer.status_code == HTTPStatus.CONFLICT
