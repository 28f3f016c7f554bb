"""Keeps as many drain runs alive on a work pool as the backlog deserves."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from math import ceil
from uuid import UUID

from flows.pool import Pool
from flows.wiring import archive, settings
from pipeline.errors import MisconfiguredError, ServiceUnavailableError

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0  # between two looks at the backlog
PAUSE = timedelta(seconds=20)  # after a drain run died: where one cannot start, the next cannot


class PoolScaler:
    """Looks at what is owed, and asks Prefect for drain runs; any number of them may do so."""

    def __init__(self) -> None:
        self._runs = settings().runs
        self._pool = Pool(self._runs)
        self._deployment: UUID | None = None
        self._said = ""

    def run(self, stop: threading.Event) -> None:
        """Look until told to stop. Trouble is said once and ends by itself."""
        while not stop.wait(LOOK_SECONDS):
            trouble = ""
            try:
                self.look()
            except (ServiceUnavailableError, MisconfiguredError) as error:
                trouble, self._deployment = str(error), None
            if trouble and trouble != self._said:
                log.warning("waiting: %s", trouble)
            self._said = trouble

    def look(self) -> int:
        """Ask for the drain runs that are missing; return how many that were.

        Raises:
            ServiceUnavailableError: the store or Prefect is away.
            MisconfiguredError: nothing is registered on the pool.
        """
        owed = len(archive().queued())
        wanted = min(ceil(owed / self._runs.dossiers_per_run), self._runs.pool_limit)
        if not wanted:
            return 0
        self._deployment = self._deployment or self._pool.deployment()
        there = self._pool.runs(self._deployment)
        if there.died_at and datetime.now(UTC) - there.died_at < PAUSE:
            return 0
        missing = wanted - there.alive
        for number in range(missing):
            # Prefect dedupes a key for ever: two watchers that look at once ask for one run, and
            # once that run is there, the next key is a new one.
            key = f"{self._pool.name}/{there.newest or 'first'}/{number}"
            self._pool.start_run(self._deployment, key)
        return max(missing, 0)


@contextmanager
def supervising(ended: threading.Event) -> Iterator[None]:
    """Keep drain runs alive beside the caller; leaving the context stops that, not the runs.

    Args:
        ended: is set when a defect ends the foreman by itself; it is raised on leaving.
    """
    stop = threading.Event()
    with ThreadPoolExecutor(1, thread_name_prefix="foreman") as pool:
        working = pool.submit(PoolScaler().run, stop)
        working.add_done_callback(lambda _: ended.set())
        try:
            yield
        finally:
            stop.set()
            working.result()
