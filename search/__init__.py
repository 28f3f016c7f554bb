"""Opens the search index that the settings name, and the matcher of a query's words."""

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
    """Open the index that the settings name; it is created on first use.

    Args:
        settings: which form of the index, and where the served form is.
        home: the folder that holds the file of the embedded form.
    """
    if settings.kind == "elasticsearch":
        return ServedIndex(Cluster(settings), settings.index)
    return SqliteIndex(home / INDEX_FILE)


def check_index(settings: SearchSettings) -> Iterator[Check]:
    """Yield the checks of a served index; the embedded one needs no setting up."""
    if settings.kind == "elasticsearch":
        yield from check_cluster(Cluster(settings), settings.index)
