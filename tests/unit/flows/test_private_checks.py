"""What `sohoa doctor` says of files that others can read, and of folders that are not ours."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from accounts import open_accounts
from flows.upkeep.private_checks import check_private_files
from pipeline.leases import process_identity
from pipeline.private_files import close_home
from pipeline.settings import Settings
from storage.audit.words import make_auditor_keys


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("TMPDIR", raising=False)
    folder = tmp_path / "home"
    (folder / "store").mkdir(parents=True, mode=0o700)
    (folder / "inbox").mkdir()
    return folder


def test_a_home_for_its_own_user_needs_nothing(home: Path) -> None:
    assert list(check_private_files(home, [home / "inbox"])) == []


def test_what_others_can_read_is_named_with_the_command_that_closes_it(home: Path) -> None:
    (home / "store").chmod(0o755)
    (found,) = check_private_files(home, [home / "inbox"])
    assert "store" in found.detail
    assert "chmod" in found.remedy


def test_temporary_folders_of_killed_processes_are_told_and_those_of_live_ones_are_not(
    home: Path,
) -> None:
    for name in (process_identity(os.getpid()).replace(":", "_"), "not ours"):
        (home / "tmp" / name).mkdir(parents=True)
    (home / "tmp").chmod(0o700)
    assert list(check_private_files(home, [home / "inbox"])) == []
    gone = process_identity(os.getpid()).rsplit(":", 2)[0]
    (home / "tmp" / f"{gone}_999999999_1").mkdir()
    (found,) = check_private_files(home, [home / "inbox"])
    assert found.part == "tệp tạm"


@pytest.mark.parametrize("name", ["_loi", "_bien_nhan"])
@pytest.mark.parametrize("kind", ["link", "file", "another user's"])
def test_a_folder_of_ours_that_is_not_ours_is_told(home: Path, name: str, kind: str) -> None:
    path = home / "inbox" / name
    if kind == "link":
        path.symlink_to(home)
    elif kind == "file":
        path.touch()
    else:
        if os.geteuid() != 0:
            pytest.skip("needs root, to act as two users")
        path.mkdir()
        os.chown(path, 65534, 65534)
    (found,) = check_private_files(home, [home / "inbox"])
    assert f"«{name}» không phải do chương trình tạo" in found.detail
    assert not found.is_well


def test_a_home_named_by_mistake_keeps_the_modes_of_what_is_not_ours(home: Path) -> None:
    """SOHOA_HOME=/srv must not lock everybody out of /srv."""
    (home / "web").mkdir(mode=0o755)
    (home / "index.html").write_text("của người khác")
    modes = {path: path.stat().st_mode for path in (home, home / "web")}
    (home / "store").chmod(0o755)
    close_home(home, [home / "inbox"])
    assert {path: path.stat().st_mode for path in modes} == modes
    assert (home / "store").stat().st_mode & 0o777 == 0o700, "what is ours is closed anyway"
    assert list(check_private_files(home, [home / "inbox"])) == []


def test_a_home_of_ours_is_closed_whole(home: Path) -> None:
    home.chmod(0o755)
    for name in ("index.sqlite3", "verify.sqlite3-wal", ".watch.json.7.8", "sohoa.toml"):
        (home / name).touch(0o644)
    close_home(home, [home / "inbox"])
    assert home.stat().st_mode & 0o777 == 0o711, "the way to the inbox"
    (home / "inbox").rmdir()
    close_home(home, [])
    assert home.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o077 == 0 for path in home.iterdir())


def test_accounts_keys_and_audit_log_are_ours(home: Path, tmp_path: Path) -> None:
    """A folder `keys` that others may enter shows them whose numbers a hash stands for."""
    settings = Settings(home=home)
    accounts = open_accounts(settings.accounts, home)
    accounts.close()
    make_auditor_keys(tmp_path / "auditor.key", home)
    (home / "audit").mkdir()
    home.chmod(0o755)
    for path in home.iterdir():
        path.chmod(0o755)
    close_home(home, [])
    assert home.stat().st_mode & 0o777 == 0o700
    made = {path.name: path.stat().st_mode & 0o077 for path in home.iterdir()}
    assert {"accounts.sqlite3", "keys", "audit"} <= made.keys()
    assert not any(made.values()), made
