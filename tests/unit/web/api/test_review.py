"""The review queue by the API: leased, answered, taken back, told in numbers; and attacks on it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline import corrections
from pipeline.corrections import FieldAct, FieldChange
from pipeline.masking import PERSONAL_FIELDS
from pipeline.model import Finding, PersonRole, Right, Scope, Source
from pipeline.versions import Act, keep_next, newest_record
from tests.support.callers import Caller, assert_error, caller
from tests.support.personal_papers import add_personal_papers
from tests.support.visitors import Room, open_room
from tests.support.web_backend import PARTIAL

SYMBOL = f"/review/{PARTIAL}/2.1-symbol"
PAGE = f"/review/{PARTIAL}/2.3-page"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return open_room(tmp_path)


@pytest.fixture
def machine(room: Room) -> Caller:
    return caller(room, "máy")


def taken(machine: Caller, **wanted: Any) -> Any:
    answer = machine.post("/review/next", json=wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()["item"]


def findings(room: Room, dossier: str = PARTIAL) -> dict[str, Finding]:
    return newest_record(dossier, room.backend.archive).dossier.documents[0].findings


def test_items_are_leased_answered_and_taken_back(room: Room, machine: Caller) -> None:
    assert machine.told("/review") == {"fields": 1, "pages": 2, "seconds": 30}
    item = taken(machine)
    assert (item["item"], item["field"], item["raw"]) == (
        f"{PARTIAL}-2.1-symbol",
        "symbol",
        "QD-UBND",
    )
    assert item["box"] == [140, 80, 48, 30] and not item["masked"]
    assert not {"confidence", "is_sample", "sample"} & set(item)
    other = taken(caller(room, "máy-hai"))
    assert (other["field"], other["page"], other["value"]) == (None, 5, "")
    left = machine.post(f"{SYMBOL}/answer", json={"act": "correct", "value": "QĐ-SXD"})
    assert left.json() == {"fields": 0, "pages": 2, "seconds": 20}
    assert findings(room)["symbol"].value == "QĐ-SXD"
    assert machine.post(f"{SYMBOL}/undo").status_code == 200
    assert findings(room)["symbol"].value == "QĐ-UBND"
    again = machine.post(f"{SYMBOL}/undo")
    assert_error(again, 409, "correction_refused")
    assert machine.get(f"{SYMBOL}/picture.webp").content[8:12] == b"WEBP"


def test_who_has_items_in_hand_is_given_others(room: Room, machine: Caller) -> None:
    names: list[str] = []
    while item := taken(machine, besides=names):
        names.append(item["item"])
    assert [name.rpartition("-")[2] for name in names] == ["symbol", "page", "page"]
    assert taken(machine)["item"] == names[0]
    assert taken(caller(room, "máy-hai")) is None
    assert machine.post(f"{SYMBOL}/release").json()["fields"] == 1
    assert taken(caller(room, "máy-hai"))["item"] == names[0]
    assert machine.post(f"{PAGE}/skip", json={"reason": "mờ"}).json()["pages"] == 1
    assert taken(machine, dossier="0a04") is None


def test_pages_are_decided_by_what_pages_allow(room: Room, machine: Caller) -> None:
    assert_error(machine.post(f"{PAGE}/answer", json={"act": "reject"}), 409, "correction_refused")
    assert_error(
        machine.post(f"{SYMBOL}/answer", json={"act": "turn", "degrees": 90}),
        409,
        "correction_refused",
    )
    assert_error(
        machine.post(f"{PAGE}/answer", json={"act": "leave_out"}), 409, "correction_refused"
    )
    assert machine.post(f"{PAGE}/answer", json={"act": "confirm"}).json()["pages"] == 1
    edits = machine.told(f"/dossiers/{PARTIAL}")["edits"]
    assert [(one["number"], one["confirmed"]) for one in edits] == [(3, True)]
    turned = machine.post(f"/review/{PARTIAL}/3.3-page/answer", json={"act": "turn", "degrees": 90})
    assert turned.status_code == 200, "it waits to be read as it lies now"
    (edit,) = machine.told(f"/dossiers/{PARTIAL}")["edits"]
    assert (edit["orientation"], edit["confirmed"]) == (90, False)


def test_a_conflict_tells_what_was_written(room: Room, machine: Caller) -> None:
    taken(machine)
    change = FieldChange(1, "symbol", FieldAct.REJECT)
    corrections.amend(PARTIAL, [change], room.backend.archive, Act("mai"))
    answer = machine.post(f"{SYMBOL}/answer", json={"act": "confirm"})
    assert_error(answer, 409, "conflict")
    assert "mai cho là giấy không ghi" in answer.json()["error"]["message"]


def test_of_many_answers_at_once_one_counts_and_the_others_are_told(room: Room) -> None:
    """Double answers by people who hold the same item, as after a lease has ended."""
    machines = [caller(room, f"máy-{number}") for number in range(4)]
    typed = [f"QĐ-{number}" for number in range(4)]

    def answer(number: int) -> int:
        sent = {"act": "correct", "value": typed[number]}
        return machines[number].post(f"{SYMBOL}/answer", json=sent).status_code

    with ThreadPoolExecutor(4) as threads:
        statuses = sorted(threads.map(answer, range(4)))
    assert statuses == [200, 409, 409, 409]
    assert newest_record(PARTIAL, room.backend.archive).sequence == 3
    assert findings(room)["symbol"].value in typed


def test_answers_about_one_dossier_at_once_are_all_kept(room: Room) -> None:
    record = newest_record(PARTIAL, room.backend.archive)
    names = ("number", "symbol", "summary", "issuer")
    found = {name: Finding("cũ", "cũ", 0.3, Source.OCR, 1) for name in names}
    papers = (replace(record.dossier.documents[0], findings=found),)
    keep_next(record, replace(record.dossier, documents=papers), "x", room.backend.archive)
    machines = [caller(room, f"máy-{number}") for number in range(4)]
    given = [taken(one)["item"].rpartition("-")[2] for one in machines[:2]]
    assert given == ["number", "symbol"]

    def answer(number: int) -> int:
        path = f"/review/{PARTIAL}/3.1-{names[number]}/answer"
        sent = {"act": "correct", "value": f"mới {number}"}
        return machines[number].post(path, json=sent).status_code

    with ThreadPoolExecutor(4) as threads:
        assert [*threads.map(answer, range(4))] == [200] * 4
    values = {name: findings(room)[name].value for name in names}
    assert values == {name: f"mới {number}" for number, name in enumerate(names)}


def test_mass_assignment_is_refused(machine: Caller) -> None:
    for body in (
        {"act": "confirm", "confirmed_by": "giám đốc"},
        {"act": "confirm", "actor": "mai"},
        {"act": "confirm", "sequence": 1},
        {"act": "skip"},
        {"act": "undo"},
        {"act": "turn", "degrees": 45},
    ):
        assert_error(machine.post(f"{SYMBOL}/answer", json=body), 422, "values_wrong")
    wrong: tuple[dict[str, object], ...] = (
        {"by": "mai"},
        {"scope": None},
        {"besides": ["x"] * 101},
        {"dossier": "../x"},
    )
    for asked in wrong:
        assert_error(machine.post("/review/next", json=asked), 422, "values_wrong")
    assert taken(machine, besides=["", "x", "'; DROP TABLE review_items_4; --"])


def test_other_units_items_are_neither_told_counted_nor_given(room: Room) -> None:
    other = caller(room, "khác", scope=Scope(units=frozenset({"Chi nhánh số 2"})))
    assert other.told("/review") == {"fields": 0, "pages": 0, "seconds": 0}
    assert taken(other) is None
    assert taken(other, dossier=PARTIAL) is None
    for path, body in (
        (f"{SYMBOL}/answer", {"act": "confirm"}),
        (f"{PAGE}/answer", {"act": "confirm"}),
        (f"{SYMBOL}/skip", {}),
        (f"{SYMBOL}/release", None),
        (f"{SYMBOL}/undo", None),
    ):
        assert_error(other.post(path, json=body), 404, "not_found")
    assert_error(other.get(f"{SYMBOL}/picture.webp"), 404, "not_found")
    whole = other.told("/review/rates")["rates"]
    assert [one["looked_at"] for one in whole] == [0]
    typed = caller(room, "loại", scope=Scope(document_types=frozenset({"Thông báo"})))
    assert taken(typed) is None
    fitting = caller(room, "hợp", scope=Scope(document_types=frozenset({"Quyết định"})))
    assert taken(fitting)["field"] == "symbol"
    held = caller(room, "mật", scope=Scope(levels=frozenset({"withheld"})))
    assert taken(held) is None


def test_programs_are_given_nothing_that_is_masked(room: Room, machine: Caller) -> None:
    """A token never unmasks: what it cannot see it cannot confirm."""
    paper = add_personal_papers(room.backend, 1)[0]
    archive = room.backend.archive
    record = newest_record(paper.dossier, archive)
    document = record.dossier.documents[0]
    doubtful = {name: replace(one, confidence=0.4) for name, one in document.findings.items()}
    summary = Finding(f"Về bà {paper.person.personal_id}", "", 0.3, Source.OCR, 1)
    papers = (replace(document, findings=doubtful | {"summary": summary}),)
    keep_next(record, replace(record.dossier, documents=papers), "x", archive)
    names: list[str] = []
    texts = ""
    while item := taken(machine, besides=names):
        names.append(item["item"])
        texts += str(item)
    assert not {name.rpartition("-")[2] for name in names} & PERSONAL_FIELDS
    for secret in (*paper.numbers, *paper.texts):
        assert secret not in texts
    before = newest_record(paper.dossier, archive)
    for field in ("personal_id", "summary"):
        path = f"/review/{paper.dossier}/{before.sequence}.1-{field}/answer"
        for body in ({"act": "confirm"}, {"act": "reject"}, {"act": "correct", "value": "x"}):
            assert_error(machine.post(path, json=body), 409, "correction_refused")
    assert newest_record(paper.dossier, archive) == before
    symbol = machine.post(f"{SYMBOL}/answer", json={"act": "correct", "value": "QĐ-•••"})
    assert_error(symbol, 409, "correction_refused")


def test_a_reader_and_a_narrow_token_may_not(room: Room) -> None:
    for machine in (
        caller(room, "đọc", PersonRole.READER),
        caller(room, "hẹp", rights=frozenset({Right.VIEW})),
    ):
        assert_error(machine.get("/review"), 403, "right_missing")
        assert_error(machine.post("/review/next", json={}), 403, "right_missing")
        answer = machine.post(f"{SYMBOL}/answer", json={"act": "confirm"})
        assert_error(answer, 403, "right_missing")


def test_every_deed_is_recorded_and_holds_no_value(room: Room, machine: Caller) -> None:
    taken(machine)
    machine.post(f"{SYMBOL}/answer", json={"act": "correct", "value": "QĐ-BÍMẬT"})
    machine.post(f"{SYMBOL}/undo")
    machine.told("/review/rates")
    entries = [one for one in room.entries() if one.text("account") == "máy"]
    told = [(one.text("verb"), one.detail("review"), one.text("dossier")) for one in entries]
    assert told[-4:] == [
        ("view", "symbol", PARTIAL),
        ("correct", "correct", PARTIAL),
        ("correct", "undo", PARTIAL),
        ("list", "", ""),
    ]
    assert "BÍMẬT" not in str(entries)
