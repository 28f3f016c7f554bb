"""Defines the ports: protocols that the adapters of storage, search, reading and PDFs implement."""

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
