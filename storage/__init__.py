"""The archive room: what arrived, what was read, what is owed. Enter by ``open_archive``."""

from __future__ import annotations

from pathlib import Path

from pipeline.ports import Archive
from pipeline.settings import StorageSettings
from storage.archive import ObjectArchive
from storage.disk import DiskStore
from storage.keys import new_dossier_id

__all__ = ["new_dossier_id", "open_archive"]


def open_archive(settings: StorageSettings, home: Path) -> Archive:
    """Open the archive the settings name; the embedded one is ``<home>/store``."""
    return ObjectArchive(DiskStore(home / "store"))
