"""Entry points: command line, watcher of folders, and the flows and tasks that Prefect runs."""

from __future__ import annotations
