"""Verify the archive: re-hash what it holds, oldest look first, and go on where it stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flows.upkeep.verify_progress import VerifyProgress
from pipeline.errors import StorageUnavailableError
from pipeline.fixity import Damage, Fault, Throttle
from pipeline.ports import Archive

DAY = 86_400.0  # seconds
SECOND_LOOK = 1.0  # seconds until what is missing is looked for again: a writer may be at it
ENOUGH = 100  # objects in a row that cannot be read: the store is away, not they
STORE = "store"  # stands for a folder of it that cannot be listed
# What may never vanish. A page's result can be made again, so only the record that names it
# misses it; leases and markers pass.
FOR_GOOD = ("dossiers/", "originals/")


@dataclass(frozen=True, slots=True)
class VerifyOptions:
    """How much to verify, and how fast."""

    limit: int | None = None  # objects
    older_than: float | None = None  # days since the last look; None: this round
    rate: float | None = None  # MB of 1,000,000 bytes each second


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was verified, and what is wrong."""

    checked: int  # objects
    left: int  # due objects for another time
    read: int  # bytes
    seconds: float
    faults: tuple[Fault, ...]


Track = Callable[[list[str]], Iterable[str]]


def verify_store(
    archive: Archive, ledger: VerifyProgress, wish: VerifyOptions, track: Track = iter
) -> VerifyReport:
    """Look at what is due: first what was found faulty before, which the limit leaves alone.

    Args:
        archive: what to verify.
        ledger: what was looked at when.
        wish: how much and how fast.
        track: shows progress while it passes the keys on.

    Raises:
        StorageUnavailableError: the archive is empty and was not before.
    """
    pace = Throttle(wish.rate and wish.rate * 1e6)
    faults = _Faults()
    _list(archive, ledger, faults)
    in_round = wish.older_than is None
    before = ledger.round_began() if in_round else time.time() - (wish.older_than or 0) * DAY
    due = [*ledger.faulty(), *ledger.due(before, wish.limit)]
    checked = 0
    for key in track(due):
        found = archive.examine(key, pace)
        ledger.note(key, well=not found)
        faults.add(found)
        checked += 1
        if faults.unread_in_a_row >= ENOUGH:
            break
    _look_again(archive, faults, pace)
    left = ledger.count_due(before)
    if in_round and not left:
        ledger.end_round()
    return VerifyReport(checked, left, pace.read, pace.seconds, faults.sorted())


class _Faults:
    """What was found wrong, one fault an object: missing is the weakest word."""

    def __init__(self) -> None:
        self.unread_in_a_row = 0
        self._found: dict[str, Fault] = {}

    def add(self, faults: Iterable[Fault]) -> None:
        """Note what one examination found."""
        unread = False
        for fault in faults:
            unread |= fault.damage is Damage.UNREADABLE
            if fault.damage is not Damage.MISSING or fault.key not in self._found:
                self._found[fault.key] = fault
        self.unread_in_a_row = self.unread_in_a_row + 1 if unread else 0

    def take_missing(self) -> list[str]:
        """Return the keys of what is missing, and forget about them."""
        missing = [key for key, fault in self._found.items() if fault.damage is Damage.MISSING]
        for key in missing:
            del self._found[key]
        return missing

    def sorted(self) -> tuple[Fault, ...]:
        """Return them by key."""
        return tuple(self._found[key] for key in sorted(self._found))


def _list(archive: Archive, ledger: VerifyProgress, faults: _Faults) -> None:
    """Note what there is; what was looked at once and is not there any more is missing."""
    try:
        count = ledger.note_listing(archive.objects())
    except StorageUnavailableError:  # a folder of it; what could be listed is looked at
        faults.add([Fault(STORE, Damage.UNREADABLE)])
        return
    vanished = ledger.vanished()
    if vanished and not count:
        raise _empty()
    for key in vanished:
        if key.startswith(FOR_GOOD):
            ledger.note(key, well=False)
            faults.add([Fault(key, Damage.MISSING)])


def _look_again(archive: Archive, faults: _Faults, pace: Throttle) -> None:
    """Look for what is missing once more: it may have been written, or the store have gone."""
    missing = faults.take_missing()
    if not missing:
        return
    time.sleep(SECOND_LOOK)
    if next(iter(archive.objects()), None) is None:
        raise _empty()
    for key in missing:
        faults.add(archive.examine(key, pace))


def _empty() -> StorageUnavailableError:
    return StorageUnavailableError(
        "Kho trống, mà trước đây có hồ sơ: có lẽ ổ đĩa của kho chưa được gắn.",
        "Gắn lại ổ đĩa rồi kiểm tra lại. Nếu kho đúng là mới: xóa verify.sqlite3.",
    )
