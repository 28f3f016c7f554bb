"""`sohoa backup` and `sohoa restore`: an office moves to an empty home, and drills are noted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.operation.notes import BackupNote, read_note
from pipeline.settings import SearchSettings
from search import open_index
from tests.support.stored import fill, flip, opened


def sohoa(home: Path, *words: object, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "SOHOA_HOME": str(home), **more},
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home, drops = tmp_path / "home", tmp_path / "drops"
    drops.mkdir()
    fill(opened(home), open_index(SearchSettings(), home), drops)
    return home


def test_an_office_moves_to_another_home(home: Path, tmp_path: Path) -> None:
    folder, new = tmp_path / "sao lưu", tmp_path / "new"
    done = sohoa(home, "user", "add", "an", "--role", "reader", "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(sohoa(home, "backup", folder, "--json").stdout)
    assert (made["dossiers"], made["damaged"], made["keys_apart"]) == (3, [], False)
    assert {"accounts", "index-numbers.key"} <= set(made["keys"])
    assert any("sohoa.toml" in lack for lack in made["lacks"])
    checked = sohoa(home, "restore", folder, "--check", "--json")
    report = json.loads(checked.stdout)
    assert (checked.returncode, report["dossiers"], report["faults"]) == (0, 3, [])
    restored = sohoa(new, "restore", folder)
    assert restored.returncode == 0, restored.stderr
    assert made["name"] in restored.stdout
    for words in (["reindex"], ["verify"], ["doctor", "reconcile"], ["audit", "verify"]):
        done = sohoa(new, *words)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
    names = [each["name"] for each in json.loads(sohoa(new, "user", "list", "--json").stdout)]
    assert names == ["an"]
    found = json.loads(sohoa(new, "search", "thửa đất", "--json").stdout)
    assert found["total"] == 1
    again = sohoa(new, "restore", folder)
    assert (again.returncode, "không trống" in again.stderr) == (1, True)


def test_the_last_backup_and_drill_are_noted(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    assert sohoa(home, "backup", folder).returncode == 0
    note = read_note(home, BackupNote)
    assert note is not None
    assert (note.folder, note.checked_at, note.damaged) == (str(folder), None, 0)
    flip(next(path for path in (folder / "objects" / "originals").iterdir()), 2)
    done = sohoa(home, "restore", folder, "--check")
    assert (done.returncode, "đã thay đổi" in done.stdout) == (1, True)
    note = read_note(home, BackupNote)
    assert note is not None
    assert (note.checked_name, note.check_faults) == (note.name, 1)


def test_it_says_where_keys_are_and_what_is_not_in_it(home: Path, tmp_path: Path) -> None:
    folder, apart = tmp_path / "backups", tmp_path / "khóa"
    told = sohoa(home, "backup", folder).stdout
    assert "nằm cùng bản sao lưu" in told
    assert "Không có trong bản sao lưu: tệp còn nằm trong thư mục theo dõi" in told
    told = sohoa(home, "backup", folder, "--keys", apart).stdout
    assert f"để riêng ở {apart}" in told
    served = {"SOHOA_ACCOUNTS__URL": "postgresql://a:mat-khau@127.0.0.1:9/x"}
    told = sohoa(home, "backup", folder, **served).stdout
    assert "tài khoản trên PostgreSQL: `pg_dump --schema=sohoa_accounts`" in told
    assert "mat-khau" not in told


def test_a_half_restored_home_is_not_served(home: Path) -> None:
    (home / "restoring.json").write_text("{}")
    done = subprocess.run(
        [sys.executable, "-c", "from flows.cli import entry; raise SystemExit(entry())", "watch"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "SOHOA_HOME": str(home)},
    )
    assert (done.returncode, "đang khôi phục dở" in done.stderr) == (1, True)


@pytest.mark.parametrize("words", [["backup"], ["backup", "x", "--keep", "0"], ["restore"]])
def test_wrong_usage_is_told(home: Path, words: list[str]) -> None:
    done = sohoa(home, *words)
    assert done.returncode == 2
    assert "lỗi" in done.stderr
