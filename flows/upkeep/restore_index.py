"""Keeps what can be rebuilt in step with the store."""

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
    """Bring to the index what it lacks: it was deleted, damaged, emptied or left half-filled."""
    archive, index = tools().archive, tools().index
    if not _answers(index):
        rebuilt = rebuild_index(archive, index, lambda dossiers: dossiers)
        log.info("index built anew from the store: %d dossiers", rebuilt.dossiers)
        return
    held = dict(index.sequences())
    behind = [
        dossier
        for dossier, newest in archive.sequences()
        if newest > max(held.get(dossier, 0), 1)  # record 1 is published when it was read
    ]
    count = sum(is_there for _, is_there in published(behind, archive, index))
    if count:
        log.info("index restored from the store: %d dossiers", count)


def restore_when_there(stop: threading.Event) -> None:
    """Restore the index as soon as store and index answer; a watcher may start before they do."""
    while not stop.is_set():
        try:
            restore_index()
        except ServiceUnavailableError as error:
            log.warning("the index is restored later: %s", error)
            stop.wait(AWAY_SECONDS)
        else:
            return


def published(
    dossiers: list[str], archive: Archive, index: SearchIndex
) -> Iterator[tuple[str, bool]]:
    """Publish dossiers again; yield each id and whether it worked. A damaged one stops no other."""
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


def _answers(index: SearchIndex) -> bool:
    """Tell whether an index can be searched, or must be built anew.

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
