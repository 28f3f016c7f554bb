"""The receipts of record, and what people decided about files in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from pipeline.model import DropReceipts, FileDecision


class ReceiptBook(Protocol):
    """The receipts of record: a line for each dropped file."""

    def keep_receipts(self, receipts: DropReceipts) -> DropReceipts:
        """Store the receipts of a drop; return those that stand: earlier ones stay."""
        ...

    def receipts(self, day: date) -> Iterator[DropReceipts]:
        """Yield the receipts of the drops that were claimed on a day, oldest first."""
        ...

    def keep_decision(self, decision: FileDecision) -> FileDecision:
        """Store what a person decided about a file, under its number.

        Raises:
            ObjectExistsError: somebody decided about a file of the same drop at this very moment.
        """
        ...

    def decisions(self, day: date) -> Iterator[FileDecision]:
        """Yield what people decided about files of a day's drops, each drop's oldest first."""
        ...
