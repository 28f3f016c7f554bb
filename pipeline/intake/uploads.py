"""Takes files that came over the network into the spool, as if they had been dropped.

They are written into a private folder of the home, then moved into the spool by one rename: the
watcher takes up a whole upload or none. Its id is that of the drop, under which the receipts are
kept. A note says which account brought it; nobody else may ask for it.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pipeline import clock
from pipeline.errors import SohoaError, StorageUnavailableError
from pipeline.intake.handles import Folder
from pipeline.intake.spool import Spool, spool_folder
from pipeline.intake.watched.ignored import is_ignored
from pipeline.model import DropReceipts
from pipeline.plain_text import remove_unseen
from pipeline.ports import Archive
from pipeline.private_files import create_private, fsync_folder, is_left_over, process_folder
from pipeline.settings import UPLOADS

_ARRIVING, _NOTES = ".arriving", ".notes"  # hidden: no watcher takes them for drops
_CHUNK = 1 << 20  # bytes
_LONGEST_NAME = 180  # bytes of a name, below the 255 that file systems take
_KEPT_DAYS = 90  # of notes: no token lives longer
_TRIES = 3  # a watcher that tidies the spool may be faster once


class UploadRefusedError(SohoaError):
    """What was sent cannot become a drop: no file, a name that nobody can keep, a name twice."""

    http_status = 422


class SentFile(NamedTuple):
    """A file as it came: its name as the sender wrote it, and its bytes."""

    name: str
    content: BinaryIO | Path  # a path: a private file on the home's file system, which is linked


class KeptFile(NamedTuple):
    """A file of an upload as it was written: its name here, and what it holds."""

    name: str
    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class UploadNote:
    """What is remembered of an upload."""

    id: str  # that of the drop
    account: str
    at: datetime


def keep_upload(
    home: Path,
    name: str,
    files: Iterable[SentFile],
    note: UploadNote,
    *,
    origin: Path | None = None,
) -> tuple[KeptFile, ...]:
    """Hand an upload over to the watcher of a home; it is on the disk when this returns.

    Args:
        home: the home.
        name: the name of the dossier, under which the files lie in one folder; empty: the only
            file is the drop.
        files: the files; they are read to their ends.
        note: the id of the drop, who brings it, and when.
        origin: the watched folder that receipts name; None: that of uploads.

    Raises:
        UploadRefusedError: there is no file, or its name cannot be kept.
        StorageUnavailableError: the home is full or read-only.
    """
    try:
        with _arriving(home) as place:
            kept = _write(place, safe_name(name) if name else "", files)
            _claim(home, place, note, origin or home / UPLOADS)
    except OSError as error:
        raise StorageUnavailableError(
            f"Không ghi được tệp gửi lên ({error.strerror}).",
            "Thử lại sau; nếu vẫn lỗi, báo người vận hành xem chỗ trống của ổ đĩa.",
        ) from error
    return kept


def find_upload(home: Path, upload: str) -> UploadNote | None:
    """Return what is remembered of an upload; None when there is none of this id."""
    try:
        told = json.loads((home / UPLOADS / _NOTES / f"{upload}.json").read_bytes())
        return UploadNote(upload, told["account"], datetime.fromisoformat(told["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def receipts_of(note: UploadNote, archive: Archive) -> DropReceipts | None:
    """Return the receipts of an upload; None while its files have not been received.

    Raises:
        StorageUnavailableError: the store is away.
    """
    day = clock.local(note.at).date()
    for each in (day, day + timedelta(days=1)):  # the drop is claimed a moment later
        for receipts in archive.receipts(each):
            if receipts.drop == note.id:
                return receipts
    return None


def safe_name(name: str) -> str:
    """Return a name under which what was sent is kept: the last step of a path, all seen, NFC.

    Raises:
        UploadRefusedError: nothing is left, or no watcher takes files of this name.
    """
    text = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    last = remove_unseen(text.replace("\\", "/").rsplit("/", 1)[-1]).strip(". ")
    stem, dot, ending = last.rpartition(".")
    ending = f"{dot}{ending}" if stem and len(ending) <= 10 else ""
    stem = last.removesuffix(ending)
    while len(f"{stem}{ending}".encode()) > _LONGEST_NAME:
        stem = stem[:-1]
    if not stem or is_ignored(f"{stem}{ending}"):
        raise UploadRefusedError(
            "Tên tệp hoặc tên hồ sơ gửi lên không dùng được.",
            "Đặt tên có chữ, không bắt đầu bằng dấu chấm, không phải tên tệp tạm.",
        )
    return f"{stem}{ending}"


@contextmanager
def _arriving(home: Path) -> Iterator[Path]:
    """Lend a folder on the spool's file system; what killed processes left there is removed."""
    above = home / UPLOADS / _ARRIVING
    above.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in above.iterdir():
        if is_left_over(left.name):
            shutil.rmtree(left, ignore_errors=True)
    place = above / process_folder() / secrets.token_hex(8)
    place.mkdir(parents=True, mode=0o700)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _write(place: Path, name: str, files: Iterable[SentFile]) -> tuple[KeptFile, ...]:
    kept: list[KeptFile] = []
    with Folder.at(place) as above, above.make_folder(name) if name else Folder.at(place) as folder:
        for sent in files:
            try:
                each = safe_name(sent.name)
                if isinstance(sent.content, Path):
                    kept.append(_link_one(place / name / each, sent.content))
                else:
                    kept.append(_write_one(folder, each, sent.content))
            except FileExistsError as error:
                raise UploadRefusedError(
                    "Hai tệp gửi lên có cùng một tên.", "Đổi tên một tệp rồi gửi lại."
                ) from error
        os.fsync(folder.descriptor)
    if not kept or (len(kept) > 1 and not name):
        raise UploadRefusedError(
            "Không có tệp nào, hoặc có nhiều tệp mà không có tên hồ sơ.",
            "Gửi tệp trong phần «file»; nhiều tệp của một hồ sơ thì thêm phần «name».",
        )
    return tuple(kept)


