"""Writes receipts as lines of a CSV that spreadsheets open, and reads such lines back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from pipeline import clock
from pipeline.model import Receipt, ReceiptStatus
from pipeline.plain_text import one_line
from pipeline.tables import table_row, table_rows

LABELS = {
    ReceiptStatus.ARCHIVED: "Đã lưu",
    ReceiptStatus.DUPLICATE: "Trùng",
    ReceiptStatus.REFUSED: "Bị từ chối",
    ReceiptStatus.WAITING: "Đang chờ",
}
_STATUS = {label: status for status, label in LABELS.items()}
HEADINGS = (
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


def heading() -> str:
    """Return the first line; spreadsheets know UTF-8 by the mark before it."""
    return "\ufeff" + table_row(HEADINGS)


def lines_of(drop: str, receipts: Iterable[Receipt]) -> str:
    """Return a line for each receipt of a drop."""
    return "".join(table_row(row_of(drop, receipt)) for receipt in receipts)


def rows(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV; a spreadsheet may have saved it in another encoding.

    Raises:
        csv.Error: it is no CSV, or a cell is longer than 131,072 characters.
    """
    return table_rows(content.decode("utf-8-sig", "replace"))


def receipt_of(row: Sequence[str]) -> Receipt | None:
    """Return a row's receipt; None for one changed beyond recognition in a spreadsheet."""
    try:
        at, name, label, dossier, reason, remedy, size, sha256, _ = row
        when, status, length = datetime.fromisoformat(at), _STATUS[label], int(size)
    except (ValueError, KeyError):
        return None
    return Receipt(name, status, when, dossier or None, reason, remedy, length, sha256 or None)


def row_of(drop: str, receipt: Receipt) -> list[str]:
    """Return the cells of a receipt's line; the last one is the id of its drop."""
    at = clock.local(receipt.at).isoformat(timespec="seconds")
    label, size = LABELS[receipt.status], str(receipt.size)
    dossier, sha256 = receipt.dossier or "", receipt.sha256 or ""
    name, reasons = one_line(receipt.name), (receipt.reason, receipt.remedy)
    return [at, name, label, dossier, *reasons, size, sha256, drop]
