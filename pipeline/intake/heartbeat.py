"""Writes and reads the watcher's heartbeat: when it last polled, what it cannot take, and why.

One JSON file in the home, replaced every few seconds; it can be deleted at any time.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.errors import RecordError
from pipeline.leases import is_gone, this_holder
from pipeline.records import Codec

HEARTBEAT_FILE = "watch.json"
HEARTBEAT_SECONDS = 2.0
SILENCE = timedelta(minutes=10)  # storing and reading back a file of many gigabytes takes minutes


@dataclass(frozen=True, slots=True)
class FolderHeartbeat:
    """The state of a watched folder at the last poll."""

    folder: Path
    trouble: str = ""  # why it cannot be used; empty when it can
    remarks: dict[str, str] = field(default_factory=dict)  # name of a drop -> why it still waits


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The watcher's last heartbeat."""

    at: datetime  # UTC
    holder: str  # the watcher's process: ``leases.process_identity``
    folders: tuple[FolderHeartbeat, ...]
    waits_for: int | None = None  # dossiers still being read, while it stops; None before that

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to stop, takes nothing any more, and finishes what it reads."""
        return self.waits_for is not None and not self.is_silent

    @property
    def is_silent(self) -> bool:
        """Whether the watcher died without a word, or has been stuck for long."""
        return is_gone(self.holder) or datetime.now(UTC) - self.at > SILENCE

    def of(self, folder: Path) -> FolderHeartbeat:
        """Return the state of a folder; without trouble when the heartbeat does not name it."""
        found = (state for state in self.folders if state.folder == folder)
        return next(found, FolderHeartbeat(folder))


_CODEC = Codec(Heartbeat)


def write_heartbeat(
    home: Path, folders: tuple[FolderHeartbeat, ...], *, waits_for: int | None = None
) -> None:
    """Write a heartbeat of this process.

    Args:
        home: the folder that ``SOHOA_HOME`` names.
        folders: the state of each watched folder.
        waits_for: the number of dossiers still being read when it stops; None when it does not.

    Raises:
        OSError: the home cannot be written.
    """
    heartbeat = Heartbeat(datetime.now(UTC), this_holder(), folders, waits_for)
    arriving = home / f".{HEARTBEAT_FILE}.{os.getpid()}.{threading.get_ident()}"
    arriving.touch(mode=0o600)  # names of files may be names of people
    arriving.write_bytes(_CODEC.dump(heartbeat))
    arriving.replace(home / HEARTBEAT_FILE)


def end_heartbeat(home: Path) -> None:
    """Remove the heartbeat: the watcher ends as it should."""
    (home / HEARTBEAT_FILE).unlink(missing_ok=True)


def last_heartbeat(home: Path) -> Heartbeat | None:
    """Return the last heartbeat; None when no watcher runs, or it ended as it should."""
    try:
        return _CODEC.load((home / HEARTBEAT_FILE).read_bytes())
    except (OSError, RecordError):
        return None
