"""A backup is whole or absent, copies only what is new, and gives back exactly what there was."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.audit import AuditEntry, Verb
from pipeline.errors import ArchiveError
from pipeline.model import FileDecision, FileVerdict
from pipeline.settings import AuditSettings, StorageSettings
from storage import keys, open_audit_log, open_audit_trail
from storage.backup import (
    BackupFolder,
    BackupRefusedError,
    BackupSource,
    check_backup,
    home_part,
    make_backup,
    making,
    restore_backup,
)
from storage.backup.files import copy_database
from storage.backup.folder import SUMS
from tests.support.backed_up import SECRET, back_up, folder, home, stored
from tests.support.stored import flip, opened, take_in, verified

__all__ = ["folder", "home"]


def test_what_was_backed_up_comes_back(home: Path, folder: BackupFolder, tmp_path: Path) -> None:
    made = back_up(home, folder)
    new = tmp_path / "new"
    restored = restore_backup(folder.find(), new, None)
    assert stored(new) == stored(home)
    assert (new / "keys" / "accounts").read_bytes() == SECRET
    with closing(sqlite3.connect(new / "accounts.sqlite3")) as db:
        assert db.execute("SELECT name FROM people").fetchall() == [("an",)]
    assert restored.bytes == made.header.bytes
    assert not restored.went_on
    assert verified(new).faults == ()
    assert made.header.dossiers == 3


def test_no_folder_of_the_store_is_forgotten() -> None:
    left_out = (keys.WATCHERS,)  # heartbeats: of watchers that run now
    known = (*making.LASTING, *making.PASSING, keys.AUDIT, *left_out)
    assert sorted(known) == sorted(keys.FOLDERS)


def test_what_people_decided_of_files_comes_back(
    home: Path, folder: BackupFolder, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    said = FileDecision("0d01", now.date(), 0, 0, FileVerdict.LEFT_OUT, now, "an", "trang trắng")
    kept = opened(home).keep_decision(said)
    back_up(home, folder)
    restore_backup(folder.find(), tmp_path / "new", None)
    assert list(opened(tmp_path / "new").decisions(now.date())) == [kept]


def test_no_database_knows_more_than_the_store(
    home: Path, folder: BackupFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copy_while_papers_come(source: Path, target: Path) -> None:
        copy_database(source, target)
        take_in(opened(home), tmp_path / f"{source.stem}.pdf", (f"một trang {source.stem}",))

    monkeypatch.setattr(home_part, "copy_database", copy_while_papers_come)
    before = set(opened(home).dossiers())
    back_up(home, folder)
    restore_backup(folder.find(), tmp_path / "new", None)
    assert set(opened(tmp_path / "new").dossiers()) > before


def test_a_second_backup_copies_only_what_is_new(
    home: Path, folder: BackupFolder, tmp_path: Path
) -> None:
    first = back_up(home, folder)
    times = {path: path.stat().st_mtime_ns for path in (folder.path / "objects").rglob("*.json")}
    again = back_up(home, folder)
    assert (again.new_objects, again.new_bytes) == (0, 0)
    assert again.header.objects == first.header.objects > 0
    take_in(opened(home), tmp_path / "thêm.pdf", ("một trang nữa",))
    third = back_up(home, folder)
    assert 0 < third.new_objects < 10
    assert third.header.dossiers == first.header.dossiers + 1
    assert all(path.stat().st_mtime_ns == at for path, at in times.items())


def test_each_backup_gives_back_its_own_day(
    home: Path, folder: BackupFolder, tmp_path: Path
) -> None:
    first, before = back_up(home, folder), stored(home)
    take_in(opened(home), tmp_path / "thêm.pdf", ("một trang nữa",))
    back_up(home, folder)
    restore_backup(folder.find(first.header.name), tmp_path / "new", None)
    assert stored(tmp_path / "new") == before


def test_old_backups_go_and_what_they_share_stays(home: Path, folder: BackupFolder) -> None:
    names = [back_up(home, folder, keep=2).header.name for _ in range(4)]
    assert folder.names() == sorted(names)[-2:]
    assert check_backup(folder.find(), None).faults == ()


def test_sums_can_be_checked_without_us(home: Path, folder: BackupFolder) -> None:
    made = back_up(home, folder)
    listed = f"sets/{made.header.name}/{SUMS}"
    command = ["sha256sum", "--check", "--quiet", "--strict", listed]
    done = subprocess.run(command, cwd=folder.path, check=False, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stdout


def test_nobody_else_may_enter(home: Path, folder: BackupFolder) -> None:
    os.umask(0)
    try:
        back_up(home, folder)
    finally:
        os.umask(0o022)
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    secret = [path for path in folder.path.rglob("accounts*") if path.is_file()]
    assert len(secret) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in secret} == {0o600}


def test_an_open_folder_of_ours_is_closed_again(home: Path, folder: BackupFolder) -> None:
    back_up(home, folder)
    folder.path.chmod(0o755)
    back_up(home, folder)
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_keys_may_lie_apart(home: Path, folder: BackupFolder, tmp_path: Path) -> None:
    apart = tmp_path / "apart"
    make_backup(BackupSource(home, "0.2.0"), folder, apart)
    assert SECRET not in b"".join(p.read_bytes() for p in folder.path.rglob("*") if p.is_file())
    with pytest.raises(BackupRefusedError, match="Khóa"):
        restore_backup(folder.find(), tmp_path / "new", None)
    assert check_backup(folder.find(), None).keys is None
    assert check_backup(folder.find(), apart).keys == len(folder.find().header.keys) > 0
    restore_backup(folder.find(), tmp_path / "new", apart)
    assert (tmp_path / "new" / "keys" / "accounts").read_bytes() == SECRET


def test_a_folder_with_other_things_is_left_alone(home: Path, folder: BackupFolder) -> None:
    folder.path.mkdir(mode=0o755)
    (folder.path / "ảnh cưới.jpg").write_bytes(b"mine")
    with pytest.raises(BackupRefusedError, match="thứ khác"):
        back_up(home, folder)
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o755
    assert [path.name for path in folder.path.iterdir()] == ["ảnh cưới.jpg"]


@pytest.mark.parametrize("inside", ["bk", "store/bk", "../home", ".."])
def test_a_backup_lies_outside_of_the_home(home: Path, inside: str) -> None:
    with pytest.raises(BackupRefusedError, match="chung với kho"):
        back_up(home, BackupFolder(home / inside))


def test_only_one_backup_at_a_time(home: Path, folder: BackupFolder) -> None:
    back_up(home, folder)
    descriptor = os.open(folder.path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(BackupRefusedError, match="lần sao lưu khác"):
            back_up(home, folder)
    finally:
        os.close(descriptor)


def test_an_original_that_rotted_is_told_and_not_copied(home: Path, folder: BackupFolder) -> None:
    good = back_up(home, folder)
    rotten = next(p for p in (home / "store" / "originals").iterdir() if not p.suffix)
    flip(rotten, 3)
    other = BackupFolder(folder.path.with_name("other"))
    made = back_up(home, other)
    assert made.damaged == (f"originals/{rotten.name}",)
    assert made.header.objects == good.header.objects - 1


@pytest.fixture
def logged(home: Path) -> Iterator[Path]:
    """A home whose audit log is being written, with a sealed segment and a live one."""
    log = open_audit_log(StorageSettings(), AuditSettings(), home)
    for number in range(4):
        log.record(AuditEntry(verb=Verb.VIEW, account="an", detail={"act": f"{number}"}))
        if number == 1:
            log.rotate()  # type: ignore[attr-defined]
    yield home
    log.close()


def test_the_audit_log_comes_back_whole(logged: Path, folder: BackupFolder, tmp_path: Path) -> None:
    back_up(logged, folder)
    new = tmp_path / "new"
    restore_backup(folder.find(), new, None)
    trail = open_audit_trail(StorageSettings(), new)
    assert [entry.detail("act") for entry in trail.entries()] == ["0", "1", "2", "3"]
    assert trail.verify().faults == ()


def test_a_database_that_is_damaged_stops_the_backup(home: Path, folder: BackupFolder) -> None:
    (home / "owners.sqlite3").write_bytes(b"no database at all" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        back_up(home, folder)
    assert folder.names() == []


def test_there_is_nothing_to_find_in_an_empty_folder(folder: BackupFolder) -> None:
    with pytest.raises(BackupRefusedError, match="Không có bản sao lưu nào"):
        folder.find()
    assert not issubclass(BackupRefusedError, ArchiveError)
