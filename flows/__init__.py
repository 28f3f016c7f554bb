"""Entry points: the command line, the watcher, and the flows that Prefect runs and shows."""

from __future__ import annotations
