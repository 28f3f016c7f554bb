"""Watch folders: take in what is dropped, and see to it that what is owed is drained."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from prefect.logging.handlers import APILogHandler

from flows.drain import Drain
from flows.wiring import settings, spool_of, tools
from pipeline import stages
from pipeline.errors import SohoaError
from pipeline.intake import Settling, Spool, SpoolEntry, receive
from pipeline.model import Query
from storage import new_dossier_id

log = logging.getLogger(__name__)

# Dossiers in hand at once for each page read at once: beginning and ending a run waits a second
# on Prefect without using the processor (measured: docs/measurements.md).
DOSSIERS_PER_PAGE_SLOT = 2
TROUBLE_SECONDS = 5.0  # before a drop is tried again that could not be received


class Watcher:
    """Takes drops out of the watched folders and into the archive, one after the other."""

    def __init__(self) -> None:
        self._settling = Settling(settings().watch)
        self._not_before: dict[Path, float] = {}  # spool entries in trouble, monotonic seconds

    def run(self, stop: threading.Event) -> None:
        """Look at the folders until told to stop. Trouble in one folder never stops the others."""
        for folder in settings().watched_folders:
            folder.mkdir(parents=True, exist_ok=True)
        while not stop.wait(settings().watch.poll_seconds):
            for folder in settings().watched_folders:
                try:
                    self.look(folder)
                except OSError as error:
                    log.warning("watched folder not usable: %s", error)

    def look(self, folder: Path) -> None:
        """Take up what was left in the spool, then claim and receive what is ready."""
        if not folder.is_dir():  # an unmounted share comes back; nothing else waits for it
            return
        spool = Spool(spool_of(folder), lambda: new_dossier_id(datetime.now(UTC)))
        for entry in spool.left_behind():
            if self._not_before.get(entry.place, 0.0) > time.monotonic():
                entry.close()
            else:
                self._receive(entry)
        for path in self._settling.ready(folder):
            claimed = spool.claim(path)
            if claimed:
                self._receive(claimed)

    def _receive(self, entry: SpoolEntry) -> None:
        drop = entry.drop()
        if drop is None:
            entry.discard()
            return
        try:
            reception = receive(drop, tools().archive, tools().reader)
            entry.settle(drop, reception)
        except (SohoaError, OSError) as error:
            log.warning("%s stays in the spool: %s", entry.dossier, error)
            self._not_before[entry.place] = time.monotonic() + TROUBLE_SECONDS
            entry.close()
            return
        log.info("received %s as %s", entry.dossier, reception.dossier)


def restore_index() -> None:
    """Fill an index that was deleted, or emptied by a new version, from the store."""
    if tools().index.find(Query("", limit=1)).total == 0:
        count = sum(1 for _ in stages.republish(tools().archive, tools().index))
        log.info("index restored from the store: %d dossiers", count)


@contextmanager
def working(drain: Drain) -> Iterator[threading.Event]:
    """Drain on threads beside the caller; leaving the context stops them."""
    stop = threading.Event()
    count = DOSSIERS_PER_PAGE_SLOT * settings().reading.threads
    workers = [
        threading.Thread(target=partial(drain.run, stop), name=f"drain-{number}", daemon=True)
        for number in range(1, count + 1)
    ]
    for worker in workers:
        worker.start()
    try:
        yield stop
    finally:
        stop.set()
        for worker in workers:
            worker.join()
        APILogHandler().flush()  # while the server that was started for us still listens
