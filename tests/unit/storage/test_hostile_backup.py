"""A backup that somebody changed, cut or forged gives back nothing wrong and leads nowhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from storage.backup import BackupFolder, BackupRefusedError, check_backup, restore_backup
from storage.backup.folder import HEADER, HEADER_FORM, SUMS, bytes_sha256
from tests.support.backed_up import back_up, folder, home, stored
from tests.support.stored import flip

__all__ = ["folder", "home"]


def sets_of(folder: BackupFolder) -> Path:
    return folder.path / "sets" / folder.names()[-1]


def forge(folder: BackupFolder, line: str) -> None:
    """Add a line to the list of the newest backup, with hashes that fit: its owner is hostile."""
    place = sets_of(folder)
    text = (place / SUMS).read_bytes() + line.encode()
    (place / SUMS).write_bytes(text)
    header = HEADER_FORM.load((place / HEADER).read_bytes())
    kept = {name: getattr(header, name) for name in header.__dataclass_fields__}
    forged = type(header)(**kept | {"sums": bytes_sha256(text)})
    (place / HEADER).write_bytes(HEADER_FORM.dump(forged))


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/x",
        "/etc/passwd",
        "objects/../../evil",
        "objects/originals/../../evil",
        "sets/{set}/data/../../evil",
        "sets/{set}/data/sohoa.toml",
        "sets/{set}/data/audit/../evil",
        "sets/{set}/keys/accounts",
        "sets/another/data/accounts.sqlite3",
        "objects/watchers/../x",
    ],
)
def test_a_list_that_leads_elsewhere_is_refused(
    home: Path, folder: BackupFolder, tmp_path: Path, name: str
) -> None:
    back_up(home, folder)
    forge(folder, f"{bytes_sha256(b'')}  {name.format(set=folder.names()[-1])}\n")
    new = tmp_path / "deep" / "new"
    with pytest.raises(BackupRefusedError):
        restore_backup(folder.find(), new, None)
    with pytest.raises(BackupRefusedError):
        check_backup(folder.find(), None)
    assert not new.exists()
    assert not list(tmp_path.rglob("evil"))


def test_a_link_in_a_backup_is_not_followed(
    home: Path, folder: BackupFolder, tmp_path: Path
) -> None:
    back_up(home, folder)
    secret = tmp_path / "secret"
    secret.write_bytes((sets_of(folder) / "data" / "accounts.sqlite3").read_bytes())
    (sets_of(folder) / "data" / "accounts.sqlite3").unlink()
    (sets_of(folder) / "data" / "accounts.sqlite3").symlink_to(secret)
    faults = check_backup(folder.find(), None).faults
    assert [name.rpartition("/")[2] for name, _ in faults] == ["accounts.sqlite3"]
    with pytest.raises(OSError):
        restore_backup(folder.find(), tmp_path / "new", None)


@pytest.mark.parametrize("half", [HEADER, SUMS])
def test_half_a_backup_is_refused(
    home: Path, folder: BackupFolder, tmp_path: Path, half: str
) -> None:
    back_up(home, folder)
    (sets_of(folder) / half).unlink()
    with pytest.raises(BackupRefusedError, match="không dùng được"):
        restore_backup(folder.find(), tmp_path / "new", None)
    assert not (tmp_path / "new").exists()


def test_the_drill_names_what_rotted(home: Path, folder: BackupFolder) -> None:
    back_up(home, folder)
    kept = sorted(path for path in (folder.path / "objects").rglob("*") if path.is_file())
    flip(kept[0], 5)
    kept[-1].unlink()
    name = sets_of(folder) / "keys" / "accounts"
    name.write_bytes(b"another")
    faults = dict(check_backup(folder.find(), None).faults)
    assert faults == {
        kept[0].relative_to(folder.path).as_posix(): "đã thay đổi",
        kept[-1].relative_to(folder.path).as_posix(): "bị mất",
        "keys/accounts": "khóa đã thay đổi",
    }


def test_a_damaged_backup_is_not_restored_as_if_it_were_whole(
    home: Path, folder: BackupFolder, tmp_path: Path
) -> None:
    back_up(home, folder)
    flip(next(path for path in (folder.path / "objects" / "originals").iterdir()), 3)
    with pytest.raises(BackupRefusedError, match="đã thay đổi"):
        restore_backup(folder.find(), tmp_path / "new", None)
    assert (tmp_path / "new" / "restoring.json").exists(), "the home says that it is half"


def test_nothing_is_restored_over_papers(home: Path, folder: BackupFolder) -> None:
    back_up(home, folder)
    before = stored(home)
    with pytest.raises(BackupRefusedError, match="không trống"):
        restore_backup(folder.find(), home, None)
    assert stored(home) == before


def test_a_live_key_is_not_replaced(home: Path, folder: BackupFolder, tmp_path: Path) -> None:
    back_up(home, folder)
    new = tmp_path / "new"
    key = new / "keys" / "accounts"
    key.parent.mkdir(parents=True)
    key.write_bytes(b"what encrypts accounts on a server")
    with pytest.raises(BackupRefusedError, match="accounts") as refused:
        restore_backup(folder.find(), new, None)
    assert "chuyển nó ra chỗ khác" in refused.value.remedy
    assert key.read_bytes() == b"what encrypts accounts on a server"
    assert [path.name for path in new.iterdir()] == ["keys"], "nothing was begun"


def test_an_equal_key_is_kept(home: Path, folder: BackupFolder, tmp_path: Path) -> None:
    back_up(home, folder)
    new = tmp_path / "new"
    shutil.copytree(home / "keys", new / "keys")
    restore_backup(folder.find(), new, None)
    assert stored(new) == stored(home)


def test_a_restore_goes_on_where_it_was(home: Path, folder: BackupFolder, tmp_path: Path) -> None:
    back_up(home, folder)
    new = tmp_path / "new"
    kept = next(path for path in (folder.path / "objects" / "originals").iterdir())
    away = shutil.move(kept, tmp_path / "away")
    with pytest.raises(BackupRefusedError, match="bị mất"):
        restore_backup(folder.find(), new, None)
    shutil.move(away, kept)
    assert restore_backup(folder.find(), new, None).went_on
    assert stored(new) == stored(home)
    assert not (new / "restoring.json").exists()
    assert not list(new.glob(".restor*"))
