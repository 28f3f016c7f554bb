"""Stores the entries of the work queue, whose keys alone say which dossier waits and since when."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from pipeline import records
from pipeline.errors import ObjectExistsError, ObjectMissingError, RecordError
from pipeline.model import QueueEntry
from pipeline.ports import ObjectStore
from storage import keys


class StoredWorkQueue:
    """The dossiers that wait to be digitised, over an object store."""

    _store: ObjectStore

    def enqueue(
        self,
        dossier: str,
        *,
        since: datetime | None = None,
        attempts_before: int = 0,
        asked_by: str = "",
        read_again: bool = False,
    ) -> bool:
        """Put a dossier into the queue, unless it is queued for as much already.

        With ``since``, the entry's key is known: a repeat ends at the same entry. Who wants all
        pages read again gets an entry of its own beside one that is content with old readings.

        Args:
            dossier: the dossier's id.
            since: when it was received; None for now.
            attempts_before: attempts that count no more, because somebody asked again.
            asked_by: the account that asked again; empty when nobody did.
            read_again: whether all pages are to be read anew, those with a reading that holds too.

        Returns:
            Whether an entry was written.
        """
        if since is None:
            since = datetime.now(UTC)
            if self.is_to_read_again(dossier) if read_again else self.is_queued(dossier):
                return False
        key = keys.pending(dossier, since)
        entry = QueueEntry(
            key,
            dossier,
            since,
            attempts_before=attempts_before,
            asked_by=asked_by,
            read_again=read_again,
        )
        try:
            self._store.put(key, records.QUEUE_ENTRY.dump(entry))
        except ObjectExistsError:
            return False
        return True

    def queued(self) -> tuple[QueueEntry, ...]:
        """Return all entries, oldest first, from their keys alone; none is opened."""
        parsed = ((key, keys.queued(key)) for key in self._store.keys(keys.PENDING))
        return tuple(QueueEntry(key, *entry) for key, entry in parsed if entry)

    def is_queued(self, dossier: str) -> bool:
        """Tell whether a dossier is queued, without building a list of all entries."""
        return any(keys.is_of(key, dossier) for key in self._store.keys(keys.PENDING))

    def is_to_read_again(self, dossier: str) -> bool:
        """Tell whether an entry of a dossier wants all its pages read anew; opens these alone."""
        mine = [key for key in self._store.keys(keys.PENDING) if keys.is_of(key, dossier)]
        listed = (QueueEntry(key, *known) for key in mine if (known := keys.queued(key)))
        return any(self.open_entry(entry).is_to_read_again for entry in listed)

    def is_waiting(self, entry: QueueEntry) -> bool:
        """Tell whether an entry that was listed a while ago still stands in the queue."""
        return self._store.has(entry.key)

    def open_entry(self, entry: QueueEntry) -> QueueEntry:
        """Read a listed entry in full; one that is gone or damaged is returned as listed."""
        # The key alone says what matters: the dossier waits.
        with suppress(ObjectMissingError, RecordError):
            return records.QUEUE_ENTRY.load(self._store.get(entry.key))
        return entry

    def dequeue(self, entry: QueueEntry) -> None:
        """Remove an entry: the work is done."""
        self._store.remove(entry.key)
