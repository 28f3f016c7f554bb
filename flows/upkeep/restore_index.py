"""Publishes to the index what it lacks of the store, when a watcher starts.

An index that cannot be searched is built anew.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

from flows.upkeep.reindex import rebuild_index
from flows.wiring import tools
from pipeline import stages
from pipeline.errors import ArchiveError, SearchUnavailableError, ServiceUnavailableError
from pipeline.model import Query
from pipeline.ports import Archive, SearchIndex

log = logging.getLogger(__name__)

AWAY_SECONDS = 5.0  # between two tries while the store or the index is away


def restore_index() -> None:
    """Publish what the index lacks because it was deleted, damaged, emptied or half-filled.

    Raises:
        StorageUnavailableError: the store is away, or empty while the index is not.
        SearchUnavailableError: the index is away.
    """
    archive, index = tools().archive, tools().index
    if not _can_be_searched(index):
        rebuilt = rebuild_index(archive, index, lambda dossiers: dossiers)
        log.info("index built anew from the store: %d dossiers", rebuilt.dossiers)
        return
    indexed = dict(index.sequences())
    behind = [
        dossier
        for dossier, newest in archive.sequences()
        if newest > max(indexed.get(dossier, 0), 1)  # record 1 is of a dossier not read yet
    ]
    count = sum(is_published for _, is_published in publish_again(behind, archive, index))
    if count:
        log.info("index restored from the store: %d dossiers", count)


def restore_index_when_available(stop: threading.Event) -> None:
    """Restore the index as soon as store and index answer; a watcher may start before they do.

    Args:
        stop: the event that ends the waiting.
    """
    while not stop.is_set():
        try:
            restore_index()
        except ServiceUnavailableError as error:
            log.warning("the index is restored later: %s", error)
            stop.wait(AWAY_SECONDS)
        else:
            return


def publish_again(
    dossiers: list[str], archive: Archive, index: SearchIndex
) -> Iterator[tuple[str, bool]]:
    """Publish dossiers; yield each id and whether that worked. A damaged one stops no other.

    Args:
        dossiers: ids of the dossiers, published in this order.
        archive: the archive that holds their records and page results.
        index: the index to publish to.

    Raises:
        ServiceUnavailableError: archive or index are away.
    """
    for dossier in dossiers:
        try:
            stages.publish(stages.newest_record(dossier, archive), archive, index)
        except (ArchiveError, SearchUnavailableError) as error:
            if error.retryable:
                raise
            log.warning("%s cannot be published: %s", dossier, error)
            yield dossier, False
        else:
            yield dossier, True


def _can_be_searched(index: SearchIndex) -> bool:
    """Tell whether an index can be searched; if not, it must be built anew.

    Raises:
        SearchUnavailableError: the index is away, which building it anew does not help.
    """
    try:
        index.find(Query("", limit=1))
    except SearchUnavailableError as error:
        if error.retryable:
            raise
        return False
    return True
