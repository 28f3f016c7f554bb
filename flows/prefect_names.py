"""Names, tags and job template of what Prefect shows: flows, runs, deployment and automation.

A module of its own, so that asking for a name does not import Prefect. Prefect's database is no
place for people's names: runs are called by codes, days and numbers.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pipeline import clock
from pipeline.model import Dossier, Record

DRAIN, DIGITISE = "drain", "digitise"  # flows
# What a worker imports for a drain run. Prefect keeps it from the last `sohoa deploy`, so a new
# value asks for a new one (flows/upkeep/pool_checks.py); 0.1 registered `flows.draining.drain`.
ENTRYPOINT = "flows.drain_flow.drain"
# Prefect's own template lets whoever asks for a run choose its command, environment and folder.
# This one has no variables, and Prefect refuses a run or deployment that sets any.
JOB_TEMPLATE: dict[str, Any] = {
    "job_configuration": {"command": "python -m prefect.engine", "stream_output": True},
    "variables": {"type": "object", "properties": {}, "additionalProperties": False},
}


def run_name(dossier: Dossier) -> str:
    """Return what people call a dossier: its code, else the day it came and a number.

    The number is the time of day as its receipt has it: 094107 for 09:41:07.

    Args:
        dossier: the dossier as its newest record has it.
    """
    return dossier.code or moment_name(dossier.received)


def moment_name(moment: datetime) -> str:
    """Return a day and the number that the time of day makes, such as ``28-11-2026 số 094107``."""
    return f"{clock.local(moment):%d-%m-%Y số %H%M%S}"


def run_tags(record: Record) -> set[str]:
    """Return the tags of a dossier's run: the day it came, its agency, whether it is read again.

    Args:
        record: the dossier's newest record before the run.
    """
    day = f"{clock.local(record.dossier.received):%Y-%m-%d}"
    again = {"làm lại"} if record.sequence > 1 else set()
    return {day, *again, *agency_tags(record.dossier)}


def agency_tags(dossier: Dossier) -> set[str]:
    """Return the code of the agency that a dossier's code begins with, such as ``H26.19.25``."""
    return {dossier.code.rsplit("-", 2)[0]} if dossier.code else set()


def automation_of(pool: str) -> str:
    """Return the name of the automation that marks the silent runs of a pool as Crashed."""
    return f"{pool}: a silent run has crashed"
