"""Implements ``SearchIndex`` in a folder (to come with the next commit)."""

from __future__ import annotations

from pathlib import Path


class EmbeddedIndex:
    def __init__(self, path: Path) -> None: ...
