"""Homes, scans and a process to kill, for tests that take things away."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.clerk import Clerk
from tests.support.killing import Killer


@pytest.fixture(scope="session")
def killer() -> Iterator[Killer]:
    with Killer() as killer:
        yield killer


@pytest.fixture
def fast_place() -> Iterator[Path]:
    """A folder in memory where there is one: a killed process loses nothing there either."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="sohoa-kill-", dir=memory) as place:
        yield Path(place)


@pytest.fixture
def clerk(fast_place: Path) -> Clerk:
    home = fast_place / "home"
    home.mkdir()
    return Clerk(home)
