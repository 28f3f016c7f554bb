"""Runs the watcher and its drains in the test's own process, as `sohoa watch` does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flows import wiring
from flows.drain import Drain
from flows.pool_scaler import scaling
from flows.receiver import Receiver
from flows.watch import Watcher, announced_stop, draining
from pipeline.model import Dossier

PATIENCE = 180.0  # seconds that a busy machine may take for what a quiet one does in some


@contextmanager
def watching() -> Iterator[Receiver]:
    """Watch and drain while the context lasts, here or on the pool that the settings name."""
    receiver = Receiver(2)
    stop = threading.Event()
    is_inline = wiring.settings().runs.kind == "inline"
    drain = Drain()
    with (
        announced_stop(wiring.settings().home, stop, lambda: drain.active, lambda _: None),
        draining(drain, stop) if is_inline else scaling(stop),
    ):
        watcher = threading.Thread(target=Watcher(receiver).run, args=(stop,))
        watcher.start()
        try:
            yield receiver
        finally:
            stop.set()
            watcher.join()


def until(condition: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait until a condition holds; fail after ``patience`` seconds."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)


def dossiers() -> list[Dossier]:
    """Return the newest state of every dossier."""
    archive = wiring.archive()
    records = [archive.find_record(dossier) for dossier in archive.dossiers()]
    return [record.dossier for record in records if record]


def all_done(count: int) -> bool:
    """Tell whether so many dossiers are digitised and the queue is empty."""
    done = [dossier for dossier in dossiers() if dossier.outcome]
    return len(done) == count and not wiring.archive().queued()
