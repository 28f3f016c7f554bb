"""Checks a backup as a drill: reads every byte, opens every database and every dossier."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pipeline.errors import RecordError
from pipeline.records import RECORD
from storage import keys
from storage.backup.files import check_database, chunks_of, copy_whole, file_sha256, read_plain
from storage.backup.folder import KEY_FILE, KEYS, OBJECTS, BackupSet

Track = Callable[[list[str]], Iterable[str]]  # passes names on and shows progress


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a drill found."""

    name: str  # of the backup
    files: int  # that were read and hashed
    bytes: int
    dossiers: int  # of which the newest record was opened, and its originals looked for
    databases: int  # that were copied away, opened and read
    keys: int | None  # that were hashed; None: they lie apart, and nobody said where
    faults: tuple[tuple[str, str], ...]  # file, and what is wrong with it in Vietnamese


def check_backup(chosen: BackupSet, keys_folder: Path | None, track: Track = iter) -> CheckReport:
    """Read a backup as restoring it would, without a home to restore it to.

    Args:
        chosen: the backup.
        keys_folder: where its keys lie, when they lie apart.
        track: passes the names of files on and shows progress.

    Raises:
        BackupRefusedError: it is half a backup.
    """
    return _Checker(chosen, keys_folder).check(track)


class _Checker:
    def __init__(self, chosen: BackupSet, keys_folder: Path | None) -> None:
        self._set = chosen
        self._keys_folder = keys_folder
        self._files = chosen.files()
        self._faults: dict[str, str] = {}
        self._bytes = 0

    def check(self, track: Track) -> CheckReport:
        for name in track(sorted(self._files)):
            self._hash(name)
        dossiers = sum(self._open_dossier(records) for records in self._newest_records())
        databases = [name for name in self._files if name.endswith(".sqlite3")]
        with tempfile.TemporaryDirectory(prefix="drill-") as scratch:
            for name in databases:
                self._open_database(name, Path(scratch))
        hashed = self._hash_keys()
        return CheckReport(
            self._set.header.name,
            len(self._files),
            self._bytes,
            dossiers,
            len(databases),
            hashed,
            tuple(sorted(self._faults.items())),
        )

    def _hash(self, name: str) -> None:
        try:
            if file_sha256(self._counted(name)) != self._files[name]:
                self._faults[name] = "đã thay đổi"
        except FileNotFoundError:
            self._faults[name] = "bị mất"
        except OSError as error:
            self._faults[name] = f"không đọc được ({error.strerror})"

    def _counted(self, name: str) -> Iterator[bytes]:
        for chunk in chunks_of(self._set.folder / name):
            self._bytes += len(chunk)
            yield chunk

    def _newest_records(self) -> Iterator[str]:
        """Yield the newest record of each dossier, by its name in the list."""
        prefix = f"{OBJECTS}/{keys.DOSSIERS}"
        records = sorted(name for name in self._files if name.startswith(prefix))
        for _, versions in groupby(records, key=lambda name: name.split("/")[2]):
            yield max(versions)

    def _open_dossier(self, record: str) -> bool:
        """Open a dossier's newest record and look for its originals."""
        if record in self._faults:
            return False
        try:
            opened = RECORD.load(read_plain(self._set.folder / record))
        except (OSError, RecordError):
            self._faults[record] = "bản ghi không mở được"
            return False
        for scan in opened.dossier.scans:
            if (name := f"{OBJECTS}/{keys.original(scan.sha256)}") not in self._files:
                self._faults[name] = "bản ghi nhắc tới, không có trong bản sao lưu"
        return True

    def _open_database(self, name: str, scratch: Path) -> None:
        """Open a copy: opening the file itself could change it."""
        if name in self._faults:
            return
        copy = scratch / Path(name).name
        try:
            copy_whole(self._set.folder / name, scratch / "arriving", copy)
            check_database(copy)
        except (OSError, sqlite3.Error):
            self._faults[name] = "cơ sở dữ liệu không mở được"

    def _hash_keys(self) -> int | None:
        header = self._set.header
        if header.keys_apart and self._keys_folder is None:
            return None
        place = key_place(self._set, self._keys_folder)
        for name, sha256 in header.keys.items():
            try:
                if not KEY_FILE.fullmatch(name) or file_sha256(chunks_of(place / name)) != sha256:
                    self._faults[f"{KEYS}/{name}"] = "khóa đã thay đổi"
            except OSError:
                self._faults[f"{KEYS}/{name}"] = "khóa bị mất"
        return len(header.keys)


def key_place(chosen: BackupSet, keys_folder: Path | None) -> Path:
    """Return the folder of a backup's keys.

    Args:
        chosen: the backup.
        keys_folder: where keys lie that lie apart.
    """
    if chosen.header.keys_apart and keys_folder is not None:
        return keys_folder / chosen.header.name
    return chosen.path / KEYS
