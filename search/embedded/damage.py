"""Turns the engine's errors into ours, and tells by its checksums whether an index is damaged.

Tantivy raises ``ValueError`` for all there is, and a panic of its Rust code arrives as
``PanicException``, which is no ``Exception``: here alone it is caught. Each of its files ends in a
footer with the CRC-32 of what is before; ``meta.json``, the list of them, has none.
"""

from __future__ import annotations

import errno
import json
import logging
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from pipeline.errors import SearchUnavailableError
from pipeline.plain_text import one_line
from search.embedded.read_only import ReadOnlyDiskError

log = logging.getLogger(__name__)

MARK = "damaged"  # a file in an index: who comes next need not find out again

_REBUILD = "Chạy `sohoa watch` hoặc `sohoa reindex`: chỉ mục được dựng lại từ kho ({path})."
_AWAY = "Không đọc hoặc ghi được chỉ mục tìm kiếm."
_WAIT = "Hãy kiểm tra ổ đĩa còn chỗ và quyền ghi vào thư mục, rồi thử lại: {path}"
_NO_RIGHT = (
    "Không có quyền với thư mục của chỉ mục tìm kiếm.",
    "Hãy chạy bằng tài khoản sở hữu thư mục, hoặc trả lại quyền cho tài khoản ấy: {path}",
)
_FULL = (
    "Ổ đĩa của chỉ mục tìm kiếm đã đầy.",
    "Hãy dọn chỗ rồi thử lại; tìm kiếm vẫn dùng được, hồ sơ mới vào chỉ mục sau: {path}",
)
_STATES = {  # what is said of an error of the file system, and what to do
    errno.EROFS: (
        "Ổ đĩa của chỉ mục tìm kiếm chỉ cho đọc, không ghi được.",
        "Hãy gắn lại ổ đĩa để ghi được (`mount -o remount,rw`), sau khi xem lỗi của ổ đĩa bằng "
        "`dmesg`; tìm kiếm vẫn dùng được, hồ sơ mới vào chỉ mục sau: {path}",
    ),
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
}
_CAUSE = re.compile(r"os error (\d+)|Os { code: (\d+)|LockBusy")
# The place is away or full, not the index damaged; a file that is not there is damage.
_OF_THE_PLACE = {
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE,
    errno.ENFILE, errno.ENOMEM, errno.EFBIG, errno.ESTALE, errno.ENOTCONN, errno.EAGAIN,
}  # fmt: skip
_TAIL = struct.Struct("<II")  # length of the footer, and a number that all footers end in
_FOOTER_END = 1337
_BLOCK = 1 << 20  # bytes read at a time


class DamagedIndexError(SearchUnavailableError):
    """The index is damaged; only rebuilding it helps."""

    retryable = False


class BusyIndexError(SearchUnavailableError):
    """Another process writes for longer than anybody waits."""


class EngineFailedError(SearchUnavailableError):
    """The engine failed on one dossier or query, on an index that is whole: others go well.

    Neither a retry helps nor building the index anew.
    """

    retryable = False


@contextmanager
def reachable(folder: Path) -> Iterator[None]:
    """Turn errors of the file system into ``SearchUnavailableError``.

    Args:
        folder: the folder that is read or written.
    """
    try:
        yield
    except OSError as error:
        raise _away(folder, error.errno) from error


@contextmanager
def translated(index: Path) -> Iterator[None]:
    """Turn errors of the engine and of the file system into ``SearchUnavailableError``.

    Args:
        index: the folder of the index; it is marked when its checksums are wrong.
    """
    try:
        yield
    except FileNotFoundError as error:
        _raise(index, error)
    except OSError as error:
        raise _away(index, error.errno) from error
    except ValueError as error:
        _raise(index, error)
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        _raise(index, error)


def check_mark(index: Path) -> None:
    """Refuse an index that was found damaged.

    Raises:
        DamagedIndexError: it was.
    """
    if (index / MARK).exists():
        raise damaged(index)


def damaged(index: Path) -> DamagedIndexError:
    """Return the error that says an index is damaged and what to do."""
    return DamagedIndexError("Chỉ mục tìm kiếm bị hỏng.", _REBUILD.format(path=index))


def broken_files(index: Path) -> list[str]:
    """Return the names of files that are missing or not what was written; empty when all is well.

    Args:
        index: the folder of the index; all of it is read.
    """
    try:
        listed = json.loads((index / "meta.json").read_bytes())["segments"]
        segments = {segment["segment_id"].replace("-", "") for segment in listed}
        managed = json.loads((index / ".managed.json").read_bytes())
        files = [index / name for name in managed if name.partition(".")[0] in segments]
        wanted = {f"{segment}.{kind}" for segment in segments for kind in ("term", "store", "fast")}
    except (ValueError, KeyError, TypeError, AttributeError, FileNotFoundError):
        return ["meta.json"]
    missing = wanted - {file.name for file in files}
    return sorted(missing | {file.name for file in files if not _is_intact(file)})


def _raise(index: Path, error: BaseException) -> NoReturn:
    cause = _CAUSE.search(str(error))
    if cause and not cause[cause.lastindex or 0].isdecimal():
        raise BusyIndexError("Chỉ mục tìm kiếm đang bận.", "Hãy thử lại sau ít phút.") from error
    if cause and (number := int(cause[cause.lastindex or 0])) in _OF_THE_PLACE:
        raise _away(index, number) from error
    try:
        broken = broken_files(index)
    except OSError as unreadable:
        raise _away(index, unreadable.errno) from error
    if not broken:
        log.error("the search engine failed on an index that is whole: %s", one_line(str(error)))
        raise EngineFailedError(
            "Máy tìm kiếm gặp lỗi với yêu cầu này.",
            "Hãy tìm bằng từ khác, hoặc báo người vận hành.",
        ) from error
    log.error("the search index %s is damaged: %s", index.name, ", ".join(broken))
    with suppress(OSError):  # a place that cannot be written
        (index / MARK).touch()
    raise damaged(index) from error


def _away(index: Path, number: int | None = None) -> SearchUnavailableError:
    """Return the error that says why a folder is away and what to do.

    Args:
        index: the folder.
        number: the error's number (``errno``); None: unknown.
    """
    said, remedy = _STATES.get(number or 0, (_AWAY, _WAIT))
    kind = ReadOnlyDiskError if number == errno.EROFS else SearchUnavailableError
    return kind(said, remedy.format(path=index))


def _is_intact(file: Path) -> bool:
    """Tell whether a file is, byte for byte, what the engine wrote.

    Files that a merge wrote for itself, or that were deleted meanwhile, say nothing.
    """
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            stream.seek(max(0, size - _TAIL.size))
            length, end = _TAIL.unpack(stream.read(_TAIL.size))
            if end != _FOOTER_END or length > size:
                return False
            body = size - _TAIL.size - length
            stream.seek(body)
            checksum = json.loads(stream.read(length))["crc"]
            stream.seek(0)
            return bool(_crc(stream.read, body) == checksum)
    except FileNotFoundError:
        return file.suffix == ".temp"
    except (ValueError, KeyError, TypeError, struct.error):
        return False


def _crc(read: Callable[[int], bytes], length: int) -> int:
    crc = 0
    while length and (block := read(min(_BLOCK, length))):
        crc = zlib.crc32(block, crc)
        length -= len(block)
    return crc
