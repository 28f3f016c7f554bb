"""Defines the ports: protocols that the adapters of storage, search, reading and PDFs implement."""

from __future__ import annotations

from pipeline.ports.accounts import Accounts
from pipeline.ports.archive import Archive
from pipeline.ports.index import Rebuild, SearchIndex
from pipeline.ports.reading import InnerFile, PageReading, ScanInfo, ScanReader, UnpackLimits
from pipeline.ports.store import ObjectStore

__all__ = [
    "Accounts",
    "Archive",
    "InnerFile",
    "ObjectStore",
    "PageReading",
    "Rebuild",
    "ScanInfo",
    "ScanReader",
    "SearchIndex",
    "UnpackLimits",
]
