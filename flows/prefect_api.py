"""Chooses the Prefect API: an external one that the environment names, or this home's own server.

Prefect reads its settings when it is imported, so the environment is set here first; this
module must not import it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.local_prefect import LocalPrefect
from flows.prefect_secret import CLIENT_VARIABLE, secret_for
from pipeline.settings import Settings

_DEFAULTS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # no telemetry
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "ERROR",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",  # the object store is the cache
    # Heartbeat of a run in seconds; one that stops is shown as Crashed (flows/pool.py).
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    "PREFECT_WORKER_QUERY_SECONDS": "2",
    # States of tasks are written together: one at a time they were a quarter of what the server did
    # for a dossier of one page. So they are shown up to two seconds later.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "2",
    # Prefect's own is "*": any page open in a browser here could then call its API.
    "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": "http://127.0.0.1",
    "PREFECT_UI_API_URL": "/api",  # relative: right on any port and under any name
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",  # a second server, which would ask nobody
}


@contextmanager
def prefect_server(settings: Settings) -> Iterator[str]:
    """Provide a Prefect API while the context lasts, and yield its address.

    ``PREFECT_API_URL`` names an external one. Without it the server of this home is used, started
    when none runs, and started again when it ends before we do.

    Args:
        settings: the settings, which name the home and the first port to try.

    Raises:
        MisconfiguredError: the server of this home did not answer in time, or the file with the
            secret of an external one cannot be read.
    """
    home, before = settings.home / "prefect", os.environ.get(CLIENT_VARIABLE)
    prepare_environment(home)
    if external := os.environ.get("PREFECT_API_URL"):
        yield external
        return
    with LocalPrefect(home, settings.runs.prefect_port) as server:
        os.environ["PREFECT_API_URL"] = server.url
        try:
            yield server.url
        finally:
            os.environ.pop("PREFECT_API_URL", None)
            os.environ[CLIENT_VARIABLE] = before or ""  # no other server is ever told this one's


def prepare_environment(home: Path) -> None:
    """Set the variables that Prefect reads at import: no telemetry, own home, the API's secret.

    Args:
        home: the folder for Prefect's own files, such as its database and its server's secret.

    Raises:
        MisconfiguredError: the file with the secret of an external server cannot be read.
    """
    set_defaults(home)
    os.environ[CLIENT_VARIABLE] = secret_for(home)


def set_defaults(home: Path) -> None:
    """Set the variables that Prefect reads at import, the secret apart, unless they are set.

    Args:
        home: the folder for Prefect's own files.
    """
    for name, value in {**_DEFAULTS, "PREFECT_HOME": str(home)}.items():
        os.environ.setdefault(name, value)
