"""Names under which flows, deployment and automation are registered in Prefect.

A module of its own, so that asking for a name does not import Prefect.
"""

from __future__ import annotations

DRAIN, DIGITISE = "drain", "digitise"  # flows
# What a worker imports for a drain run. Prefect keeps it from the last `sohoa deploy`, so a new
# value asks for a new one (flows/pool_checks.py); 0.1 registered `flows.draining.drain`.
ENTRYPOINT = "flows.drain_flow.drain"


def automation_of(pool: str) -> str:
    """Return the name of the automation that marks the silent runs of a pool as Crashed."""
    return f"{pool}: a silent run has crashed"
