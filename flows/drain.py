"""Drain what is owed: take the oldest free marker, lease it, run its flow, repeat."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import httpx
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.digitise import NOT_DIGITISED, digitise
from flows.pool import is_prefect_away, prefect_away
from flows.wiring import settings, tools
from pipeline import stages
from pipeline.errors import (
    ArchiveError,
    ServiceUnavailableError,
    SohoaError,
)
from pipeline.leases import next_lease
from pipeline.model import Lease, QueueEntry
from pipeline.settings import RunSettings

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.5  # between two looks when nothing is owed
TROUBLE_LENGTH = 300  # characters of an error that a lease keeps
AWAY_SECONDS = 3.0  # between two looks while a service is away
REST_SECONDS = 60.0  # before a dossier is looked at again that the archive contradicts itself about


class Drain:
    """Works off owed dossiers, one at a time; run several side by side."""

    def __init__(self, wanted: Callable[[str], bool] = lambda _: True) -> None:
        """Drain the dossiers that ``wanted`` says, by their id; all by default."""
        self._wanted = wanted
        self._runs: RunSettings = settings().runs
        self._rests: dict[str, float] = {}  # marker -> monotonic seconds of the next look
        self._counting = threading.Lock()
        self._in_hand = 0
        self._last_work = time.monotonic()
        self.done = 0  # attempts that came to their end
        self._said = ""

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop."""
        while not stop.is_set():
            try:
                pause = 0.0 if self.work_once() else IDLE_SECONDS
            except ServiceUnavailableError as error:
                self._say_once(str(error))
                pause = AWAY_SECONDS
            stop.wait(pause)

    @property
    def idle_seconds(self) -> float:
        """How long there has been nothing to do; zero while a dossier is in hand."""
        with self._counting:
            return 0.0 if self._in_hand else time.monotonic() - self._last_work

    @contextmanager
    def _busy(self) -> Iterator[None]:
        with self._counting:
            self._in_hand += 1
        try:
            yield
        finally:
            with self._counting:
                self._in_hand -= 1
                self._last_work = time.monotonic()
                self.done += 1

    def work_once(self) -> bool:
        """Work on the oldest dossier that is free; tell whether there was one.

        Raises:
            ServiceUnavailableError: the archive is away, or Prefect, without which no new
                dossier is begun.
        """
        for entry in tools().archive.queued():
            if not self._wanted(entry.dossier) or self._rests_still(entry):
                continue
            try:
                if lease := self._take(entry):
                    with self._busy():
                        self._work(entry, lease)
                    return True
            except ArchiveError as error:  # a damaged record; the other dossiers go on
                log.warning("%s cannot be worked on: %s", entry.dossier, error)
                self._rests[entry.key] = time.monotonic() + REST_SECONDS
        return False

    def _rests_still(self, entry: QueueEntry) -> bool:
        return self._rests.get(entry.key, 0.0) > time.monotonic()

    def _say_once(self, trouble: str) -> None:
        """Log a trouble when it begins, not at every look."""
        if trouble and trouble != self._said:
            log.warning("waiting: %s", trouble)
        self._said = trouble

    def _take(self, entry: QueueEntry) -> Lease | None:
        archive = tools().archive
        newest = archive.find_lease(entry.dossier)
        before = archive.open_entry(entry).attempts_before if newest else 0
        lease = next_lease(entry, newest, datetime.now(UTC), self._runs, before)
        if lease is None:
            return None
        if is_prefect_away():
            raise prefect_away()
        self._say_once("")
        return lease if archive.take_lease(lease) else None

    def _work(self, entry: QueueEntry, lease: Lease) -> None:
        if lease.strikes >= self._runs.attempts:
            self._give_up(entry, lease)
            return
        with _beating(lease, self._runs.lease_seconds / 4):
            error = _run(entry)
        if error is None:
            tools().archive.dequeue(entry)
        tools().archive.renew_lease(_released(lease, error))

    def _give_up(self, entry: QueueEntry, lease: Lease) -> None:
        """End a dossier that failed every attempt, with its reason; a person may ask again."""
        record = stages.newest_record(entry.dossier, tools().archive)
        reason = (
            f"Đã thử {self._runs.attempts} lần mà không số hóa được ({lease.trouble}). "
            "Bấm «Thử lại»."
        )
        record = stages.give_up(record, reason, tools().archive)
        stages.publish(record, tools().archive, tools().index)
        tools().archive.dequeue(entry)
        tools().archive.renew_lease(_released(lease, None))


def _run(entry: QueueEntry) -> BaseException | None:
    """Run the flow of one dossier; return what stopped it, or None when it came to its end."""
    before = stages.newest_record(entry.dossier, tools().archive)
    runner = cast("TaskRunner[Any]", ThreadPoolTaskRunner(settings().reading.threads))
    flow = digitise.with_options(task_runner=runner)
    try:
        state = flow(entry.dossier, before.dossier.code or before.dossier.id, return_state=True)
    except (httpx.HTTPError, RuntimeError) as away:
        # Prefect says a bare RuntimeError when it cannot reach its API at the start of a run.
        if isinstance(away, RuntimeError) and not is_prefect_away():
            raise
        log.warning("Prefect went away during %s: %s", entry.dossier, away)
        return prefect_away()
    if state.is_completed() or state.name == NOT_DIGITISED:
        return None
    if state.is_crashed() or state.is_cancelled():  # set from outside, after a silence of Prefect
        log.warning("%s was ended in Prefect: %s", entry.dossier, state.name)
        return prefect_away()
    log.warning("%s: %s: %s", entry.dossier, state.name, state.message)
    error = state.result(raise_on_failure=False)
    return error if isinstance(error, BaseException) else RuntimeError(state.message)


def _released(lease: Lease, error: BaseException | None) -> Lease:
    trouble = error.message if isinstance(error, SohoaError) else repr(error) if error else ""
    return replace(
        lease,
        beat=datetime.now(UTC),
        released=True,
        excused=isinstance(error, ServiceUnavailableError),
        trouble=trouble[:TROUBLE_LENGTH],
    )


@contextmanager
def _beating(lease: Lease, seconds: float) -> Iterator[None]:
    """Give a sign of life every so often while the work goes on."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(seconds):
            try:
                tools().archive.renew_lease(replace(lease, beat=datetime.now(UTC)))
            except ServiceUnavailableError as error:
                log.warning("no sign of life for %s: %s", lease.dossier, error)

    heart = threading.Thread(target=beat, name=f"heart-{lease.dossier}", daemon=True)
    heart.start()
    try:
        yield
    finally:
        stop.set()
        heart.join()
