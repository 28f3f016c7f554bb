"""Keeps files that are sent in parts, until they are whole; a lost connection loses one part.

They lie in a private folder of the home: what came so far, and a note of its name, length and the
account that sends it. Nobody else may go on with it. What is left over is removed after a time,
and what accounts have only said that they will send keeps no more than a share of the disk.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.desk.claims import alone, is_locked
from pipeline.errors import ObjectExistsError, ObjectMissingError, SohoaError
from pipeline.intake.uploads import UploadRefusedError, safe_name
from pipeline.private_files import create_private
from pipeline.settings import UPLOADS, WebSettings

MOST_OPEN = 200  # files that one account may have half sent
# What is still to come of all accounts reserves less than half of the free space: each account
# may have half of what the others left of that half, the first one a quarter of all.
TOGETHER, EACH = 2, 2
EMPTY_SECONDS = 600  # after which a file is forgotten of which nothing came
COPIES = 3  # of a file that intake needs space for: what came, its private copy, the stored one
_PARTS = ".parts"  # hidden: no watcher takes it for a drop
_DIGITS = frozenset("0123456789abcdef")
_ID_LENGTH = 32


class UploadTooLargeError(SohoaError):
    """A file is larger than the settings allow."""

    http_status = 413


class DiskFullError(SohoaError):
    """The disk of the home has no space for what somebody wants to send."""

    http_status = 507  # RFC 4918: Insufficient Storage


@dataclass(frozen=True, slots=True)
class PartUpload:
    """A file that is being sent."""

    id: str
    account: str
    name: str  # as it will be kept
    length: int  # bytes of the whole
    offset: int  # bytes that came
    path: Path

    @property
    def is_whole(self) -> bool:
        """Whether all of it came."""
        return self.offset == self.length

    @property
    def coming(self) -> int:
        """Bytes of which its sender has only said that they will come."""
        return self.length - self.offset


class PartUploads:
    """The files of a home that are being sent in parts."""

    def __init__(self, home: Path, settings: WebSettings) -> None:
        self._above = home / UPLOADS / _PARTS
        self._home = home
        self._settings = settings

    def begin(self, account: str, name: str, length: int) -> PartUpload:
        """Make place for a file.

        Args:
            account: the account that sends it.
            name: the name as the sender wrote it.
            length: its length in bytes.

        Raises:
            DiskFullError: there is no space for it, or no more for this account.
            OSError: the home cannot be written to.
            UploadRefusedError: its name cannot be kept, or the account sends too many at a time.
            UploadTooLargeError: it is larger than the settings allow.
        """
        most = self._settings.part_upload_mib << 20
        if not 0 <= length <= most:
            raise UploadTooLargeError(
                f"Tệp lớn quá {self._settings.part_upload_mib} MiB.",
                "Chia tệp ra, hoặc chép vào thư mục quét; người vận hành nâng mức này được.",
            )
        kept = safe_name(name)
        self._above.mkdir(parents=True, exist_ok=True, mode=0o700)
        with alone(self._above):  # two at once would both find the same space
            self.clean()
            known = list(self._all())
            if sum(each.account == account for each in known) >= MOST_OPEN:
                raise UploadRefusedError(
                    f"Đang có {MOST_OPEN} tệp gửi dở.", "Gửi xong hoặc bỏ các tệp đó trước."
                )
            self.check_space(length, known)
            self._check_share(length, account, known)
            return self._make(account, kept, length)

    def _make(self, account: str, kept: str, length: int) -> PartUpload:
        place = self._above / secrets.token_hex(_ID_LENGTH // 2)
        place.mkdir(mode=0o700)
        create_private(place / "data", b"")
        told = {"account": account, "name": kept, "length": length}
        create_private(place / "note.json", json.dumps(told).encode())
        return PartUpload(place.name, account, kept, length, 0, place / "data")

    def check_space(self, length: int, known: list[PartUpload] | None = None) -> None:
        """Raise ``DiskFullError`` for what would fill the disk, with all that was begun."""
        if known is None:
            self.clean()
            known = list(self._all())
        if length * COPIES > self._free() - _owed(known):
            raise DiskFullError(
                "Ổ đĩa của kho không đủ chỗ cho tệp này.",
                "Báo người vận hành dọn hoặc thêm ổ đĩa; tệp của bạn chưa được gửi.",
            )

    def _check_share(self, length: int, account: str, known: list[PartUpload]) -> None:
        others = sum(each.coming for each in known if each.account != account)
        mine = length + sum(each.coming for each in known if each.account == account)
        if mine * COPIES > (self._free() // TOGETHER - others * COPIES) // EACH:
            theirs = " (người khác cũng đang gửi tệp)" if others else ""
            raise DiskFullError(
                f"Các tệp bạn gửi dở vượt phần ổ đĩa mà một người được giữ trước{theirs}.",
                "Gửi xong hoặc bỏ các tệp gửi dở rồi gửi tiếp; tệp quá lớn thì chia ra.",
            )

    def _free(self) -> int:
        return shutil.disk_usage(self._home).free - (self._settings.spare_mib << 20)

    def find(self, upload: str, account: str) -> PartUpload:
        """Return a file that an account sends. Raises ``ObjectMissingError``."""
        place = self.place(upload)
        found = self._load(place) if place else None
        if found is None or found.account != account:
            raise ObjectMissingError(
                "Không có tệp gửi dở này.",
                "Tệp đã giao xong thì xem biên nhận; chưa giao thì gửi lại từ đầu.",
            )
        return found

    def place(self, upload: str) -> Path | None:
        """Return where a file of an id lies, if there is one; None: nothing has such an id."""
        return self._above / upload if _is_id(upload) else None

    @contextmanager
    def part(self, upload: str, account: str, offset: int) -> Iterator[BinaryIO]:
        """Lend the file to write the next bytes to; they are on the disk when the block ends.

        Args:
            upload: the id of the upload.
            account: the account that sends it.
            offset: the number of bytes that came, as the sender believes.

        Raises:
            ObjectExistsError: another connection writes it, or other bytes come next.
            ObjectMissingError: there is no such upload of this account.
        """
        found = self.find(upload, account)
        with found.path.open("r+b", buffering=0) as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise _out_of_step() from error
            if stream.seek(0, os.SEEK_END) != offset:
                raise _out_of_step()
            try:
                yield stream
            finally:
                os.fsync(stream.fileno())

    def remove(self, upload: str, account: str) -> None:
        """Forget a file that an account sends. Raises ``ObjectMissingError``."""
        shutil.rmtree(self.find(upload, account).path.parent, ignore_errors=True)

    def clean(self) -> None:
        """Remove what was left alone for longer than the settings say, or never came at all."""
        now = time.time()
        for place in self._places():
            with suppress(OSError):
                path = place / "data"
                age = now - (path if path.exists() else place).stat().st_mtime
                if age > self._longest(place) and not is_locked(path):
                    shutil.rmtree(place, ignore_errors=True)

    def _longest(self, place: Path) -> float:
        """Return after how many seconds what lies in a place is forgotten."""
        found = self._load(place)
        is_empty = found is not None and not found.offset and not found.is_whole
        longest = self._settings.part_hours * 3_600
        return min(longest, EMPTY_SECONDS) if is_empty else longest

    def _all(self) -> Iterator[PartUpload]:
        return filter(None, map(self._load, self._places()))

    def _places(self) -> list[Path]:
        return sorted(self._above.iterdir()) if self._above.is_dir() else []

    def _load(self, place: Path) -> PartUpload | None:
        try:
            told = json.loads((place / "note.json").read_bytes())
            path = place / "data"
            length, offset = int(told["length"]), path.stat().st_size
            return PartUpload(place.name, told["account"], told["name"], length, offset, path)
        except (OSError, ValueError, KeyError, TypeError):
            return None


def _owed(begun: list[PartUpload]) -> int:
    """Return the bytes that are still to be written of what was begun, with all its copies."""
    return sum(each.length * COPIES - each.offset for each in begun)


def _is_id(text: str) -> bool:
    return len(text) == _ID_LENGTH and set(text) <= _DIGITS


def _out_of_step() -> ObjectExistsError:
    return ObjectExistsError(
        "Phần này không nối tiếp những gì đã nhận.", "Hỏi lại đã nhận đến đâu rồi gửi tiếp."
    )
