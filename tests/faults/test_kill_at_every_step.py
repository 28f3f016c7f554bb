"""SIGKILL before every durable change of intake and of digitising: nothing is lost or doubled.

The changes are counted from the code as it runs (``boundaries``), so a new one is killed at too.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.support.clerk import Clerk, slip
from tests.support.killing import Ended, Killer
from tests.support.promise import check_end, check_now

pytestmark = pytest.mark.long

KILLED = -9
DROPPED = 8
CHAINS, LONGEST_CHAIN = 12, 5


def drop_all(clerk: Clerk) -> None:
    """Drop a file, its duplicate, a refused file, and a folder with good, bad and stray ones."""
    clerk.drop("một.png", slip(1))
    clerk.drop("một lần nữa.png", slip(1))
    clerk.drop("thư.docx", b"PK not a scan", good=False)
    files = {"a.png": (slip(2), True), "trong/b.png": (slip(3), True), "trùng.png": (slip(2), True)}
    files |= {"bảng.xlsx": (b"PK no scan either", False), ".ẩn.png": (b"stray", False)}
    clerk.drop_folder("hồ sơ", files)


def copied(clerk: Clerk, place: Path) -> Clerk:
    shutil.copytree(clerk.home, place / "home", symlinks=True)
    return Clerk(place / "home", clerk.good, clerk.bad)


def whole(ended: Ended) -> list[str]:
    return [] if ended.code == 0 else [f"ended with {ended.code}: {ended.output[-600:]}"]


def killed_and_restarted(
    killer: Killer, clerk: Clerk, job: str, step: int, pages: Path | None
) -> list[str]:
    """Kill a job before a step; return what is wrong then, and after a restart."""
    ended = killer.run(job, clerk, kill_at=step)
    wrong = [] if ended.code == KILLED else [f"not killed: {ended.code} {ended.output[-300:]}"]
    wrong += check_now(clerk)
    if pages:  # what was read and bound is not again: reading is not what this is about
        for made in (pages, pages.with_name("derived")):
            shutil.copytree(made, clerk.home / "store" / made.name, dirs_exist_ok=True)
    wrong += whole(killer.run("go_on", clerk)) + check_end(clerk)
    return [f"{step} {ended.steps[-1][:120]}: {trouble}" for trouble in wrong]


def all_steps(
    killer: Killer, clerk: Clerk, job: str, place: Path, pages: Path | None
) -> tuple[int, list[str]]:
    """Kill a job before each of its steps; return their number and everything wrong."""
    counted = killer.run(job, copied(clerk, place / "counting"))
    assert counted.code == 0, counted.output
    wrong = []
    for step in range(1, len(counted.steps) + 1):
        mine = copied(clerk, place / str(step))
        wrong += killed_and_restarted(killer, mine, job, step, pages)
        shutil.rmtree(place / str(step))
    return len(counted.steps), wrong


@pytest.fixture
def taken_in(killer: Killer, clerk: Clerk, fast_place: Path) -> Clerk:
    """A home where everything was received and nothing read."""
    drop_all(clerk)
    received = copied(clerk, fast_place / "received")
    assert not whole(killer.run("take_in", received))
    return received


def test_nothing_is_wrong_when_nobody_kills(killer: Killer, clerk: Clerk) -> None:
    drop_all(clerk)
    assert clerk.dropped.total() == DROPPED
    assert check_now(clerk) == []
    assert whole(killer.run("go_on", clerk)) == []
    assert check_end(clerk) == []


def test_the_check_sees_a_file_that_vanished(killer: Killer, taken_in: Clerk) -> None:
    next((taken_in.home / "store" / "dossiers").rglob("*.json")).unlink()
    next((taken_in.inbox / "_loi").rglob("*.docx")).unlink()
    assert [text for text in check_now(taken_in) if text.startswith("LOST")]


def test_intake_killed_at_every_step(
    killer: Killer, clerk: Clerk, taken_in: Clerk, fast_place: Path
) -> None:
    assert not whole(killer.run("drain", taken_in))
    pages = taken_in.home / "store" / "pages"
    count, wrong = all_steps(killer, clerk, "take_in", fast_place, pages)
    assert count > 140, "the hook sees less than it did"
    assert wrong == []


def test_digitising_killed_at_every_step(killer: Killer, taken_in: Clerk, fast_place: Path) -> None:
    done = copied(taken_in, fast_place / "done")
    assert not whole(killer.run("drain", done))
    _, *others = sorted((done.home / "store" / "pages").iterdir())
    for pages in others:  # one page is read, kill by kill; for the others that is the same again
        for made in (pages, done.home / "store" / "derived" / pages.name):
            shutil.copytree(made, taken_in.home / "store" / made.parent.name / made.name)
    count, wrong = all_steps(killer, taken_in, "drain", fast_place, None)
    assert count > 80, "the hook sees less than it did"  # publishing is one commit
    assert wrong == []


@pytest.mark.parametrize("seed", range(CHAINS))
def test_killed_again_and_again_while_it_recovers(killer: Killer, clerk: Clerk, seed: int) -> None:
    drop_all(clerk)
    chance = random.Random(seed)
    for _ in range(LONGEST_CHAIN):
        ended = killer.run("go_on", clerk, kill_at=chance.randint(1, 120))
        assert check_now(clerk) == [], ended.steps[-1]
        if ended.code == 0:
            break
    assert whole(killer.run("go_on", clerk)) == []
    assert check_end(clerk) == []
