"""The archive room: what arrived, what was read, what is owed. Enter by ``open_archive``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.model import Check
from pipeline.ports import Archive
from pipeline.settings import StorageSettings
from storage.archive import ObjectArchive
from storage.bucket import BucketStore
from storage.bucket_checks import check_bucket
from storage.disk import DiskStore
from storage.keys import new_dossier_id

__all__ = ["check_store", "new_dossier_id", "open_archive"]


def open_archive(settings: StorageSettings, home: Path) -> Archive:
    """Open the archive the settings name; the embedded one is ``<home>/store``."""
    served = settings.kind == "minio"
    return ObjectArchive(BucketStore(settings) if served else DiskStore(home / "store"))


def check_store(settings: StorageSettings) -> Iterator[Check]:
    """Yield how a served store is; the embedded one has nothing to be set up."""
    if settings.kind == "minio":
        yield from check_bucket(BucketStore(settings))
