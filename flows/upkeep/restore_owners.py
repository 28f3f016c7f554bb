"""Fills the index of owners from the store: what it lacks, or all after it was damaged."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence

from pipeline.errors import ArchiveError, ServiceUnavailableError
from pipeline.model import OwnerPapers
from pipeline.owners import owner_papers
from pipeline.ports import Archive
from pipeline.ports.owners import OwnerIndex
from pipeline.versions import newer_records, newest_record

log = logging.getLogger(__name__)

_AT_ONCE = 500  # dossiers that are kept together


def restore_owners(archive: Archive, owners: OwnerIndex) -> int:
    """Keep what the store has newer than the index of owners; return how many dossiers that were.

    Args:
        archive: the store.
        owners: the index of owners, which is told afterwards that it has all.

    Raises:
        ServiceUnavailableError: the store or the index is away.
    """
    newer = newer_records(dict(owners.sequences()), archive).newer
    behind = [dossier for dossier, number in newer if number > 1]  # record 1: not read yet
    for start in range(0, len(behind), _AT_ONCE):
        owners.keep(list(_papers(behind[start : start + _AT_ONCE], archive)))
    owners.caught_up()
    if behind:
        log.info("index of owners restored from the store: %d dossiers", len(behind))
    return len(behind)


def keep_owners(
    archive: Archive, owners: OwnerIndex, stop: threading.Event, every: float = 30.0
) -> None:
    """Fill the index of owners at the start, and whenever a damaged one was begun anew.

    Args:
        archive: the store.
        owners: the index of owners.
        stop: the event that ends it.
        every: seconds between two looks.
    """
    is_first = True
    while not stop.is_set():
        try:
            if is_first or owners.is_behind():
                restore_owners(archive, owners)
            is_first = False
        except (ArchiveError, ServiceUnavailableError) as error:
            log.warning("the index of owners is restored later: %s", error)
        stop.wait(every)


def _papers(dossiers: Sequence[str], archive: Archive) -> Iterator[OwnerPapers]:
    """Yield the papers of dossiers; a damaged record stops no other one."""
    for dossier in dossiers:
        try:
            record = newest_record(dossier, archive)
        except ArchiveError as error:
            if error.retryable:
                raise
            log.warning("%s cannot be read: %s", dossier, error)
        else:
            yield owner_papers(record.dossier, record.sequence)
