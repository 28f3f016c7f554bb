"""The ports: what the stages ask of the outside, each with an embedded and a served form."""

from __future__ import annotations

from pipeline.ports.archive import Archive
from pipeline.ports.index import Rebuild, SearchIndex
from pipeline.ports.reading import PageReading, ScanInfo, ScanReader
from pipeline.ports.store import ObjectStore

__all__ = [
    "Archive",
    "ObjectStore",
    "PageReading",
    "Rebuild",
    "ScanInfo",
    "ScanReader",
    "SearchIndex",
]
