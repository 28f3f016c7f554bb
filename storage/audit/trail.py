"""Reads and verifies the audit log: sealed segments of all writers, and live files of the home."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from pipeline import clock
from pipeline.audit import AuditFault, AuditReport, Chain, Flaw, KeptEntry, SegmentPlace
from pipeline.audit.chain import entries_of
from pipeline.audit.checking import SegmentCheck
from pipeline.errors import ObjectMissingError, StorageUnavailableError
from pipeline.ports import ObjectStore
from storage import keys
from storage.audit.heads import KnownHeads
from storage.audit.live_file import SUFFIX, place_of
from storage.audit.sealing import is_dead

# A segment is of the day on which it began, in UTC; the next one begins within the next day.
_BEFORE, _AFTER = timedelta(days=2), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Live:
    """A live file as it was read."""

    data: bytes
    is_growing: bool


class StoredTrail:
    """Implements ``AuditTrail``.

    Args:
        store: has the sealed segments.
        folder: has the live files.
        heads: remembers segments that this home saw in the store.
    """

    def __init__(self, store: ObjectStore, folder: Path, heads: KnownHeads) -> None:
        self._store = store
        self._folder = folder
        self._heads = heads

    def entries(
        self, first: date | None = None, last: date | None = None, having: str = ""
    ) -> list[KeptEntry]:
        """Return what people did, oldest first, of a range of days by the office's clock.

        Raises:
            StorageUnavailableError: the store cannot be listed or read.
        """
        live = self._live()
        wanted = {place for place in self._places() if _is_near(place, first, last)} | set(live)
        found: list[KeptEntry] = []
        for place in wanted:
            data = self._segment(place) or (live[place].data if place in live else b"")
            found += entries_of(data, having.encode())
        return sorted(
            (entry for entry in found if _is_within(entry, first, last)),
            key=lambda entry: (entry.at, entry.writer, entry.number),
        )

    def verify(self) -> AuditReport:
        """Check all chains, and that every segment that another names is there.

        Raises:
            StorageUnavailableError: the store cannot be listed.
        """
        live = self._live()  # before the store: what is sealed meanwhile is in both, not in none
        places = sorted({*self._places(), *live}, key=lambda place: (place.writer, place.number))
        verification = _Verification(self._store, live)
        for place in places:
            verification.check(place)
        return verification.report(self._heads.remembered())

    def unsealed(self) -> Iterator[str]:
        """Yield the names of the files in the home whose writer died."""
        for path in sorted(self._folder.glob(f"*{SUFFIX}")):
            if is_dead(path):
                yield path.name

    def _places(self) -> Iterator[SegmentPlace]:
        return (place for key in self._store.keys(keys.AUDIT) if (place := keys.segment_of(key)))

    def _segment(self, place: SegmentPlace) -> bytes:
        with suppress(ObjectMissingError):
            return self._store.get(keys.audit_segment(place))
        return b""

    def _live(self) -> dict[SegmentPlace, _Live]:
        found = {}
        for path in sorted(self._folder.glob(f"*{SUFFIX}")):
            with suppress(FileNotFoundError):  # sealed and brought to the store meanwhile
                if place := place_of(path):
                    is_growing = not is_dead(path)
                    found[place] = _Live(path.read_bytes(), is_growing)
        return found


@dataclass(slots=True)
class _Verification:
    """The chains of all writers, segment by segment."""

    store: ObjectStore
    live: dict[SegmentPlace, _Live]
    faults: list[AuditFault] = field(default_factory=list)
    notices: list[AuditFault] = field(default_factory=list)
    segments: int = 0
    entries: int = 0
    _newest: SegmentPlace = field(default_factory=lambda: SegmentPlace("", "", 0))
    _chain: Chain = field(default_factory=Chain)
    _heads: dict[str, str] = field(default_factory=dict)  # segment -> its last hash
    _newest_heads: dict[str, str] = field(default_factory=dict)  # the newest of each writer
    _named: dict[tuple[str, str], str] = field(default_factory=dict)  # segment, hash -> by whom

    def check(self, place: SegmentPlace) -> None:
        """Check a segment; those of a writer come in their order."""
        self._follow(place)
        data = self._read(place)
        if data is None:
            return
        check = SegmentCheck(place, self._chain)
        alive = self.live.get(place)
        check.walk(data, is_growing=bool(alive and alive.is_growing))
        self.segments += 1
        self.entries += check.entries
        self.faults += check.faults
        self.notices += check.notices
        if not check.is_sealed and alive is None:
            self._note(place, Flaw.MISSING, "the seal")
        self._heads[str(place)] = self._chain.head
        self._newest_heads[place.writer] = str(place)
        for named in check.heads.items():
            self._named.setdefault(named, str(place))

    def _follow(self, place: SegmentPlace) -> None:
        """Begin a writer's chain, or go on with it; note the segments that lack in between."""
        if place.writer != self._newest.writer:
            self._chain = Chain()
            self._newest = SegmentPlace("", place.writer, 0)
        for number in range(self._newest.number + 1, min(place.number, self._newest.number + 1000)):
            lost = f"{place.writer}/{number:06d}"
            self.faults.append(AuditFault(lost, 0, Flaw.MISSING, f"before {place}"))
        if place.number == self._newest.number:
            self._note(place, Flaw.REORDERED, f"there is {self._newest} as well")
        self._newest = place

    def _read(self, place: SegmentPlace) -> bytes | None:
        """Return a segment; the live file may be an older state of the same one, and no other."""
        alive = self.live.get(place)
        try:
            data = self.store.get(keys.audit_segment(place))
        except ObjectMissingError:
            if alive is None:
                self._note(place, Flaw.MISSING)
            return alive.data if alive else None
        except StorageUnavailableError:
            self._note(place, Flaw.UNREADABLE)
            return None
        if alive and not data.startswith(alive.data):
            self._note(place, Flaw.CHANGED, "store and home differ")
        return data

    def report(self, remembered: Mapping[str, str]) -> AuditReport:
        """Compare what seals name with what is there, and return everything that was found.

        Args:
            remembered: segments that this home saw in the store, each with its last hash.
        """
        seen = dict.fromkeys(remembered.items(), "this home")
        for (segment, head), by in (seen | self._named).items():
            found = self._heads.get(segment)
            if found is None and not self._is_there(segment):
                self.faults.append(AuditFault(segment, 0, Flaw.MISSING, f"named by {by}"))
            elif found is not None and found != head:
                self.faults.append(AuditFault(segment, 0, Flaw.CHANGED, f"named by {by}"))
        named = {segment for segment, _ in self._named}
        newest = set(self._newest_heads.values()) - named
        heads = {place: self._heads[place] for place in sorted(newest)}
        faults = tuple(sorted(set(self.faults)))
        return AuditReport(self.segments, self.entries, faults, tuple(self.notices), heads)

    def _is_there(self, segment: str) -> bool:
        """Tell whether a segment came after the store was listed."""
        place = SegmentPlace.parse(segment)
        return place is not None and self.store.has(keys.audit_segment(place))

    def _note(self, place: SegmentPlace, flaw: Flaw, detail: str = "") -> None:
        self.faults.append(AuditFault(str(place), 0, flaw, detail))


def _is_near(place: SegmentPlace, first: date | None, last: date | None) -> bool:
    day = place.day
    since = f"{first - _BEFORE:%Y%m%d}" if first else ""
    until = f"{last + _AFTER:%Y%m%d}" if last else "99999999"
    return since <= day <= until


def _is_within(entry: KeptEntry, first: date | None, last: date | None) -> bool:
    day = clock.local(entry.at).date()
    return (first is None or first <= day) and (last is None or day <= last)
