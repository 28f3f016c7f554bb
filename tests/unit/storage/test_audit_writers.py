"""Many processes write the audit log of one home at once, and name each other's segments."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from pipeline.audit.chain import lines_of
from storage.audit import sealing
from tests.support.audit_logs import AuditHome, entry

PROCESSES, EACH = 6, 8


def in_a_child(work: object) -> int:
    """Run something in a forked child, and return its id."""
    child = os.fork()
    if not child:
        code = 70
        try:
            work()  # type: ignore[operator]
            code = 0
        finally:
            os._exit(code)
    return child


def test_processes_that_record_at_once_lose_nothing(tmp_path: Path) -> None:
    place = AuditHome(tmp_path / "home")

    def work(number: int) -> None:
        for part in range(4):  # a log each, as short commands have
            log = place.log()
            for step in range(EACH // 4):
                log.record(entry(number * 100 + part * 10 + step))
            log.close()

    children = [in_a_child(lambda number=number: work(number)) for number in range(PROCESSES)]
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * PROCESSES
    place.written(999)
    assert place.live() == []
    numbers = place.numbers()
    assert len(numbers) == len(set(numbers)) == PROCESSES * EACH + 1
    assert place.verify().faults == ()


def test_a_segment_is_named_once_however_many_writers_there_are(tmp_path: Path) -> None:
    """Otherwise a day of a thousand commands would write a million names."""
    place = AuditHome(tmp_path / "home")
    for number in range(30):
        place.written(number)
    named = [len(lines_of(path.read_bytes())[-1].body["heads"]) for path in place.sealed()]
    assert sum(named) == 29
    assert max(named) == 1
    (place.folder / "heads.json").unlink()
    place.written(30)
    assert len(lines_of(place.sealed()[-1].read_bytes())[-1].body["heads"]) == 1
    known = json.loads((place.folder / "heads.json").read_bytes())
    assert len(known["heads"]) == 31


def test_what_a_dead_process_left_is_named_by_the_one_that_ends_it(tmp_path: Path) -> None:
    place = AuditHome(tmp_path / "home")
    child = in_a_child(lambda: place.log().record(entry(1)))
    assert os.waitpid(child, 0)[1] == 0
    (left,) = place.live()
    place.written(2)
    place.written(3)
    names = b"".join(path.read_bytes() for path in place.sealed()[1:])
    assert left.stem.replace("-", "/").encode() in names


def test_a_file_that_gets_its_name_during_a_sweep_does_not_break_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process names its file between the look at it and the question how old it is."""
    place = AuditHome(tmp_path / "home")
    place.written(1)
    takes, named = sealing._takes_lock, threading.Event()

    def named_meanwhile(descriptor: int, path: Path) -> bool:
        taken = takes(descriptor, path)
        if path.name.startswith(".heads.json"):
            path.rename(path.with_name("heads.json"))
            named.set()
        return taken

    monkeypatch.setattr(sealing, "_takes_lock", named_meanwhile)
    (place.folder / ".heads.json-00000000").write_bytes(b"{}")
    place.written(2)
    assert named.is_set()
    assert place.numbers() == [1, 2]
