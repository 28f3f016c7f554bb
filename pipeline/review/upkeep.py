"""Brings the review queue up to the records of the store, dossier by dossier.

Records are the truth: the queue and the answers about the sample are derived from them when a
record is newer than the one looked at. So a kill at any moment loses nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from pipeline.errors import ArchiveError
from pipeline.model import Record
from pipeline.ports import Archive
from pipeline.ports.review import ReviewQueue
from pipeline.review.item_names import scope_keys
from pipeline.review.items import answers_of, decided_fields, items_of
from pipeline.versions import newest_record

log = logging.getLogger(__name__)

Stored = tuple[str, int]  # a dossier's id and the number of its newest record


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

        Records are found by name: what was looked at before is not opened.

        Args:
            track: passes the dossiers on and shows progress.
        """
        known = self._queue.sequences()
        newer = [each for each in self._archive.sequences() if each[1] > known.get(each[0], 0)]
        for dossier, _ in track(newer):
            try:
                self.look(newest_record(dossier, self._archive))
            except ArchiveError as error:
                log.warning("%s cannot be reviewed: %s", dossier, error)
        return len(newer)

    def look(self, record: Record) -> None:
        """Bring the queue up to a record."""
        items = list(items_of(record, self._share))
        has_decided = any(decided_fields(one) for one in record.dossier.documents)
        history = self._archive.history(record.dossier.id) if has_decided else ()
        answers = list(answers_of(history, self._share)) if history else []
        keys = scope_keys(record.dossier)
        self._queue.replace(record.dossier.id, record.sequence, items, answers, keys)
