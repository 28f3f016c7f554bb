"""Defines queue entries and leases, receipts of dropped files, and results of health checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
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
class DropReceipts:
    """The receipts of one drop, as the store keeps them: those in the watched folder are copies."""

    drop: str  # id under which it was claimed
    folder: str  # the watched folder it came from, as the settings name it
    day: date  # of the claim, by the office's clock
    receipts: tuple[Receipt, ...]
    unit: str | None = None  # by the code in the drop's name; None: it has none


class FileVerdict(StrEnum):
    """What a person decided about a dropped file that needed one."""

    LEFT_OUT = "left_out"  # nothing more is done with it, for a reason
    REPLACED = "replaced"  # a mended file was handed in for it
    OPEN = "open"  # the decision before is taken back


@dataclass(frozen=True, slots=True)
class FileDecision:
    """A decision about one line of the receipts of a drop; the newest of a line holds."""

    drop: str  # whose receipts have the line
    day: date  # of these receipts
    number: int  # of the decision among those about the drop, from 1; 0: not stored yet
    line: int  # position of the receipt in its drop, from 0
    verdict: FileVerdict
    at: datetime
    by: str  # the account's name
    reason: str = ""  # in the words of the person
    by_drop: str = ""  # the drop that brought the mended file


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A dossier that waits to be digitised; it stands in the work queue until that is done.

    Listing the queue reads names only, and a key tells the first three fields.
    """

    key: str
    dossier: str
    since: datetime
    what: str = "digitise"
    attempts_before: int = 0  # attempts made before somebody asked again; 0 in a listing
    asked_by: str = ""  # who asked again; empty in a listing, and where nobody did
    # All pages anew, those with a reading that holds too. None: in a listing, and where the writer
    # did not know this field, who took everybody who asked to want it.
    read_again: bool | None = None

    @property
    def is_to_read_again(self) -> bool:
        """Whether all pages are to be read anew."""
        return bool(self.asked_by) if self.read_again is None else self.read_again


@dataclass(frozen=True, slots=True)
class Lease:
    """One attempt at a dossier: who makes it, and the holder's last heartbeat."""

    dossier: str
    attempt: int  # from 1
    holder: str  # ``leases.process_identity`` of a process
    beat: datetime  # last heartbeat of the holder, UTC
    strikes: int = 0  # attempts that failed or went quiet before this one, since somebody asked
    released: bool = False
    excused: bool = False  # given back because a service was away: no strike
    trouble: str = ""  # what stopped the attempt, for people
    run: str = ""  # id of its flow run in Prefect; empty: not known


@dataclass(frozen=True, slots=True)
class WatcherHeartbeat:
    """The last heartbeat of the watcher of one home, as reading rooms on other machines see it."""

    watcher: str  # id of its home, hexadecimal
    at: datetime  # UTC
    holder: str  # ``leases.process_identity`` of its process
    waits_for: int | None = None  # dossiers still being read, while it stops; None before that
    ended: bool = False  # it was asked to end, and did


class Check(NamedTuple):
    """The result of checking one part of the installation, for `sohoa doctor`."""

    part: str  # Vietnamese name
    detail: str  # Vietnamese; what was found
    remedy: str = ""  # Vietnamese; empty when all is well

    @property
    def is_well(self) -> bool:
        """Whether nothing needs to be done."""
        return not self.remedy
