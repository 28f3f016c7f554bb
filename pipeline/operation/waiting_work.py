"""Counts the dossiers that wait in the queue, for answers that must not wait for the store."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sized
from typing import Protocol

from pipeline.errors import SohoaError

KEPT_SECONDS = 5.0  # a count is shown for so long before the store is asked again


class ListsQueued(Protocol):
    """What lists the queued dossiers, such as the archive."""

    def queued(self) -> Sized:
        """Return all entries of the queue."""
        ...


class WaitingWork:
    """The number of queued dossiers, counted beside whoever asks; shared by threads."""

    def __init__(self, queue: ListsQueued) -> None:
        """Count nothing yet."""
        self._queue = queue
        self._lock = threading.Lock()
        self._count: threading.Thread | None = None  # the one under way, or the last one
        self._asked = -math.inf  # monotonic seconds; when that one began
        self._number: int | None = None

    def number(self, patience: float) -> int | None:
        """Return how many dossiers wait.

        Args:
            patience: seconds to wait at most for a count under way; then the last one stands.

        Returns:
            The number, ``KEPT_SECONDS`` old at most while the store answers in time; None while it
            does not answer.
        """
        with self._lock:
            is_busy = self._count is not None and self._count.is_alive()
            if not is_busy and time.monotonic() - self._asked >= KEPT_SECONDS:
                self._asked = time.monotonic()
                self._count = threading.Thread(target=self._ask, name="waiting work", daemon=True)
                self._count.start()
            count = self._count
        if count is not None:
            count.join(patience)
        return self._number

    def _ask(self) -> None:
        try:
            self._number = len(self._queue.queued())
        except SohoaError:  # whoever needs the store says that it is away
            self._number = None
