"""Fixity: what the archive holds, and what is wrong with it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Damage(StrEnum):
    """What is wrong with an object; they are never mixed up, for each asks for something else."""

    CHANGED = "changed"  # its bytes are not those that were written
    MISSING = "missing"  # something names it, or it was there before, and it is gone
    UNREADABLE = "unreadable"  # the store does not give it now; it may be as good as ever


class Fault(NamedTuple):
    """An object that is not as it was written."""

    key: str
    damage: Damage


@dataclass(frozen=True, slots=True)
class Inventory:
    """What lies in the archive, by name only."""

    originals: frozenset[str]  # SHA-256
    owners: dict[str, str | None]  # original -> its first dossier; None: the note is damaged
    records: dict[str, tuple[int, ...]]  # dossier -> numbers of its records, ascending
    readings: frozenset[tuple[str, str]]  # scan, recipe: page results lie there
    lone_pictures: frozenset[str]  # pictures without a page result: keys without their ending
    leased: frozenset[str]  # dossiers
    strangers: frozenset[str]  # names that nobody here gives
    unfinished: int  # things begun long ago and never finished
    bound: frozenset[str]  # originals that a searchable PDF was made of


class Pace:
    """Counts what is read, and slows it down to a rate."""

    def __init__(self, bytes_per_second: float | None = None) -> None:
        self.read = 0
        self._rate = bytes_per_second
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has been going."""
        return time.monotonic() - self._began

    def __call__(self, count: int) -> None:
        """Note that so many bytes were read; wait as long as the rate asks for."""
        self.read += count
        if self._rate:
            time.sleep(max(0.0, self.read / self._rate - self.seconds))
