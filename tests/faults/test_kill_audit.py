"""SIGKILL before every durable change of the audit log: nothing acknowledged is lost, all fits.

A second process is killed as well while it ends what the first one left.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.audit import Flaw
from pipeline.settings import StorageSettings
from storage import open_audit_trail
from tests.faults.test_full_and_read_only import disk, fill, needs_mount, remount
from tests.support.audit_logs import AuditHome
from tests.support.clerk import Clerk
from tests.support.killing import ACKNOWLEDGED, Killer
from tests.support.servers import fresh_bucket, has_minio

pytestmark = pytest.mark.long

KILLED = -9


def wrong_with(clerk: Clerk) -> list[str]:
    """Return what is wrong: faults of the chain, and acknowledged acts that are not in the log."""
    place = AuditHome(clerk.home)
    report = place.verify()
    wrong = [f"{fault}" for fault in report.faults]
    wrong += [f"{notice}" for notice in report.notices if notice.flaw is not Flaw.TORN]
    noted = clerk.home.with_name(ACKNOWLEDGED)
    acknowledged = noted.read_text().splitlines() if noted.exists() else []
    recorded = [entry.detail("act") for entry in place.entries()]
    wrong += [f"lost {act}" for act in acknowledged if act not in recorded]
    wrong += [f"twice {act}" for act in set(recorded) if recorded.count(act) > 1]
    return wrong


def settled(killer: Killer, clerk: Clerk) -> list[str]:
    """Let another process run to its end, and return what is wrong then."""
    ended = killer.run("record", clerk)
    wrong = [] if ended.code == 0 else [f"ended with {ended.code}: {ended.output[-400:]}"]
    place = AuditHome(clerk.home)
    wrong += [f"left in the home: {path.name}" for path in place.live()]
    return wrong + wrong_with(clerk)


def test_killed_at_every_step(killer: Killer, clerk: Clerk, fast_place: Path) -> None:
    steps = steps_of_a_run(killer, fast_place)
    assert len(steps) > 40, "the hook sees less than it did"
    wrong = []
    for step in range(1, len(steps) + 1):
        shutil.rmtree(clerk.home)
        clerk.home.mkdir()
        clerk.home.with_name(ACKNOWLEDGED).unlink(missing_ok=True)
        ended = killer.run("record", clerk, kill_at=step)
        found = [] if ended.code == KILLED else [f"not killed: {ended.code} {ended.output[-300:]}"]
        found += wrong_with(clerk)
        if step % 3 == 0:  # an heir dies as well
            again = killer.run("record", clerk, kill_at=len(steps) + 1 - step)
            found += [] if again.code in {KILLED, 0} else [f"failed: {again.output[-300:]}"]
            found += wrong_with(clerk)
        found += settled(killer, clerk)
        wrong += [f"{step} {ended.steps[-1][:100]}: {each}" for each in found]
    assert wrong == []


def test_while_it_ends_what_a_dead_writer_left(
    killer: Killer, clerk: Clerk, fast_place: Path
) -> None:
    """The first writer died in the middle of a line; its heir dies at every step."""
    steps = steps_of_a_run(killer, fast_place)
    writes = [n for n, name in enumerate(steps, 1) if re.fullmatch(r"write .*\.jsonl", name)]
    killer.run("record", clerk, kill_at=writes[2])
    (live,) = AuditHome(clerk.home).live()
    live.write_bytes(live.read_bytes()[:-1] + b'\n{"sha256": "half a li')
    saved = shutil.copytree(clerk.home, fast_place / "saved")
    wrong = []
    for step in range(1, len(killer.run("record", clerk).steps) + 1):
        shutil.rmtree(clerk.home)
        shutil.copytree(saved, clerk.home)
        killer.run("record", clerk, kill_at=step)
        found = wrong_with(clerk) + settled(killer, clerk)
        wrong += [f"{step}: {each}" for each in found if "lost" not in each]
    assert wrong == []


@needs_mount
def test_a_full_and_a_read_only_disk_show_nothing_and_lose_nothing(fast_place: Path) -> None:
    home = fast_place / "home"
    assert searched(home).returncode == 0
    with disk(home / "audit") as place:
        assert searched(home).returncode == 0
        ballast = fill(place, 0)
        refused = searched(home)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "nhật ký truy cập" in refused.stderr
        assert "Traceback" not in refused.stderr
        ballast.unlink()
        remount(place, "ro")
        refused = searched(home)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "Traceback" not in refused.stderr
        remount(place, "rw")
        assert searched(home).returncode == 0
        report = AuditHome(home).verify()
        assert (report.faults, report.entries) == ((), 3)


def steps_of_a_run(killer: Killer, fast_place: Path) -> list[str]:
    """Return the steps of a whole run, in a home of its own."""
    home = fast_place / "counted" / "home"
    home.mkdir(parents=True)
    ended = killer.run("record", Clerk(home))
    assert ended.code == 0, ended.output
    return ended.steps


@pytest.mark.services
@pytest.mark.skipif(not has_minio(), reason="no MinIO named by SOHOA_TEST_MINIO_ENDPOINT")
def test_killed_before_every_request_to_a_bucket(killer: Killer, fast_place: Path) -> None:
    with fresh_bucket() as settings:
        steps = killer.run("record", clerk_of(settings, fast_place / "counted")).steps
        requests = [n for n, name in enumerate(steps, 1) if name.startswith("http")]
        assert len(requests) >= 2
        wrong: list[str] = []
        for step in requests:
            clerk = clerk_of(settings, fast_place / str(step))
            assert killer.run("record", clerk, kill_at=step).code == KILLED
            acts = clerk.home.with_name(ACKNOWLEDGED).read_text().splitlines()
            assert killer.run("record", clerk).code == 0
            trail = open_audit_trail(settings, clerk.home)
            wrong += [f"{step}: {fault}" for fault in trail.verify().faults]
            found = [entry.detail("act") for entry in trail.entries()]
            wrong += [f"{step}: {act} is not there once" for act in acts if found.count(act) != 1]
            wrong += [f"{step}: left {path}" for path in AuditHome(clerk.home).live()]
        assert wrong == []


def clerk_of(settings: StorageSettings, place: Path) -> Clerk:
    """Return a clerk with a home of their own and a bucket."""
    (place / "home").mkdir(parents=True)
    return Clerk(place / "home", storage=settings)


def searched(home: Path) -> subprocess.CompletedProcess[str]:
    """Search as a person does on the command line."""
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", "search", "thửa đất"],
        env=os.environ | {"SOHOA_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
