"""The clock is set back or forward between a kill and the restart: nothing is lost or waits for it.

libfaketime gives the processes the other clock, in which every file time and lease is written.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.clerk import Clerk, slip
from tests.support.killing import Killer
from tests.support.promise import check_end, check_now

pytestmark = pytest.mark.long

LIBRARY = next(Path("/usr/lib").glob("*-linux-gnu/faketime/libfaketime.so.1"), None)


def at(clock: str) -> Killer:
    assert LIBRARY, "setup/system test installs faketime"
    # Waiting goes by the monotonic clock, which nobody can set.
    return Killer(LD_PRELOAD=str(LIBRARY), FAKETIME=clock, FAKETIME_DONT_FAKE_MONOTONIC="1")


@pytest.mark.parametrize(("before", "after"), [("+0", "-2d"), ("+0", "+2d"), ("+2d", "+0")])
def test_a_clock_that_jumps_holds_up_nothing(clerk: Clerk, before: str, after: str) -> None:
    clerk.drop("một.png", slip(1))
    clerk.drop("thư.docx", b"PK not a scan", good=False)
    with at(before) as killer:
        assert killer.run("take_in", clerk).code == 0
        clerk.drop_folder("hồ sơ", {"a.png": (slip(2), True), "b.png": (slip(3), True)})
        assert killer.run("take_in", clerk, kill_at=40).code == -9
        assert killer.run("drain", clerk, kill_at=30).code == -9
        assert check_now(clerk) == []
    with at(after) as killer:
        assert killer.run("go_on", clerk).code == 0
        assert check_end(clerk) == []
