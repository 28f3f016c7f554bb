"""Verifies the archive: re-hashes its objects, longest unverified first, and resumes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flows.upkeep.verify_progress import VerifyProgress
from pipeline.errors import StorageUnavailableError
from pipeline.fixity import Damage, Fault, Throttle
from pipeline.ports import Archive

DAY = 86_400.0  # seconds
RECHECK_SECONDS = 1.0  # until a missing object is looked for again: it may just be written
MOST_UNREADABLE = 100  # unreadable objects in a row after which the store itself counts as away
STORE = "store"  # the key of a fault that a folder of the store cannot be listed
# Objects that may never vanish. A page's result can be made again, so only the record that names
# it misses it; leases and queue entries come and go.
PERMANENT = ("dossiers/", "originals/", "audit/")
LOG = "audit/"  # a store that holds nothing but this has lost everything else


@dataclass(frozen=True, slots=True)
class VerifyOptions:
    """How much to verify, and how fast."""

    limit: int | None = None  # objects; None: all that are due
    older_than: float | None = None  # days since last verified; None: what this round has left
    rate: float | None = None  # MB of 1,000,000 bytes each second


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """Result of one run."""

    checked: int  # objects that were verified
    left: int  # objects that are still due
    read: int  # bytes
    seconds: float
    faults: tuple[Fault, ...]


Track = Callable[[list[str]], Iterable[str]]  # passes keys on and shows progress


def verify_store(
    archive: Archive, progress: VerifyProgress, options: VerifyOptions, track: Track = iter
) -> VerifyReport:
    """Verify what was faulty before, which no limit leaves out, and then what is due.

    Args:
        archive: the archive to verify.
        progress: the memory of what was verified when.
        options: how much to verify, and how fast.
        track: passes the keys on and shows progress.

    Raises:
        StorageUnavailableError: the archive is empty and was not before.
    """
    pace = Throttle(options.rate and options.rate * 1e6)
    faults = _Faults()
    _list_objects(archive, progress, faults)
    in_round = options.older_than is None
    before = progress.round_began() if in_round else time.time() - (options.older_than or 0) * DAY
    due = [*progress.faulty(), *progress.due(before, options.limit)]
    checked = 0
    for key in track(due):
        found = archive.examine(key, pace)
        progress.note(key, is_sound=not found)
        faults.add(found)
        checked += 1
        if faults.unreadable_in_a_row >= MOST_UNREADABLE:
            break
    _recheck_missing(archive, faults, pace)
    left = progress.count_due(before)
    if in_round and not left:
        progress.end_round()
    return VerifyReport(checked, left, pace.read, pace.seconds, faults.sorted())


class _Faults:
    """Faults found, one for each object; any other damage outranks MISSING."""

    def __init__(self) -> None:
        self.unreadable_in_a_row = 0
        self._found: dict[str, Fault] = {}

    def add(self, faults: Iterable[Fault]) -> None:
        """Add the faults that one examination found."""
        unreadable = False
        for fault in faults:
            unreadable |= fault.damage is Damage.UNREADABLE
            if fault.damage is not Damage.MISSING or fault.key not in self._found:
                self._found[fault.key] = fault
        self.unreadable_in_a_row = self.unreadable_in_a_row + 1 if unreadable else 0

    def take_missing(self) -> list[str]:
        """Remove the faults about missing objects, and return the keys of these objects."""
        missing = [key for key, fault in self._found.items() if fault.damage is Damage.MISSING]
        for key in missing:
            del self._found[key]
        return missing

    def sorted(self) -> tuple[Fault, ...]:
        """Return the faults in the order of their keys."""
        return tuple(self._found[key] for key in sorted(self._found))


def _list_objects(archive: Archive, progress: VerifyProgress, faults: _Faults) -> None:
    """List the objects; a permanent one that was verified once and is not listed is missing.

    Raises:
        StorageUnavailableError: the archive is empty and was not before.
    """
    try:
        progress.note_listing(archive.objects())
        is_empty = not _has_papers(archive)
    except StorageUnavailableError:  # one folder of the store; what could be listed is verified
        faults.add([Fault(STORE, Damage.UNREADABLE)])
        return
    vanished = progress.vanished()
    if is_empty and any(not key.startswith(LOG) for key in vanished):
        raise _empty()
    for key in vanished:
        if key.startswith(PERMANENT):
            progress.note(key, is_sound=False)
            faults.add([Fault(key, Damage.MISSING)])


def _recheck_missing(archive: Archive, faults: _Faults, pace: Throttle) -> None:
    """Examine missing objects once more: they may have been written meanwhile.

    Raises:
        StorageUnavailableError: the whole store has gone meanwhile.
    """
    missing = faults.take_missing()
    if not missing:
        return
    time.sleep(RECHECK_SECONDS)
    if any(not key.startswith(LOG) for key in missing) and not _has_papers(archive):
        raise _empty()
    for key in missing:
        faults.add(archive.examine(key, pace))


def _has_papers(archive: Archive) -> bool:
    """Tell whether the archive holds anything but the audit log.

    The log alone is made by any command: also below a folder on which the disk is not mounted.
    """
    return any(not key.startswith(LOG) for key in archive.objects())


def _empty() -> StorageUnavailableError:
    return StorageUnavailableError(
        "Kho trống, mà trước đây có hồ sơ: có lẽ ổ đĩa của kho chưa được gắn.",
        "Gắn lại ổ đĩa rồi kiểm tra lại. Nếu kho đúng là mới: xóa verify.sqlite3.",
    )
