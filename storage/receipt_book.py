"""Keeps receipts of record and decisions about their files; each is created once, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import lru_cache

from pipeline.errors import ObjectExistsError, ObjectMissingError
from pipeline.model import DropReceipts, FileDecision
from pipeline.ports import ObjectStore
from pipeline.records import FILE_DECISION, RECEIPTS
from storage import keys

_MOST_AT_HAND = 20_000  # drops: a full day of a large office, about 20 MB


def decisions_of(day: date) -> str:
    """Return the prefix of what people decided about files of a day."""
    return f"{keys.DECISIONS}{day:%Y%m%d}/"


def decision_key(day: date, drop: str, number: int) -> str:
    """Return the key of a decision about a file of a drop."""
    return f"{decisions_of(day)}{drop}/{number:06d}.json"


class StoredReceipts:
    """The receipts in a store; those that were read stay at hand, for they never change."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._read = lru_cache(_MOST_AT_HAND)(lambda key: RECEIPTS.load(store.get(key)))
        self._decided = lru_cache(_MOST_AT_HAND)(lambda key: FILE_DECISION.load(store.get(key)))

    def keep(self, receipts: DropReceipts) -> DropReceipts:
        """Store the receipts of a drop; return those that stand: earlier ones stay."""
        key = keys.receipts(receipts.day, receipts.drop)
        try:
            self._store.put(key, RECEIPTS.dump(receipts))
        except ObjectExistsError:
            return RECEIPTS.load(self._store.get(key))
        return receipts

    def of_day(self, day: date) -> Iterator[DropReceipts]:
        """Yield the receipts of the drops that were claimed on a day, oldest drop first."""
        for key in self._store.keys(keys.receipts_of(day)):
            with suppress(ObjectMissingError):
                yield self._read(key)

    def keep_decision(self, decision: FileDecision) -> FileDecision:
        """Store a decision under its number.

        Raises:
            ObjectExistsError: another decision about a file of this drop has the number.
        """
        key = decision_key(decision.day, decision.drop, decision.number)
        try:
            self._store.put(key, FILE_DECISION.dump(decision))
        except ObjectExistsError as error:
            raise ObjectExistsError(
                "Vừa có người khác quyết định về tệp của lần thả này.", "Tải lại trang rồi xem."
            ) from error
        return decision

    def decisions(self, day: date) -> Iterator[FileDecision]:
        """Yield the decisions about files of a day's drops, each drop's oldest first."""
        for key in self._store.keys(decisions_of(day)):
            with suppress(ObjectMissingError):
                yield self._decided(key)
