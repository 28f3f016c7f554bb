"""Files sent in parts by programs: they go on, stay their account's own, and end as an upload."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.intake.uploads import find_upload
from pipeline.model import PersonRole, ReceiptStatus, Right
from tests.support.callers import Caller, assert_error, caller
from tests.support.clerk import slip
from tests.support.visitors import Room, open_room
from tests.unit.web.test_desk_sending import polled
from web.request_limits import MAX_PART

PARTS = "/uploads/parts"


@pytest.fixture
def room(home: Path) -> Room:
    home.mkdir()
    return open_room(home, part_upload_mib=1, spare_mib=0)


@pytest.fixture
def machine(room: Room) -> Caller:
    return caller(room, "máy-quét", PersonRole.CLERK)


def begin(machine: Caller, name: str, length: int) -> str:
    answer = machine.post(PARTS, json={"name": name, "length": length})
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["offset"], told["most"]) == (0, MAX_PART)
    assert answer.headers["location"] == f"/api/v1{PARTS}/{told['part']}"
    part: str = told["part"]
    return part


def send(machine: Caller, part: str, offset: int, content: bytes) -> Any:
    return machine.ask("PATCH", f"{PARTS}/{part}", params={"offset": offset}, content=content)


def test_files_come_in_parts_and_are_handed_in_as_one_dossier(room: Room, machine: Caller) -> None:
    pictures = [slip(number) for number in (5, 6)]
    ids = []
    for number, picture in enumerate(pictures):
        part = begin(machine, f"{number}.png", len(picture))
        half = len(picture) // 2
        assert send(machine, part, 0, picture[:half]).json()["offset"] == half
        assert machine.told(f"{PARTS}/{part}")["offset"] == half
        assert_error(send(machine, part, 0, picture[:half]), 409, "conflict")
        early = machine.post("/uploads/whole", json={"parts": [part]})
        assert_error(early, 422, "upload_refused")
        told = send(machine, part, half, picture[half:]).json()
        assert told["offset"] == told["length"] == len(picture)
        ids.append(part)
    nameless = machine.post("/uploads/whole", json={"parts": ids})
    assert_error(nameless, 422, "upload_refused")
    answer = machine.post("/uploads/whole", json={"parts": ids, "name": "Hồ sơ"})
    assert answer.status_code == 202, answer.text
    assert [one["size"] for one in answer.json()["files"]] == [len(one) for one in pictures]
    assert_error(machine.get(f"{PARTS}/{ids[0]}"), 404, "not_found")
    assert sorted(polled(room, 2)) == [
        ("Hồ sơ/0.png", ReceiptStatus.ARCHIVED),
        ("Hồ sơ/1.png", ReceiptStatus.ARCHIVED),
    ]
    note = find_upload(room.backend.settings.home, answer.json()["upload"])
    assert note is not None
    assert note.account == "máy-quét"


def test_they_are_nobody_elses_and_need_the_right(room: Room, machine: Caller) -> None:
    part = begin(machine, "1.png", 4)
    other = caller(room, "máy-khác", PersonRole.CLERK)
    assert_error(other.get(f"{PARTS}/{part}"), 404, "not_found")
    assert_error(send(other, part, 0, b"1234"), 404, "not_found")
    assert_error(other.ask("DELETE", f"{PARTS}/{part}"), 404, "not_found")
    assert_error(other.post("/uploads/whole", json={"parts": [part]}), 404, "not_found")
    reader = caller(room, "lan", PersonRole.RECORDS, rights=frozenset({Right.SEARCH}))
    assert_error(send(reader, part, 0, b"1234"), 403, "right_missing")
    assert machine.ask("DELETE", f"{PARTS}/{part}").status_code == 204
    assert_error(machine.get(f"{PARTS}/{part}"), 404, "not_found")


def test_limits(machine: Caller) -> None:
    large = machine.post(PARTS, json={"name": "1.png", "length": (1 << 20) + 1})
    assert_error(large, 413, "too_large")
    part = begin(machine, "../../1.png", 4)
    assert machine.told(f"{PARTS}/{part}")["name"] == "1.png"
    assert_error(send(machine, part, 0, b"12345"), 422, "upload_refused")
    assert_error(send(machine, part, 0, bytes(MAX_PART + 1)), 413, "too_large")
    assert_error(send(machine, part, -1, b""), 422, "values_wrong")
    assert machine.told(f"{PARTS}/{part}")["offset"] == 0
    assert machine.post("/uploads/whole", json={"parts": ["../.."]}).status_code == 404
    assert machine.post("/uploads/whole", json={"parts": []}).status_code == 422
