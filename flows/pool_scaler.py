"""Scales the number of drain runs on a work pool with the length of the work queue."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from math import ceil
from uuid import UUID

from flows.pool import Pool
from flows.prefect_secret import require_guarded
from flows.wiring import archive, settings
from pipeline.errors import MisconfiguredError, ServiceUnavailableError

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0  # between two looks at the queue
CRASH_PAUSE = timedelta(seconds=20)  # where one drain run cannot start, the next cannot either


class PoolScaler:
    """Asks Prefect for as many drain runs as the queue needs; any number of scalers may do so."""

    def __init__(self) -> None:
        self._settings = settings().runs
        self._pool = Pool(self._settings)
        self._deployment: UUID | None = None
        self._last_trouble = ""

    def run(self, stop: threading.Event) -> None:
        """Scale every ``POLL_SECONDS`` until ``stop`` is set; each trouble is logged once."""
        while not stop.wait(POLL_SECONDS):
            trouble = ""
            try:
                self.scale()
            except (ServiceUnavailableError, MisconfiguredError) as error:
                trouble, self._deployment = str(error), None
            if trouble and trouble != self._last_trouble:
                log.warning("waiting: %s", trouble)
            self._last_trouble = trouble

    def scale(self) -> int:
        """Ask for the drain runs that the queue needs and that are missing; return their number.

        Raises:
            ServiceUnavailableError: the store or Prefect is away.
            MisconfiguredError: pool or deployment is not registered, or Prefect answers anybody.
        """
        queued = len(archive().queued())
        wanted = min(ceil(queued / self._settings.dossiers_per_run), self._settings.pool_limit)
        if not wanted:
            return 0
        self._deployment = self._deployment or self._find_deployment()
        runs = self._pool.drain_runs(self._deployment)
        if runs.died_at and datetime.now(UTC) - runs.died_at < CRASH_PAUSE:
            return 0
        missing = wanted - runs.alive
        for number in range(missing):
            # Prefect dedupes a key for ever: two watchers that scale at once ask for one run, and
            # once that run is there, the next key is a new one.
            key = f"{self._pool.name}/{runs.newest or 'first'}/{number}"
            self._pool.start_run(self._deployment, key)
        return max(missing, 0)

    def _find_deployment(self) -> UUID:
        require_guarded(os.environ["PREFECT_API_URL"])
        return self._pool.deployment()


@contextmanager
def scaling(ended: threading.Event) -> Iterator[None]:
    """Scale the pool on a thread beside the caller; leaving the context ends that, not the runs.

    Args:
        ended: the event that is set when a defect ends the scaler; the defect is raised when the
            context is left.
    """
    stop = threading.Event()
    with ThreadPoolExecutor(1, thread_name_prefix="pool-scaler") as pool:
        scaler = pool.submit(PoolScaler().run, stop)
        scaler.add_done_callback(lambda _: ended.set())
        try:
            yield
        finally:
            stop.set()
            scaler.result()
