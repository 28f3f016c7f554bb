"""Implements ``ObjectStore`` in a folder of a local file system.

An object is created by linking a finished, fsynced file to its key, so it is whole or absent.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from pipeline.errors import (
    ObjectExistsError,
    ObjectMissingError,
    SourceChangedError,
    StorageUnavailableError,
)
from pipeline.leases import is_gone, this_holder
from pipeline.private_files import fsync_folder
from storage.keys import checked

_CHUNK = 1 << 20
_ABANDONED = 86_400  # seconds without a write, after which nobody finishes a file
_UNFINISHED = ".arriving"  # folder of unfinished files; listings skip names with a dot


class DiskStore:
    """An object store in a folder of a local file system."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._is_clean = False

    def put(self, key: str, data: bytes) -> None:
        """Create the object. Raises ``ObjectExistsError`` when the key is taken."""
        with _translated(key), self._temporary_path() as path:
            _write(path, data)
            self._link(path, key)

    def put_file(self, key: str, source: Path, sha256: str) -> None:
        """Create the object from a file, when its bytes have this SHA-256."""
        with _translated(key), self._temporary_path() as path:
            if _copy(source, path) != sha256:
                raise SourceChangedError(
                    "Tệp thay đổi trong lúc lưu.", "Tệp sẽ được lấy lại khi máy quét ghi xong."
                )
            self._link(path, key)

    def replace(self, key: str, data: bytes) -> None:
        """Create or overwrite the object."""
        with _translated(key), self._temporary_path() as path:
            _write(path, data)
            target = self._path(key)
            self._make_folder(target.parent)
            path.replace(target)
            fsync_folder(target.parent)

    def get(self, key: str) -> bytes:
        """Return the bytes. Raises ``ObjectMissingError``."""
        with _translated(key):
            return self._path(key).read_bytes()

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        """Lend the object itself as a file; it must not be changed."""
        path = self._path(key)
        if not path.is_file():
            raise _missing(key)
        yield path

    def sha256(self, key: str) -> str:
        """Read the object back and return its SHA-256, hexadecimal."""
        with _translated(key), self._path(key).open("rb") as stream:
            # The page cache proves nothing about the disk: ask the kernel to drop it.
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def chunks(self, key: str) -> Iterator[bytes]:
        """Read the object back from the disk, piece by piece. Raises ``ObjectMissingError``."""
        with _translated(key), self._path(key).open("rb") as stream:
            # The page cache proves nothing about the disk: ask the kernel to drop it.
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            while chunk := stream.read(_CHUNK):
                yield chunk

    def unfinished(self, before: datetime) -> int:
        """Count the unfinished files that were last written before a moment."""
        with _translated(_UNFINISHED):
            files = (self._root / _UNFINISHED).glob("*")
            return sum(_is_older(path, before) for path in files)

    def has(self, key: str) -> bool:
        """Tell whether an object has this key."""
        with _translated(key):
            return self._path(key).is_file()

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys under a folder prefix (ends in ``/``), sorted."""
        folder = self._path(prefix.rstrip("/"))
        with _translated(prefix):
            yield from _files(folder, prefix)

    def remove(self, key: str) -> None:
        """Remove the object; a missing one is fine."""
        path = self._path(key)
        with _translated(key):
            path.unlink(missing_ok=True)
            if path.parent.is_dir():
                fsync_folder(path.parent)

    def _path(self, key: str) -> Path:
        return self._root / checked(key)

    @contextmanager
    def _temporary_path(self) -> Iterator[Path]:
        folder = self._root / _UNFINISHED
        self._make_folder(folder)
        self._remove_abandoned(folder)
        path = folder / f"{this_holder()}.{secrets.token_hex(8)}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _remove_abandoned(self, folder: Path) -> None:
        """Remove, once, the unfinished files of processes that no longer run."""
        if self._is_clean:
            return
        self._is_clean = True
        for path in folder.iterdir():
            with suppress(FileNotFoundError):
                if _is_abandoned(path):
                    path.unlink()

    def _link(self, path: Path, key: str) -> None:
        target = self._path(key)
        self._make_folder(target.parent)
        try:
            os.link(path, target)
        finally:  # the process that linked the key before us may have died before its fsync
            fsync_folder(target.parent)

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        # Citizens' papers: other users of this machine get no access to the store.
        folder.mkdir(exist_ok=True, mode=0o700 if folder == self._root else 0o777)
        fsync_folder(folder.parent)


@contextmanager
def _translated(key: str) -> Iterator[None]:
    try:
        yield
    except FileExistsError as error:
        raise ObjectExistsError(f"Đã có đối tượng {key} trong kho.") from error
    except (FileNotFoundError, IsADirectoryError) as error:
        raise _missing(key) from error
    except OSError as error:
        raise StorageUnavailableError(
            f"Kho lưu trữ không dùng được ({error.strerror}).",
            "Kiểm tra ổ đĩa: còn chỗ trống, còn quyền ghi, còn được gắn vào máy.",
        ) from error


def _missing(key: str) -> ObjectMissingError:
    return ObjectMissingError(
        f"Không có đối tượng {key} trong kho.", "Hãy chạy `sohoa doctor` để kiểm tra kho."
    )


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _is_abandoned(path: Path) -> bool:
    """Tell whether an unfinished file's process no longer runs, or has not written for a day."""
    if time.time() - path.stat().st_mtime > _ABANDONED:
        return True
    holder = path.name.rpartition(".")[0]
    return bool(holder) and is_gone(holder)


def _is_older(path: Path, moment: datetime) -> bool:
    """Tell whether a file was last written before a moment; False when it is gone by now."""
    try:
        return path.stat().st_mtime < moment.timestamp()
    except FileNotFoundError:
        return False


def _copy(source: Path, path: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as incoming, path.open("xb") as stream:
        while chunk := incoming.read(_CHUNK):
            digest.update(chunk)
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest()


def _files(folder: Path, prefix: str) -> Iterator[str]:
    """Yield the keys of the files in a folder and below, sorted.

    Works on names alone: a ``Path`` for each of a backlog's thousands took ten times longer.
    """
    if not folder.is_dir():
        return
    with os.scandir(folder) as scan:
        entries = sorted(scan, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if _is_folder(entry):
            yield from _files(folder / entry.name, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}"


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False
