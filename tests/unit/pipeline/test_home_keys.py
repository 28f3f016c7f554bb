"""Keys of a home on a disk that takes no file now: said as the disk's fault, and made later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from accounts.keys import load_keys
from owners.keys import load_key
from pipeline.errors import MisconfiguredError, ServiceUnavailableError
from pipeline.settings import AccountSettings, OwnerSettings, SearchSettings
from search.text.number_keys import number_hash
from tests.faults.test_full_and_read_only import disk, fill, needs_mount, remount

KEYS: dict[str, Callable[[Path], object]] = {
    "accounts": lambda home: load_keys(AccountSettings(), home),
    "owners": lambda home: load_key(OwnerSettings(), home),
    "search": lambda home: number_hash(SearchSettings(), home).fingerprint,
}


@needs_mount
@pytest.mark.parametrize("kind", KEYS)
def test_a_full_disk_is_told_as_such_and_a_key_is_made_once_there_is_room(
    tmp_path: Path, kind: str
) -> None:
    with disk(tmp_path / "home") as home:
        ballast = fill(home, 0)
        with pytest.raises(ServiceUnavailableError, match="đầy") as told:
            KEYS[kind](home)
        assert told.value.retryable
        assert not list((home / "keys").glob("*")), "half a key is left"
        ballast.unlink()
        KEYS[kind](home)
        assert len(list((home / "keys").iterdir())) == 1


@needs_mount
@pytest.mark.parametrize("kind", KEYS)
def test_a_read_only_disk_is_told_as_such(tmp_path: Path, kind: str) -> None:
    with disk(tmp_path / "home") as home:
        remount(home, "ro")
        with pytest.raises(ServiceUnavailableError, match="chỉ cho đọc"):
            KEYS[kind](home)


@pytest.mark.parametrize("kind", KEYS)
def test_a_key_that_cannot_be_read_is_the_operators_fault(tmp_path: Path, kind: str) -> None:
    (tmp_path / "keys").write_text("a file where the folder should be")
    with pytest.raises(MisconfiguredError, match="tệp khóa"):
        KEYS[kind](tmp_path)
