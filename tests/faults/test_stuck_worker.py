"""A worker hangs in mid-dossier: another takes over, and the first, going on, doubles nothing.

Only while it hangs with the lock of the embedded index or of the owners' database, which lasts
milliseconds, nobody can take over: a lock is its own until it goes on or dies.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.clerk import Clerk, slip
from tests.support.killing import Killer
from tests.support.promise import check_end

pytestmark = pytest.mark.long

PATIENCE = 300.0
TIMES = 6  # that it hangs, spread from its lease to its end


@pytest.fixture(scope="module")
def workers() -> Iterator[tuple[Killer, Killer]]:
    """One that hangs, and one for which a second of silence is death."""
    with Killer() as first, Killer(SOHOA_RUNS__LEASE_SECONDS="1") as second:
        yield first, second


def taken_over(worker: Killer, clerk: Clerk) -> bool:
    deadline = time.monotonic() + PATIENCE
    while clerk.archive.queued() and time.monotonic() < deadline:
        assert worker.run("drain", clerk).code == 0
        time.sleep(0.3)
    return not clerk.archive.queued()


def test_a_dossier_is_taken_over_and_the_late_one_changes_nothing(
    workers: tuple[Killer, Killer], clerk: Clerk
) -> None:
    stuck, healthy = workers
    clerk.drop_folder("hồ sơ", {"a.png": (slip(1), True), "b.png": (slip(2), True)})
    assert stuck.run("take_in", clerk).code == 0
    counted = Clerk(clerk.home.with_name("counted"))
    shutil.copytree(clerk.home, counted.home)
    steps = without_the_lock(stuck.run("drain", counted).steps)
    before = clerk.home.with_name("before")
    clerk.home.rename(before)
    wrong = []
    for step in steps[2 :: len(steps) // TIMES]:
        shutil.copytree(before, clerk.home)
        wrong += [f"{step}: {what}" for what in hung_at(step, stuck, healthy, clerk)]
        shutil.rmtree(clerk.home)
    assert wrong == []


def without_the_lock(steps: list[str]) -> list[int]:
    """Return the numbers of the steps that change neither the index nor the owners' database.

    These are made under locks; a drain makes no other statements.
    """
    return [
        number
        for number, step in enumerate(steps, 1)
        if not re.search(r"/index/|/owners\.sqlite3|^commit of the index$|^sql ", step)
    ]


def hung_at(step: int, stuck: Killer, healthy: Killer, clerk: Clerk) -> list[str]:
    """Let one worker hang before a step; return what is wrong when both are done."""
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(stuck.run, "drain", clerk, kill_at=step, signal=signal.SIGSTOP)
        while not (child := stuck.stopped_child()):
            assert not late.done(), late.result().output
            time.sleep(0.05)
        try:
            wrong = [] if taken_over(healthy, clerk) else ["nobody took over"]
        finally:
            os.kill(child, signal.SIGCONT)
        ended = late.result()
    wrong += [] if ended.code == 0 else [f"the late one: {ended.code} {ended.output[-600:]}"]
    return wrong + check_end(clerk)
