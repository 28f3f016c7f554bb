"""Search: the index that finds pages, and the words of a page that a query hits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.model import Check
from pipeline.ports import SearchIndex
from pipeline.settings import SearchSettings
from search.elastic.checks import check_cluster
from search.elastic.client import Cluster
from search.elastic.index import ServedIndex
from search.query.matching import Matcher, matcher
from search.sqlite.index import SqliteIndex

__all__ = ["Matcher", "check_index", "matcher", "open_index"]

INDEX_FILE = "index.sqlite3"


def open_index(settings: SearchSettings, home: Path) -> SearchIndex:
    """Open the index that the settings name; it is made when it is first needed.

    Args:
        settings: which form of the index.
        home: folder of the embedded form.
    """
    if settings.kind == "elasticsearch":
        return ServedIndex(Cluster(settings), settings.index)
    return SqliteIndex(home / INDEX_FILE)


def check_index(settings: SearchSettings) -> Iterator[Check]:
    """Yield how a served index is; the embedded one has nothing to be set up."""
    if settings.kind == "elasticsearch":
        yield from check_cluster(Cluster(settings), settings.index)
