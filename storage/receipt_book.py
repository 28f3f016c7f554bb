"""Keeps the receipts of record: one object for each drop, created once and never changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import lru_cache

from pipeline.errors import ObjectExistsError, ObjectMissingError
from pipeline.model import DropReceipts
from pipeline.ports import ObjectStore
from pipeline.records import RECEIPTS
from storage import keys

_MOST_AT_HAND = 20_000  # drops: a full day of a large office, about 20 MB


class StoredReceipts:
    """The receipts in a store; those that were read stay at hand, for they never change."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._read = lru_cache(_MOST_AT_HAND)(lambda key: RECEIPTS.load(store.get(key)))

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
