"""The audit log of one process: durable entries, shared waiting, segments, dead writers."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import clock
from pipeline.audit import Flaw
from pipeline.errors import AuditUnavailableError
from storage.audit import live_file, open_trail
from tests.support.audit_logs import DOSSIER, AuditHome, entry
from tests.support.watched import until


@pytest.fixture
def place(tmp_path: Path) -> AuditHome:
    return AuditHome(tmp_path / "home")


def test_an_entry_is_on_the_disk_before_record_returns(
    place: AuditHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = place.log()
    log.record(entry(1))
    synced = []
    fsync = os.fsync

    def noting(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_size)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noting)
    log.record(entry(2))
    (path,) = place.live()
    assert synced == [path.stat().st_size]
    assert path.read_bytes().endswith(b'"n": 2}}\n')
    log.close()
    assert place.live() == []
    assert place.numbers() == [1, 2]


def test_what_is_in_the_home_can_be_read_while_it_is_written(place: AuditHome) -> None:
    log = place.log()
    log.record(entry(1))
    assert place.numbers() == [1]
    report = place.verify()
    assert (report.faults, report.notices, report.entries) == ((), (), 1)
    log.close()


def test_fifty_people_share_the_waits_for_the_disk(
    place: AuditHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = place.log()
    log.record(entry(0))
    waits = []
    fsync = os.fsync

    def counted(descriptor: int) -> None:
        waits.append(descriptor)
        threading.Event().wait(0.005)  # a slow disk
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", counted)
    with ThreadPoolExecutor(50) as people:
        list(people.map(lambda number: log.record(entry(number)), range(1, 501)))
    assert len(waits) < 100, "each entry waited for the disk by itself"
    monkeypatch.undo()
    log.close()
    assert sorted(place.numbers()) == list(range(501))
    assert place.verify().faults == ()


def test_segments_follow_each_other_while_others_record(place: AuditHome) -> None:
    log = place.log()
    log.record(entry(0))
    with ThreadPoolExecutor(8) as people:
        done = people.map(lambda number: log.record(entry(number)), range(1, 201))
        for _ in range(5):
            log.rotate()
        list(done)
    log.close()
    assert sorted(place.numbers()) == list(range(201))
    assert [path.stem for path in place.sealed()] == [f"{n:06d}" for n in range(1, 7)]
    assert place.verify().faults == ()


def test_a_due_segment_is_sealed_by_itself(place: AuditHome) -> None:
    log = place.log(seal_minutes=0.001)
    log.record(entry(1))
    until(lambda: bool(place.sealed()))
    assert len(place.sealed()) == 1
    log.record(entry(2))
    log.close()
    assert place.numbers() == [1, 2]
    assert place.verify().faults == ()


def test_a_store_that_is_away_delays_sealing_only(place: AuditHome) -> None:
    (place.home).mkdir()
    (place.home / "store").write_text("no folder")
    log = place.log()
    log.record(entry(1))
    log.close()
    assert len(place.live()) == 1
    (place.home / "store").unlink()
    place.written(2)
    assert place.live() == []
    assert place.numbers() == [1, 2]
    assert place.verify().faults == ()


@pytest.mark.parametrize("cut", [0, 1, 40, 100])
def test_a_dead_writers_last_line_is_kept_and_marked(place: AuditHome, cut: int) -> None:
    log = place.log()
    for number in range(3):
        log.record(entry(number))
    (path,) = place.live()
    died(log)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - cut])
    report = place.verify()
    assert report.faults == ()
    assert [notice.flaw for notice in report.notices] == [Flaw.TORN] * bool(cut)
    place.written(7)
    assert place.live() == []
    assert place.numbers() == ([0, 1, 2, 7] if cut < 2 else [0, 1, 7])
    report = place.verify()
    assert report.faults == ()
    assert [notice.flaw for notice in report.notices] == [Flaw.TORN] * (cut > 1)
    assert data[: len(data) - cut] in place.sealed()[0].read_bytes(), "what was there stays"


def test_a_changed_line_of_a_dead_writer_does_not_pass_for_a_torn_one(place: AuditHome) -> None:
    log = place.log()
    for number in range(3):
        log.record(entry(number))
    (path,) = place.live()
    died(log)
    path.write_bytes(path.read_bytes().replace(b'"n": 2', b'"n": 9'))
    assert [fault.flaw for fault in place.verify().faults] == [Flaw.CHANGED]
    place.written(7)
    assert [fault.flaw for fault in place.verify().faults] == [Flaw.CHANGED]


def test_a_living_writers_file_is_left_alone(place: AuditHome) -> None:
    log = place.log()
    log.record(entry(1))
    place.written(2)
    assert len(place.live()) == 1
    log.record(entry(3))
    log.close()
    assert place.numbers() == [1, 2, 3]
    assert place.verify().faults == ()


def test_a_forked_child_writes_a_chain_of_its_own(place: AuditHome) -> None:
    log = place.log()
    log.record(entry(1))
    child = os.fork()
    if not child:
        log.record(entry(2))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    log.record(entry(3))
    log.close()
    assert place.numbers() == [1, 2, 3]
    assert len({each.writer for each in place.entries()}) == 2
    assert place.verify().faults == ()


@pytest.mark.parametrize("name", ["audit", "keys"])
def test_no_log_no_paper(place: AuditHome, name: str) -> None:
    place.home.mkdir()
    (place.home / name).write_text("in the way")
    with pytest.raises(AuditUnavailableError, match="nhật ký") as raised:
        place.log().record(entry(1))
    assert raised.value.http_status == 503
    assert raised.value.remedy


def test_a_disk_that_fails_refuses_all_who_wait_and_recovers(
    place: AuditHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel's own limit plays the full disk in tests/faults; here the disk stalls as well."""
    log = place.log()
    log.record(entry(0))

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with ThreadPoolExecutor(8) as people:
        tries = [people.submit(log.record, entry(number)) for number in range(1, 30)]
    assert all(isinstance(each.exception(), AuditUnavailableError) for each in tries)
    monkeypatch.undo()
    log.record(entry(100))
    log.close()
    assert {0, 100} <= set(place.numbers())
    assert place.verify().faults == ()


def test_entries_are_found_by_day_and_dossier(place: AuditHome) -> None:
    today = clock.today()
    place.written(1, 2)
    log = place.log()
    log.record(entry(3, dossier="0" * 22))
    log.close()
    trail = open_trail(place.store, place.home)
    assert len(trail.entries(today, today)) == 3
    assert trail.entries(today + timedelta(days=1)) == []
    assert trail.entries(None, today - timedelta(days=1)) == []
    assert len(trail.entries(having=DOSSIER)) == 2


def test_what_was_never_begun_leaves_nothing(place: AuditHome) -> None:
    place.log().close()
    assert not place.home.exists()


def test_a_long_value_and_control_characters_stay_one_short_line(place: AuditHome) -> None:
    log = place.log()
    log.record(entry(1, purpose="a\n{}\x1b[2J" + "b" * 5_000, account="\udcff"))
    log.close()
    (kept,) = place.entries()
    assert len(kept.text("purpose")) <= 300
    assert "\n" not in kept.text("purpose")
    assert place.verify().faults == ()


def died(log: object) -> None:
    """Let go of the lock as the kernel does when the process of a log dies."""
    file = log._file  # type: ignore[attr-defined]
    assert isinstance(file, live_file.LiveFile)
    file._release()
