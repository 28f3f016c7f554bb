"""Decides when a drop is completely written: unchanged for a while, and whole by its format.

Always by polling; the same rule holds at start-up, on events and on rescans. Time is monotonic: a
clock that jumps changes nothing.
"""

from __future__ import annotations

import logging
import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.intake.ignored import RECEIPTS, REFUSED, is_ignored, is_litter, is_unfinished
from pipeline.intake.order import reading_order
from pipeline.intake.wholeness import is_whole
from pipeline.settings import WatchSettings

__all__ = [
    "RECEIPTS",
    "REFUSED",
    "Settling",
    "Signature",
    "files_of",
    "is_ignored",
    "is_litter",
    "is_unfinished",
    "reading_order",
    "signature_of",
    "strays_of",
    "waiting_drops",
]

log = logging.getLogger(__name__)

GROWING_SECONDS = 600.0  # a drop that is written for longer is shown as such, and never given up

Signature = tuple[tuple[str, int, int], ...]  # relative name, size in bytes, mtime in ns


def waiting_drops(folder: Path) -> list[Path]:
    """Return the files and folders of a watched folder that will be taken, in reading order."""
    try:
        with os.scandir(folder) as entries:
            found = [Path(e.path) for e in entries if not is_ignored(e.name) and _is_paper(e)]
    except FileNotFoundError:
        return []
    return sorted(found, key=lambda path: reading_order(path.name))


def _is_paper(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry is a file or a folder: links, pipes and devices are never read."""
    return entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)


def files_of(path: Path) -> list[Path]:
    """Return the files of a drop in the order people read them: itself, or all below it."""
    if not path.is_dir():
        return [path]
    return [file for entry in waiting_drops(path) for file in files_of(entry)]


def strays_of(path: Path) -> list[Path]:
    """Return what a dropped folder contains that is not taken, litter left out."""
    if path.is_symlink() or not path.is_dir():
        return []
    taken, found = set(waiting_drops(path)), []
    for entry in sorted(path.iterdir()):
        if entry in taken:
            found += strays_of(entry)
        elif not is_litter(entry.name):
            found.append(entry)
    return found


@dataclass(slots=True)
class _Watch:
    signature: Signature
    since: float  # monotonic seconds at which this signature was first seen
    began: float  # … at which the drop was first seen
    trouble: str = ""  # why it could not be looked at


class Settling:
    """Remembers how long each drop in a watched folder has been unchanged.

    Args:
        settings: the settle time and the torn time, in seconds.
        clock: a function that returns monotonic seconds.
    """

    def __init__(
        self, settings: WatchSettings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._watched: dict[Path, _Watch] = {}

    def ready(self, folder: Path) -> Iterator[Path]:
        """Yield the drops that may be taken now."""
        present = waiting_drops(folder)
        for gone in [p for p in self._watched if p.parent == folder and p not in present]:
            del self._watched[gone]
        for path in present:
            try:
                if self._is_ready(path):
                    yield path
            except OSError as error:  # vanished, locked or not ours to read: look again
                now = self._clock()
                watch = self._watched.setdefault(path, _Watch((), now, now))
                watch.trouble = error.strerror or type(error).__name__

    def remarks(self, folder: Path) -> dict[str, str]:
        """Return by name why drops have been waiting for long; Vietnamese, for people."""
        now = self._clock()
        found = {}
        for path, watch in self._watched.items():
            if path.parent != folder:
                continue
            if watch.trouble:
                found[path.name] = f"Không mở được ({watch.trouble}): kiểm tra quyền đọc và tên."
            elif now - watch.began >= GROWING_SECONDS > now - watch.since:
                minutes = (now - watch.began) / 60
                found[path.name] = f"Vẫn đang được ghi sau {minutes:.0f} phút; ghi xong sẽ lấy."
        return found

    def _is_ready(self, path: Path) -> bool:
        signature, now = signature_of(path), self._clock()
        watch = self._watched.get(path)
        if watch is None or watch.signature != signature:
            self._watched[path] = _Watch(signature, now, watch.began if watch else now)
            return False
        quiet = now - watch.since
        if not signature or quiet < self._settings.settle_seconds:
            return False
        return quiet >= self._settings.torn_seconds or _is_whole_drop(path)


def _is_whole_drop(path: Path) -> bool:
    return not any(map(is_unfinished, strays_of(path))) and all(map(is_whole, files_of(path)))


def signature_of(path: Path) -> Signature:
    """Return names, sizes and times of a drop's files; empty for a folder without files."""
    found = []
    for file in files_of(path):
        state = file.lstat()
        if stat.S_ISREG(state.st_mode):
            found.append((os.fsdecode(file), state.st_size, state.st_mtime_ns))
    return tuple(found)
