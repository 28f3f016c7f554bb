"""Two watchers on one shared folder, two edits of one dossier: one wins, nothing is taken twice."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from flows import wiring
from pipeline import stages
from pipeline.errors import ObjectExistsError
from pipeline.model import ReceiptStatus, Record
from tests.support.clerk import Clerk, lines, slip
from tests.support.promise import check_now
from tests.support.stored import take_in
from tests.support.watched import until
from tests.support.work_pool import PATIENCE, sohoa

pytestmark = pytest.mark.long

DROPS = 24
NOWHERE = "http://127.0.0.1:9/api"  # nobody listens: what is taken in stays owed


def test_two_watchers_never_take_a_file_twice(home: Path) -> None:
    home.mkdir()
    clerk = Clerk(home)
    surroundings = {"SOHOA_RUNS__KIND": "pool", "PREFECT_API_URL": NOWHERE}
    surroundings |= {"SOHOA_HOME": str(home), "SOHOA_WATCH__SETTLE_SECONDS": "0"}
    with (
        sohoa("watch", home / "first.log", **surroundings, SOHOA_LOG="INFO"),
        sohoa("watch", home / "second.log", **surroundings, SOHOA_LOG="INFO"),
    ):
        logs = [home / "first.log", home / "second.log"]
        until(lambda: all(log.exists() and "Prefect:" in log.read_text() for log in logs), PATIENCE)
        for number in range(DROPS):
            clerk.drop(f"{number}.png", slip(number))
        until(lambda: len(lines(clerk)) == DROPS, PATIENCE)
        until(lambda: sum(taken(log) for log in logs) == DROPS)  # said after the receipt
        shares = [taken(log) for log in logs]
    assert check_now(clerk) == []
    assert all(shares), f"one watcher took everything: {shares} shows nothing"
    assert {line.status for line in lines(clerk)} == {ReceiptStatus.ARCHIVED}
    assert len(list(wiring.archive().dossiers())) == DROPS
    assert len(wiring.archive().queued()) == DROPS


def taken(log: Path) -> int:
    return log.read_text().count(" received ")


def test_of_two_edits_of_one_dossier_one_wins_and_the_other_is_told(
    home: Path, tmp_path: Path
) -> None:
    archive = wiring.archive()
    dossier = take_in(archive, tmp_path / "đơn.pdf", ("đơn xin",))
    before = stages.newest_record(dossier, archive)
    kept: list[Record] = []
    told: list[ObjectExistsError] = []
    ready = threading.Barrier(8)

    def edit(unit: str) -> None:
        ready.wait()
        try:
            kept.append(
                stages.keep_next(before, replace(before.dossier, unit=unit), "edited", archive)
            )
        except ObjectExistsError as error:
            told.append(error)

    rooms = [threading.Thread(target=edit, args=(f"Chi nhánh {n}",)) for n in range(8)]
    for room in rooms:
        room.start()
    for room in rooms:
        room.join()
    assert (len(kept), len(told)) == (1, 7)
    assert {error.http_status for error in told} == {409}
    assert all("Tải lại" in error.remedy for error in told)
    assert stages.newest_record(dossier, archive) == kept[0]
    assert [record.sequence for record in archive.history(dossier)] == [1, 2]


@pytest.mark.parametrize("rooms", [2])
def test_two_rooms_that_ask_again_at_once_owe_the_work_once_each_at_most(
    home: Path, tmp_path: Path, rooms: int
) -> None:
    archive = wiring.archive()
    dossier = take_in(archive, tmp_path / "đơn.pdf", ("đơn xin",))
    for pending in archive.queued():
        archive.dequeue(pending)
    asking = [
        threading.Thread(target=stages.ask_again, args=(dossier, archive)) for _ in range(rooms)
    ]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert 1 <= len(archive.queued()) <= rooms
    stages.ask_again(dossier, archive)
    assert len(archive.queued()) <= rooms, "a marker that stands is enough"
