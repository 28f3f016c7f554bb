"""Makes a backup: objects that are there already are not copied again; killed, it left none.

Order matters, as everybody goes on writing meanwhile. Databases are copied before the store, so
that none knows a record which the backup lacks. A dossier's records are listed first and what they
name afterwards, so that whatever a listed record names is listed too.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.private_files import create_private, fsync_folder
from storage import keys
from storage.backup.files import copy_whole
from storage.backup.folder import (
    HEADER,
    HEADER_FORM,
    HOME,
    OBJECTS,
    SETS,
    STORE,
    SUMS,
    BackupFolder,
    BackupHeader,
    BackupRefusedError,
    bytes_sha256,
)
from storage.backup.home_part import BackupSource, CopiedFiles, HomePart
from storage.disk import DiskStore

# First the records, then what they name; the audit log last, after its live files.
LASTING = (
    keys.DOSSIERS,
    keys.ORIGINALS,
    "pages/",
    keys.DERIVED,
    keys.CODES,
    keys.DECISIONS,  # they name drops
    keys.RECEIPTS,
    keys.EXCHANGE,
    keys.CORRECTIONS,
)
PASSING = (keys.PENDING, keys.PROPOSALS, keys.LEASES)  # written over, or removed one day
_LISTINGS = 5  # of the audit log, until two agree


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """What a run of `sohoa backup` did."""

    header: BackupHeader
    new_objects: int
    new_bytes: int
    damaged: tuple[str, ...]  # keys of the store that are gone or not as they were written
    removed: tuple[str, ...]  # names of older backups that were removed


def make_backup(
    source: BackupSource, folder: BackupFolder, keys_folder: Path | None = None, keep: int = 30
) -> MadeBackup:
    """Make a backup and remove the oldest ones beyond those to be kept; no object is removed.

    Args:
        source: the home to be backed up.
        folder: the folder of backups; made where it is missing.
        keys_folder: where keys go instead of lying beside what they open.
        keep: how many backups are kept.

    Raises:
        BackupRefusedError: the folder is not usable, too small, or lies in the home.
        OSError: a file cannot be read or written.
        sqlite3.Error: a database is damaged, or locked for long.
    """
    _check_place(source.home, folder.path)
    with folder.writing():
        return _Maker(source, folder, keys_folder).make(keep)


class _Maker:
    def __init__(self, source: BackupSource, folder: BackupFolder, keys_folder: Path | None):
        self._source = source
        self._folder = folder
        self._name = folder.new_name()
        self._own = folder.arriving / self._name
        self._store = DiskStore(source.home / STORE)
        self._copied = CopiedFiles(self._own, f"{SETS}/{self._name}/")
        self._home = HomePart(source, self._copied, keys_folder)
        self._before = self._known()

    def _known(self) -> dict[str, str]:
        """Return the objects of the newest whole backup: known to be whole on the disk."""
        for name in reversed(self._folder.names()):
            with suppress(BackupRefusedError):
                files = self._folder.find(name).files()
                return {each: sha for each, sha in files.items() if each.startswith(OBJECTS)}
        return {}

    def make(self, keep: int) -> MadeBackup:
        for folder in (STORE, HOME):
            (self._own / folder).mkdir(parents=True, mode=0o700)
        self._home.copy_audit_files()
        self._home.copy_databases()
        if self._source.has_store:
            self._copy_store()
        header = self._finish(self._home.copy_keys(self._name))
        removed = tuple(self._folder.names()[: -max(1, keep)])
        for name in removed:
            gone = self._folder.arriving / name
            (self._folder.path / SETS / name).rename(gone)
            shutil.rmtree(gone)
        done = self._copied
        damaged = tuple(sorted(done.damaged))
        return MadeBackup(header, done.new_objects, done.new_bytes, damaged, removed)

    def _copy_store(self) -> None:
        lasting = [key for part in LASTING for key in self._store.keys(part)]
        lasting += self._audit_segments()
        waiting = [key for part in PASSING for key in self._store.keys(part)]
        new = [key for key in lasting if not self._is_there(key)]
        self._check_room(new)
        for key in new:
            self._copy_object(key)
        for key in waiting:
            with suppress(FileNotFoundError):  # it was worked off meanwhile
                self._copied.copy(self._source.home / STORE / key, f"{STORE}/{key}")

    def _audit_segments(self) -> list[str]:
        """List the sealed segments until two listings agree: seals name one another."""
        listed = list(self._store.keys(keys.AUDIT))
        for _ in range(_LISTINGS):
            again = list(self._store.keys(keys.AUDIT))
            if again == listed:
                break
            listed = again
        self._home.leave_out_sealed(listed)
        return listed

    def _is_there(self, key: str) -> bool:
        """Take an object over from the backup before, where both have the same size."""
        name = f"{OBJECTS}/{key}"
        if (sha256 := self._before.get(name)) is None:
            return False
        try:
            size = (self._source.home / STORE / key).stat().st_size
            if (self._folder.path / name).stat().st_size != size:
                return False
        except OSError:
            return False
        self._copied.sums[name] = sha256
        self._copied.bytes += size
        return True

    def _check_room(self, new: Iterable[str]) -> None:
        wanted = 0
        for key in new:
            with suppress(OSError):
                wanted += (self._source.home / STORE / key).stat().st_size
        free = shutil.disk_usage(self._folder.path).free
        if wanted > free:
            raise BackupRefusedError(
                f"Nơi sao lưu còn {free / 1e9:.1f} GB, cần thêm {wanted / 1e9:.1f} GB.",
                "Chọn ổ lớn hơn; các bản sao lưu trước vẫn nguyên.",
            )

    def _copy_object(self, key: str) -> None:
        target = self._folder.path / OBJECTS / key
        arriving = self._folder.arriving / "object"
        try:
            sha256, size = copy_whole(self._source.home / STORE / key, arriving, target)
        except FileNotFoundError:
            self._copied.damaged.append(key)
            return
        named = keys.parse_key(key).get("original") and not key.endswith(".owner")
        if named and sha256 != key.removeprefix(keys.ORIGINALS):
            target.unlink()
            self._copied.damaged.append(key)
            return
        self._copied.sums[f"{OBJECTS}/{key}"] = sha256
        self._copied.bytes += size
        self._copied.new_objects += 1
        self._copied.new_bytes += size

    def _finish(self, key_sums: dict[str, str]) -> BackupHeader:
        """Write list and header, bring all to the disk, and only then give the backup its name."""
        sums = self._copied.sums
        text = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(sums.items())).encode()
        create_private(self._own / SUMS, text)
        objects = [name for name in sums if name.startswith(OBJECTS)]
        header = BackupHeader(
            self._name,
            datetime.now(UTC),
            self._source.version,
            len({name.split("/")[2] for name in objects if name.startswith("objects/dossiers/")}),
            len(objects),
            self._copied.bytes,
            bytes_sha256(text),
            key_sums,
            self._home.has_keys_apart,
            self._source.lacks,
        )
        create_private(self._own / HEADER, HEADER_FORM.dump(header))
        os.sync()  # one wait for all files: each was written without one
        self._own.rename(self._folder.path / SETS / self._name)
        fsync_folder(self._folder.path / SETS)
        return header


def _check_place(home: Path, folder: Path) -> None:
    """Refuse a folder inside the home: the home is what may be lost.

    Raises:
        BackupRefusedError: it lies there, or the home lies in it.
    """
    inside = folder.resolve().is_relative_to(home.resolve())
    if inside or home.resolve().is_relative_to(folder.resolve()):
        raise BackupRefusedError(
            f"{folder} nằm chung với kho ({home}).", "Chọn thư mục ở ổ đĩa hoặc máy khác."
        )
