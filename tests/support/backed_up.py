"""A home that is backed up, and where its backups lie: fixtures for tests of backups."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.settings import SearchSettings
from search import open_index
from storage.backup import BackupFolder, BackupSource, MadeBackup, make_backup
from tests.support.stored import fill, objects, opened

SECRET = b"a key of the home"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with three dossiers, a database with a log, a key, and entries of the audit log."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    drops = tmp_path / "drops"
    drops.mkdir()
    fill(opened(home), open_index(SearchSettings(), home), drops)
    with closing(sqlite3.connect(home / "accounts.sqlite3")) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE people(name TEXT)")
        db.execute("INSERT INTO people VALUES ('an')")
        db.commit()
    (home / "keys").mkdir(mode=0o700, exist_ok=True)
    (home / "keys" / "accounts").write_bytes(SECRET)
    return home


@pytest.fixture
def folder(tmp_path: Path) -> BackupFolder:
    return BackupFolder(tmp_path / "backups")


def back_up(home: Path, folder: BackupFolder, keep: int = 30) -> MadeBackup:
    return make_backup(BackupSource(home, "0.2.0"), folder, keep=keep)


def stored(home: Path) -> dict[str, bytes]:
    """Return the objects of a store."""
    root = home / "store"
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in objects(home)}
