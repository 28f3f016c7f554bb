"""Writes and reads receipts: a CSV for each watched folder and day, with a line per dropped file.

A refused file lies in ``_loi/`` with a note beside it that says why and what to do.
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path, PurePath
from typing import BinaryIO

from pipeline.errors import RefusedScanError
from pipeline.intake.settle import RECEIPTS, REFUSED
from pipeline.model import Receipt, ReceiptStatus

LABELS = {
    ReceiptStatus.ARCHIVED: "Đã lưu",
    ReceiptStatus.DUPLICATE: "Trùng",
    ReceiptStatus.REFUSED: "Bị từ chối",
    ReceiptStatus.WAITING: "Đang chờ",
}
_STATUS = {label: status for status, label in LABELS.items()}
_HEADINGS = (
    "Thời gian",
    "Tên tệp",
    "Kết quả",
    "Hồ sơ",
    "Lý do",
    "Cách xử lý",
    "Số byte",
    "SHA-256",
    "Mã lần thả",
)
NOTE_SUFFIX = ".ly-do.txt"
_LONGEST_NAME = 255 - len(NOTE_SUFFIX)  # bytes: NAME_MAX of Linux, the note's ending added
_LONGEST_SUFFIX = 20  # characters; anything longer behind a dot is part of the name


def refused_folder(folder: Path) -> Path:
    """Return the folder into which the refused files of a watched folder are moved."""
    return folder / REFUSED


def write_receipts(
    folder: Path, drop: str, receipts: Sequence[Receipt], day: date | None = None
) -> None:
    """Add lines to a day's receipt, durable on return. Lines of this drop are written once.

    Args:
        folder: the watched folder.
        drop: the id under which the drop was claimed; a repeated step is recognised by it.
        receipts: a receipt for each file of the drop.
        day: the day whose receipt gets the lines, the same in a repeated step; today by default.

    Raises:
        OSError: the receipt cannot be written.
    """
    path = folder / RECEIPTS / f"{day or _today():%Y-%m-%d}.csv"
    path.parent.mkdir(exist_ok=True)
    with _locked(path) as stream:
        before = _repaired(stream, drop)
        known = {(row[-1], row[1]) for row in _rows(before) if len(row) > 1}
        rows = [_row(receipt, drop) for receipt in receipts]
        text = "".join(_line(row) for row in rows if (row[-1], row[1]) not in known)
        # Spreadsheets know UTF-8 by the mark.
        stream.write((text if before else "\ufeff" + _line(_HEADINGS) + text).encode())
        stream.flush()
        os.fsync(stream.fileno())


def _repaired(stream: BinaryIO, drop: str) -> bytes:
    """Return the content of a receipt, and remove a line that a crash or a full disk cut short."""
    stream.seek(0)
    content = stream.read()
    end = content.rfind(b"\n") + 1
    if end == len(content):
        return content
    row = _rows(content[end:])[0]
    if len(row) == len(_HEADINGS) and len(row[-1]) == len(drop):  # saved so by a text editor
        stream.write(b"\r\n")
    else:
        stream.truncate(end)
        content = content[:end]
    return content


def _rows(content: bytes) -> list[list[str]]:
    """Return the lines of a receipt; a spreadsheet may have saved it in another encoding."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig", "replace"), newline="")))


def read_receipts(folder: Path, day: date) -> tuple[Receipt, ...]:
    """Return the lines of a day, in the order they were written; empty when there are none.

    Lines that somebody changed beyond recognition in a spreadsheet are left out.
    """
    path = folder / RECEIPTS / f"{day:%Y-%m-%d}.csv"
    if not path.is_file():
        return ()
    rows = _rows(path.read_bytes())[1:]
    return tuple(receipt for row in rows if (receipt := _receipt(row)))


def receipt_days(folder: Path) -> tuple[date, ...]:
    """Return the days that have receipts, newest first."""
    names = (path.stem for path in (folder / RECEIPTS).glob("*.csv"))
    return tuple(sorted(filter(None, map(_day, names)), reverse=True))


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def move_to_refused(folder: Path, file: Path, name: str, error: RefusedScanError) -> Path:
    """Move a refused file to ``_loi/`` under its own name, a note with the reason beside it.

    A name that is taken there gets a number; nothing is overwritten.

    Args:
        folder: the watched folder.
        file: the refused file.
        name: the path under which it was dropped, relative to the watched folder.
        error: the error with which it was refused.
    """
    parent = refused_folder(folder)
    parent.mkdir(exist_ok=True)
    with _exclusive(parent):
        *above, last = PurePath(name).parts
        for part in above:
            parent = _free_name(parent / part, lambda path: path.exists() and not path.is_dir())
            parent.mkdir(exist_ok=True)
        target = _free_name(parent / last, os.path.lexists)
        note = f"{error.message}\n{error.remedy}\n"
        target.with_name(target.name + NOTE_SUFFIX).write_text(note, encoding="utf-8")
        file.rename(target)
    return target


@contextmanager
def _exclusive(folder: Path) -> Iterator[None]:
    """Lock a folder against other watchers, so that a free name is still free for the rename."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _free_name(wanted: Path, is_taken: Callable[[Path], bool]) -> Path:
    target, count = _numbered(wanted, ""), 1
    while is_taken(target):
        count += 1
        target = _numbered(wanted, f" ({count})")
    return target


def _numbered(path: Path, number: str) -> Path:
    """Append a number to a name, which is cut to leave space for the suffix of its note."""
    suffix = path.suffix if len(path.suffix) <= _LONGEST_SUFFIX else ""
    stem, ending = path.name.removesuffix(suffix), number + suffix
    while len(os.fsencode(stem + ending)) > _LONGEST_NAME:
        stem = stem[:-1]
    return path.with_name(stem + ending)


def _today() -> date:
    return datetime.now().astimezone().date()


@contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    with path.open("a+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)  # several watchers may share a folder
        yield stream


def _row(receipt: Receipt, drop: str) -> list[str]:
    at = receipt.at.astimezone().isoformat(timespec="seconds")
    label, size = LABELS[receipt.status], str(receipt.size)
    dossier, sha256 = receipt.dossier or "", receipt.sha256 or ""
    row = (at, receipt.name, label, dossier, receipt.reason, receipt.remedy, size, sha256, drop)
    # A name that begins like a formula would run in a spreadsheet.
    return [f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell for cell in row]


def _line(row: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(row)
    return buffer.getvalue()


def _receipt(row: Sequence[str]) -> Receipt | None:
    try:
        at, name, label, dossier, reason, remedy, size, sha256, _ = row
        when, status, length = datetime.fromisoformat(at), _STATUS[label], int(size)
    except (ValueError, KeyError):
        return None
    name = name[1:] if name.startswith(("'=", "'+", "'-", "'@")) else name
    return Receipt(name, status, when, dossier or None, reason, remedy, length, sha256 or None)
