"""Works off the queue: leases the oldest free dossier, runs its flow, dequeues it, repeats."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

import httpx
from prefect import Flow, tags
from prefect.client.schemas.objects import State
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.calls.heartbeats import no_engine_heartbeats
from flows.calls.run_client import run_client
from flows.digitise import NOT_DIGITISED, digitise
from flows.pool import is_prefect_away, prefect_away_error, unavailable_error
from flows.prefect_names import run_name, run_tags
from flows.wiring import settings, tools
from pipeline import stages
from pipeline.errors import (
    ArchiveError,
    ServiceUnavailableError,
    SohoaError,
)
from pipeline.leases import holding, next_lease
from pipeline.model import Lease, QueueEntry
from pipeline.settings import RunSettings

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.5  # between two looks at the queue when no entry is free
TROUBLE_LENGTH = 300  # characters of an error that a lease keeps
AWAY_SECONDS = 3.0  # between two tries while a service is away
REST_SECONDS = 60.0  # before another try of a dossier whose records or leases are damaged


class Drain:
    """Works off queued dossiers, one at a time; several threads may share one drain."""

    def __init__(self, wanted: Callable[[str], bool] = lambda _: True) -> None:
        """Begin nothing yet.

        Args:
            wanted: tells by a dossier's id whether this drain takes it; it takes all by default.
        """
        self._wanted = wanted
        self._settings: RunSettings = settings().runs
        self._resting_until: dict[str, float] = {}  # key of an entry -> monotonic seconds
        self._lock = threading.Lock()
        self._active = 0  # dossiers being digitised now
        self._last_work = time.monotonic()
        self.done = 0  # attempts that came to their end
        self._last_trouble = ""

    def run(self, stop: threading.Event) -> None:
        """Work off the queue until ``stop`` is set."""
        while not stop.is_set():
            try:
                pause = 0.0 if self.work_once() else IDLE_SECONDS
            except ServiceUnavailableError as error:
                self._log_once(str(error))
                pause = AWAY_SECONDS
            stop.wait(pause)

    @property
    def active(self) -> int:
        """Number of dossiers being digitised now."""
        with self._lock:
            return self._active

    @property
    def idle_seconds(self) -> float:
        """Seconds since the last dossier ended, or since the start; zero while one is digitised."""
        with self._lock:
            return 0.0 if self._active else time.monotonic() - self._last_work

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._active += 1
        try:
            yield
        finally:
            with self._lock:
                self._active -= 1
                self._last_work = time.monotonic()
                self.done += 1

    def work_once(self) -> bool:
        """Digitise the oldest dossier that is free; tell whether there was one.

        Raises:
            ServiceUnavailableError: the archive is away, or Prefect, without which no new
                dossier is begun.
        """
        for entry in tools().archive.queued():
            if not self._wanted(entry.dossier) or self._is_resting(entry):
                continue
            try:
                if lease := self._take_lease(entry):
                    with self._counted():
                        self._digitise(entry, lease)
                    freeze_loaded()
                    return True
            except ArchiveError as error:  # a damaged record; the other dossiers go on
                log.warning("%s cannot be worked on: %s", entry.dossier, error)
                self._resting_until[entry.key] = time.monotonic() + REST_SECONDS
        return False

    def _is_resting(self, entry: QueueEntry) -> bool:
        return self._resting_until.get(entry.key, 0.0) > time.monotonic()

    def _log_once(self, trouble: str) -> None:
        """Log a trouble when it begins, not at every try."""
        if trouble and trouble != self._last_trouble:
            log.warning("waiting: %s", trouble)
        self._last_trouble = trouble

    def _take_lease(self, entry: QueueEntry) -> Lease | None:
        archive = tools().archive
        newest = archive.find_lease(entry.dossier)
        # Whoever had the dossier dequeued it before the lease was released: one that is free may
        # be done since the queue was listed.
        if newest and not archive.is_waiting(entry):
            return None
        before = archive.open_entry(entry).attempts_before if newest else 0
        lease = next_lease(entry, newest, datetime.now(UTC), self._settings, before)
        if lease is None:
            return None
        if is_prefect_away():
            raise prefect_away_error()
        self._log_once("")
        return lease if archive.take_lease(lease) else None

    def _digitise(self, entry: QueueEntry, lease: Lease) -> None:
        if lease.strikes >= self._settings.attempts:
            self._give_up(entry, lease)
            return
        with holding(lease, self._settings.lease_seconds / 4, tools().archive) as held:
            error = run_flow(entry)
        if error is None:
            tools().archive.dequeue(entry)
        tools().archive.renew_lease(_released(held.lease, error))

    def _give_up(self, entry: QueueEntry, lease: Lease) -> None:
        """End a dossier that failed every attempt, with its reason; a person may ask again."""
        record = stages.newest_record(entry.dossier, tools().archive)
        reason = (
            f"Đã thử {self._settings.attempts} lần mà không số hóa được ({lease.trouble}). "
            "Bấm «Thử lại»."
        )
        record = stages.give_up(record, reason, tools().archive)
        stages.publish(record, tools().archive, tools().index)
        tools().archive.dequeue(entry)
        tools().archive.renew_lease(_released(lease, None))


@cache
def threaded(threads: int) -> Flow[..., State[Any]]:
    """Return the flow with so many threads for pages: each of its runs gets its own.

    Made once, because Prefect describes the parameters of each flow anew, which takes 10 ms.
    """
    runner = cast("TaskRunner[Any]", ThreadPoolTaskRunner(threads))
    return digitise.with_options(task_runner=runner)


@cache
def freeze_loaded() -> None:
    """Keep the garbage collector from looking again through what the first dossier had loaded.

    A full collection, one every few pages, goes through all of it: 66 ms. What was frozen is freed
    as before when nothing refers to it any more, but for what refers to itself in a circle: of
    dossiers that other threads have in hand at that moment, some of it stays. That is once.
    """
    gc.collect()
    gc.freeze()


def run_flow(entry: QueueEntry) -> BaseException | None:
    """Run the flow of one dossier; return the error that stopped it, None when it came to its end.

    Args:
        entry: the dossier's entry in the work queue.
    """
    before = stages.newest_record(entry.dossier, tools().archive)
    flow = threaded(settings().reading.threads)
    is_asked = tools().archive.is_to_read_again(entry.dossier)
    try:
        with run_client(), no_engine_heartbeats(), tags(*run_tags(before)):
            state = flow(entry.dossier, run_name(before.dossier), is_asked, return_state=True)
    except (httpx.HTTPError, RuntimeError) as error:
        # Prefect raises a bare RuntimeError when it cannot reach its API at the start of a run.
        if isinstance(error, RuntimeError) and not is_prefect_away():
            raise
        log.warning("Prefect went away during %s: %s", entry.dossier, error)
        return unavailable_error(error)
    if state.is_completed() or state.name == NOT_DIGITISED:
        return None
    if state.is_crashed() or state.is_cancelled():  # set from outside, after a silence of Prefect
        log.warning("%s was ended in Prefect: %s", entry.dossier, state.name)
        return prefect_away_error()
    log.warning("%s: %s: %s", entry.dossier, state.name, state.message)
    failure = state.result(raise_on_failure=False)
    return failure if isinstance(failure, BaseException) else RuntimeError(state.message)


def _released(lease: Lease, error: BaseException | None) -> Lease:
    """Return the lease as released; an unavailable service is no strike against the dossier."""
    trouble = error.message if isinstance(error, SohoaError) else repr(error) if error else ""
    return replace(
        lease,
        beat=datetime.now(UTC),
        released=True,
        excused=isinstance(error, ServiceUnavailableError),
        trouble=trouble[:TROUBLE_LENGTH],
    )
