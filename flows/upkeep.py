"""Keeps what can be rebuilt in step with the store."""

from __future__ import annotations

import logging

from flows.wiring import tools
from pipeline import stages
from pipeline.errors import SearchUnavailableError
from pipeline.model import Query
from pipeline.ports import SearchIndex

log = logging.getLogger(__name__)


def restore_index() -> None:
    """Fill an index that was deleted, damaged, emptied by a new version or left half-filled."""
    archive, index = tools().archive, tools().index
    digitised = sum(1 for _ in archive.dossiers()) - len(archive.owed())
    if mended(index) < digitised:
        count = sum(1 for _ in stages.republish(archive, index))
        log.info("index restored from the store: %d dossiers", count)


def mended(index: SearchIndex) -> int:
    """Make a damaged index anew, empty; return how many dossiers the index holds.

    Raises:
        SearchUnavailableError: the index is away, which emptying it does not help.
    """
    try:
        return index.find(Query("", limit=1)).total
    except SearchUnavailableError as error:
        if error.retryable:
            raise
    index.clear()
    return 0
