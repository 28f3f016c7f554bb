"""Who may work on a dossier: silence, strikes, and a process that is no more."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.leases import next_lease, this_holder
from pipeline.model import Lease, QueueEntry
from pipeline.settings import RunSettings

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
RUNS = RunSettings(lease_seconds=60)
OWED = QueueEntry("pending/x.json", "0a", NOW)
ELSEWHERE = Lease("0a", 1, "another-machine:1:1", NOW)


def test_free_work_is_taken_as_the_first_attempt() -> None:
    lease = next_lease(OWED, None, NOW, RUNS)
    assert lease is not None
    assert (lease.attempt, lease.strikes, lease.holder) == (1, 0, this_holder())


def test_a_live_holder_is_left_alone_and_a_silent_one_is_replaced() -> None:
    assert next_lease(OWED, ELSEWHERE, NOW + timedelta(seconds=59), RUNS) is None
    taken = next_lease(OWED, ELSEWHERE, NOW + timedelta(seconds=61), RUNS)
    assert taken is not None
    assert (taken.attempt, taken.strikes) == (2, 1)


def test_a_dead_process_of_this_machine_is_replaced_at_once() -> None:
    script = "from pipeline.leases import this_holder; print(this_holder())"
    gone = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert next_lease(OWED, replace(ELSEWHERE, holder=gone), NOW, RUNS) is not None
    assert next_lease(OWED, replace(ELSEWHERE, holder=this_holder()), NOW, RUNS) is None


def test_an_outage_is_no_strike_and_gets_a_pause() -> None:
    excused = replace(ELSEWHERE, released=True, excused=True, strikes=1)
    assert next_lease(OWED, excused, NOW + timedelta(seconds=1), RUNS) is None
    again = next_lease(OWED, excused, NOW + timedelta(seconds=6), RUNS)
    assert again is not None
    assert again.strikes == 1


def test_asking_again_forgets_the_strikes() -> None:
    failed = replace(ELSEWHERE, attempt=3, strikes=2, released=True)
    struck = next_lease(OWED, failed, NOW, RUNS)
    assert struck is not None
    assert struck.strikes == 3
    fresh = next_lease(OWED, failed, NOW, RUNS, attempts_before=3)
    assert fresh is not None
    assert (fresh.attempt, fresh.strikes) == (4, 0)


def test_a_clock_that_was_set_back_holds_up_nothing() -> None:
    earlier = NOW - timedelta(days=2)  # what the clock says now; the lease is of two days later
    excused = replace(ELSEWHERE, released=True, excused=True)
    assert next_lease(OWED, excused, earlier, RUNS) is not None
    assert next_lease(OWED, ELSEWHERE, earlier, RUNS) is not None
    assert next_lease(OWED, ELSEWHERE, NOW - timedelta(seconds=30), RUNS) is None