def _write_one(folder: Folder, name: str, content: BinaryIO) -> KeptFile:
    digest, size = hashlib.sha256(), 0
    with folder.create(name) as stream:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    return KeptFile(name, size, digest.hexdigest())


def _link_one(target: Path, source: Path) -> KeptFile:
    """Link a file that lies in the home already; a name that is taken is an error.

    It stays where it is: what the intake refuses can be handed in again. Who sent it removes it.
    """
    with source.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        size = os.fstat(stream.fileno()).st_size
    os.link(source, target, follow_symlinks=False)
    return KeptFile(target.name, size, digest)


def _claim(home: Path, place: Path, note: UploadNote, origin: Path) -> None:
    """Note whose the upload is, then move it into the spool, which frees it for the watcher."""
    _remember(home, note)
    spool = Spool(spool_folder(home, home / UPLOADS), lambda: note.id)
    (drop,) = place.iterdir()
    for _ in range(_TRIES):
        entry = spool.claim(drop, place, origin=origin, actor=note.account)
        if entry is not None:
            fsync_folder(entry.path / "drop")
            fsync_folder(entry.path.parent)
            entry.close()
            return
    raise OSError(None, "vùng đệm đang bận")


def _remember(home: Path, note: UploadNote) -> None:
    notes = home / UPLOADS / _NOTES
    notes.mkdir(exist_ok=True, mode=0o700)
    limit = time.time() - _KEPT_DAYS * 86_400
    for old in notes.iterdir():
        with suppress(FileNotFoundError):
            if old.stat().st_mtime < limit:
                old.unlink()
    told = {"account": note.account, "at": note.at.astimezone(UTC).isoformat()}
    create_private(notes / f"{note.id}.json", json.dumps(told).encode())
    fsync_folder(notes)
