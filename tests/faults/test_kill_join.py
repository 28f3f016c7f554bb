"""SIGKILL before every durable change while a drop joins its dossier: nothing lost or doubled."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.model import Outcome
from tests.faults.test_kill_at_every_step import copied, killed_and_restarted, whole
from tests.support.clerk import Clerk, slip
from tests.support.killing import Killer
from tests.support.promise import check_end, check_now

pytestmark = pytest.mark.long

CODE = "H26.19.25-260105-0007"


@pytest.fixture
def joining(killer: Killer, clerk: Clerk) -> Clerk:
    """A home with a PARTIAL dossier, and the file that it lacks in the watched folder."""
    files = {"01.png": (slip(1), True), "02.png": (b"no picture", False)}
    clerk.drop_folder(CODE, files | {"03.png": (slip(3), True)})
    assert not whole(killer.run("go_on", clerk))
    clerk.drop_folder(CODE, {"02.png": (slip(2), True)})
    return clerk


def outcomes(clerk: Clerk) -> list[tuple[Outcome | None, int]]:
    records = [clerk.archive.find_record(dossier) for dossier in clerk.archive.dossiers()]
    found = [record.dossier for record in records if record]
    return [(each.outcome, len(each.pages)) for each in found if not each.joined_into]


def test_it_joins_when_nobody_kills(killer: Killer, joining: Clerk) -> None:
    assert not whole(killer.run("go_on", joining))
    assert check_end(joining) == []
    assert outcomes(joining) == [(Outcome.COMPLETE, 3)]


def test_a_join_killed_at_every_step(killer: Killer, joining: Clerk, fast_place: Path) -> None:
    """The home is put back where it was each time: a dossier joins in its own folder only."""
    assert check_now(joining) == []
    saved = copied(joining, fast_place / "saved").home
    counted = killer.run("take_in", joining)
    assert len(counted.steps) > 30, "the hook sees less than it did"
    wrong = []
    for step in range(1, len(counted.steps) + 1):
        shutil.rmtree(joining.home)
        shutil.copytree(saved, joining.home, symlinks=True)
        wrong += killed_and_restarted(killer, joining, "take_in", step, None)
        if outcomes(joining) != [(Outcome.COMPLETE, 3)]:
            wrong.append(f"{step} {counted.steps[step - 1][:120]}: it did not join")
    assert wrong == []
