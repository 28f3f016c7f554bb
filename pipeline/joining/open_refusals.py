"""Tells which refused files still wait for somebody: a mended one is no problem any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipeline.documents import find_dossier_code
from pipeline.model import Dossier, Receipt, ReceiptStatus
from pipeline.ports import Archive


class ReceiptLine(NamedTuple):
    """A line of the receipts of a watched folder."""

    folder: Path
    drop: str  # the id of its drop; empty where the line came from a folder of 0.1
    receipt: Receipt


_SAME_FILE = timedelta(days=1)
_TAKEN = (ReceiptStatus.ARCHIVED, ReceiptStatus.DUPLICATE)


def open_refusals(lines: Sequence[ReceiptLine], archive: Archive) -> list[ReceiptLine]:
    """Return the lines of refused files that nothing has mended yet, in their order.

    A refusal is mended when the dossier of its drop does not lack the file any more, or when a
    file of the same name was taken from the same folder later: at any time when the name carries
    a dossier code, else within a day, for scanners begin again at scan0001.

    Args:
        lines: the receipts of some days, of any folders.
        archive: where the dossiers are.
    """
    taken: dict[tuple[Path, str], list[datetime]] = {}
    for folder, _, receipt in lines:
        if receipt.status in _TAKEN:
            taken.setdefault((folder, receipt.name.casefold()), []).append(receipt.at)

    @cache
    def lacking(drop: str) -> frozenset[str] | None:
        dossier = _now_in(drop, archive)
        if dossier is None or dossier.missing is None:
            return None
        return frozenset(each.name for each in dossier.missing)

    def is_open(line: ReceiptLine) -> bool:
        folder, drop, receipt = line
        limit = timedelta.max if find_dossier_code(receipt.name) else _SAME_FILE
        later = taken.get((folder, receipt.name.casefold()), [])
        if any(timedelta(0) < at - receipt.at <= limit for at in later):
            return False
        names = lacking(drop)
        return names is None or receipt.name in names

    refused = (line for line in lines if line.receipt.status is ReceiptStatus.REFUSED)
    return [line for line in refused if is_open(line)]


def _now_in(drop: str, archive: Archive) -> Dossier | None:
    """Return the dossier that has the scans of a drop now; None when nothing of it was kept."""
    # What was written into a drop after it had been taken has receipts of a longer id.
    ids = (drop, drop[:-4]) if drop else ()
    record = next(filter(None, map(archive.find_record, filter(None, ids))), None)
    while record and record.dossier.joined_into:
        record = archive.find_record(record.dossier.joined_into)
    return record.dossier if record else None
