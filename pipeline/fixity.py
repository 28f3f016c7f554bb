"""Defines what fixity checks report: damaged objects, an inventory, and a throttle for reading."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Damage(StrEnum):
    """What is wrong with an object; kept apart, because each asks for another remedy."""

    CHANGED = "changed"  # its bytes are not those that were written
    MISSING = "missing"  # something names it, or it was there before, and it is gone
    UNREADABLE = "unreadable"  # the store cannot deliver it now; the object may be intact


class Fault(NamedTuple):
    """An object that is not as it was written."""

    key: str
    damage: Damage


@dataclass(frozen=True, slots=True)
class Inventory:
    """What the archive contains, told from the names of its objects alone."""

    originals: frozenset[str]  # SHA-256, hexadecimal
    owners: dict[str, str | None]  # original -> its first dossier; None: the note is damaged
    records: dict[str, tuple[int, ...]]  # dossier -> numbers of its records, ascending
    readings: frozenset[tuple[str, str]]  # scan and recipe of the page results
    orphan_pictures: frozenset[str]  # pictures without a page result: keys without their suffix
    leased: frozenset[str]  # dossiers with a lease, ended or not
    unknown_keys: frozenset[str]  # keys outside the key scheme (storage/keys.py)
    unfinished: int  # number of writes begun long ago and never finished
    with_searchable_pdf: frozenset[str]  # originals of which a searchable PDF was made


class Throttle:
    """Counts bytes read, and slows reading down to a rate.

    Args:
        bytes_per_second: the highest rate; None for no limit.
    """

    def __init__(self, bytes_per_second: float | None = None) -> None:
        self.read = 0
        self._rate = bytes_per_second
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the throttle was made."""
        return time.monotonic() - self._began

    def __call__(self, count: int) -> None:
        """Count bytes that were read, and sleep until the mean rate is not exceeded."""
        self.read += count
        if self._rate:
            time.sleep(max(0.0, self.read / self._rate - self.seconds))
