"""Prefect flow that a work pool runs: digitises queued dossiers for many minutes, then ends.

Starting a run costs about ten seconds of process start, so one run takes many dossiers; each of
them is a flow run of its own inside it.
"""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.cli import start_logging
from flows.drain import AWAY_SECONDS, Drain
from flows.pool import is_prefect_away
from flows.prefect_names import DRAIN
from flows.terminal import complain
from flows.watch import draining, waiting_text
from flows.wiring import settings, tools

POLL_SECONDS = 0.5  # between two checks whether it is time to end


@flow(name=DRAIN, validate_parameters=False, persist_result=False)
def drain() -> State[Any]:
    """Work off the queue until it was empty for ``idle_seconds`` or ``drain_minutes`` are over.

    Raises:
        MisconfiguredError: Tesseract or its language data is missing; the run fails with it.
    """
    start_logging()
    tools()  # a missing engine or language ends the run with its reason
    runs = settings().runs
    worker, ended = Drain(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):  # finish started dossiers, then end as planned
        signal.signal(number, lambda *_: ended.set())
    deadline = time.monotonic() + 60 * runs.drain_minutes
    with draining(worker, ended):
        while not ended.wait(POLL_SECONDS):
            if time.monotonic() > deadline or worker.idle_seconds > runs.idle_seconds:
                break
        else:
            complain(waiting_text(worker.active))
    while is_prefect_away():  # a run whose end cannot be reported is taken for a dead one
        time.sleep(AWAY_SECONDS)
    return Completed(message=f"{worker.done} hồ sơ")
