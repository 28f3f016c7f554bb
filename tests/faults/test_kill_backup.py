"""SIGKILL before every durable change of a backup and of a restore: none is half, none is lost."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from storage.backup import (
    BackupFolder,
    BackupRefusedError,
    BackupSource,
    check_backup,
    make_backup,
    restore_backup,
)
from tests.support.durable_steps import Boundaries
from tests.support.stored import objects, opened, take_in

pytestmark = pytest.mark.long

KILLED = -signal.SIGKILL


def run(deed: Callable[[], object], roots: list[Path], kill_at: int | None) -> tuple[int, int]:
    """Do something in a child that is killed before a step; return how it ended and its steps."""
    with tempfile.TemporaryFile() as steps:
        if (child := os.fork()) == 0:
            code = 70
            with suppress(BaseException):
                Boundaries(roots, steps.fileno(), kill_at, signal.SIGKILL).install()
                deed()
                code = 0
            os._exit(code)
        _, status = os.waitpid(child, 0)
        steps.seek(0)
        return os.waitstatus_to_exitcode(status), len(steps.read().splitlines())


@pytest.fixture
def home(fast_place: Path) -> Path:
    home = fast_place / "home"
    home.mkdir()
    take_in(opened(home), fast_place / "một.pdf", ("đơn",))
    with closing(sqlite3.connect(home / "accounts.sqlite3")) as db:
        db.execute("CREATE TABLE people(name TEXT)")
        db.commit()
    (home / "keys").mkdir(exist_ok=True)
    (home / "keys" / "accounts").write_bytes(b"key")
    return home


def stored(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in objects(home)}


def wrong_with(folder: BackupFolder, home: Path, scratch: Path) -> list[str]:
    """Return what is wrong with the backups that have a name."""
    wrong = []
    for name in folder.names():
        chosen = folder.find(name)
        wrong += [f"{name}: {fault}" for fault in check_backup(chosen, None).faults]
        shutil.rmtree(scratch, ignore_errors=True)
        restore_backup(chosen, scratch, None)
        wrong += [] if stored(scratch) == stored(home) else [f"{name} restores something else"]
    return wrong


def test_a_backup_is_killed_at_every_step(home: Path, fast_place: Path) -> None:
    def back_up(place: Path) -> Callable[[], object]:
        return lambda: make_backup(BackupSource(home, "0.2.0"), BackupFolder(place), keep=1)

    trial = fast_place / "trial"
    ended, steps = run(back_up(trial), [trial], None)
    assert ended == 0
    assert steps > 40, "the hook sees less than it did"
    wrong: list[str] = []
    for step in range(1, steps + 1):
        place = fast_place / "backups"
        shutil.rmtree(place, ignore_errors=True)
        if step % 2:  # a whole one was made before
            make_backup(BackupSource(home, "0.2.0"), BackupFolder(place))
        before = BackupFolder(place).names()
        ended, _ = run(back_up(place), [place], step)
        wrong += [] if ended in {KILLED, 0} else [f"step {step} ended with {ended}"]
        found = wrong_with(BackupFolder(place), home, fast_place / "scratch")
        if before and not BackupFolder(place).names():
            found.append("the backup before is gone")
        again = make_backup(BackupSource(home, "0.2.0"), BackupFolder(place), keep=1)
        found += wrong_with(BackupFolder(place), home, fast_place / "scratch")
        if BackupFolder(place).names() != [again.header.name]:
            found.append("not the newest alone")
        if any((place / ".arriving").iterdir()):
            found.append("something is left over")
        wrong += [f"step {step}: {each}" for each in found]
    assert wrong == []


def test_a_restore_is_killed_at_every_step(home: Path, fast_place: Path) -> None:
    folder = BackupFolder(fast_place / "backups")
    make_backup(BackupSource(home, "0.2.0"), folder)
    new = fast_place / "new"

    def restore() -> None:
        restore_backup(folder.find(), new, None)

    ended, steps = run(restore, [new], None)
    assert ended == 0
    assert steps > 30, "the hook sees less than it did"
    wrong: list[str] = []
    for step in range(1, steps + 1):
        shutil.rmtree(new)
        ended, _ = run(restore, [new], step)
        wrong += [] if ended == KILLED else [f"step {step} ended with {ended}"]
        is_marked = (new / "restoring.json").exists()
        is_empty = not new.exists() or not any((new / "store").glob("*/*"))
        if not is_marked and not is_empty and stored(new) != stored(home):
            wrong.append(f"step {step}: half restored, and nothing says so")
        with suppress(BackupRefusedError):
            restore()
        if stored(new) != stored(home) or (new / "restoring.json").exists():
            wrong.append(f"step {step}: not made good by running again")
        if left := [path.name for path in new.glob(".rest*")]:
            wrong.append(f"step {step}: left {left}")
    assert wrong == []
