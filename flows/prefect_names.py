"""Names that are registered in Prefect; apart, so that asking for them imports nothing heavy."""

from __future__ import annotations

DRAIN, DIGITISE = "drain", "digitise"  # flows


def automation_of(pool: str) -> str:
    """Name the automation that ends a pool's dead runs."""
    return f"{pool}: a silent run has crashed"
