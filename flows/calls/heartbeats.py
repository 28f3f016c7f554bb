"""Sends the heartbeats of flow runs in place of Prefect's engine: the first after one period.

The engine sends one as each run begins, which costs the server as much as a change of state though
the run was just created, and has each run wait up to a second at its end for the thread that sends
them. Whoever watches for silence counts from the run's beginning (``flows.pool``).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context

from prefect.context import FlowRunContext, SettingsContext, get_settings_context
from prefect.events import emit_event
from prefect.exceptions import EventTooLarge

log = logging.getLogger(__name__)

EVENT = "prefect.flow-run.heartbeat"
_JOIN_SECONDS = 2  # as Prefect's engine waits for its thread: no run hangs on a server that does
_seconds: ContextVar[float | None] = ContextVar("seconds", default=None)  # between two heartbeats


@contextmanager
def no_engine_heartbeats() -> Iterator[None]:
    """Keep Prefect's engine from sending heartbeats of the runs that are begun in the context."""
    known = get_settings_context()
    flows = known.settings.flows.model_copy(update={"heartbeat_frequency": None})
    # Prefect's own way to change a setting reads all of them again, which takes 40 ms.
    settings = known.settings.model_copy(update={"flows": flows})
    token = _seconds.set(known.settings.flows.heartbeat_frequency)
    try:
        with SettingsContext(profile=known.profile, settings=settings):
            yield
    finally:
        _seconds.reset(token)


@contextmanager
def heartbeats() -> Iterator[None]:
    """Send heartbeats of the flow run that enters the context while it lasts.

    As often as the settings said outside ``no_engine_heartbeats``; never without that, because
    then the engine does.
    """
    seconds, context = _seconds.get(), FlowRunContext.get()
    if seconds is None or context is None or context.flow_run is None or context.flow is None:
        yield
        return
    run, ended = context.flow_run, threading.Event()
    resource = {
        "prefect.resource.id": f"prefect.flow-run.{run.id}",
        "prefect.resource.name": run.name,
    }
    flow = {  # rules find the runs of a flow by its name (flows/pool.py)
        "prefect.resource.id": f"prefect.flow.{run.flow_id}",
        "prefect.resource.role": "flow",
        "prefect.resource.name": context.flow.name,
    }
    tags = [
        {"prefect.resource.id": f"prefect.tag.{tag}", "prefect.resource.role": "tag"}
        for tag in run.tags
    ]

    def beat() -> None:
        while not ended.wait(seconds):
            try:
                emit_event(event=EVENT, resource=resource, related=[flow, *tags])
            except EventTooLarge as error:  # the only error that is let out
                log.warning("no heartbeat of run %s: %s", run.id, error)

    # In the context of the run, which knows the address of Prefect's API.
    thread = threading.Thread(target=copy_context().run, args=(beat,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(_JOIN_SECONDS)
