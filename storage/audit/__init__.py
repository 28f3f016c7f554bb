"""Keeps the audit log: live files in the home, which become sealed segments in the store."""

from __future__ import annotations

from pathlib import Path

from pipeline.ports import ObjectStore
from pipeline.settings import AuditSettings
from storage.audit.heads import KnownHeads
from storage.audit.log import SegmentedLog
from storage.audit.sealing import Sealer
from storage.audit.trail import StoredTrail
from storage.audit.words import open_word_seal

__all__ = ["open_log", "open_trail"]

FOLDER = "audit"  # in the home: what is not in the store yet


def open_log(store: ObjectStore, settings: AuditSettings, home: Path) -> SegmentedLog:
    """Open the log that this process writes; nothing is made before the first entry.

    Args:
        store: takes the sealed segments.
        settings: the settings of the audit log.
        home: the folder with ``audit`` and ``keys``.
    """
    folder = home / FOLDER
    sealer = Sealer(store, folder, _known_heads(store, folder))
    return SegmentedLog(
        folder, sealer, lambda: open_word_seal(settings, home), settings.seal_minutes * 60
    )


def open_trail(store: ObjectStore, home: Path) -> StoredTrail:
    """Open the log for reading and verifying."""
    folder = home / FOLDER
    return StoredTrail(store, folder, _known_heads(store, folder))


def _known_heads(store: ObjectStore, folder: Path) -> KnownHeads:
    return KnownHeads(store, folder / "heads.json")
