"""Has the present rules understand the dossiers of the store again: lists first, then applies.

Both walk over all dossiers by name and open only those that were not compared under these rules,
or that they change. Either may be killed at any moment and is simply run again.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from flows.upkeep.reprocess_progress import ReprocessProgress
from pipeline import stages
from pipeline.errors import ArchiveError, ObjectExistsError
from pipeline.model import Dossier, Record
from pipeline.ports import Archive, SearchIndex
from pipeline.reprocessing.understand import (
    Understanding,
    Understood,
    keep_understood,
    understand_again,
)
from pipeline.versions import Act

log = logging.getLogger(__name__)

TOGETHER = 50  # records that are published together
_SETTLED = (Understanding.CURRENT, Understanding.SAME)  # nothing to look at until it changes
Stored = tuple[str, int]  # a dossier's id and the number of its newest record
Track = Callable[[list[Stored]], Iterable[Stored]]  # passes them on and shows progress


class Changed(NamedTuple):
    """A dossier that the present rules change."""

    record: Record  # its newest record
    after: Dossier


class Reprocessing:
    """One walk over the store under the present rules; counts what it meets."""

    def __init__(
        self, archive: Archive, index: SearchIndex, progress: ReprocessProgress, track: Track
    ) -> None:
        """Begin nothing yet.

        Args:
            archive: the archive whose dossiers are understood again.
            index: the index that they are published to.
            progress: the memory of comparisons under these rules.
            track: passes dossiers on and shows progress.
        """
        self._archive = archive
        self._index = index
        self._progress = progress
        self._track = track
        self.counts = Counter[str]()  # by state; ``applied``, ``unlisted``, ``rivals`` beside them
        self.damaged: list[str] = []  # ids of dossiers of which a record or page is damaged

    def changes(self) -> Iterator[Changed]:
        """Yield the dossiers that would change, oldest first; nothing is written to the store."""
        for dossier, sequence in self._track(list(self._archive.sequences())):
            known = self._progress.find(dossier)
            if known and known.sequence == sequence and known.state in _SETTLED:
                self._count(dossier, known.state)
            elif compared := self._compare(dossier):
                record, understood = compared
                self._progress.note(dossier, record.sequence, understood.state)
                if understood.state is Understanding.CHANGED:
                    yield Changed(record, understood.dossier)

    def apply(self, act: Act) -> Iterator[Changed]:
        """Write what was listed before, publish it, and yield it once both are done.

        A dossier that somebody changed since it was listed is left as it is (``rivals``), one that
        would change and was not listed as well (``unlisted``): both are listed next time.
        """
        waiting: list[tuple[Changed, Record]] = []
        for dossier, sequence in self._track(list(self._archive.sequences())):
            known = self._progress.find(dossier)
            if known and known.sequence == sequence and known.state in _SETTLED:
                self._count(dossier, known.state)
            elif compared := self._compare(dossier):
                record, understood = compared
                is_listed = known is not None and known.sequence == record.sequence
                if understood.state is not Understanding.CHANGED:
                    self._resume(record, understood.state, is_listed=known is not None)
                elif not is_listed:
                    self.counts["unlisted"] += 1
                elif kept := self._keep(record, understood.dossier, act):
                    waiting.append((Changed(record, understood.dossier), kept))
            if len(waiting) >= TOGETHER:
                yield from self._published(waiting)
                waiting = []
        yield from self._published(waiting)

    def _compare(self, dossier: str) -> tuple[Record, Understood] | None:
        try:
            record = stages.newest_record(dossier, self._archive)
            understood = understand_again(record, self._archive, self._index)
        except ArchiveError as error:
            log.warning("%s cannot be understood again: %s", dossier, error)
            self._count(dossier, Understanding.DAMAGED)
            return None
        self._count(dossier, understood.state)
        return record, understood

    def _count(self, dossier: str, state: Understanding) -> None:
        self.counts[state] += 1
        if state is Understanding.DAMAGED:
            self.damaged.append(dossier)

    def _resume(self, record: Record, state: Understanding, *, is_listed: bool) -> None:
        """Publish what was listed and is done: a kill may have come before the index had it."""
        if state is Understanding.CURRENT and is_listed and record.dossier.outcome is not None:
            self._index.publish([stages.publication(record, self._archive)])
        self._progress.note(record.dossier.id, record.sequence, state)

    def _keep(self, record: Record, dossier: Dossier, act: Act) -> Record | None:
        try:
            return keep_understood(record, dossier, self._archive, act)
        except ObjectExistsError:
            self.counts["rivals"] += 1
            return None

    def _published(self, kept: list[tuple[Changed, Record]]) -> Iterator[Changed]:
        """Publish records; only then are they done with, so that a kill costs a repetition."""
        self._index.publish([stages.publication(record, self._archive) for _, record in kept])
        for changed, record in kept:
            self._progress.note(record.dossier.id, record.sequence, Understanding.CURRENT)
            self.counts["applied"] += 1
            yield changed
