"""The flow that a work pool runs: work off what is owed for many minutes, then end.

Starting it costs about ten seconds of process start, so one run works many dossiers; each of
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
from flows.watch import working
from flows.wiring import settings, tools

LOOK_SECONDS = 0.5  # between two looks whether it is time to end


@flow(name=DRAIN, validate_parameters=False, persist_result=False)
def drain() -> State[Any]:
    """Drain until nothing was owed for a while, or the time is up."""
    start_logging()
    tools()  # a missing engine or language ends the run with its reason
    runs = settings().runs
    worker, ended = Drain(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):  # finish what is in hand, then end as planned
        signal.signal(number, lambda *_: ended.set())
    deadline = time.monotonic() + 60 * runs.drain_minutes
    with working(worker, ended):
        while not ended.wait(LOOK_SECONDS):
            if time.monotonic() > deadline or worker.idle_seconds > runs.idle_seconds:
                break
    while is_prefect_away():  # the end of a run that nobody is told of looks like its death
        time.sleep(AWAY_SECONDS)
    return Completed(message=f"{worker.done} hồ sơ")
