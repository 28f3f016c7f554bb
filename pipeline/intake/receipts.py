"""Receipts: for each watched folder and day, a line per dropped file, in a CSV for spreadsheets.

A refused file lies in ``_loi/`` with a note beside it that says why and what to do.
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

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
    """Where the refused files of a watched folder lie."""
    return folder / REFUSED


def write_receipts(folder: Path, drop: str, receipts: Sequence[Receipt]) -> None:
    """Add lines to today's receipt, durable on return. Lines of this drop are written once.

    Args:
        folder: the watched folder.
        drop: the id under which the drop was claimed; a repeated step is known by it.
        receipts: what became of each file.
    """
    path = folder / RECEIPTS / f"{_today():%Y-%m-%d}.csv"
    path.parent.mkdir(exist_ok=True)
    with _locked(path) as stream:
        stream.seek(0)
        known = {(row[-1], row[1]) for row in csv.reader(stream) if row}
        lines = [_row(receipt, drop) for receipt in receipts if (drop, receipt.name) not in known]
        if stream.seek(0, os.SEEK_END) == 0:
            stream.write("\ufeff" + _line(_HEADINGS))  # spreadsheets know UTF-8 by the mark
        stream.write("".join(map(_line, lines)))
        stream.flush()
        os.fsync(stream.fileno())


def read_receipts(folder: Path, day: date) -> tuple[Receipt, ...]:
    """Return the lines of a day, in the order they were written; empty when there are none.

    Lines that somebody changed beyond recognition in a spreadsheet are left out.
    """
    path = folder / RECEIPTS / f"{day:%Y-%m-%d}.csv"
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
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


def put_aside(folder: Path, file: Path, name: str, error: RefusedScanError) -> Path:
    """Move a refused file to ``_loi/`` under its own name, a note with the reason beside it.

    A name that is taken there gets a number; nothing is overwritten.
    """
    target = _free_name(refused_folder(folder) / name)
    target.parent.mkdir(parents=True, exist_ok=True)
    note = f"{error.message}\n{error.remedy}\n"
    target.with_name(target.name + NOTE_SUFFIX).write_text(note, encoding="utf-8")
    file.rename(target)
    return target


def _free_name(wanted: Path) -> Path:
    target, count = _numbered(wanted, ""), 1
    while target.exists():
        count += 1
        target = _numbered(wanted, f" ({count})")
    return target


def _numbered(path: Path, number: str) -> Path:
    """Put a number behind a name, which is cut where no room would be left for its note."""
    suffix = path.suffix if len(path.suffix) <= _LONGEST_SUFFIX else ""
    kept, ending = path.name.removesuffix(suffix), number + suffix
    while len(os.fsencode(kept + ending)) > _LONGEST_NAME:
        kept = kept[:-1]
    return path.with_name(kept + ending)


def _today() -> date:
    return datetime.now().astimezone().date()


@contextmanager
def _locked(path: Path) -> Iterator[TextIO]:
    with path.open("a+", encoding="utf-8", newline="") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)  # several watchers may share a folder
        yield stream


def _row(receipt: Receipt, drop: str) -> tuple[str, ...]:
    at = receipt.at.astimezone().isoformat(timespec="seconds")
    label, size = LABELS[receipt.status], str(receipt.size)
    home, sha256 = receipt.dossier or "", receipt.sha256 or ""
    return (at, receipt.name, label, home, receipt.reason, receipt.remedy, size, sha256, drop)


def _line(row: Sequence[str]) -> str:
    buffer = io.StringIO()
    # A name that begins like a formula would run in a spreadsheet.
    safe = [f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell for cell in row]
    csv.writer(buffer).writerow(safe)
    return buffer.getvalue()


def _receipt(row: Sequence[str]) -> Receipt | None:
    try:
        at, name, label, dossier, reason, remedy, size, sha256, _ = row
        when, status, length = datetime.fromisoformat(at), _STATUS[label], int(size)
    except (ValueError, KeyError):
        return None
    name = name[1:] if name.startswith(("'=", "'+", "'-", "'@")) else name
    return Receipt(name, status, when, dossier or None, reason, remedy, length, sha256 or None)
