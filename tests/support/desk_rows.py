"""Receipts of a day at the scanning desk, as a watcher would have written them."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape
from pathlib import Path

from pipeline import clock
from pipeline.model import DropReceipts, Receipt, ReceiptStatus
from tests.support.clerk import slip
from tests.support.visitors import Browser, Room

NOW = datetime.now(UTC)


def picture(folder: Path, name: str, number: int) -> Path:
    """Write a picture of a paper that is unlike those of other numbers."""
    path = folder / name
    path.write_bytes(slip(number))
    return path


def note(room: Room, drop: str, *lines: Receipt, unit: str | None = None) -> None:
    folder = room.backend.settings.watched_folders[0]
    folder.mkdir(parents=True, exist_ok=True)
    receipts = DropReceipts(drop, str(folder.absolute()), clock.today(), lines, unit)
    room.backend.archive.keep_receipts(receipts)


def refused(name: str, reason: str = "Tệp hỏng.") -> Receipt:
    return Receipt(name, ReceiptStatus.REFUSED, NOW, None, reason, "Quét lại.", 10)


def shown(browser: Browser, address: str = "/ban-quet") -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)
