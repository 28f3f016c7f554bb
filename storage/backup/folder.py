"""Lays out a folder of backups: objects that all backups share, and a folder for each backup.

::

    sohoa-backup.json                      says that the folder is ours
    objects/<key>                          objects that never change, each once for all backups
    sets/<yyyymmddThhmmssZ>/backup.json    a backup: when it was made, and the hash of its list
    sets/<…>/SHA256SUMS                    its files; `sha256sum -c` reads it in the folder of all
    sets/<…>/store/<key>                   objects that change or go: queue, leases, proposals
    sets/<…>/data/<file>, keys/<file>      databases, the audit log's newest entries; keys
    .arriving/                             what a backup under way, or a killed one, has written

A backup gets its name only when it is whole and on the disk.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.errors import RecordError, SohoaError
from pipeline.private_files import create_private, fsync_folder
from pipeline.records import Codec
from storage.backup.files import file_sha256, read_plain
from storage.keys import parse_key

OBJECTS, SETS, ARRIVING = "objects", "sets", ".arriving"
HEADER, SUMS, MARK = "backup.json", "SHA256SUMS", "sohoa-backup.json"
STORE, HOME, KEYS = "store", "data", "keys"  # folders of a backup
# Files of the home that a backup has, and no others come back from one.
HOME_FILE = re.compile(
    r"(?:accounts|owners|review)\.sqlite3|procedures\.csv"
    r"|audit/\d{8}-[0-9a-f]+-\d{6,}\.jsonl"
)
KEY_FILE = re.compile(r"[a-z][a-z0-9.-]{0,60}")
_SET_NAME = re.compile(r"\d{8}T\d{6}Z")
_NAME = "%Y%m%dT%H%M%SZ"
_SUM_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")
_CLOSED = 0o700


class BackupRefusedError(SohoaError):
    """A folder of backups, or one backup, cannot be used as asked."""

    http_status = 409


@dataclass(frozen=True, slots=True)
class BackupHeader:
    """What a backup says of itself."""

    name: str
    made: datetime
    version: str  # of the software
    dossiers: int
    objects: int
    bytes: int  # of all its files
    sums: str  # SHA-256 of its list
    keys: dict[str, str]  # name of a key's file -> SHA-256
    keys_apart: bool  # they lie in another folder
    lacks: tuple[str, ...]  # Vietnamese: what belongs to the installation and is not in it


@dataclass(frozen=True, slots=True)
class Mark:
    """The file that makes a folder one of backups."""

    what: str = "sohoa backup"


HEADER_FORM, _MARK_FORM = Codec(BackupHeader), Codec(Mark)


@dataclass(frozen=True, slots=True)
class BackupSet:
    """One whole backup."""

    folder: Path  # of all backups
    header: BackupHeader

    @property
    def path(self) -> Path:
        """The folder of what is its own."""
        return self.folder / SETS / self.header.name

    def files(self) -> dict[str, str]:
        """Return its files, below the folder of all backups, each with its SHA-256.

        Raises:
            BackupRefusedError: the list is gone or changed, or names what no backup has.
        """
        try:
            data = read_plain(self.path / SUMS)
        except OSError as error:
            raise _half(self.header.name, "danh sách tệp không đọc được") from error
        lines = data.decode("utf-8", "replace").splitlines()
        parsed = [_SUM_LINE.fullmatch(line) for line in lines]
        found = {match[2]: match[1] for match in parsed if match}
        if bytes_sha256(data) != self.header.sums or len(found) != len(lines):
            raise _half(self.header.name, "danh sách tệp đã thay đổi")
        for name in found:
            self.place_of(name)
        return found

    def place_of(self, name: str) -> str:
        """Return where a listed file belongs in a home, as a path below it.

        Args:
            name: its name in the list.

        Raises:
            BackupRefusedError: no backup of ours has such a file; it may lead elsewhere.
        """
        own = f"{SETS}/{self.header.name}/"
        if name.startswith(f"{OBJECTS}/") and parse_key(name.removeprefix(f"{OBJECTS}/")):
            return f"{STORE}/" + name.removeprefix(f"{OBJECTS}/")
        if name.startswith(f"{own}{STORE}/") and parse_key(name.removeprefix(f"{own}{STORE}/")):
            return f"{STORE}/" + name.removeprefix(f"{own}{STORE}/")
        inside = name.removeprefix(f"{own}{HOME}/")
        if name.startswith(f"{own}{HOME}/") and HOME_FILE.fullmatch(inside):
            return inside
        raise _half(self.header.name, "danh sách có tệp lạ")


class BackupFolder:
    """A folder of backups."""

    def __init__(self, path: Path) -> None:
        """Take the folder as it is; nothing is made or read."""
        self.path = path.absolute()

    @property
    def arriving(self) -> Path:
        """The folder of what is not whole yet."""
        return self.path / ARRIVING

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Open the folder for one backup at a time; make and close it to others where needed.

        Raises:
            BackupRefusedError: it holds other things, or another backup is under way.
            OSError: it cannot be made or written.
        """
        self._make()
        descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._clear()
            yield
        except BlockingIOError as error:
            raise BackupRefusedError(
                "Một lần sao lưu khác đang ghi vào thư mục này.", "Chờ nó xong rồi chạy lại."
            ) from error
        finally:
            os.close(descriptor)

    def _make(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True, mode=_CLOSED)
        mark = self.path / MARK
        if not mark.exists():
            if strangers := [one.name for one in self.path.iterdir() if one.name != "lost+found"]:
                raise BackupRefusedError(
                    f"{self.path} có thứ khác trong đó ({strangers[0][:60]}).",
                    "Chọn một thư mục trống, hoặc một thư mục đã có bản sao lưu của Sohoa.",
                )
            self.path.chmod(_CLOSED)  # before anything of people lies in it
            create_private(mark, _MARK_FORM.dump(Mark()))
            fsync_folder(self.path)
        if stat.S_IMODE(self.path.stat().st_mode) & 0o077:
            self.path.chmod(_CLOSED)
        for folder in (OBJECTS, SETS, ARRIVING):
            (self.path / folder).mkdir(exist_ok=True, mode=_CLOSED)

    def _clear(self) -> None:
        """Remove what a killed backup left half done."""
        for left in self.arriving.iterdir():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink()

    @property
    def is_open_to_others(self) -> bool:
        """Whether other users of the machine may enter it: a share that forces modes."""
        return bool(stat.S_IMODE(self.path.stat().st_mode) & 0o077)

    def names(self) -> list[str]:
        """Return the names of its backups, oldest first."""
        folder = self.path / SETS
        if not folder.is_dir():
            return []
        return sorted(one.name for one in folder.iterdir() if _SET_NAME.fullmatch(one.name))

    def find(self, name: str = "") -> BackupSet:
        """Return a backup, the newest one unless another is named.

        Raises:
            BackupRefusedError: there is none, or it is half a backup.
        """
        names = self.names()
        if not names or (name and name not in names):
            which = f"bản «{name[:40]}»" if name else "bản sao lưu nào"
            known = f"Có: {', '.join(names[-5:])}." if names else "Tạo bản đầu: `sohoa backup`."
            raise BackupRefusedError(f"Không có {which} trong {self.path}.", known)
        chosen = name or names[-1]
        try:
            header = HEADER_FORM.load(read_plain(self.path / SETS / chosen / HEADER))
        except (OSError, RecordError) as error:
            raise _half(chosen, "không có hoặc hỏng backup.json") from error
        if header.name != chosen:
            raise _half(chosen, "tên không khớp")
        return BackupSet(self.path, header)

    def new_name(self) -> str:
        """Return the name of a backup that begins now; it sorts behind all others.

        Even when the clock was set back: the oldest are those that are removed.
        """
        now, names = datetime.now(UTC), self.names()
        if names:
            after = datetime.strptime(names[-1], _NAME).replace(tzinfo=UTC) + timedelta(seconds=1)
            now = max(now, after)
        return f"{now:{_NAME}}"


def bytes_sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes, hexadecimal."""
    return file_sha256([data])


def _half(name: str, why: str) -> BackupRefusedError:
    return BackupRefusedError(
        f"Bản sao lưu {name} không dùng được: {why}.",
        "Dùng bản khác: `sohoa restore THƯ_MỤC --set TÊN`.",
    )
