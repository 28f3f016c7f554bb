"""Restores a backup into an empty home; killed, it goes on where it was."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import RecordError
from pipeline.private_files import HALF_RESTORED, create_private, fsync_folder
from pipeline.records import Codec
from storage.backup.checking import Track, key_place
from storage.backup.files import chunks_of, copy_whole, file_sha256
from storage.backup.folder import KEY_FILE, KEYS, BackupRefusedError, BackupSet
from storage.backup.home_part import DATABASES

# What a home has from which something could be lost.
_TAKEN = ("store", "spool", *DATABASES, "procedures.csv")
_NO_PAPERS = ("audit", ".arriving")  # in the store of an empty home: any command makes them


@dataclass(frozen=True, slots=True)
class Restoring:
    """Which backup is being restored."""

    name: str
    sums: str


_FORM = Codec(Restoring)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored."""

    name: str
    files: int
    bytes: int
    keys: int
    went_on: bool  # a run that was killed had begun it


def restore_backup(
    chosen: BackupSet, home: Path, keys_folder: Path | None, track: Track = iter
) -> Restored:
    """Copy a backup into an empty home, every file compared with its hash before it gets its name.

    Args:
        chosen: the backup.
        home: the home; made where it is missing.
        keys_folder: where keys lie that lie apart.
        track: passes the names of files on and shows progress.

    Raises:
        BackupRefusedError: the home is not empty or has other keys, the backup is half, or a file
            of it is damaged.
        OSError: a file cannot be read or written.
    """
    files = chosen.files()
    places = {name: home / chosen.place_of(name) for name in files}
    key_files = _keys(chosen, keys_folder)
    _check_live_keys(home, key_files)
    went_on = _begin(chosen, home)
    arriving = home / ".restoring"
    size = 0
    for name in track(sorted(files)):
        size += _restore(chosen.folder / name, arriving, places[name], files[name])
    for source, sha256 in key_files:
        _restore(source, arriving, home / KEYS / source.name, sha256)
    os.sync()  # one wait for all files: each was written without one
    (home / HALF_RESTORED).unlink()
    fsync_folder(home)
    return Restored(chosen.header.name, len(files), size, len(key_files), went_on)


def _begin(chosen: BackupSet, home: Path) -> bool:
    """Mark the home as half restored; tell whether it was already."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark = Restoring(chosen.header.name, chosen.header.sums)
    with suppress(FileNotFoundError, RecordError):
        if _FORM.load((home / HALF_RESTORED).read_bytes()) == mark:
            return True
        raise BackupRefusedError(
            f"{home} đang khôi phục dở từ một bản sao lưu khác.",
            "Khôi phục vào một thư mục trống khác (SOHOA_HOME).",
        )
    if taken := [name for name in _TAKEN if _is_taken(home / name)]:
        raise BackupRefusedError(
            f"{home} không trống: đã có {', '.join(taken)}; không ghi đè lên kho đang dùng.",
            "Đặt SOHOA_HOME là một thư mục trống rồi chạy lại.",
        )
    (home / HALF_RESTORED).unlink(
        missing_ok=True
    )  # torn by a power cut before anything was restored
    create_private(home / HALF_RESTORED, _FORM.dump(mark))
    fsync_folder(home)
    return False


def _is_taken(path: Path) -> bool:
    """Tell whether a file is there, or a folder with files in it."""
    if path.is_dir():
        parts = (one for one in path.iterdir() if one.name not in _NO_PAPERS)
        return any(one.is_file() for part in parts for one in (part, *part.rglob("*")))
    return path.exists()


def _keys(chosen: BackupSet, keys_folder: Path | None) -> list[tuple[Path, str]]:
    """Return the files of the keys, each with its SHA-256.

    Raises:
        BackupRefusedError: they lie apart and nobody said where, or a name is none of a key.
    """
    header = chosen.header
    if header.keys and header.keys_apart and keys_folder is None:
        raise BackupRefusedError(
            "Khóa của bản sao lưu này để ở chỗ khác.", "Thêm --keys THƯ_MỤC, nơi đã để khóa."
        )
    if not all(map(KEY_FILE.fullmatch, header.keys)):
        raise BackupRefusedError("Bản sao lưu có tên khóa lạ.", "Dùng bản khác: --set TÊN.")
    place = key_place(chosen, keys_folder)
    return [(place / name, sha256) for name, sha256 in header.keys.items()]


def _check_live_keys(home: Path, keys: list[tuple[Path, str]]) -> None:
    """Refuse to replace a key: what it encrypts may lie on servers, with the home empty else.

    Raises:
        BackupRefusedError: the home has a key of the same name and other content.
    """
    places = ((home / KEYS / source.name, sha256) for source, sha256 in keys)
    others = [
        place.name
        for place, sha256 in places
        if os.path.lexists(place)
        and not (place.is_file() and file_sha256(chunks_of(place)) == sha256)
    ]
    if others:
        raise BackupRefusedError(
            f"{home / KEYS} đã có khóa khác với bản sao lưu: {', '.join(others)}; không ghi đè lên "
            "khóa đang dùng.",
            "Khôi phục vào một thư mục trống khác (SOHOA_HOME). Chỉ khi chắc chắn không dữ liệu "
            "nào (kể cả ở PostgreSQL) còn cần khóa ấy: chuyển nó ra chỗ khác rồi chạy lại.",
        )


def _restore(source: Path, arriving: Path, target: Path, sha256: str) -> int:
    """Restore a file; return its bytes. What a killed run has restored is read and left."""
    if target.is_file() and file_sha256(chunks_of(target)) == sha256:
        return target.stat().st_size
    try:
        found, size = copy_whole(source, arriving, arriving.with_name(".restored"))
    except FileNotFoundError as error:
        raise _damaged(source, "bị mất") from error
    if found != sha256:
        arriving.with_name(".restored").unlink()
        raise _damaged(source, "đã thay đổi")
    for folder in _missing_parents(target):
        folder.mkdir(exist_ok=True, mode=0o700)
    arriving.with_name(".restored").replace(target)
    return size


def _missing_parents(target: Path) -> Iterator[Path]:
    yield from (folder for folder in reversed(target.parents) if not folder.is_dir())


def _damaged(source: Path, how: str) -> BackupRefusedError:
    return BackupRefusedError(
        f"Tệp {source.name} của bản sao lưu {how}; chưa khôi phục xong.",
        "Dùng bản khác (--set TÊN) và một thư mục trống; `sohoa restore THƯ_MỤC --check` kể hết "
        "những tệp hỏng.",
    )
