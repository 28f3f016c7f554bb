"""Brings the review queue up to the records of the store, dossier by dossier.

Records are the truth: the queue and the answers about the sample are derived from them when a
record is newer than the one looked at. So a kill at any moment loses nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from pipeline.errors import ArchiveError, ObjectMissingError
from pipeline.model import Record
from pipeline.ports import Archive
from pipeline.ports.review import ReviewQueue
from pipeline.review.item_names import scope_keys
from pipeline.review.items import ReviewItem, SampleAnswer, answers_of, decided_fields, items_of
from pipeline.versions import Stored, newer_records, newest_record

log = logging.getLogger(__name__)


class QueueUpkeep:
    """What keeps a review queue up to date with an archive."""

    def __init__(self, archive: Archive, queue: ReviewQueue, share: float) -> None:
        """Begin nothing yet.

        Args:
            archive: the records that items are derived from.
            queue: the queue.
            share: the share of certain fields that people look at as well, 0-1.
        """
        self._archive, self._queue, self._share = archive, queue, share

    def refresh(self, track: Callable[[list[Stored]], Iterable[Stored]] = iter) -> int:
        """Look at the dossiers with a newer record than was looked at; return how many.

        Records are found by name: what was looked at before is not opened. What the store lacks,
        or has at a lower number since it was restored, is forgotten first.

        Args:
            track: passes the dossiers on and shows progress.
        """
        found = newer_records(self._queue.sequences(), self._archive)
        if ahead := [*found.gone, *(dossier for dossier, _ in found.lower)]:
            self._queue.forget(ahead)
        newer = [*found.newer, *found.lower]
        for dossier, sequence in track(newer):
            try:
                self.look(newest_record(dossier, self._archive))
            except ArchiveError as error:
                log.warning("%s cannot be reviewed: %s", dossier, error)
                self._queue.replace(dossier, sequence, (), ())  # not before a newer record again
        return len(newer)

    def agreed(self, item: ReviewItem) -> Record | None:
        """Return the newest record of an item's dossier; None: the queue knew another one.

        Then what the queue says of the dossier is put right, whatever became of the record.
        """
        try:
            record = newest_record(item.dossier, self._archive)
        except ObjectMissingError:
            self._queue.forget([item.dossier])
            return None
        except ArchiveError as error:
            log.warning("%s cannot be reviewed: %s", item.dossier, error)
            self._queue.replace(item.dossier, item.sequence, (), ())
            return None
        if record.sequence == item.sequence:
            return record
        if record.sequence < item.sequence:  # the store was restored
            self._queue.forget([item.dossier])
        self.look(record)
        return None

    def look(self, record: Record) -> None:
        """Bring the queue up to a record."""
        items = list(items_of(record, self._share))
        answers = self._answers(record)
        keys = scope_keys(record.dossier)
        self._queue.replace(record.dossier.id, record.sequence, items, answers, keys)

    def _answers(self, record: Record) -> list[SampleAnswer]:
        if not any(decided_fields(one) for one in record.dossier.documents):
            return []
        try:
            history = self._archive.history(record.dossier.id)
        except ArchiveError as error:  # of an older record; what waits in the newest waits
            log.warning("the answers about %s are not counted: %s", record.dossier.id, error)
            return []
        return list(answers_of(history, self._share))
