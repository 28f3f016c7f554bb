"""Brings finished segments of the audit log to the store, and ends those whose writer died."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.audit import Chain, SegmentPlace, Verb
from pipeline.audit.chain import ChainedLine, lines_of, parse_line, torn_note
from pipeline.errors import ObjectExistsError, SohoaError
from pipeline.ports import ObjectStore
from pipeline.private_files import fsync_folder
from storage import keys
from storage.audit.heads import KnownHeads
from storage.audit.live_file import SUFFIX, place_of, unavailable

log = logging.getLogger(__name__)

_UNNAMED = ".*"
_UNNAMED_LIVES = 60.0  # seconds after which a file that was never given its name is left over


class Sealer:
    """Moves segments from the home to the store; any process may do it for any that died.

    Args:
        store: takes the segments.
        folder: where live files lie.
        heads: knows which segments no seal has named yet.
    """

    def __init__(self, store: ObjectStore, folder: Path, heads: KnownHeads) -> None:
        self._store = store
        self._folder = folder
        self._heads = heads
        self._sweeping = threading.Lock()

    def unnamed_heads(self) -> dict[str, str]:
        """Return segments that no other names yet, each with its last hash, for the next seal.

        While the store is away there are none; the seal after it names them.
        """
        try:
            return self._heads.unnamed()
        except (SohoaError, OSError) as error:
            log.warning("the seal names no other segments: %s", _why(error))
            return {}

    def sweep(self) -> int:
        """Seal what dead writers left, bring what is sealed to the store; return how many came.

        Whatever does not work now is tried again by the next sweep.
        """
        brought = 0
        with self._sweeping:
            for path in sorted(self._folder.glob(f"*{SUFFIX}")):
                place = place_of(path)
                try:
                    brought += bool(place and self._settle(path, place))
                except (SohoaError, OSError) as error:
                    log.warning("a segment of the audit log stays in the home: %s", _why(error))
            for path in self._folder.glob(_UNNAMED):
                _remove_left_over(path)
        return brought

    def _settle(self, path: Path, place: SegmentPlace) -> bool:
        with _lock_of(path) as descriptor:
            if descriptor is None:
                return False
            data = path.read_bytes()
            if not _ends_sealed(data):
                data += self._end(descriptor, data)
            self._bring(place, data)
            path.unlink(missing_ok=True)
            fsync_folder(path.parent)
            return True

    def _end(self, descriptor: int, data: bytes) -> bytes:
        """Write the end of a dead writer's segment; return what was added.

        An unfinished line stays as it is, on a line of its own, and the seal describes it.
        """
        tail = data.rpartition(b"\n")[2]
        lines = lines_of(data)
        chain = _end_of(lines)
        seal: dict[str, Any] = {"why": "dead", "heads": self.unnamed_heads()}
        if tail and not parse_line(tail):
            seal["torn"] = torn_note(tail)
        body = {"at": datetime.now(UTC).isoformat(), "verb": str(Verb.SEALED), **seal}
        added = (b"\n" if tail else b"") + chain.link(body)
        with unavailable():
            os.write(descriptor, added)
            os.fsync(descriptor)
        return added

    def _bring(self, place: SegmentPlace, data: bytes) -> None:
        """Create the segment's object; one that is there must be the same.

        Raises:
            ObjectExistsError: another one is there; the file stays, and ``verify`` tells.
        """
        key = keys.audit_segment(place)
        try:
            self._store.put(key, data)
        except ObjectExistsError:
            if self._store.get(key) != data:
                raise
        self._heads.note(place, data)


def _end_of(lines: list[ChainedLine]) -> Chain:
    return Chain(lines[-1].sha256, lines[-1].number) if lines else Chain()


def _ends_sealed(data: bytes) -> bool:
    last = parse_line(data.removesuffix(b"\n").rpartition(b"\n")[2])
    return data.endswith(b"\n") and last is not None and last.is_seal


def _why(error: SohoaError | OSError) -> str:
    return error.message if isinstance(error, SohoaError) else str(error.strerror)


@contextmanager
def _lock_of(path: Path, *, to_write: bool = True) -> Iterator[int | None]:
    """Lend the locked file of a writer that is done or dead; None when it lives, or is gone."""
    try:
        mode = os.O_RDWR | os.O_APPEND if to_write else os.O_RDONLY
        descriptor = os.open(path, mode | os.O_CLOEXEC)
    except FileNotFoundError:
        yield None
        return
    try:
        yield descriptor if _takes_lock(descriptor, path) else None
    finally:
        os.close(descriptor)


def _takes_lock(descriptor: int, path: Path) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except (BlockingIOError, FileNotFoundError):  # it lives; or somebody else has settled it
        return False


def is_dead(path: Path) -> bool:
    """Tell whether the writer of a live file died, or is done; the test locks it for an instant."""
    with _lock_of(path, to_write=False) as descriptor:
        return descriptor is not None


def _remove_left_over(path: Path) -> None:
    """Remove a file that was begun and never got its name; nothing was recorded in it."""
    with _lock_of(path) as descriptor:
        if descriptor is None:
            return
        # Asked of the open file: its writer may give it its name at this moment.
        if time.time() - os.fstat(descriptor).st_mtime > _UNNAMED_LIVES:
            path.unlink(missing_ok=True)
