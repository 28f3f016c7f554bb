"""The counter and the store of a person by the API: answers, reuse, whose a paper is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from pipeline.model import Dossier, PersonRole, Scope
from pipeline.versions import newest_record
from tests.support.callers import Caller, assert_error, caller
from tests.support.owned_papers import (
    BORN,
    CARD,
    CODE,
    FOREIGN,
    HOLDS,
    MARITAL,
    MARRIAGE,
    NAME,
    NAMED,
    NUMBER,
    OTHER_NUMBER,
    OWN_UNIT,
    PHONE,
    SHARED,
    add_owned,
    add_owned_papers,
    add_shared_sheet,
    paper,
)
from tests.support.visitors import Room, open_room
from tests.support.web_backend import RECEIVED

MINE = Scope(units=frozenset({OWN_UNIT}))
PURPOSE = {"purpose": "case"}


@pytest.fixture
def room(tmp_path: Path) -> Room:
    room = open_room(tmp_path)
    add_owned_papers(room)
    return room


@pytest.fixture
def machine(room: Room) -> Caller:
    return caller(room, "minh", PersonRole.RECORDS, scope=MINE)


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"number": CARD}, [HOLDS, MARRIAGE]),
        ({"number": CODE}, [MARRIAGE]),
        ({"phone": PHONE}, [MARRIAGE]),
        ({"name": NAME, "born": "1990-09-05"}, [NAMED, HOLDS, MARRIAGE]),
        ({"number": "031890009999"}, []),
    ],
)
def test_the_counter_answers(
    machine: Caller, room: Room, sent: dict[str, str], found: list[str]
) -> None:
    answer = machine.post("/owners/dossiers", json=sent | PURPOSE)
    assert answer.status_code == 200, answer.text
    assert sorted(one["dossier"] for one in answer.json()["dossiers"]) == sorted(found)
    assert NUMBER not in answer.text
    assert not any(NUMBER in str(one) for one in room.entries())


def test_the_counter_tells_how_a_dossier_stands(machine: Caller) -> None:
    told = machine.post("/owners/dossiers", json={"number": CODE, **PURPOSE}).json()
    (one,) = told["dossiers"]
    assert (one["received_on"], one["due_on"]) == ("2026-03-02", "2026-03-05")
    assert one["missing"] == [MARITAL]
    assert one["overdue_days"] > 0
    assert machine.post("/owners/dossiers", json={"number": "12", **PURPOSE}).status_code == 400
    assert machine.post("/owners/dossiers", json=PURPOSE).status_code == 400
    assert machine.post("/owners/dossiers", json={"number": CODE}).status_code == 422


def test_a_store_is_asked_for_by_a_paper_and_tells_suggestions(machine: Caller) -> None:
    by_paper = {"of": {"dossier": MARRIAGE, "page": 1}, **PURPOSE}
    told = machine.post("/owners/papers", json=by_paper).json()
    same = machine.post("/owners/papers", json={"number": NUMBER, **PURPOSE}).json()
    assert told == same
    assert [one["dossier"] for one in told["suggested"]] == [NAMED]
    assert FOREIGN not in {one["dossier"] for one in told["papers"]}
    both = machine.post("/owners/papers", json=by_paper | {"number": NUMBER})
    assert_error(both, 400, "query_wrong")
    foreign = {"of": {"dossier": FOREIGN, "page": 1}, **PURPOSE}
    assert_error(machine.post("/owners/papers", json=foreign), 404, "not_found")


def test_a_masked_card_tells_no_birthday_by_days_that_are_tried(
    machine: Caller, room: Room
) -> None:
    kind, issued = "Thẻ căn cước công dân", "2021-05-01"
    card = paper(kind, 1, personal_id=NUMBER, full_name=NAME, born_on=BORN, issued_on=issued)
    code = f"{OWN_UNIT}-260302-0999"
    case = Dossier("0d00aa", "x.pdf", RECEIVED, code=code, unit="UBND", documents=(card,))
    add_owned(room.backend, case)

    def told(day: str | None) -> Any:
        sent = {"of": {"dossier": "0d00aa", "page": 1}, "on": day, **PURPOSE}
        papers = machine.post("/owners/papers", json=sent).json()["papers"]
        (found,) = [one["validity"] for one in papers if one["dossier"] == "0d00aa"]
        return found

    assert told("2030-09-04") == told("2030-09-06") == told("2069-01-01") == told(None)
    assert told("2069-01-01")["until"] is None


def test_a_paper_is_used_again_within_the_scope(machine: Caller, room: Room) -> None:
    sent = {"component": MARITAL, "held": {"dossier": HOLDS, "page": 1}}
    path = f"/dossiers/{MARRIAGE}/reuse"
    foreign = sent | {"held": {"dossier": FOREIGN, "page": 1}}
    assert_error(machine.post(path, json=foreign), 404, "not_found")
    (changed,) = machine.post(path, json=sent).json()["changed"]
    assert (changed["dossier"], changed["action"]) == (MARRIAGE, "reused")
    assert not newest_record(MARRIAGE, room.backend.archive).dossier.lacking
    expired = machine.post(path, json=sent | {"on": "2036-01-01"})
    assert_error(expired, 409, "correction_refused")


def test_whose_a_paper_is_is_a_record_that_can_be_undone(machine: Caller, room: Room) -> None:
    path, sent = f"/dossiers/{NAMED}/owner", {"page": 1, "number": NUMBER, "is_theirs": True}
    (changed,) = machine.post(path, json=sent).json()["changed"]
    assert changed["action"] == "corrected"
    assert_error(machine.post(path, json=sent), 409, "conflict")
    asked = {"number": NUMBER, **PURPOSE}
    told = machine.post("/owners/papers", json=asked).json()
    assert NAMED in {one["dossier"] for one in told["papers"]}
    undo = {"version": changed["sequence"]}
    assert machine.post(f"/dossiers/{NAMED}/undo", json=undo).status_code == 200
    told = machine.post("/owners/papers", json=asked).json()
    assert [one["dossier"] for one in told["suggested"]] == [NAMED]
    wrong = machine.post(path, json=sent | {"number": "123456789012345"})
    assert_error(wrong, 400, "query_wrong")
    other = machine.post(f"/dossiers/{HOLDS}/owner", json=sent)
    assert_error(other, 409, "correction_refused")


def test_of_a_shared_sheet_the_part_says_whose_papers_are_meant(
    machine: Caller, room: Room
) -> None:
    add_shared_sheet(room.backend, first=OTHER_NUMBER, second=NUMBER)

    def asked(**part: int) -> Response:
        of = {"dossier": SHARED, "page": 1, **part}
        return machine.post("/owners/papers", json={"of": of, **PURPOSE})

    assert_error(asked(), 400, "query_wrong")
    assert "2 giấy tờ" in asked().json()["error"]["message"]
    first, second = (asked(part=part).json()["papers"] for part in (1, 2))
    assert [(one["dossier"], one["document"]["number"]) for one in first] == [(SHARED, 1)]
    assert {one["dossier"] for one in second} == {SHARED, HOLDS, MARRIAGE}
    assert_error(asked(part=3), 404, "not_found")
    assert asked(part=0).status_code == 422


def test_a_decision_names_the_paper_of_a_shared_sheet(machine: Caller, room: Room) -> None:
    add_shared_sheet(room.backend, first=OTHER_NUMBER)
    path, sent = f"/dossiers/{SHARED}/owner", {"page": 1, "number": NUMBER, "is_theirs": True}
    assert_error(machine.post(path, json=sent), 409, "correction_refused")
    assert_error(machine.post(path, json=sent | {"part": 1}), 409, "correction_refused")
    assert machine.post(path, json=sent | {"part": 2, "seen": 1}).status_code == 200
    assert_error(machine.post(path, json=sent | {"part": 2, "seen": 1}), 409, "conflict")
    first, second = (
        machine.post(
            f"/dossiers/{MARRIAGE}/reuse",
            json={"component": MARITAL, "held": {"dossier": SHARED, "page": 1, "part": part}},
        )
        for part in (1, 2)
    )
    assert_error(first, 409, "correction_refused")
    assert second.status_code == 200
