"""Writes and reads the watcher's heartbeat: when it last polled, what it cannot take, and why.

One JSON file in the home, replaced every few seconds; it can be deleted at any time. A served
archive gets it once a minute as well, for reading rooms on machines that do not see this home.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.errors import RecordError, StorageUnavailableError
from pipeline.leases import is_gone, this_holder
from pipeline.model import WatcherHeartbeat
from pipeline.ports.archive import Watchers
from pipeline.records import Codec

log = logging.getLogger(__name__)

HEARTBEAT_FILE = "watch.json"
WATCHER_FILE = "watcher-id"
HEARTBEAT_SECONDS = 2.0
SHARED_EVERY = timedelta(minutes=1)  # each write is one more version of the object in a bucket
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


@contextmanager
def shared_heartbeat(home: Path, watchers: Watchers) -> Iterator[None]:
    """Write the heartbeats of this process into an archive as well, on a thread beside the caller.

    What is written is the file's: a watcher that is stuck falls silent there too. When the context
    is left the archive learns that the watcher ended as it should. An archive that is away only
    delays it.

    Args:
        home: the folder that ``SOHOA_HOME`` names.
        watchers: the archive.
    """
    ended = threading.Event()
    name = watcher_id(home, make=True)

    def keep(heartbeat: Heartbeat, *, is_last: bool = False) -> bool:
        try:
            watchers.keep_watcher(
                WatcherHeartbeat(name, heartbeat.at, heartbeat.holder, heartbeat.waits_for, is_last)
            )
        except StorageUnavailableError as error:
            log.debug("the heartbeat was not shared: %s", error)
            return False
        return True

    def share() -> None:
        told: Heartbeat | None = None
        while not ended.is_set():
            heartbeat = last_heartbeat(home)
            is_ours = heartbeat is not None and heartbeat.holder == this_holder()
            if heartbeat and is_ours and _is_news(heartbeat, told) and keep(heartbeat):
                told = heartbeat
            ended.wait(HEARTBEAT_SECONDS)

    thread = threading.Thread(target=share, name="shared-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        keep(Heartbeat(datetime.now(UTC), this_holder(), ()), is_last=True)


def _is_news(heartbeat: Heartbeat, told: Heartbeat | None) -> bool:
    if told is None or heartbeat.waits_for != told.waits_for:
        return True
    return abs(heartbeat.at - told.at) >= SHARED_EVERY  # the clock may have been set back


def watcher_id(home: Path, *, make: bool = False) -> str:
    """Return the id of the watcher of a home, the same after each start and on another machine.

    Args:
        home: the folder that ``SOHOA_HOME`` names.
        make: give the home an id when it has none; otherwise it is empty then.
    """
    path = home / WATCHER_FILE
    with suppress(OSError):
        if make and not path.exists():
            arriving = home / f".{WATCHER_FILE}.{os.getpid()}"
            arriving.touch(mode=0o600)
            arriving.write_text(secrets.token_hex(8), encoding="ascii")
            with suppress(FileExistsError):
                os.link(arriving, path)  # of two that start at once one wins
            arriving.unlink()
        known = path.read_bytes().decode("ascii", "replace").strip()
        if re.fullmatch("[0-9a-f]{16}", known):
            return known
    machine = f"{socket.gethostname()}:{home.absolute()}"  # a home that cannot be written
    return hashlib.sha256(machine.encode()).hexdigest()[:16] if make else ""
