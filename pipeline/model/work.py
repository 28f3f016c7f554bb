"""Work that is owed, who does it, and what became of what was dropped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class ReceiptStatus(StrEnum):
    """What became of one dropped file."""

    ARCHIVED = "archived"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one dropped file."""

    name: str
    status: ReceiptStatus
    at: datetime
    dossier: str | None = None
    reason: str = ""
    remedy: str = ""
    size: int = 0
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """Owed work: a marker that stands until the work is done; its key tells all of this."""

    key: str
    dossier: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Marker:
    """What a marker for owed work holds."""

    key: str
    dossier: str
    what: str
    since: datetime
    attempts_before: int = 0  # attempts made before somebody asked again


@dataclass(frozen=True, slots=True)
class Lease:
    """Who works on a dossier, and when they last gave a sign of life."""

    dossier: str
    attempt: int  # from 1
    holder: str
    beat: datetime  # last sign of life
    strikes: int = 0  # attempts that failed or went quiet before this one, since somebody asked
    released: bool = False
    excused: bool = False  # given back because a service was away: no strike
    trouble: str = ""  # what stopped the attempt, for people


class Check(NamedTuple):
    """How one part of the installation is, for `sohoa doctor`."""

    part: str
    detail: str
    remedy: str = ""  # empty when all is well

    @property
    def is_well(self) -> bool:
        """Whether nothing needs to be done."""
        return not self.remedy
