"""Claims drops by moving them into the spool, where they stay while they are received.

An entry is ``<spool>/<dossier id>/`` with ``folder`` (the watched folder it came from) and
``drop/<name>``. The claim is one rename on the same file system, so of two watchers one wins.
Whoever works on an entry has a lock on its ``folder`` file, which the kernel releases with the
process: an unlocked entry was left by a watcher that died, and is taken up again.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline.errors import SourceChangedError
from pipeline.intake.receipts import move_to_refused, write_receipts
from pipeline.intake.receive import Drop, Reception
from pipeline.intake.settle import files_of, signature_of, strays_of

_LONGEST_PATH = 4096  # bytes, PATH_MAX of Linux


@dataclass(frozen=True, slots=True)
class SpoolEntry:
    """One claimed drop, locked by this process until it is closed."""

    path: Path  # the entry in the spool
    folder: Path  # the watched folder it came from
    lock: int  # file descriptor

    @property
    def dossier(self) -> str:
        """The id chosen when the drop was claimed."""
        return self.path.name

    def drop(self) -> Drop | None:
        """Return what was dropped; None when nothing is left of it."""
        inside = list((self.path / "drop").iterdir()) if (self.path / "drop").is_dir() else []
        if not inside:
            return None
        path = inside[0]
        seen = signature_of(path)
        return Drop(self.dossier, path, tuple(files_of(path)), tuple(strays_of(path)), seen)

    def settle(self, drop: Drop, reception: Reception) -> None:
        """Write the receipts, move refused files away, then remove the source.

        Raises:
            SourceChangedError: somebody still writes into it; receive it again later.
        """
        if signature_of(drop.path) != drop.signature:
            raise SourceChangedError(
                "Có tệp được ghi thêm trong lúc lưu.", "Sẽ được lấy lại khi ghi xong."
            )
        write_receipts(self.folder, self.dossier, reception.receipts, self._claimed_on())
        for file, error in reception.refused.items():
            inside = file.relative_to(drop.path.parent)
            move_to_refused(self.folder, file, str(inside), error)
        shutil.rmtree(self.path / "drop")
        self.discard()

    def discard(self) -> None:
        """Remove an empty entry, then release its lock."""
        _clear(self.path)
        self.close()

    def close(self) -> None:
        """Release the lock; the entry stays in the spool for another try."""
        os.close(self.lock)

    def _claimed_on(self) -> date:
        """Return the day of the claim: a step repeated after midnight finds its own lines."""
        return datetime.fromtimestamp(os.fstat(self.lock).st_mtime, UTC).astimezone().date()


class Spool:
    """A folder of claimed drops.

    Args:
        path: the spool; made at the first claim.
        new_id: a function that returns the id of the next dossier.
    """

    def __init__(self, path: Path, new_id: Callable[[], str]) -> None:
        self._path = path
        self._new_id = new_id

    def claim(self, path: Path) -> SpoolEntry | None:
        """Move a drop out of its watched folder; None when another watcher was faster.

        Raises:
            OSError: the drop cannot be moved, or the spool not be written; it stays where it is.
        """
        entry = self._open(self._path / self._new_id(), path.parent)
        if entry is None:
            return None
        try:
            path.rename(entry.path / "drop" / path.name)
        except FileNotFoundError:
            entry.discard()
            return None
        except OSError:
            entry.discard()
            raise
        return entry

    def left_behind(self) -> Iterator[SpoolEntry]:
        """Yield the entries nobody works on, locked, oldest first; empty ones are removed."""
        if not self._path.is_dir():
            return
        for path in sorted(self._path.iterdir()):
            entry = self._take_up(path)
            if entry is None:
                continue
            if entry.drop() is None:
                entry.discard()
            else:
                yield entry

    def _open(self, path: Path, folder: Path) -> SpoolEntry | None:
        (path / "drop").mkdir(parents=True)
        try:
            lock = _lock(path / "folder", os.O_CREAT)
        except FileNotFoundError:
            lock = None
        if lock is None:  # another watcher is removing the entry as empty: claim again later
            return None
        entry = SpoolEntry(path, folder, lock)
        try:
            os.write(lock, os.fsencode(folder.absolute()))
            os.fsync(lock)
        except OSError:
            entry.discard()
            raise
        return entry

    def _take_up(self, path: Path) -> SpoolEntry | None:
        try:
            lock = _lock(path / "folder")
        except FileNotFoundError:  # its watcher died as it began or as it ended
            _clear(path)
            return None
        except NotADirectoryError:
            return None
        if lock is None:
            return None
        folder = os.fsdecode(os.read(lock, _LONGEST_PATH))
        return SpoolEntry(path, Path(folder), lock)


def spool_folder(home: Path, folder: Path) -> Path:
    """Return a watched folder's spool: on its file system, so that a claim is a rename."""
    spool = home / "spool"
    spool.mkdir(parents=True, exist_ok=True, mode=0o700)
    if spool.stat().st_dev == folder.stat().st_dev:
        return spool
    return folder / ".sohoa-spool"


def claimed_drops(spool: Path, folder: Path) -> list[Path]:
    """Return the drops of a watched folder that are claimed and not yet received.

    Args:
        spool: the watched folder's spool, as ``spool_folder`` returns it.
        folder: the watched folder.
    """
    notes = spool.glob("*/folder") if spool.is_dir() else ()
    mine = os.fsencode(folder.absolute())
    entries = [note.parent for note in notes if note.read_bytes() == mine]
    return [path for entry in entries for path in (entry / "drop").iterdir()]


def _clear(path: Path) -> None:
    """Remove an empty entry; one with content stays as it is."""
    with suppress(OSError):
        with suppress(FileNotFoundError):
            (path / "drop").rmdir()
        (path / "folder").unlink(missing_ok=True)
        path.rmdir()


def _lock(note: Path, flags: int = 0) -> int | None:
    descriptor = os.open(note, os.O_RDWR | flags, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
