"""The scanning desk for programs: the day, decisions, day book, two sides, cover sheets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pipeline import clock
from pipeline.model import DropReceipts, PersonRole, Right, Scope
from tests.support.callers import Caller, assert_error, caller
from tests.support.desk_rows import note, refused
from tests.support.visitors import Room, open_room
from tests.support.web_backend import COMPLETE, PARTIAL


@pytest.fixture
def room(home: Path) -> Room:
    home.mkdir()
    room = open_room(home)
    note(room, "0c", refused("ảnh.txt"), unit="H26.19.25")
    return room


@pytest.fixture
def clerk(room: Room) -> Caller:
    return caller(room, "văn-thư", PersonRole.CLERK)


def test_a_file_is_left_out_and_taken_back(clerk: Caller) -> None:
    day = clerk.told("/desk")
    assert (day["states"]["todo"], day["may_put_away"]) == (1, False)
    line = day["files"][0]["line"]
    asked = {"line": line, "verdict": "left_out", "reason": "Tệp rác"}
    assert clerk.post("/desk/decisions", json=asked).json()["verdict"] == "left_out"
    assert_error(clerk.post("/desk/decisions", json=asked), 409, "correction_refused")
    day = clerk.told("/desk")
    assert (day["states"]["done"], day["may_put_away"]) == (1, True)
    assert day["files"][0]["decided_by"] == "văn-thư"
    back = {"line": day["files"][0]["line"], "verdict": "open"}
    assert clerk.post("/desk/decisions", json=back).status_code == 200
    assert clerk.told("/desk")["states"]["todo"] == 1


def test_programs_of_other_units_and_without_the_right_see_nothing(room: Room) -> None:
    other = caller(room, "khác", PersonRole.CLERK, scope=Scope(frozenset({"H99.01"})))
    assert other.told("/desk")["files"] == []
    call = {"line": f"{clock.today():%Y%m%d}.0c.0.0", "verdict": "left_out", "reason": "x"}
    assert_error(other.post("/desk/decisions", json=call), 404, "not_found")
    reader = caller(room, "đọc", PersonRole.READER, rights=frozenset({Right.SEARCH}))
    for path in ("/desk", "/day-book"):
        assert_error(reader.get(path), 403, "right_missing")


def test_the_day_book_of_a_program_has_no_names(room: Room) -> None:
    """A token never carries the right to unmask."""
    officer = caller(room, "hồ-sơ", PersonRole.RECORDS)
    book = officer.told("/day-book")
    assert book["files"] == 1
    assert "ảnh.txt" not in str(book)


def test_the_day_book_agrees_with_itself_while_files_come(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = caller(room, "hồ-sơ", PersonRole.RECORDS)
    receipts = room.backend.archive.receipts

    def more_each_time(day: date) -> Iterator[DropReceipts]:
        known = list(receipts(day))
        note(room, f"{len(known):02x}", refused("ảnh.txt"), unit="H26.19.25")
        return iter(known)

    monkeypatch.setattr(room.app.state.context.archive, "receipts", more_each_time)
    book = officer.told("/day-book")
    assert book["files"] == len(book["book"]["files"]) == sum(book["counts"].values()) == 1


def test_passes_that_do_not_match_are_told(room: Room) -> None:
    officer = caller(room, "hồ-sơ", PersonRole.RECORDS)
    answer = officer.post(f"/dossiers/{PARTIAL}/two-sides", json={"backs": COMPLETE})
    assert_error(answer, 409, "correction_refused")


def test_cover_sheets(clerk: Caller) -> None:
    made = clerk.post("/cover-sheets", json={"code": "H26.12.23-260701-0001", "separators": 2})
    assert made.content.startswith(b"%PDF")
    assert_error(clerk.post("/cover-sheets", json={}), 409, "correction_refused")
