"""The watcher's sign of life: that it looks, what it cannot take, and why.

A file in the home that is replaced every few seconds; it can be deleted at any time.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.errors import RecordError
from pipeline.leases import is_gone, this_holder
from pipeline.records import Codec

PULSE = "watch.json"
BEAT_SECONDS = 2.0
SILENCE = timedelta(minutes=10)  # storing and reading back a file of many gigabytes takes minutes


@dataclass(frozen=True, slots=True)
class FolderHeartbeat:
    """How a watched folder is."""

    folder: Path
    trouble: str = ""  # why it cannot be used; empty when it can
    remarks: dict[str, str] = field(default_factory=dict)  # drop -> why it was not taken yet


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What the watcher last said of itself."""

    at: datetime
    holder: str  # the watcher's process
    folders: tuple[FolderHeartbeat, ...]

    @property
    def is_silent(self) -> bool:
        """Whether the watcher died without a word, or has been stuck for long."""
        return is_gone(self.holder) or datetime.now(UTC) - self.at > SILENCE

    def of(self, folder: Path) -> FolderHeartbeat:
        """Return what was said of a folder."""
        return next(
            (said for said in self.folders if said.folder == folder), FolderHeartbeat(folder)
        )


_PULSE = Codec(Heartbeat)


def write_heartbeat(home: Path, folders: tuple[FolderHeartbeat, ...]) -> None:
    """Say that the watcher lives. Raises ``OSError`` when the home cannot be written."""
    arriving = home / f".{PULSE}.{os.getpid()}"
    arriving.touch(mode=0o600)  # names of files may be names of people
    arriving.write_bytes(_PULSE.dump(Heartbeat(datetime.now(UTC), this_holder(), folders)))
    arriving.replace(home / PULSE)


def end_heartbeat(home: Path) -> None:
    """Say that the watcher ends as it should."""
    (home / PULSE).unlink(missing_ok=True)


def last_heartbeat(home: Path) -> Heartbeat | None:
    """Return the last sign of life; None when no watcher runs, or it ended as it should."""
    try:
        return _PULSE.load((home / PULSE).read_bytes())
    except (OSError, RecordError):
        return None
