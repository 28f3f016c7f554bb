"""The receipts page counts a file once that is received while the page is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline import clock
from pipeline.model import DropReceipts, Receipt, ReceiptStatus
from tests.support.web_backend import Backend, open_client, sample_backend

NAME, BYTES = "đang vào.pdf", b"papers"


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    backend = sample_backend(tmp_path)
    (inbox,) = backend.settings.watched_folders
    inbox.mkdir(exist_ok=True)
    (inbox / NAME).write_bytes(BYTES)
    return backend


@pytest.mark.parametrize("before", [True, False], ids=["before the receipts", "after them"])
def test_a_file_that_is_received_meanwhile_is_there_once(
    backend: Backend, monkeypatch: pytest.MonkeyPatch, *, before: bool
) -> None:
    (inbox,) = backend.settings.watched_folders
    receipts, path = backend.archive.receipts, inbox / NAME

    def taken_in(day: date) -> Iterator[DropReceipts]:
        known = list(receipts(day))
        if path.exists():
            now = datetime.now(UTC)
            why = "Hỏng.", "Quét lại."
            line = Receipt(NAME, ReceiptStatus.REFUSED, now, None, *why, len(BYTES))
            where = str(inbox.absolute())
            backend.archive.keep_receipts(DropReceipts("f" * 22, where, clock.today(), (line,)))
            path.unlink()
        return iter(list(receipts(day)) if before else known)

    monkeypatch.setattr(backend.archive, "receipts", taken_in)
    client = open_client(backend)
    for _ in range(2):
        html = client.get("/bien-nhan").text
        assert len(re.findall(rf">\s*{NAME}\s*<", html)) == 1
