"""Takes the files out of a ZIP, within bounds; nothing that a name in it says is used as a path."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from ocr.files.inside.packed import Unpacking, parts_of
from pipeline.errors import (
    EmptyScanError,
    EncryptedScanError,
    OversizedScanError,
    UnreadableScanError,
    UnsupportedFormatError,
)

_ENCRYPTED, _UTF8 = 0x1, 0x800  # general purpose bits (APPNOTE 4.4.4)
_UNICODE_PATH = 0x7075  # extra field (APPNOTE 4.6.9)
# A white page of a thousand to one is no bomb while it is small; a bomb is large as well.
_MAX_RATIO, _SMALL = 200, 100_000_000
_UNIX = 3  # made by: its attributes hold a mode
_METHODS = {9: "Deflate64", 1: "Shrink", 6: "Implode", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error, ValueError)


def unpack(path: Path, unpacking: Unpacking) -> None:
    """Take the files out of a ZIP.

    Args:
        path: the ZIP.
        unpacking: takes the files, and notes what cannot be taken.

    Raises:
        UnreadableScanError: it is damaged or cut off.
        OversizedScanError: it holds more than it may, or is made to blow up.
        EmptyScanError: no file is in it.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
            _check(entries, path.stat().st_size, unpacking)
            for entry in entries:
                _take(packed, entry, unpacking)
    except (zipfile.BadZipFile, struct.error, ValueError, EOFError) as error:
        raise cut_off() from error


def cut_off() -> UnreadableScanError:
    """Return the refusal of a ZIP that is not whole."""
    return UnreadableScanError(
        "Tệp ZIP bị hỏng hoặc bị cắt cụt.", "Nén lại hoặc chép lại tệp rồi nộp lại."
    )


def _check(entries: Sequence[zipfile.ZipInfo], size: int, unpacking: Unpacking) -> None:
    if not entries:
        raise EmptyScanError("Trong tệp ZIP không có tệp nào.", "Nén lại giấy tờ rồi nộp lại.")
    unpacking.check_count(len(entries))
    total = sum(entry.file_size for entry in entries)
    unpacking.check_bytes(total)
    overlap = sum(entry.compress_size for entry in entries) > size
    if overlap or (total > _SMALL and total > _MAX_RATIO * size):
        raise OversizedScanError(
            "Tệp ZIP này bung ra lớn bất thường so với cỡ tệp (bom nén).",
            "Không mở tệp này. Nếu đúng là giấy tờ, thả thư mục chưa nén.",
        )


def _take(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, unpacking: Unpacking) -> None:
    parts = parts_of(_name(entry))
    if entry.create_system == _UNIX and stat.S_ISLNK(entry.external_attr >> 16):
        error = "Liên kết (link) trong tệp ZIP: không được đọc."
        unpacking.refuse(parts, UnsupportedFormatError(error, "Nén chính tệp giấy tờ đó."))
    elif entry.flag_bits & _ENCRYPTED:
        error = "Tệp con bị khóa bằng mật khẩu của ZIP."
        remedy = "Giải nén bằng mật khẩu rồi thả cả thư mục, hoặc nén lại không mật khẩu."
        unpacking.refuse(parts, EncryptedScanError(error, remedy))
    else:
        try:
            with packed.open(entry) as source:
                unpacking.write(parts, source)  # type: ignore[arg-type]
        except NotImplementedError:
            method = _METHODS.get(entry.compress_type, f"số {entry.compress_type}")
            message = f"Tệp con nén kiểu {method}, phần mềm này chưa giải nén được."
            remedy = "Giải nén rồi thả cả thư mục."
            unpacking.refuse(parts, UnsupportedFormatError(message, remedy))
        except _BROKEN:
            unpacking.refuse(parts, _broken_member())
        except OSError as error:
            if error.errno is not None:  # of the disk; bzip2's complaints about data have none
                raise
            unpacking.refuse(parts, _broken_member())


def _broken_member() -> UnreadableScanError:
    return UnreadableScanError(
        "Tệp con trong ZIP bị hỏng, không giải nén được.", "Nén lại rồi nộp lại."
    )


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the name of an entry: UTF-8 where it says so or is valid, code page 437 otherwise."""
    if entry.flag_bits & _UTF8:
        return entry.orig_filename
    raw = entry.orig_filename.encode("cp437", "replace")
    try:
        return _unicode_path(entry.extra) or raw.decode("utf-8")
    except UnicodeDecodeError:
        return entry.orig_filename


def _unicode_path(extra: bytes) -> str:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == _UNICODE_PATH and length > 5:
            return extra[at + 9 : at + 4 + length].decode("utf-8")
        at += 4 + length
    return ""
