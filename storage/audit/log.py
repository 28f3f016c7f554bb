"""Records audit entries durably before it returns, in segments that are sealed every hour."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from pipeline.audit import AuditEntry, Chain, SegmentPlace
from pipeline.audit.entries import body_of
from pipeline.errors import AuditUnavailableError
from storage.audit.live_file import LiveFile, new_writer
from storage.audit.sealing import Sealer
from storage.audit.words import WordSeal

log = logging.getLogger(__name__)

_TICK = 30.0  # seconds between two looks whether something is due


class SegmentedLog:
    """Implements ``AuditLog``: one chain a process, its newest segment a file in the home.

    Args:
        folder: where the live file lies.
        sealer: brings segments to the store.
        open_words: opens what hashes and encrypts typed words; called before the first entry.
        seal_seconds: the age at which a segment with entries is sealed.
    """

    def __init__(
        self,
        folder: Path,
        sealer: Sealer,
        open_words: Callable[[], WordSeal],
        seal_seconds: float,
    ) -> None:
        self._folder = folder
        self._sealer = sealer
        self._open_words = open_words
        self._seal_seconds = seal_seconds
        self._begin_process()

    def _begin_process(self) -> None:
        """Begin as a writer of its own; a forked child is another one than its parent."""
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._file: LiveFile | None = None
        self._words: WordSeal | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def record(self, entry: AuditEntry) -> None:
        """Write an entry; it is on the disk when this returns.

        Raises:
            AuditUnavailableError: it could not be written.
        """
        if self._process != os.getpid():
            self._begin_process()
        if self._words is None:
            self._words = self._open_words()
        body = body_of(entry, self._words.seal(entry.words) if entry.words else {})
        with self._lock:
            file = self._file = self._file or self._begin()
            number = file.add(body)
        try:
            file.commit(number)
        except AuditUnavailableError:
            with self._lock:  # the next entry begins a chain of its own
                self._file = None if self._file is file else self._file
            raise

    def close(self) -> None:
        """Seal what was written and bring it to the store, where that is possible now."""
        if self._process != os.getpid() or self._thread is None:
            return
        self._stop.set()
        self._thread.join()
        heads = self._sealer.unnamed_heads()
        with self._lock:
            file, self._file = self._file, None
            self._thread, self._stop = None, threading.Event()
            try:
                if file:
                    file.seal({"why": "stop", "heads": heads})
            except AuditUnavailableError as error:
                log.warning("the audit log is left to be sealed later: %s", error.message)
        self._sealer.sweep()

    def _begin(self) -> LiveFile:
        file = _first_segment(self._folder)
        if self._thread is None:
            self._thread = threading.Thread(target=self._keep_sealing, name="audit", daemon=True)
            self._thread.start()
        return file

    def _keep_sealing(self) -> None:
        """Seal what is due, and what dead writers left, until the log is closed."""
        stop = self._stop
        while not stop.wait(min(_TICK, self._seal_seconds)):
            try:
                if self._is_due(self._file):
                    self.rotate()
            except AuditUnavailableError as error:
                log.warning("the audit log cannot be sealed: %s", error.message)
            self._sealer.sweep()

    def rotate(self) -> None:
        """Seal the segment, and begin the next one.

        Raises:
            AuditUnavailableError: it cannot be written; the next entry begins a chain of its own.
        """
        file = self._file
        if file is None:
            return
        heads = self._sealer.unnamed_heads()  # asks the store, so not while others wait
        with self._lock:
            if self._file is not file:
                return
            self._file = None
            file.seal({"why": "due", "heads": heads})
            self._file = _next_segment(self._folder, file)

    def _is_due(self, file: LiveFile | None) -> bool:
        if file is None:
            return False
        age = time.monotonic() - file.began
        is_of_today = file.place.day == f"{datetime.now(UTC):%Y%m%d}"
        return (age >= self._seal_seconds and file.has_entries) or not is_of_today


def _first_segment(folder: Path) -> LiveFile:
    place = SegmentPlace(f"{datetime.now(UTC):%Y%m%d}", new_writer(), 1)
    return LiveFile(folder, place, Chain(), "")


def _next_segment(folder: Path, before: LiveFile) -> LiveFile:
    place = SegmentPlace(
        f"{datetime.now(UTC):%Y%m%d}", before.place.writer, before.place.number + 1
    )
    return LiveFile(folder, place, before.chain, str(before.place))
