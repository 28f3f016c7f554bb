"""Copies what of a home is no object of the store: databases, newest audit entries, keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.private_files import fsync_folder
from storage import keys
from storage.audit.live_file import name_of, place_of
from storage.backup.files import copy_database, copy_whole
from storage.backup.folder import HOME, KEYS

DATABASES = ("accounts.sqlite3", "owners.sqlite3", "review.sqlite3")
_CATALOGUE = "procedures.csv"


@dataclass(frozen=True, slots=True)
class BackupSource:
    """What is backed up: a home, and what of it lies on servers instead."""

    home: Path
    version: str
    has_store: bool = True  # False: the store is a bucket
    databases: tuple[str, ...] = DATABASES  # those of the home; others are on PostgreSQL
    lacks: tuple[str, ...] = ()  # Vietnamese


@dataclass
class CopiedFiles:
    """What a backup under way has so far; files that it alone has are copied by this."""

    own: Path  # the folder of these files
    prefix: str  # how their names begin in the list
    sums: dict[str, str] = field(default_factory=dict)  # name in the list -> SHA-256
    bytes: int = 0
    new_objects: int = 0
    new_bytes: int = 0
    damaged: list[str] = field(default_factory=list)  # keys

    def copy(self, source: Path, inside: str) -> None:
        """Copy a file. Raises ``OSError``.

        Args:
            source: the file.
            inside: its path below the folder of the backup.
        """
        arriving = self.own / ".arriving"
        sha256, size = copy_whole(source, arriving, self.own / inside)
        self.sums[self.prefix + inside] = sha256
        self.bytes += size

    def leave_out(self, inside: str) -> None:
        """Take a file out again."""
        (self.own / inside).unlink(missing_ok=True)
        self.sums.pop(self.prefix + inside, None)


class HomePart:
    """Copies the parts of a home that are no objects.

    Args:
        source: the home to be backed up.
        copied: the backup under way.
        keys_folder: where keys go; None: into the backup.
    """

    def __init__(self, source: BackupSource, copied: CopiedFiles, keys_folder: Path | None) -> None:
        self._home = source.home
        self._databases = source.databases
        self._copied = copied
        self._keys_folder = keys_folder

    @property
    def has_keys_apart(self) -> bool:
        """Whether keys go elsewhere."""
        return self._keys_folder is not None

    def copy_audit_files(self) -> None:
        """Copy what of the audit log is not in the store yet, as far as it is written."""
        for path in sorted((self._home / "audit").glob("*.jsonl")):
            if place_of(path) is not None:
                with suppress(FileNotFoundError):  # it was sealed just now
                    self._copied.copy(path, f"{HOME}/audit/{path.name}")

    def leave_out_sealed(self, segments: Iterable[str]) -> None:
        """Leave out what was sealed while it was copied.

        Args:
            segments: the keys of the segments that the backup has from the store.
        """
        for key in segments:
            if (place := keys.segment_of(key)) is not None:
                self._copied.leave_out(f"{HOME}/audit/{name_of(place)}")

    def copy_databases(self) -> None:
        """Copy databases and the catalogue. Raises ``sqlite3.Error``, ``OSError``."""
        for name in self._databases:
            if (self._home / name).is_file():
                arriving = self._copied.own / f"{name}.copy"
                copy_database(self._home / name, arriving)
                self._copied.copy(arriving, f"{HOME}/{name}")
                arriving.unlink()
        with suppress(FileNotFoundError):
            self._copied.copy(self._home / _CATALOGUE, f"{HOME}/{_CATALOGUE}")

    def copy_keys(self, name: str) -> dict[str, str]:
        """Copy the keys; return the SHA-256 of each.

        Args:
            name: the name of the backup, which their folder gets where they lie apart.
        """
        place = self._copied.own / KEYS
        if self._keys_folder is not None:
            place = self._keys_folder.absolute() / name
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        sums = {}
        for path in _keys(self._home / KEYS):
            sums[path.name], _ = copy_whole(path, place / f".{path.name}", place / path.name)
        fsync_folder(place)
        return sums


def _keys(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        found = (one for one in sorted(folder.iterdir()) if not one.name.startswith("."))
        yield from (one for one in found if one.is_file())
