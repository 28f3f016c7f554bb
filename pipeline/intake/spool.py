"""Claims drops by moving them into the spool, where they stay until their receipts are written.

An entry is ``<spool>/<dossier id>/`` with ``folder`` (the watched folder it came from and the
standing folders in it, parted by NUL), ``actor`` where an account brought it, ``drop/`` with what
was dropped, and ``received.json`` once it was received. The claim is one rename on the same file
system, so of two watchers one wins. Whoever works on an entry has a lock on its ``folder`` file,
which the kernel releases with the process: an unlocked entry was left by a watcher that died, and
is taken up again.

A received drop stays for a grace time, because a writer that had the file open goes on writing
into it wherever it was moved. Only when its files are seen unchanged after that are they removed.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from pipeline.intake.handles import Folder
from pipeline.intake.held import NOTE
from pipeline.intake.spool_entry import SpoolEntry, clear

_LONGEST_PATH = 4096  # bytes, PATH_MAX of Linux


class Spool:
    """A folder of claimed drops.

    Args:
        path: the spool; made at the first claim.
        new_id: a function that returns the id of the next dossier.
    """

    def __init__(self, path: Path, new_id: Callable[[], str]) -> None:
        self._path = path
        self._new_id = new_id

    def claim(
        self,
        path: Path,
        watched: Path | None = None,
        *,
        origin: Path | None = None,
        actor: str = "",
    ) -> SpoolEntry | None:
        """Move a drop out of its watched folder; None when another watcher was faster.

        Args:
            path: the drop.
            watched: the watched folder it belongs to; the folder it lies in by default.
            origin: the folder that receipts and records name; the watched one by default.
            actor: the account that brought it; empty where nobody signed in.

        Raises:
            OSError: the drop cannot be moved, or the spool not be written; it stays where it is.
        """
        watched = watched or path.parent
        above = path.relative_to(watched).parts[:-1]
        entry = self._open(self._path / self._new_id(), origin or watched, above)
        if entry is None:
            return None
        try:
            if actor:
                entry.note_actor(actor)
            _move(watched, path, entry.path)
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
            if entry.is_empty:
                entry.discard()
            else:
                yield entry

    def _open(self, path: Path, folder: Path, above: tuple[str, ...]) -> SpoolEntry | None:
        (path / "drop").mkdir(parents=True, mode=0o700)
        try:
            lock = _lock(path / "folder", os.O_CREAT)
        except FileNotFoundError:
            lock = None
        if lock is None:  # another watcher is removing the entry as empty: claim again later
            return None
        entry = SpoolEntry(path, folder.absolute(), lock, above)
        try:
            os.write(lock, os.fsencode("\0".join((str(folder.absolute()), *above))))
            os.fsync(lock)
        except OSError:
            entry.discard()
            raise
        return entry

    def _take_up(self, path: Path) -> SpoolEntry | None:
        try:
            lock = _lock(path / "folder")
        except FileNotFoundError:  # its watcher died as it began or as it ended
            clear(path)
            return None
        except NotADirectoryError:
            return None
        if lock is None:
            return None
        folder, *above = map(os.fsdecode, os.read(lock, _LONGEST_PATH).split(b"\0"))
        return SpoolEntry(path, Path(folder), lock, tuple(above))


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
    entries = [note.parent for note in notes if note.read_bytes().split(b"\0")[0] == mine]
    waiting = [entry for entry in entries if not (entry / NOTE).exists()]
    return [path for entry in waiting for path in (entry / "drop").iterdir()]


def _move(watched: Path, drop: Path, entry: Path) -> None:
    *above, name = drop.relative_to(watched).parts
    with ExitStack() as opened:
        source = opened.enter_context(Folder.at(watched))
        for part in above:
            source = opened.enter_context(source.folder(part))
        target = opened.enter_context(Folder.at(entry / "drop"))
        source.move(name, target, name)


def _lock(note: Path, flags: int = 0) -> int | None:
    descriptor = os.open(note, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
