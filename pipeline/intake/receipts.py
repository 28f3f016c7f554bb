"""Copies receipts into a watched folder: for each day a CSV, a line per dropped file.

The receipts of record are in the store. A copy that was lost, swapped for a link, or changed
beyond reading is written anew from them.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path

from pipeline.intake.handles import Folder, share_file
from pipeline.intake.own_folders import own_folder
from pipeline.intake.receipt_csv import HEADINGS, heading, lines_of, receipt_of, row_of, rows
from pipeline.intake.watched.ignored import RECEIPTS
from pipeline.model import DropReceipts, Receipt

_LARGEST = 20_000_000  # bytes: 100,000 lines; whoever writes more into it fills no memory here


class _UnusableCopyError(Exception):
    """A copy cannot be added to."""


def copy_receipts(
    folder: Path, receipts: DropReceipts, of_day: Callable[[date], Iterable[DropReceipts]]
) -> None:
    """Add the lines of a drop to the day's copy, durable on return; once, however often called.

    Args:
        folder: the watched folder.
        receipts: the receipts of the drop, which the store has.
        of_day: returns all receipts of a day, those of other folders too.

    Raises:
        ForeignFolderError: ``_bien_nhan`` is not the product's folder.
        OSError: the copy cannot be written.
    """
    name = f"{receipts.day:%Y-%m-%d}.csv"
    with Folder.at(folder) as watched, own_folder(watched, RECEIPTS) as copies:
        try:
            _append(copies, name, receipts)
        except (_UnusableCopyError, csv.Error, OSError):
            mine = [one for one in of_day(receipts.day) if one.folder == receipts.folder]
            _replace(copies, name, "".join(lines_of(one.drop, one.receipts) for one in mine))


def _append(copies: Folder, name: str, receipts: DropReceipts) -> None:
    with copies.file(name, os.O_RDWR | os.O_APPEND) as stream:
        state = os.fstat(stream.fileno())
        if state.st_nlink != 1 or state.st_size > _LARGEST:
            raise _UnusableCopyError
        known = _known_lines(stream.read())
        wanted = [
            one
            for one in receipts.receipts
            if (receipts.drop, row_of(receipts.drop, one)[1]) not in known
        ]
        stream.write(lines_of(receipts.drop, wanted).encode())
        stream.flush()
        os.fsync(stream.fileno())


def _known_lines(content: bytes) -> set[tuple[str, str]]:
    """Return the drop and name of each line.

    Raises:
        _UnusableCopyError: the last line was cut short by a crash or a full disk.
    """
    if not content.endswith(b"\n"):
        raise _UnusableCopyError
    return {(row[-1], row[1]) for row in rows(content) if len(row) == len(HEADINGS)}


def _replace(copies: Folder, name: str, lines: str) -> None:
    unfinished = f".{name}.{os.getpid()}"
    with suppress(FileNotFoundError):
        copies.remove(unfinished)
    with copies.create(unfinished) as stream:
        stream.write((heading() + lines).encode())
        share_file(stream.fileno(), copies)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        copies.move(unfinished, copies, name)
    except IsADirectoryError:
        copies.remove(name)
        copies.move(unfinished, copies, name)


def read_receipts(folder: Path, day: date) -> tuple[Receipt, ...]:
    """Return the lines of a copy, in the order they were written; empty when there is none.

    Lines that somebody changed beyond recognition in a spreadsheet are left out, and so is a whole
    file that is no CSV or too large to be one.

    Raises:
        OSError: the folder cannot be opened.
    """
    with Folder.at(folder) as watched:
        try:
            with watched.folder(RECEIPTS) as copies, copies.file(f"{day:%Y-%m-%d}.csv") as stream:
                if os.fstat(stream.fileno()).st_size > _LARGEST:
                    return ()
                found = rows(stream.read())[1:]
        except (OSError, csv.Error):
            return ()
    return tuple(receipt for row in found if (receipt := receipt_of(row)))


def receipt_days(folder: Path) -> tuple[date, ...]:
    """Return the days that have copies of receipts, newest first."""
    try:
        with Folder.at(folder) as watched, watched.folder(RECEIPTS) as copies:
            names = [Path(entry.name) for entry in copies.entries() if entry.is_file]
    except OSError:
        return ()
    days = (_day(name.stem) for name in names if name.suffix == ".csv")
    return tuple(sorted(filter(None, days), reverse=True))


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None
