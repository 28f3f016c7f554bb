"""Names and job template under which flows, deployment and automation are registered in Prefect.

A module of its own, so that asking for a name does not import Prefect.
"""

from __future__ import annotations

from typing import Any

DRAIN, DIGITISE = "drain", "digitise"  # flows
# What a worker imports for a drain run. Prefect keeps it from the last `sohoa deploy`, so a new
# value asks for a new one (flows/pool_checks.py); 0.1 registered `flows.draining.drain`.
ENTRYPOINT = "flows.drain_flow.drain"
# Prefect's own template lets whoever asks for a run choose its command, environment and folder.
# This one has no variables, and Prefect refuses a run or deployment that sets any.
JOB_TEMPLATE: dict[str, Any] = {
    "job_configuration": {"command": "python -m prefect.engine", "stream_output": True},
    "variables": {"type": "object", "properties": {}, "additionalProperties": False},
}


def automation_of(pool: str) -> str:
    """Return the name of the automation that marks the silent runs of a pool as Crashed."""
    return f"{pool}: a silent run has crashed"
