"""Publishes to the index what it lacks of the store, when a watcher starts.

An index that cannot be searched is built anew.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

from flows.upkeep.reindex import rebuild_index
from flows.wiring import tools
from pipeline import stages
from pipeline.errors import ArchiveError, SearchUnavailableError, ServiceUnavailableError
from pipeline.model import Query
from pipeline.ports import Archive, SearchIndex
from search.embedded.damage import EngineFailedError

log = logging.getLogger(__name__)

AWAY_SECONDS = 5.0  # between two tries while the store or the index is away
CHECK_SECONDS = 30.0  # between two looks whether the index can still be searched
MANY = 200  # dossiers: building the index anew is quicker than publishing so many one by one

Say = Callable[[str], object]


def restore_index(say: Say = log.info) -> None:
    """Publish what the index lacks because it was deleted, damaged, emptied or half-filled.

    Args:
        say: tells a person, in Vietnamese, that the index is built anew and how far that is.

    Raises:
        StorageUnavailableError: the store is away, or empty while the index is not.
        SearchUnavailableError: the index is away.
    """
    archive, index = tools().archive, tools().index
    if reason := _why_not_searched(index):
        say(reason)
        _build_anew(archive, index, say)
        return
    indexed = dict(index.sequences())
    behind = [
        dossier
        for dossier, newest in archive.sequences()
        if newest > max(indexed.get(dossier, 0), 1)  # record 1 is of a dossier not read yet
    ]
    if len(behind) > MANY and not indexed and _can_build(archive, index, say):
        return
    count = sum(is_published for _, is_published in publish_again(behind, archive, index))
    if count:
        log.info("index restored from the store: %d dossiers", count)


def keep_index(stop: threading.Event, say: Say = log.info) -> None:
    """Restore the index as soon as store and index answer, and again whenever it is damaged.

    Args:
        stop: the event that ends the waiting.
        say: tells a person, in Vietnamese, that the index is built anew and how far that is.
    """
    restore_index_when_available(stop, say)
    while not stop.wait(CHECK_SECONDS):
        with suppress(ServiceUnavailableError):
            if _why_not_searched(tools().index):
                restore_index_when_available(stop, say)


def restore_index_when_available(stop: threading.Event, say: Say = log.info) -> None:
    """Restore the index as soon as store and index answer; a watcher may start before they do.

    Args:
        stop: the event that ends the waiting.
        say: tells a person, in Vietnamese, that the index is built anew and how far that is.
    """
    while not stop.is_set():
        try:
            restore_index(say)
        except ServiceUnavailableError as error:
            log.warning("the index is restored later: %s", error)
            stop.wait(AWAY_SECONDS)
        else:
            return


def _build_anew(archive: Archive, index: SearchIndex, say: Say) -> None:
    rebuilt = rebuild_index(archive, index, lambda dossiers: _progress(dossiers, say))
    say(f"Đã dựng lại chỉ mục tìm kiếm từ kho: {rebuilt.dossiers} hồ sơ.")


def _can_build(archive: Archive, index: SearchIndex, say: Say) -> bool:
    """Build the index anew; tell whether this process may."""
    try:
        _build_anew(archive, index, say)
    except SearchUnavailableError as error:
        if error.retryable:
            raise
        return False
    return True


def _progress(dossiers: list[str], say: Say) -> Iterator[str]:
    """Pass ids on and tell each tenth of them."""
    for number, dossier in enumerate(dossiers):
        tenth = number * 10 // len(dossiers)
        if number and tenth > (number - 1) * 10 // len(dossiers):
            say(f"Đang dựng lại chỉ mục tìm kiếm: {tenth * 10} % của {len(dossiers)} hồ sơ.")
        yield dossier


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


def _why_not_searched(index: SearchIndex) -> str:
    """Return why an index must be built anew; empty when it can be searched.

    Raises:
        SearchUnavailableError: the index is away, which building it anew does not help.
    """
    try:
        index.find(Query("", limit=1))
    except EngineFailedError as error:
        log.warning("the index is whole and stays, but a search of it fails: %s", error)
    except SearchUnavailableError as error:
        if error.retryable:
            raise
        return error.message
    return ""
