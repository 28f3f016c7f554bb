"""Several processes share one embedded index, and one of them is killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from pipeline.model import Query
from pipeline.settings import SearchSettings
from search import check_index, open_index
from search.embedded.index import EmbeddedIndex
from tests.support.indexed import found, publication


def opened(home: Path) -> EmbeddedIndex:
    index = open_index(SearchSettings(), home)
    assert isinstance(index, EmbeddedIndex)
    return index


def total(index: EmbeddedIndex, text: str = "đơn") -> int:
    return index.find(Query(text)).total


def _publish_many(home: Path, start: int) -> None:
    index = opened(home)
    for number in range(start, 40, 4):
        index.publish([publication(f"d{number:02}", "đơn")])


@pytest.mark.slow
def test_several_processes_make_and_fill_one_index(tmp_path: Path) -> None:
    """The watcher, the reading room and a command may all start on an empty home at once."""
    spawned = multiprocessing.get_context("spawn")
    workers = [spawned.Process(target=_publish_many, args=(tmp_path, n)) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(300)
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    assert found(opened(tmp_path), "đơn") == [f"d{number:02}" for number in reversed(range(40))]
    (check,) = check_index(SearchSettings(), tmp_path)
    assert check.is_well


def _publish_until_killed(home: Path, told: Path) -> None:
    index = opened(home)
    with told.open("a") as log:
        for number in range(10_000):
            index.publish([publication(f"k{number:05}", "đơn")])
            log.write(f"k{number:05}\n")
            log.flush()


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.5, 0.9, 1.4])
def test_what_was_told_survives_sigkill(tmp_path: Path, seconds: float) -> None:
    told = tmp_path / "told"
    told.touch()
    worker = multiprocessing.get_context("spawn").Process(
        target=_publish_until_killed, args=(tmp_path / "home", told)
    )
    worker.start()
    deadline = time.monotonic() + 180
    while not told.stat().st_size and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(seconds)
    assert worker.pid
    os.kill(worker.pid, signal.SIGKILL)
    worker.join(120)
    index = opened(tmp_path / "home")
    held = set(dict(index.sequences()))
    names = told.read_text().splitlines()
    assert set(names) <= held
    assert len(held) <= len(names) + 1
    index.publish([publication("l1", "đơn")])
    assert total(index) == len(held) + 1
    (check,) = check_index(SearchSettings(), tmp_path / "home")
    assert check.is_well
